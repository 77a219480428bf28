"""Fields and parts of an outgoing mail: nothing breaks out, everything comes back."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaguan.channels.email.writing import file_part, mailbox, people_field, text_field, text_part

PNG = b"\x89PNG\r\n\x1a\n" + b"\1" * 60
DAN = "dan@customer.example"
CANARY = "canario-interno-7319"


NAMES = st.text(st.characters(codec=None), max_size=120)


@given(NAMES)
def test_no_name_can_break_out_of_its_field(name: str) -> None:
    field = people_field(
        "To", [("a@x.example", name), ("b@x.example", "Pérez, Ana"), ("c@x.example", 'O"Neil, Bo')]
    )
    assert re.fullmatch(rb"To: [^\r\n]*(?:\r\n [^\r\n]*)*", field.encode("utf-8", "surrogatepass"))
    assert field.isascii()
    value = field.removeprefix("To: ").replace("\r\n", "")
    assert [address for _name, address in getaddresses([value])] == [
        "a@x.example",
        "b@x.example",
        "c@x.example",
    ]


@given(st.text(max_size=300))
def test_no_subject_can_break_out_of_its_field(subject: str) -> None:
    field = text_field("Subject", subject)
    assert re.fullmatch(r"Subject:[^\r\n]*(?:\r\n[ \t]+[^\r\n]*)*", field)
    assert field.isascii()


@given(st.lists(st.sampled_from(["año", "x", "=?utf-8?q?a?=", "日本語の件名", "word", "😀"]), max_size=30))
def test_subjects_come_back_as_they_were(words: list[str]) -> None:
    subject = " ".join(words)
    mail = message_from_bytes(text_field("Subject", subject).encode() + b"\r\n\r\n", policy=policy.default)
    assert mail["Subject"] == subject


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana", "Ana <a@x.example>"),
        ("Díaz, Dan", "=?utf-8?q?D=C3=ADaz=2C_Dan?= <a@x.example>"),
        ("Pérez\r\nBcc: b@x.example", "=?utf-8?b?UMOpcmV6IEJjYzogYkB4LmV4YW1wbGU=?= <a@x.example>"),
        ("boss@bank.example", '"boss@bank.example" <a@x.example>'),
        ("a@x.example", "a@x.example"),
        ("evil\u202eelpmaxe", "evilelpmaxe <a@x.example>"),
    ],
)
def test_mailboxes(name: str, expected: str) -> None:
    assert mailbox(("a@x.example", name)) == expected


@given(st.text(max_size=500))
def test_text_parts_come_back_and_keep_short_lines(text: str) -> None:
    raw = text_part("plain", text).written()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    mail = message_from_bytes(raw, policy=policy.default)
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    expected = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    assert payload.decode().replace("\r\n", "\n").rstrip("\n") == expected


@given(st.text(max_size=250))
def test_file_names_cannot_break_out(name: str) -> None:
    raw = file_part(name, "application/pdf", b"x").written()
    assert raw.count(b"Content-") == 3
    assert max(len(line) for line in raw.split(b"\r\n")) < 100
