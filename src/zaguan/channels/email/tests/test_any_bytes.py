"""Whatever the bytes are, the answer is a message that can be stored, and the work is bounded (R10)."""

from __future__ import annotations

import random
import sys
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zaguan.channels.email import notes
from zaguan.channels.email.limits import Limits
from zaguan.channels.email.parsing import parse
from zaguan.channels.email.tests.reading import MAILS
from zaguan.conversations.incoming import Incoming

SEEDS = [path.read_bytes() for path in sorted(MAILS.glob("*.eml"))]
PIECES = [b"\r\n", b"\n\n", b"--corte\n", b"=?utf-8?b?", b"Content-Type: multipart/mixed; boundary=corte\n", b"\x00", b"\xff\xfe",
          b"<", b">", b"=", b"\x1b$B", b"From: ", b"<blockquote>", b"&#x", b"begin 644 a\n", b";" * 50, b"(" * 50, b'"']  # fmt: skip


def is_sound(mail: Incoming) -> bool:
    """Every text can be stored in a database."""
    texts = [
        mail.subject,
        mail.text,
        mail.reply_text,
        mail.html,
        mail.external_id,
        mail.sender.name,
        mail.sender.email,
    ]
    texts += [*mail.references, *mail.in_reply_to, *mail.delivered_to, *(file.name for file in mail.files)]
    "".join(texts).encode()
    return "\x00" not in "".join(texts) and all(file.name for file in mail.files)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2_000))
def test_any_bytes_give_a_message(raw: bytes) -> None:
    mail = parse(raw)
    assert is_sound(mail)
    assert notes.UNREADABLE not in mail.warnings


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """A mail with a few places cut, doubled, overwritten or filled with something awkward."""
    raw = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(raw) + 1)
        end = min(len(raw), start + chance.randint(0, 60))
        way = chance.randrange(4)
        if way == 0:
            del raw[start:end]
        elif way == 1:
            raw[start:start] = raw[start:end]
        elif way == 2:
            raw[start:start] = chance.choice(PIECES)
        else:
            raw[start:end] = bytes(chance.randrange(256) for _ in range(end - start))
    return bytes(raw)


@pytest.mark.parametrize("round_", range(10))
def test_damaged_mails_give_a_message(round_: int) -> None:
    chance = random.Random(round_)
    for seed in SEEDS:
        mail = parse(mutated(seed, chance))
        assert is_sound(mail)
        assert notes.UNREADABLE not in mail.warnings


def test_a_mail_cut_at_any_place_gives_a_message() -> None:
    raw = (MAILS / "C12-apple-mixed-in-alternative.eml").read_bytes()
    for end in range(0, len(raw), 7):
        assert notes.UNREADABLE not in parse(raw[:end]).warnings


