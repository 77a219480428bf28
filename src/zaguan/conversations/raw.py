"""Keep the bytes of a mail before anybody reads them, and give them back."""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from zaguan.conversations.models import Inbox, RawMessage
from zaguan.lib.new_rows import new
from zaguan.lib.secrets import random_id
from zaguan.lib.statements import Rows, insert

# Above this the deflated bytes lie in a file: a database row of many megabytes slows every backup.
_LARGEST_ROW = 512 * 1024
# What a mail keeps on all its ways; trace headers differ from copy to copy and are left out.
_LASTING = (
    *(b"from", b"sender", b"reply-to", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to"),
    *(b"references", b"content-type", b"content-transfer-encoding", b"mime-version"),
    *(b"auto-submitted", b"precedence", b"x-loop", b"x-autoreply", b"x-failed-recipients"),
)
_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:((?:[^\n]*\n[ \t])*[^\n]*)", re.MULTILINE)
_BLANKS = re.compile(rb"\s+")
_HEADER_BLOCK = 256 * 1024


def fingerprint_of(content: bytes) -> bytes:
    """SHA-256 over what a mail keeps on every way to us: the same mail has the same one, fetched from wherever."""
    plain = content.replace(b"\r\n", b"\n") if b"\r" in content else content
    block, _, body = plain.partition(b"\n\n")
    lasting = _lasting_fields(block)
    if not lasting:
        return hashlib.sha256(plain.rstrip()).digest()
    digest = hashlib.sha256()
    for name, value in lasting:
        digest.update(name + b":" + value + b"\n")
    digest.update(b"\n")
    digest.update(body.rstrip())
    return digest.digest()


def _lasting_fields(block: bytes) -> list[tuple[bytes, bytes]]:
    """The fields that count, in a fixed order; none when the block is not all fields, and so perhaps no header."""
    covered = block.find(b"\n") + 1 if block.startswith((b"From ", b">From ")) else 0
    fields = []
    for found in _FIELD.finditer(block[:_HEADER_BLOCK]):
        covered += len(found[0]) + 1
        fields.append((found[1].lower(), _BLANKS.sub(b" ", found[2]).strip()))
    if covered < min(len(block), _HEADER_BLOCK):
        return []
    return sorted(field for field in fields if field[0] in _LASTING)


def store_raw(
    content: bytes,
    *,
    inbox: Inbox | None,
    source: str,
    envelope: dict[str, Any] | None = None,
    folder: str = "",
    uid: int | None = None,
    uid_validity: int | None = None,
) -> tuple[RawMessage, bool]:
    """Keep the bytes as received. The same mail in the same inbox is kept once: then its row and False come back."""
    fingerprint = fingerprint_of(content)
    known = _known(inbox, fingerprint)
    if known is not None:
        return known, False
    row = _row(content, fingerprint)
    row.inbox, row.source, row.envelope = inbox, source, envelope or {}
    row.folder, row.uid, row.uid_validity = folder[:200], uid, uid_validity
    try:
        with transaction.atomic():
            insert(row)
    except IntegrityError:
        forget_file(row.file)
        known = _known(inbox, fingerprint)
        if known is None:
            raise
        return known, False
    return row, True


_in_inbox = Rows(
    lambda inbox, digest: RawMessage.objects.filter(inbox_id=inbox, fingerprint=digest).defer("content"),
    int,
    bytes,
)
_unrouted = Rows(
    lambda digest: RawMessage.objects.filter(inbox=None, fingerprint=digest).defer("content"), bytes
)


def _known(inbox: Inbox | None, fingerprint: bytes) -> RawMessage | None:
    rows = _in_inbox(inbox.pk, fingerprint) if inbox is not None else _unrouted(fingerprint)
    known: RawMessage | None = rows[0] if rows else None
    return known


def _row(content: bytes, fingerprint: bytes) -> RawMessage:
    packed, file = zlib.compress(content, 1), ""
    if len(packed) > _LARGEST_ROW:
        file, packed = _write_file(packed), b""
    return new(
        RawMessage,
        content=packed,
        file=file,
        size=len(content),
        fingerprint=fingerprint,
        received_at=timezone.now(),
    )


def raw_bytes(raw: RawMessage) -> bytes:
    """The mail as it was received; FileNotFoundError when its file was lost."""
    packed = (_folder() / raw.file).read_bytes() if raw.file else bytes(raw.content)
    return zlib.decompress(packed)


def _folder() -> Path:
    return Path(settings.DATA) / "raw"


def _write_file(packed: bytes) -> str:
    """Write and flush to the disk: the row that names the file is committed afterwards."""
    name = random_id(24)
    path = f"{name[:2]}/{name}"
    target = _folder() / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        file.write(packed)
        file.flush()
        os.fsync(file.fileno())
    return path


def forget_file(path: str) -> None:
    """Remove the file of a raw mail, if it has one."""
    if path:
        (_folder() / path).unlink(missing_ok=True)
