"""Sender, recipients, subject, dates and ids, however they are written (B1-B26)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zaguan.channels.email import notes
from zaguan.channels.email.addresses import parse_addresses
from zaguan.channels.email.headers import message_ids, moment, parameters
from zaguan.channels.email.parsing import parse
from zaguan.channels.email.tests.reading import read
from zaguan.channels.email.words import decode_words
from zaguan.conversations.incoming import Address


def test_an_ordinary_mail_is_read_whole() -> None:
    mail = read("A15-mbox-from-line")
    assert mail.sender == Address("ana@cliente.example", "Ana Ruiz")
    assert mail.to == (Address("soporte@tienda.example", "Soporte"),)
    assert (mail.subject, mail.external_id, mail.text) == ("Pedido 1042", "m1@cliente.example", "Hola")
    assert mail.sent_at == datetime(2025, 3, 3, 9, 15, tzinfo=UTC)
    assert mail.warnings == ()
    assert not mail.machine.any


def test_ids_are_read_with_and_without_brackets() -> None:
    assert read("B01-no-message-id").external_id == ""
    assert read("B05-in-reply-to-only").in_reply_to == ("antes@tienda.example",)
    assert read("B06-references-folded").references == (
        "uno@tienda.example",
        "dos@tienda.example",
        "tres@cliente.example",
    )
    mail = read("B08-ids-without-brackets")
    assert mail.external_id == "m1@cliente.example"
    assert mail.in_reply_to == ("antes@tienda.example",)
    assert mail.references == ("uno@tienda.example",)


def test_long_references_keep_the_first_and_the_last() -> None:
    ids = message_ids(" ".join(f"<{number}@x.example>" for number in range(3_000)), 200)
    assert len(ids) == 200
    assert ids[0] == "0@x.example"
    assert ids[-1] == "2999@x.example"


def test_every_address_under_which_it_reached_us_is_known() -> None:
    assert read("B11-delivered-to").delivered_to == (
        "soporte+t42.abc@tienda.example",
        "ayuda@tienda.example",
        "tercero@tienda.example",
        "cuarto@tienda.example",
    )


def test_the_first_of_several_senders_counts() -> None:
    mail = read("B13-two-from")
    assert mail.sender.email == "ana@cliente.example"
    assert notes.SEVERAL_SENDERS in mail.warnings
    assert read("B13-empty-from").sender.email == "ana@cliente.example"
    assert read("B15-sender-on-behalf").sender.email == "ana@cliente.example"


def test_groups_hold_their_members() -> None:
    mail = read("B13-group")
    assert mail.to == ()
    assert mail.cc == (Address("uno@tienda.example"), Address("dos@tienda.example", "Dos"))


def test_several_reply_addresses_are_kept() -> None:
    assert [each.email for each in read("B14-reply-to").reply_to] == [
        "pedidos@cliente.example",
        "otra@cliente.example",
    ]


def test_a_name_that_shows_another_address_is_told() -> None:
    assert notes.OTHER_ADDRESS_IN_NAME in read("B17-name-shows-other-address").warnings
    assert read("B17-bidi-in-name").sender.name == "Ana gpj.exe Ruiz"


@pytest.mark.parametrize(
    ("name", "sender", "subject"),
    [
        ("B18-raw-8bit", "Ana Ruíz", "Devolución"),
        ("B19-word-split-in-character", "Ana Ruiz", "Devolución de ñ"),
        ("B19-word-in-quotes-and-mixed", "Ana Ruíz, ventas", "Re: Señal y año"),
        ("B26-two-subjects", "Ana Ruiz", "Pedido 1042"),
    ],
)
def test_encoded_and_raw_words_are_decoded(name: str, sender: str, subject: str) -> None:
    assert (read(name).sender.name, read(name).subject) == (sender, subject)


def test_addresses_are_one_whatever_their_form() -> None:
    assert read("B20-idn").sender.email == "ana@españa.example"
    assert read("B22-blank-in-address").sender.email == "ana@cliente.example"
    assert read("B27-header-without-indent").to[1].email == "luis@tienda.example"


def test_a_thousand_recipients_are_enough() -> None:
    mail = read("B25-many-recipients")
    assert len(mail.to) == 1_000
    assert notes.TOO_MANY_RECIPIENTS in mail.warnings


def test_impossible_dates_are_no_dates() -> None:
    assert read("B21-no-date").sent_at is None
    assert read("B21-future-date").sent_at is None
    assert read("B21-odd-zone").sent_at == datetime(2025, 3, 3, 15, 15, tzinfo=UTC)
    assert moment("Thu, 1 Jan 1970 00:00:00 +0000") is None
    assert moment("ayer por la tarde") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            '"Gil, Ana" <ana@x.example>, luis@x.example',
            [("ana@x.example", "Gil, Ana"), ("luis@x.example", "")],
        ),
        ("ana@x.example (Ana Gil)", [("ana@x.example", "Ana Gil")]),
        ("Ana Gil ana@x.example", [("ana@x.example", "Ana Gil")]),
        ("=?utf-8?Q?Gil=2C_Ana?= <ana@x.example>", [("ana@x.example", "Gil, Ana")]),
        ("<ana@x.example", [("ana@x.example", "")]),
        (
            "Ana <ana@x.example>; Luis <luis@x.example>",
            [("ana@x.example", "Ana"), ("luis@x.example", "Luis")],
        ),
        ("'ana@x.example'", [("ana@x.example", "")]),
        ("Ana <mailto:ana@x.example>", [("ana@x.example", "Ana")]),
        ("nadie", []),
        ("", []),
        (',,;:<>"(', []),
    ],
)
def test_addresses_of_all_kinds(value: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.email, each.name) for each in parse_addresses(value)] == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= b", "a b"),
        ("=?utf-8?b?w7E?=", "ñ"),
        ("=?x-nada?q?a=F1o?=", "año"),
        ("=?utf-8?q?con espacios?=", "con espacios"),
        ("=?utf-8?q?roto", "=?utf-8?q?roto"),
        ("=?utf-8*es?q?a=C3=B1o?=", "año"),
        ("uno\u202edos\x07", "uno dos"),
    ],
)
def test_words_of_all_kinds(value: str, expected: str) -> None:
    assert decode_words(value) == expected


def test_parameters_of_all_kinds() -> None:
    assert parameters('text/plain; charset="utf-8" (a comment); x=y') == (
        "text/plain",
        {"charset": "utf-8", "x": "y"},
    )
    assert parameters("a/b; name*=utf-8'es'a%C3%B1o")[1] == {"name": "año"}
    assert parameters("a/b name=c") == ("a/b", {"name": "c"})
    assert parameters("") == ("", {})


def test_a_mail_of_nothing_is_a_message() -> None:
    mail = parse(b"")
    assert mail.sender == Address("")
    assert notes.NO_SENDER in mail.warnings
