"""The bytes as received, and when two of them are the same mail."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.conversations.models import RawMessage
from zaguan.conversations.raw import fingerprint_of, raw_bytes, store_raw
from zaguan.testing.world import make_world

MAIL = b"From: a@b.example\r\nSubject: Hola\r\nMessage-ID: <1@b>\r\n\r\nUno\r\n"


@pytest.mark.parametrize(
    "same",
    [
        b"Received: by mx\r\n\tfor <x@y>\r\n" + MAIL,
        b"Return-Path: <>\r\nDelivered-To: x@y\r\n" + MAIL,
        MAIL.replace(b"\r\n", b"\n"),
        MAIL + b"\r\n\r\n",
        MAIL.rstrip(),
        MAIL.replace(b"Subject: Hola", b"SUBJECT:  Hola"),
        MAIL.replace(b"Subject: Hola", b"Subject:\r\n Hola"),
        b"From a@b.example Fri Nov 20 10:00:00 2026\r\n" + MAIL,
    ],
)
def test_the_way_it_came_does_not_make_another_mail(same: bytes) -> None:
    assert fingerprint_of(same) == fingerprint_of(MAIL)


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"Uno", b"Dos"),
        MAIL.replace(b"<1@b>", b"<2@b>"),
        MAIL.replace(b"Hola", b"Adios"),
        MAIL.replace(b"a@b.example", b"c@b.example"),
        b"Auto-Submitted: auto-replied\r\n" + MAIL,
        b"",
        b"\x00\xff",
        b"Palabras sin cabecera\nSubject: Hola\n\nUno",
        b"Otras palabras sin cabecera\nSubject: Hola\n\nUno",
    ],
)
def test_what_was_written_does(other: bytes) -> None:
    assert fingerprint_of(other) != fingerprint_of(MAIL)


def test_a_text_that_looks_like_a_header_is_taken_as_it_stands() -> None:
    texts = [
        f"-- {word} --\nSubject: Hola\nFrom: a@b\n\nUno".encode() for word in ("Weitergeleitet", "Reenviado")
    ]
    assert fingerprint_of(texts[0]) != fingerprint_of(texts[1])


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", MAIL, bytes(range(256)) * 10, b"x" * 3_000_000])
def test_the_bytes_come_back(content: bytes) -> None:
    raw, new = store_raw(content, inbox=make_world().inbox, source="pipe")
    assert new
    assert raw_bytes(RawMessage.objects.get(pk=raw.pk)) == content
    assert raw.size == len(content)


@pytest.mark.django_db
def test_stored_once_for_each_inbox_and_for_none() -> None:
    inbox = make_world().inbox
    for where in (inbox, None):
        first, again = (store_raw(MAIL, inbox=where, source="pipe") for _time in range(2))
        assert (first[1], again[1]) == (True, False)
        assert first[0].pk == again[0].pk
    assert RawMessage.objects.count() == 2


@pytest.mark.django_db
def test_a_file_without_a_row_is_removed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import secrets

    from zaguan.conversations import raw as module

    inbox, content = make_world().inbox, MAIL + secrets.token_bytes(1_000_000)
    store_raw(content, inbox=inbox, source="pipe")
    before = files(settings)
    assert before
    answers = iter([None])
    real = module._known
    # The other one is stored between our look and our write.
    monkeypatch.setattr(module, "_known", lambda *given: next(answers, real(*given)))
    assert store_raw(content, inbox=inbox, source="pipe")[1] is False
    assert files(settings) == before
    assert RawMessage.objects.count() == 1


def files(settings: Any) -> set[str]:
    return {str(path) for path in (settings.DATA / "raw").rglob("*") if path.is_file()}
