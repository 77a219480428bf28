"""A mail that hangs or breaks the reader ends on the list of failed mail; the next one comes in (R10)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from zaguan.channels.email import reading_apart
from zaguan.channels.email.parsing import parse
from zaguan.channels.email.reading_apart import SMALL, NotRead, Reader, read_mail
from zaguan.channels.email.receiving_mail import receive_bytes, reprocess
from zaguan.channels.email.tests.test_receiving_mail import HELP, a_mail
from zaguan.conversations.models import RawMessage
from zaguan.conversations.raw import raw_bytes
from zaguan.testing.world import make_world

LONG = "Línea de un correo largo.\r\n" * (SMALL // 20)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Reader]:
    settings.MAIL_TIME_LIMIT = 60.0
    reader = Reader()
    monkeypatch.setattr(reading_apart, "_reader", reader)
    command = [sys.executable, "-m", "zaguan.channels.email.tests.slow_reader"]
    monkeypatch.setattr(reading_apart, "COMMAND", command)
    yield reader
    reader.end()


def test_a_large_mail_is_read_apart_as_it_would_be_here(reader: Reader) -> None:
    mail = a_mail(body=LONG)
    assert read_mail(mail) == parse(mail)
    assert reader._process is not None


def test_a_small_mail_needs_no_process(reader: Reader) -> None:
    assert read_mail(a_mail(body="Hola")).subject == "Pedido 1"
    assert reader._process is None


def test_one_process_reads_many(reader: Reader) -> None:
    read_mail(a_mail(1, body=LONG))
    first = reader._process
    assert read_mail(a_mail(2, body=LONG)).subject == "Pedido 2"
    assert reader._process is first


def test_a_process_that_ended_meanwhile_is_started_anew(reader: Reader) -> None:
    read_mail(a_mail(1, body=LONG))
    assert reader._process is not None
    reader._process.kill()
    assert read_mail(a_mail(2, body=LONG)).subject == "Pedido 2"


def test_a_mail_over_which_the_process_breaks_down_is_told(reader: Reader) -> None:
    with translation.override("en"), pytest.raises(NotRead, match="broke down"):
        read_mail(a_mail(1, body=LONG, X_Kills="yes"))


@pytest.mark.django_db
def test_a_mail_that_hangs_ends_as_failed_and_the_next_one_comes_in(reader: Reader, settings: Any) -> None:
    make_world()
    settings.MAIL_TIME_LIMIT = 2
    hangs = a_mail(1, body=LONG, X_Hangs="yes")
    start = time.monotonic()
    outcome = receive_bytes(hangs, inbox_address=HELP)
    assert time.monotonic() - start < 15
    assert outcome.outcome == "failed"
    assert "2" in outcome.reason
    raw = RawMessage.objects.get()
    assert (raw.state, raw.reason) == (RawMessage.State.FAILED, outcome.reason)
    assert raw_bytes(raw) == hangs

    settings.MAIL_TIME_LIMIT = 60
    assert receive_bytes(a_mail(2, body=LONG), inbox_address=HELP).ticket is not None


@pytest.mark.django_db
def test_a_mail_that_hung_can_be_processed_again_after_a_repair(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    world = make_world()
    settings.MAIL_TIME_LIMIT = 2
    receive_bytes(a_mail(1, body=LONG, X_Hangs="yes"), inbox_address=HELP)
    settings.MAIL_TIME_LIMIT = 60
    mended = [sys.executable, "-m", "zaguan.channels.email.reading_apart"]
    monkeypatch.setattr(reading_apart, "COMMAND", mended)
    assert reprocess(RawMessage.objects.get(), by=world.ana).ticket is not None
