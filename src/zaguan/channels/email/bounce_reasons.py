"""Why a mail was not delivered, in a sentence, and whether the address will ever work."""

from __future__ import annotations

import re
from functools import lru_cache

from zaguan.lib.sentences import gettext_noop as _

_REFUSED = _("The other server took it for spam or refused it by its rules.")
# Sentence, codes, words. The first that fits is taken: words say more than codes, which many servers misuse.
_REASONS: tuple[tuple[str, str, str], ...] = (
    (
        _("The message was reported as unwanted."),
        r"$^",
        r"^complaint\b",
    ),
    (
        _REFUSED,
        r"[45]\.1\.[78]",
        (
            r"after MAIL FROM|sender(?:'s)? (?:address |domain |e?mail |verify |host )|domain of sender|(?:from|sender|return|envelope) address|my name was rejected|"
            r"refused to accept your|your (?:ip|mail server|host|domain|email address)\b|recipient preferences|spamhaus|(?:black|block) ?list(?:ed)?\b(?!, or)"
        ),
    ),
    (
        _("The mailbox is full."),
        r"[45]\.2\.2",
        (
            r"mailbox (?:is |size )?(?:full|limit)|over ?quota|quota (?:exceeded|violation|full)|exceed\w* (?:\w+ ){0,3}quota|"
            r"(?:user|account|mailbox|recipient)\S* (?:is |has )?(?:over|exceed\w*) (?:\w+ ){0,4}(?:quota|storage|limit)|"
            r"insufficient (?:disk|system|mailbox)? ?(?:space|storage)|out of (?:storage|disk) ?space|no space left|"
            r"mailbox exceeds|diskspace quota|disk quota|voll\b|buz[oó]n .{0,20}lleno|caixa .{0,20}cheia|bo[iî]te .{0,20}pleine"
        ),
    ),
    (
        _("The message was too large."),
        r"5\.(?:2\.3|3\.4)|552",
        (
            r"(?:message|mail|size|file)\S* (?:is |was )?too (?:large|big|long)|exceeds? (?:the )?(?:maximum|size|fixed|message size)|"
            r"size limit|maximum (?:message )?size|too much mail data|message size exceed"
        ),
    ),
    (
        _("The mailbox is switched off."),
        r"[45]\.2\.1",
        (
            r"(?:account|mailbox|user|recipient|address)\S* (?:is |has been |was |temporarily )*(?:disabled|suspended|inactive|deactivated|"
            r"locked|closed|not active|expired|blocked|on hold)|inactive (?:user|account)|disabled (?:mailbox|account|user)|not enabled"
        ),
    ),
    (
        _("The address has moved."),
        r"[45]\.1\.6",
        r"has moved|been replaced by|moved to|address (?:has )?changed|no longer (?:at|in) this (?:address|location)",
    ),
    (
        _("The domain does not exist or takes no mail."),
        r"[45]\.(?:1\.2|4\.4|1\.10|4\.6)",
        (
            r"(?:host|domain)\S* (?:\S+ ){0,4}(?:not found|unknown|does(?: not|n't) exist|invalid|lookup|could not be found)|unknown (?:host|domain)|"
            r"no such (?:host|domain)|bad (?:host|destination system)|nxdomain|name or service not known|illegal host|"
            r"unrouteable (?:mail )?domain|null ?mx|no mx|(?:does not|doesn'?t|not) accept (?:any )?(?:mail|messages)|couldn'?t find any host|"
            r"unable to route|no route to host|mail server .{0,40}not found|unresolvable|recipient domain must|dns (?:error|lookup)|"
            r"smtp protocol returned a permanent error|no such site|invalid domain|no smtp service|domain may not exist"
        ),
    ),
    (
        _("The address does not exist."),
        r"[45]\.1\.[13]|[45]\.1\.0|5\.1\.10|5\.0\.0$^",
        (
            r"user (?:\S+ ){0,4}(?:unknown|not found|does(?: not|n't) exist|doesn.t have)|(?:unknown|no such|invalid|bad|nonexistent|non-existent|"
            r"unrecognized|undeliverable) (?:\S+ ){0,2}(?:user|recipient|mailbox|address|account|person|local)|recipient (?:\S+ ){0,3}(?:unknown|"
            r"not found|does not exist|invalid|refused|no longer)|(?:mailbox|address|account|addressee|recipient) (?:\S+ ){0,4}(?:unavailable|unknown|not found|"
            r"does(?: not|n't) exist|invalid|not available|no longer)|unrouteable address|not (?:a )?(?:valid|known|listed|our customer)|doesn'?t exist|"
            r"does not exist|no mailbox|not found in|is not (?:a )?(?:known|valid|recogni)|no valid|there is no such|not in (?:the )?(?:directory|address)|"
            r"user reject|didn'?t find|delete[d]? (?:user|account)|isn'?t (?:listed|in)|unable to find|sin (?:usuario|buz)|no existe|n[aã]o existe|unbekannt|inconnu"
        ),
    ),
    (
        _REFUSED,
        r"[45]\.7\.\d+",
        (
            r"spam\b|blacklist|black list|blocklist|block list|\brbl\b|dnsbl|spamhaus|barracuda|proofpoint|reputation|"
            r"blocked (?:by|using|for|due|because)|(?:is|are|been|was) blocked|policy (?:reasons?|violation|reject)|dmarc|\bspf\b|dkim|"
            r"unsolicited|content (?:rejected|filter|denied)|virus|malware|greylist|grey-list|rate limit|too many (?:messages|"
            r"connections|recipients|emails)|throttl|client host rejected|reverse (?:dns|mapping)|ptr record|not authori[sz]ed|"
            r"relay(?:ing)? (?:access )?(?:denied|not permitted|not allowed|prohibited)|unable to relay|access denied|authentication required|"
            r"message (?:was )?(?:rejected|refused|filtered|blocked)|suspicious|looks like spam|prohibited|forbidden|banned|bad reputation|"
            r"junk|administrative prohibition|sender (?:address )?(?:rejected|denied|blocked|verify)|not permitted|rejected (?:by|due|for)"
        ),
    ),
    (
        _("The other server could not be reached in time."),
        r"[45]\.4\.\d+|4\.[03]\.\d+",
        (
            r"tim(?:ed?) ?-?out|expired|could not (?:be )?(?:connect|deliver\w*) (?:for|within|in)|connection (?:refused|reset|lost|dropped)|"
            r"unreachable|retry time(?:out)? (?:not reached|exceeded)|too (?:old|many hops)|loop|delayed|undeliverable for|no answer"
        ),
    ),
    (
        _("The other server had a fault."),
        r"[45]\.[35]\.\d+",
        r"system (?:error|failure|config)|internal (?:error|server)|local (?:error|problem|configuration)|protocol|try again|temporar|cannot open|i/o error",
    ),
)
_OTHER = _("The mail was not delivered.")
_GONE = frozenset(
    {"The address has moved.", "The domain does not exist or takes no mail.", "The address does not exist."}
)
_COMPILED = tuple(
    (sentence, re.compile(codes), re.compile(words, re.IGNORECASE)) for sentence, codes, words in _REASONS
)
# What Postfix writes before the reason itself.
_PREFIX = re.compile(
    r"(?:recipient|client host|helo command|end-of-data)? ?(?:address )?rejected:", re.IGNORECASE
)


def reason_of(status: str, said: str) -> str:
    """The sentence for what a server said; English, translated where it is shown."""
    return _reason(status, said[:1_500])


@lru_cache(maxsize=256)
def _reason(status: str, said: str) -> str:
    said = _PREFIX.sub(" ", said)
    by_words = next((sentence for sentence, _codes, words in _COMPILED if words.search(said)), "")
    if by_words and by_words != _REFUSED:
        return by_words
    by_code = next((sentence for sentence, codes, _words in _COMPILED if status and codes.match(status)), "")
    return by_words or by_code or _OTHER


def is_for_good(status: str, said: str) -> bool:
    """True when the address itself will not work: unknown, moved, or its domain is gone."""
    return not status.startswith("4") and reason_of(status, said) in _GONE
