"""What machines send: marks, notices, loops, complaints, forwards (D1-D16, E6)."""

from __future__ import annotations

import pytest

from zaguan.channels.email.parsing import parse
from zaguan.channels.email.tests.reading import MAILS, read
from zaguan.conversations.incoming import Address


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("D01-auto-submitted", "auto_reply"),
        ("D02-precedence", "bulk"),
        ("D03-suppress", "auto_reply"),
        ("D04-list", "bulk"),
        ("D05-empty-return-path", "auto_reply"),
        ("D06-no-reply", "auto_reply"),
        ("D07-read-receipt", "notice"),
        ("D08-x-autoreply", "auto_reply"),
        ("D09-unmarked-out-of-office", "auto_reply"),
        ("D11-unknown-user", "notice"),
    ],
)
def test_each_mark_is_seen_and_named(name: str, kind: str) -> None:
    machine = read(name).machine
    assert getattr(machine, kind)
    assert machine.any
    assert machine.marks


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Pedido", "Abwesenheitsnotiz: Bestellung", "Réponse automatique : Commande",
        "Resposta automática: Pedido", "Fuera de la oficina: Pedido", "Fora do escritório", "Risposta automatica: Ordine",
        "Automatisch antwoord: Bestelling", "Autosvar: Hej", "Out of Office Re: order", "Re: Respuesta automática: Pedido",
    ],
)  # fmt: skip
def test_out_of_office_is_known_in_many_languages(subject: str) -> None:
    raw = f"From: Ana <ana@x.example>\nSubject: {subject}\n\nx\n".encode()
    assert parse(raw).machine.auto_reply


@pytest.mark.parametrize(
    "subject", ["Pedido 1042", "Re: Oficina de turismo", "Automatic door is broken", "Ferien"]
)
def test_people_are_not_taken_for_machines(subject: str) -> None:
    assert not parse(f"From: Ana <ana@x.example>\nSubject: {subject}\n\nx\n".encode()).machine.any


@pytest.mark.parametrize(
    ("name", "kind", "status", "permanent"),
    [
        ("D10-delayed", "delayed", "4.4.1", False),
        ("D11-unknown-user", "failed", "5.1.1", True),
        ("D11-mailbox-full", "failed", "5.2.2", False),
        ("D11-refused-sender", "failed", "5.7.129", False),
        ("D12-without-original", "failed", "5.0.0", False),
        ("D13-qmail", "failed", "5.1.1", True),
        ("D15-complaint", "complaint", "", False),
    ],
)
def test_each_notice_says_who_was_not_reached(name: str, kind: str, status: str, permanent: bool) -> None:
    (bounce,) = read(name).bounces
    assert (bounce.recipient, bounce.kind, bounce.status, bounce.permanent) == (
        "luis@cliente.example",
        kind,
        status,
        permanent,
    )
    assert bounce.reason


def test_a_notice_points_at_the_mail_it_is_about() -> None:
    assert read("D11-unknown-user").bounces[0].about == "nuestro.1@tienda.example"
    assert read("D13-qmail").bounces[0].about == "nuestro.2@tienda.example"
    assert read("D15-complaint").bounces[0].about == "nuestro.3@tienda.example"
    assert read("D12-without-original").bounces[0].about == ""


def test_a_read_receipt_is_no_bounce() -> None:
    assert read("D07-read-receipt").bounces == ()


def test_our_own_mark_is_a_loop_and_that_of_others_is_not() -> None:
    raw = (MAILS / "D14-loop.eml").read_bytes()
    assert parse(raw, instance="casa-1").machine.loop
    assert not parse(raw, instance="casa-2").machine.loop
    assert not parse(raw).machine.loop


def test_spam_counts_only_when_its_header_is_configured() -> None:
    raw = (MAILS / "D16-spam.eml").read_bytes()
    assert not parse(raw).machine.spam
    assert parse(raw, spam_headers={"X-Spam-Flag": "^yes"}).machine.spam
    assert not parse(raw, spam_headers={"X-Other": "yes", "X-Spam-Flag": "("}).machine.spam


def test_who_wrote_a_forwarded_mail_is_read() -> None:
    mail = read("E06-forward")
    assert mail.forwarded_from == Address("luis@otro.example", "Luis Gil")
    assert mail.reply_text == "Mirad esto"
    assert "¿Dónde está mi pedido?" in mail.text


def test_an_answer_is_no_forward() -> None:
    assert read("C26-flowed").forwarded_from is None
