"""What the person wrote comes first; quotes and signatures are folded, never cut."""

from __future__ import annotations

import pytest

from zaguan.lib.html import clean
from zaguan.lib.quotes import split

QUOTE = "> Buenos días\n> ¿Qué número de pedido es?\n"


@pytest.mark.parametrize(
    "attribution",
    [
        "El lun, 3 mar 2025 a las 10:15, Soporte (<soporte@tienda.example>) escribió:",
        "El 3/3/25 a las 10:15, Soporte escribió:",
        "Em seg., 3 de mar. de 2025 às 10:15, Suporte <suporte@tienda.example> escreveu:",
        "On Mon, Mar 3, 2025 at 10:15 AM Support <support@tienda.example> wrote:",
        "On 3 Mar 2025, at 10:15, Support\n<support@tienda.example>\nwrote:",
        "Le lun. 3 mars 2025 à 10:15, Aide <aide@tienda.example> a écrit :",
        "Am Mo., 3. März 2025 um 10:15 Uhr schrieb Hilfe <hilfe@tienda.example>:",
        "Il giorno lun 3 mar 2025 alle ore 10:15 Aiuto <aiuto@tienda.example> ha scritto:",
        "Op ma 3 mrt 2025 om 10:15 schreef Hulp <hulp@tienda.example>:",
        "2025-03-03 10:15 GMT+01:00 Soporte <soporte@tienda.example>:",
    ],
)
def test_an_attribution_is_folded_with_its_quote(attribution: str) -> None:
    found = split(f"Es el 1042, gracias.\n\n{attribution}\n\n{QUOTE}")
    assert (found.reply_text, found.has_folded) == ("Es el 1042, gracias.", True)


@pytest.mark.parametrize(
    "block",
    [
        "De: Soporte <soporte@tienda.example>\nEnviado el: lunes, 3 de marzo de 2025 10:15\nPara: Ana\nAsunto: Pedido",
        "De: Suporte <suporte@tienda.example>\nEnviada em: segunda-feira, 3 de março de 2025\nPara: Ana\nAssunto: Pedido",
        "From: Support <s@tienda.example>\nSent: Monday, March 3, 2025 10:15 AM\nTo: Ana\nSubject: Order",
        "Von: Hilfe [mailto:h@tienda.example]\nGesendet: Montag, 3. März 2025\nAn: Ana\nBetreff: Bestellung",
        "De : Aide <a@tienda.example>\nEnvoyé : lundi 3 mars 2025\nÀ : Ana\nObjet : Commande",
        "Da: Aiuto <a@tienda.example>\nInviato: lunedì 3 marzo 2025\nA: Ana\nOggetto: Ordine",
        "-----Mensaje original-----\nDe: Soporte\nPara: Ana",
        "________________________________\nFrom: Support <s@tienda.example>\nSent: Monday\nTo: Ana",
        "---------- Forwarded message ---------\nFrom: Luis <luis@x.example>\nDate: Mon, Mar 3, 2025\nTo: Ana",
        "-------- Mensaje reenviado --------\nDe: Luis\nPara: Ana",
    ],
)
def test_all_below_a_header_block_is_folded(block: str) -> None:
    found = split(f"Es el 1042.\n\n{block}\n\nBuenos días\n¿Qué número es?\n")
    assert (found.reply_text, found.has_folded) == ("Es el 1042.", True)


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAna Ruiz\nTel. 600 000 000", "Enviado desde mi iPhone", "Sent from my iPhone", "Enviado do meu iPhone",
        "Gesendet von meinem Handy", "Envoyé de mon iPhone", "Obtener Outlook para Android", "Inviato da iPhone",
    ],
)  # fmt: skip
def test_signatures_are_folded(signature: str) -> None:
    found = split(f"Es el 1042.\n\n{signature}\n")
    assert (found.reply_text, found.has_folded) == ("Es el 1042.", True)


