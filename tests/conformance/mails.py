"""Every file that is or holds a mail goes through the parser; nothing may crash."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from tests.conformance.tally import Tally
from zaguan.channels.email.notes import UNREADABLE
from zaguan.channels.email.parsing import parse
from zaguan.conversations.incoming import Incoming

Receive = Callable[[bytes], object]
_SLOW = 5.0
_FROM_LINE = re.compile(rb"^From [^\n]*\n", re.MULTILINE)
_YAML_MESSAGE = re.compile(r"message: \|[+-]?\n((?:[ ]{6,}.*\n|\n)+)")


def run(data: Path, receive: Receive | None) -> list[Tally]:
    """One tally per source folder."""
    return [_source(folder, receive) for folder in sorted((data / "mail").iterdir()) if folder.is_dir()]


def _source(folder: Path, receive: Receive | None) -> Tally:
    tally = Tally(f"all of {folder.name}")
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("_LICENSE"):
            for number, raw in enumerate(_mails_in(path)):
                _try(tally, f"{path.relative_to(folder)}#{number}", raw, receive)
    return tally


def _try(tally: Tally, case: str, raw: bytes, receive: Receive | None) -> None:
    tally.cases += 1
    started = time.process_time()
    try:
        incoming = parse(raw)
        if receive is not None:
            receive(raw)
    except Exception as error:  # noqa: BLE001 (any at all is the fault looked for)
        tally.crashes.append(f"{case}: {error!r}")
        return
    if UNREADABLE in incoming.warnings:
        tally.crashes.append(f"{case}: {UNREADABLE}")
    if not _is_sound(incoming):
        tally.crashes.append(f"{case}: a value cannot be stored")
    if time.process_time() - started > _SLOW:
        tally.crashes.append(f"{case}: too slow")


def _is_sound(incoming: Incoming) -> bool:
    """Every text can be stored: no NUL bytes, no halves of characters; every file has a name."""
    texts = [incoming.subject, incoming.text, incoming.reply_text, incoming.html, incoming.external_id,
             incoming.sender.email, incoming.sender.name, *incoming.references, *incoming.delivered_to,
             *(file.name for file in incoming.files), *(file.content_id for file in incoming.files),
             *(bounce.diagnostic for bounce in incoming.bounces)]  # fmt: skip
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        return False
    return not any("\x00" in text for text in texts) and all(file.name for file in incoming.files)


def _mails_in(path: Path) -> Iterator[bytes]:
    """The file itself, and each mail of a mbox or a YAML suite."""
    raw = path.read_bytes()
    yield raw
    if "mbox" in path.name or path.parent.name == "mbox":
        places = [*(found.start() for found in _FROM_LINE.finditer(raw)), len(raw)]
        yield from (raw[start:end] for start, end in pairwise(places))
    if path.suffix in (".yml", ".yaml"):
        for found in _YAML_MESSAGE.finditer(raw.decode("utf-8", "replace")):
            yield "\n".join(line.strip(" ") for line in found[1].splitlines()).encode()
