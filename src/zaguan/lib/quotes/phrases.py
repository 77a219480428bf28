"""How mail programs write "On … wrote:", "From:", "Original message" and "Sent from my phone", by language."""

from __future__ import annotations

import re

# es pt en fr de it nl sv da no fi pl cs sk hu ro ru uk bg hr et lt lv tr el ca eu gl zh ja ko vi he
_WROTE = (
    "wrote|writes|written|escribi[oó]|escribe|escreveu|[aà] [eé]crit|schrieb|geschrieben|ha scritto|scrisse|schreef|"
    "heeft .{0,80}geschreven|het volgende geschreven|skrev|skrifa[ðd]i|kirjoitti|napisa[łl](?:\\(a\\)|a)?|"
    "pisze|napsal(?:\\(a\\)|a)?|nap[ií]sal(?:\\(a\\)|a)?|[ií]rta|a scris|пишет|написал(?:\\(а\\)|а)?|писал(?:а)?|"
    "написав|написала|пише|написа|je (?:napisao|napisala|pisal|pisala)|napisao/la je|kirjutas|raš[eė]|parašė|"
    "rakst[iī]ja|yazd[ıi]|şunları yazd[ıi]|έγραψε|va escriure|ha escrit|idatzi|idatzi zuen|escribiu|"
    "写道|寫道|写到|のメール|さんは書きました|님이 작성|작성|đã viết|כתב|כתבה|كتب"
)
_STARTERS = (
    "on|el|em|no dia|le|am|il giorno|il|op|den|på|kl|dnia|w dniu|dne|dňa|d[nň]a|dana|pe|în data de|în|la|vào|no|"
    "na|u|em|a|ap[aá]?|στις|kuupäeval|el dia|ב|في|em data|il|às|date"
)
WROTE = re.compile(f"(?:{_WROTE})", re.IGNORECASE)
STARTER = re.compile(
    rf"[\W_]{{0,4}}(?:(?:{_STARTERS})\b|\d|\w{{2,9}}[.,]\s*\d|\w{{2,12}},|20\d\d)", re.IGNORECASE
)
EMAIL = re.compile(r"[^\s<>@\[\]\"(),;:]{1,64}@[^\s<>@\[\]\"(),;:]{1,255}")
_MOMENT = re.compile(
    r"\b\d{1,2}\s?[:.hH]\s?\d{2}\b|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b(?:19|20)\d\d\b|\d{1,2}月"
)
TWO_NUMBERS = re.compile(r"\d\D+\d")

_FROM = (
    "from|de|desde|remitente|expedidor|von|da|mittente|van|fra|fr[åa]n|l[äa]hett[äa]j[äa]|od|odes[ií]latel|"
    "feladó|de la|expeditor(?:ul)?|от|від(?: кого)?|šalje|nadawca|kimden|gönderen|kellelt|saatja|από|nuo|no|dari|発信者|差出人|送信元|发件人|"
    "寄件者|寄件人|보낸 ?사람|từ|מאת|من|message du"
)
_OTHER = (
    "sent|date|to|cc|bcc|subject|reply-to|importance|attachments|enviado|enviado el|enviado em|enviada|"
    "enviada em|enviado a las|fecha|para|asunto|assunto|data|responder a|cco|"
    "envoy[ée]|envoy[ée] le|date d'envoi|[àa]|pour|objet|sujet|copie [àa]|gesendet|datum|an|kopie|betreff|"
    "inviato|inviata|oggetto|verzonden|aan|onderwerp|sendt|dato|til|emne|kopi|skickat|till|[äa]mne|kopia|"
    "l[äa]hetetty|p[äa]iv[äa]ys|p[äa]iv[äa]m[äa]{1,2}r[äa]|vastaanottaja|aihe|kopio|wys[łl]ano|data|do|temat|dw|"
    "odesl[áa]no|komu|p[řr]edm[ěe]t|odoslan[éeá]|d[áa]tum|predmet|elk[üu]ldve|c[íi]mzett|t[áa]rgy|"
    "m[áa]solatot kap|trimis|c[ăa]tre|subiect|отправлено|дата|кому|тема|копия|відправлено|надіслано|копія|"
    "изпратено|до|относно|poslano|prima|za|naslov|kopija|g[öo]nderildi|g[öo]nderim tarihi|tarih|kime|konu|bilgi|"
    "saadetud|kuup[äa]ev|saaja|adressaat|kellele|teema|koopia|στάλθηκε|ημερομηνία|προς|θέμα|κοιν|"
    "日付|送信日時|宛先|件名|发送时间|日期|收件人|抄送|主题|寄件日期|收件者|主旨|副本|날짜|보낸 날짜|받는 ?사람|제목|참조|"
    "subiectul|destinatarul|dată|adresat|送信先|"
    "ngày|đến|chủ đề|enviat|per a|assumpte|a|an den|am|perihal|kepada|tanggal"
)
_AROUND = r"[\W_]{0,3}"
FROM_LINE = re.compile(rf"{_AROUND}(?:{_FROM})[\s*]*[:：][\s*]*\S", re.IGNORECASE)
OTHER_LINE = re.compile(rf"{_AROUND}(?:{_FROM}|{_OTHER})[\s*]*[:：]", re.IGNORECASE)