@pytest.mark.parametrize(
    "text",
    [
        "En 2024 Ana escribió:\nun libro que me gustó.",
        "De: Madrid\nvamos a: Sevilla",
        "Puntos:\n-- uno\n-- dos\nGracias",
        "Nombre   Precio\n---------------\nUno      3\nDos      4",
        "The mail was sent from my iPhone app to all of them.",
        "Una lista:\n- a\n- b",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    found = split(text)
    assert (found.reply_text, found.has_folded) == (text, False)


def test_answers_between_quotes_stay_with_what_they_answer() -> None:
    text = f"Respondo abajo.\n\nEl 3/3/25 10:15, Soporte <s@x.example> escribió:\n{QUOTE}\nEs el 1042.\n\n> ¿Y la talla?\n\nLa M.\n"
    assert split(text).reply_text == text.strip()


def test_an_answer_below_the_only_quote_is_what_was_written() -> None:
    assert (
        split(f"El 3/3/25 10:15, Soporte <s@x.example> escribió:\n{QUOTE}\nEs el 1042.\n").reply_text
        == "Es el 1042."
    )


@pytest.mark.parametrize(
    "text",
    [
        QUOTE.strip(),
        "---------- Forwarded message ---------\nFrom: Luis <luis@x.example>\nDate: Mon\nTo: Ana\n\nHola",
        "",
    ],
)
def test_a_mail_of_nothing_but_a_quote_is_shown_whole(text: str) -> None:
    assert (split(text).reply_text, split(text).has_folded) == (text, False)


ANSWER = "<p>Es el 1042.</p>"
QUOTED = "<p>¿Qué número es?</p>"


@pytest.mark.parametrize(
    "quote",
    [
        f'<div class="gmail_quote"><div class="gmail_attr">Cualquier idioma</div><blockquote class="gmail_quote">{QUOTED}</blockquote></div>',
        f'<div class="moz-cite-prefix">X:</div><blockquote type="cite">{QUOTED}</blockquote>',
        f'<blockquote type="cite">{QUOTED}</blockquote>',
        f'<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Da:</b> x<br></div><div>{QUOTED}</div>',
        f'<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>De:</b> Soporte &lt;s@x.example&gt;<br><b>Enviado:</b> lunes<br><b>Para:</b> Ana<br><b>Asunto:</b> Re</p></div>{QUOTED}',
        f'<div id="yahoo_quoted">El lunes:{QUOTED}</div>',
        f"<p>El lun, 3 mar 2025 a las 10:15, S &lt;s@x.example&gt; escribió:</p><blockquote>{QUOTED}</blockquote>",
        f"<p>-----Mensaje original-----<br>De: S</p>{QUOTED}",
        '<div class="gmail_signature">¿Qué número es?</div>',
        "<p>-- <br>¿Qué número es?</p>",
    ],
)
def test_quotes_in_html_are_folded_and_kept(quote: str) -> None:
    cleaned = clean(ANSWER + quote)
    assert cleaned.folded
    assert cleaned.reply_text == "Es el 1042."
    before, _, inside = cleaned.html.partition(
        '<details class="zg-quote"><summary aria-label="Show quoted text">···</summary>'
    )
    assert "1042" in before
    assert "¿Qué número es?" not in before
    assert "¿Qué número es?" in inside
    assert cleaned.html.count("<details") == cleaned.html.count("</details>")


def test_answers_inside_a_quote_stay_in_sight() -> None:
    html = f'<div class="gmail_quote"><div>X:</div><blockquote class="gmail_quote">{QUOTED}</blockquote><div>Es el 1042.</div><blockquote class="gmail_quote"><p>¿Talla?</p></blockquote><div>La M.</div></div>'
    assert not clean(html).folded


def test_a_forward_alone_is_not_folded_to_nothing() -> None:
    assert not clean(
        f'<div class="gmail_quote">---------- Forwarded message ---------<br>From: x{QUOTED}</div>'
    ).folded


def test_a_picture_is_an_answer_too() -> None:
    assert clean(f'<img src="cid:a"><blockquote type="cite">{QUOTED}</blockquote>').folded


def test_an_indented_text_without_attribution_is_no_quote() -> None:
    assert not clean(f"<p>Dice así</p><blockquote>{QUOTED}</blockquote>").folded