def test_a_fault_in_our_own_code_still_shows_the_headers(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("zaguan.channels.email.parsing.read_body", fail)
    mail = parse(SEEDS[0])
    assert mail.sender.email == "ana@cliente.example"
    assert notes.UNREADABLE in mail.warnings
    assert "could not be read" in caplog.text


def test_a_mail_over_the_limit_is_shown_by_its_headers() -> None:
    mail = parse(b"From: ana@x.example\nSubject: Grande\n\n" + b"x" * 5_000, limits=Limits(size=4_000))
    assert (mail.subject, mail.text) == ("Grande", "")
    assert mail.warnings == (notes.TOO_BIG,)


def test_too_many_files_are_told() -> None:
    part = "--c\nContent-Type: application/pdf; name=a.pdf\n\nx\n"
    raw = f"From: ana@x.example\nContent-Type: multipart/mixed; boundary=c\n\n{part * 12}--c--\n".encode()
    mail = parse(raw, limits=Limits(files=10))
    assert len(mail.files) == 10
    assert notes.TOO_MANY_FILES in mail.warnings


HEAD = b"From: ana@x.example\nMIME-Version: 1.0\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\n\n"
PLAIN = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n"
# Each grows with the number; twice the size may cost twice the work, not four times.
GROWING = {
    "references": lambda n: HEAD + b"References: " + b"<a@b> " * n + b"\n\nx",
    "recipients": lambda n: HEAD + b"To: " + b"a@b.example, " * n + b"\n\nx",
    "open quotes": lambda n: HEAD + b'To: ' + b'"a' * n + b"\n\nx",
    "comments": lambda n: HEAD + b"To: " + b"(" * n + b"\n\nx",
    "encoded words": lambda n: HEAD + b"Subject: " + b"=?utf-8?q?a?= " * n + b"\n\nx",
    "broken words": lambda n: HEAD + b"Subject: " + b"=?utf-8?q?" * n + b"\n\nx",
    "parameters": lambda n: HEAD + b"Content-Type: text/plain" + b"; a*0=b" * n + b"\n\nx",
    "headers": lambda n: HEAD + b"X: y\n" * n + b"\nx",
    "boundaries": lambda n: HEAD + b"Content-Type: multipart/mixed; boundary=c\n\n" + b"--c\n" * n,
    "attributions": lambda n: PLAIN + b"On Jan 1, 2020 a@b.example wrote\n" * n,
    "signatures": lambda n: PLAIN + b"-- \n" * n,
    "header blocks": lambda n: PLAIN + b"From: a@b.example\n\n" * n,
    "quotes": lambda n: PLAIN + b"> a\nb\n" * n,
    "rules": lambda n: PLAIN + b"_____\n" * n,
    "uuencode": lambda n: PLAIN + b"begin 644 a\n" * n,
    "nested quotes": lambda n: HTML + b"<blockquote>" * n,
    "quotes beside": lambda n: HTML + b"<blockquote type=cite>a</blockquote>b" * n,
    "tables": lambda n: HTML + b"<table><tr><td>" * n,
    "links": lambda n: HTML + b'<a href="http://a.example/b">c</a> ' * n,
    "blanks": lambda n: HTML + b"&nbsp; " * n,
    "attributes": lambda n: HTML + b"<a " + b"b=c " * n + b">",
    "open attributes": lambda n: HTML + b'<a b="' * n,
    "comments in html": lambda n: HTML + b"<!--" * n,
    "images": lambda n: HTML + b'<img src="cid:a">' * n,
    "data images": lambda n: HTML + b'<img src="data:image/png;base64,AAAA' * n,
    "brackets": lambda n: HTML + b"<" * n,
}  # fmt: skip


class Steps:
    """Counts the lines of Python that run: work, not time, so a busy machine does not matter."""

    def __init__(self) -> None:
        self.count = 0

    def _trace(self, _frame: FrameType, event: str, _argument: object) -> object:
        self.count += event == "line"
        return self._trace

    def of(self, raw: bytes) -> int:
        """How many lines parsing took."""
        self.count = 0
        before = sys.gettrace()
        sys.settrace(self._trace)  # type: ignore[arg-type]
        try:
            parse(raw)
        finally:
            sys.settrace(before)
        return self.count


@pytest.fixture
def steps() -> Steps:
    parse(HTML + b"<p>warm</p>")
    return Steps()


@pytest.mark.parametrize("name", GROWING)
def test_the_work_grows_no_faster_than_the_mail(name: str, steps: Steps) -> None:
    once, twice = steps.of(GROWING[name](1_000)), steps.of(GROWING[name](2_000))
    assert twice < once * 2.6 + 20_000, f"{name}: {once} then {twice}"


@pytest.mark.parametrize("name", GROWING)
def test_a_large_one_of_each_is_read(name: str) -> None:
    # Megabytes of each: what C code does in a regular expression is not counted above, but must end.
    mail = parse(GROWING[name](20_000))
    assert notes.UNREADABLE not in mail.warnings