_ORIGINAL = (
    "original message|original appointment|mensaje original|mensagem original|message d['’]origine|"
    "message original|urspr[üu]ngliche nachricht|original[- ]nachricht|originalnachricht|messaggio originale|"
    "oorspronkelijk bericht|originele bericht|oprindelig besked|oprindelig meddelelse|opprinnelig melding|"
    "ursprungligt meddelande|alkuper[äa]inen viesti|oryginalna wiadomo[śs][ćc]|wiadomo[śs][ćc] oryginalna|"
    "p[ůu]vodn[íi] (?:zpr[áa]va|e-?mail)|p[ôo]vodn[áa] spr[áa]va|eredeti [üu]zenet|mesaj original|mesajul original|"
    "исходное сообщение|оригинальное сообщение|пересылаемое сообщение|orijinal mesaj|missatge original|"
    "originalno sporočilo|izvorna poruka|αρχικό μήνυμα|原始邮件|原始郵件|元のメッセージ|원본 메시지|"
    "missatge original|mensaxe orixinal|reply message|mensaje citado|mensaje de respuesta"
)
FORWARDED = (
    "forwarded message|forwarded by|begin forwarded message|start of forwarded message|mensaje reenviado|"
    "inicio del mensaje reenviado|mensagem encaminhada|mensagem reencaminhada|in[íi]cio da mensagem (?:re)?encaminhada|"
    "message transf[ée]r[ée]|message transmis|d[ée]but du message (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])|"
    "message r[ée]exp[ée]di[ée]|weitergeleitete nachricht|anfang der weitergeleiteten (?:nachricht|e-?mail)|"
    "weitergeleitete e-?mail|messaggio inoltrato|inizio messaggio inoltrato|messaggio inoltrato da|"
    "doorgestuurd bericht|begin doorgestuurd bericht|videresendt (?:besked|melding|meddelelse)|"
    "start på videresendt (?:besked|meddelelse|melding)|videresendt melding|vidarebefordrat (?:meddelande|mejl)|"
    "vidarebefordrat meddelande b[öo]rjar|v[äa]litetty viesti|edelleenl[äa]hetetty viesti|"
    "v[äa]litetty viesti alkaa|przekazana wiadomo[śs][ćc]|wiadomo[śs][ćc] przekazana dalej|"
    "pocz[ąa]tek przekazywanej wiadomo[śs]ci|treść przekazanej wiadomości|p[řr]eposlan[áa] zpr[áa]va|"
    "za[čc][áa]tek p[řr]epos[íi]lan[ée] zpr[áa]vy|preposlan[áa] spr[áa]va|za[čc]iatok preposlanej spr[áa]vy|"
    "tov[áa]bb[íi]tott [üu]zenet|tov[áa]bb[íi]tott lev[ée]l (?:eleje|kezdete)|mesaj redirec[țţt]ionat|"
    "început mesaj redirecționat|[îi]nceputul mesajului redirec[țţt]ionat|пересылаемое сообщение|"
    "начало переадресованного сообщения|начало пересылаемого сообщения|переадресоване повідомлення|"
    "початок переадресованого повідомлення|повідомлення, що пересилається|iletilen (?:mesaj|ileti)|"
    "iletilmi[şs] (?:mesaj|ileti)|y[öo]nlendirilmi[şs] mesaj|iletilen mesaj[ıi]n ba[şs]lang[ıi]c[ıi]|"
    "proslije[đd]ena poruka|po[čc]etak proslije[đd]ene poruke|proslijeđena poruka|edastatud kiri|"
    "edasi saadetud kiri|missatge reenviat|προωθημένο μήνυμα|转发的?(?:邮件|消息)|轉寄的郵件|転送メッセージ|"
    "转发的邮件|メッセージを転送|zapo[čc]ni proslije[đd]enu poruku|[îi]ncepe mesajul redirec[țţt]ionat|"
    "початок листа, що пересилається|wiadomo[śs][ćc] przes[łl]ana dalej|tre[śs][ćc] przekazanej wiadomo[śs]ci|"
    "전달된 메시지|encaminhada|pocz[ąa]tek przesłanej dalej wiadomości"
)
_RULE = r"[-_=*–—•~]"
SEPARATOR = re.compile(
    rf"[\s>*]{{0,4}}(?:{_RULE}{{2,}}\s*[*]*(?:{_ORIGINAL}|{FORWARDED})[^\n]{{0,60}}"
    rf"|[*]?(?:{FORWARDED})[\s*]*[:：][\s*]*)$",
    re.IGNORECASE,
)
FORWARD_MARK = re.compile(f"(?:{FORWARDED})", re.IGNORECASE)
# Dashes, a few words, dashes: some program's own way to say "original message".
ANY_SEPARATOR = re.compile(rf"\s*{_RULE}{{4,}}\s?[^\W_][^\n]{{2,50}}?\s?{_RULE}{{4,}}\s*$")
RULE_LINE = re.compile(r"\s*[_=—–*-]{4,}\s*$")
# "---- On Monday Ann wrote ----" stands alone, without a colon.
WROTE_BETWEEN_RULES = re.compile(rf"\s*-{{3,}}.{{5,200}}(?:{_WROTE}).{{0,10}}-{{3,}}\s*$", re.IGNORECASE)
# Old versions of Gmail: "2013/7/20 Ann <ann@example.com>", without verb and colon.
DATED_NAME = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?: \d\d:\d\d GMT[+-]\d\d:\d\d [^:]{2,80}| [^:]{1,80}<\S+@\S+>)$"
)

SIGNATURE_LINE = re.compile(r"(?:--|—|––|__|-- --)\s*$")
_DEVICE = (
    "iphone|ipad|ipod|android|galaxy|samsung|blackberry|windows|outlook|huawei|xiaomi|motorola|nokia|"
    "tel[eé]fono|m[oó]vil|celular|telem[oó]vel|smartphone|mobile|phone|handy|mobilger[äa]t|tablet|yahoo|"
    "mail|correo|app|device|dispositivo|proton|spark|typeapp|nine|htc|lg|sony|oneplus|pixel|cell|mac|"
    "mailbox|airmail|ti-\\d+|thunderbird|gmail|wiko|alcatel|zimbra|aquamail|k-9|bluemail|canary|cellulare|"
    "téléphone|portable|电话|手机"
)
_SENT_WITH = (
    "sent from|sent via|sent with|sent by|sent using|from my|get|enviado desde|enviado mediante|enviado con|"
    "enviado por|enviado de|enviado do|enviado a partir do?|enviado pelo|enviado pelos|enviada do|obtener|obt[eé]n|"
    "obter|envoy[ée] de(?:puis)?|envoy[ée] [àa] partir d[ue]|envoy[ée] avec|t[ée]l[ée]charger|obtenez|"
    "gesendet (?:von|mit|über|via)|von meinem|diese nachricht wurde von|holen sie sich|"
    "inviato da(?:l|llo)?|inviato con|ottieni|scarica|verzonden (?:vanaf|met|via|vanuit)|verstuurd (?:vanaf|met|via)|"
    "download|skickat (?:från|med)|h[äa]mta|sendt fra|sendt med|f[åa] |hent|l[äa]hetetty|hanki|wys[łl]ane z|"
    "pobierz|odesl[áa]no z|odoslan[ée] z|k[üu]ldve|trimis de(?: pe)?|отправлено с|надіслано з|gönderildi|"
    "iphone'?umdan gönderildi|ipad'?imden gönderildi|poslano s|saadetud minu|enviat des de|發送自|发自|從我的|iphoneから送信|"
    "tapatalk|composed on|written on"
)
MOBILE_LINE = re.compile(
    rf"[\W_]{{0,3}}(?:{_SENT_WITH})\b[^\n]{{0,70}}?(?:{_DEVICE})[^\n]{{0,90}}$"
    r"|\W{0,2}(?:從我的 .{1,20} 傳送|iPhoneから送信|iPadから送信)$"
    r"|\(?someone from mobile\)?$",
    re.IGNORECASE,
)


def is_attribution(text: str, *, lone: bool) -> bool:
    """True for "On Monday Ann wrote:" and its like; `lone` means that it stands on one line."""
    if len(text) > 400 or not text.rstrip(" *_>").endswith((":", "：")):
        return False
    if WROTE.search(text):
        mail = EMAIL.search(text) is not None
        moment = _MOMENT.search(text) is not None
        if STARTER.match(text):
            return mail or (moment and TWO_NUMBERS.search(text) is not None)
        return lone and (mail or (moment and len(text) < 120))
    return STARTER.match(text) is not None and bool(EMAIL.search(text) and _MOMENT.search(text))
