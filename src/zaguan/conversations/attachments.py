"""Files of messages: stored under random names outside any web root, with their own name as data only."""

from __future__ import annotations

import hashlib
import io
import mimetypes
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.models import Attachment, Message
from zaguan.lib.errors import Refused
from zaguan.lib.filenames import clean_name
from zaguan.lib.secrets import random_id
from zaguan.lib.statements import insert
from zaguan.people.models import Agent
from zaguan.tickets.models import Schedule, Template

# Shown in the page itself; everything else is only offered for download (R19: no SVG, no HTML).
SAFE_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
UNKNOWN = "application/octet-stream"
_TYPE = re.compile(r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,57}$")
# Python's own table, so that the same file has the same type on every machine.
_types = mimetypes.MimeTypes()


def store(
    content: bytes | BinaryIO,
    name: str,
    content_type: str = "",
    *,
    by: Any = None,
    message: Message | None = None,
    content_id: str = "",
    is_inline: bool = False,
) -> Attachment:
    """Keep a file; without a message it waits, for its uploader only, until one is sent with it.

    Raises Refused above the size limit for what an agent uploads; what came in by mail has had its own limit.
    """
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    size, digest, head = _measure(file)
    if by is not None:
        refuse_too_large(size, name)
    public_id = random_id(24)
    stored_as = default_storage.save(_path(random_id(24)), File(file))
    file_name = clean_name(name)
    attachment = Attachment(
        public_id=public_id,
        message=message,
        uploaded_by=by if isinstance(by, Agent) else None,
        name=file_name,
        content_type=type_of(file_name, content_type, head),
        size=size,
        sha256=digest,
        content_id=content_id.strip("<> ")[:255],
        is_inline=is_inline,
        stored_as=stored_as,
    )
    try:
        return insert(attachment)
    except BaseException:
        # No row, no file.
        default_storage.delete(stored_as)
        raise


def refuse_too_large(size: int, name: str) -> None:
    """Raise Refused when a file of this size may not be uploaded."""
    limit: int = settings.ATTACHMENT_SIZE_LIMIT
    if size > limit:
        raise Refused(
            _("“%(name)s” is too large: a file may have up to %(limit)d MB.")
            % {"name": clean_name(name), "limit": limit // (1024 * 1024)},
            field="attachments",
        )


def open_stored(attachment: Attachment) -> BinaryIO:
    """The file, opened for reading; FileNotFoundError when the storage has lost it."""
    return cast("BinaryIO", default_storage.open(attachment.stored_as, "rb"))


def read_stored(attachment: Attachment) -> bytes:
    """All bytes of the file."""
    with open_stored(attachment) as file:
        return file.read()


def safe_to_show_inline(attachment: Attachment) -> bool:
    """Whether a page may show it; all others are sent as downloads."""
    return attachment.content_type in SAFE_INLINE


def copy_stored(attachment: Attachment, *, message: Message) -> Attachment:
    """The same file on another message (forwarding, quoting); the bytes are stored once."""
    return Attachment.objects.create(
        public_id=random_id(24),
        message=message,
        uploaded_by=attachment.uploaded_by,
        name=attachment.name,
        content_type=attachment.content_type,
        size=attachment.size,
        sha256=attachment.sha256,
        content_id=attachment.content_id,
        is_inline=attachment.is_inline,
        stored_as=attachment.stored_as,
    )


def copy_waiting(public_ids: Iterable[str]) -> Iterator[Attachment]:
    """The same uploads once more, each free to go with a message; the bytes are stored once."""
    for attachment in Attachment.objects.filter(public_id__in=list(public_ids), message=None).order_by("pk"):
        attachment.pk, attachment.public_id = None, random_id(24)
        attachment._state.adding = True
        attachment.save()
        yield attachment


def _planned() -> set[str]:
    """Uploads of templates and of tickets that are yet to open."""
    waiting = Schedule.objects.exclude(next_at=None).values_list("values", flat=True)
    kept = [*waiting, *Template.objects.values_list("values", flat=True)]
    held = (values.get("attributes", {}).values() for values in kept)
    in_attributes = {one for value in chain.from_iterable(held) if isinstance(value, list) for one in value}
    return in_attributes | {public_id for values in kept for public_id in values.get("files", [])}


def take_upload(attachment: Attachment, message: Message) -> None:
    """Make a waiting upload the message's own; raises Refused when another message took it a moment ago."""
    fields = {"message": message, "content_id": attachment.content_id, "is_inline": attachment.is_inline}
    if not Attachment.objects.filter(pk=attachment.pk, message=None).update(**fields):
        raise Refused(
            _("“%(name)s” was sent with another message just now. Attach it again.")
            % {"name": attachment.name},
            field="attachments",
        )
    attachment.message = message


def remove_unsent(before: datetime | None = None, limit: int = 500) -> int:
    """Delete uploads older than `before` (30 days) that were never sent, drafts' too; returns how many."""
    before = before or timezone.now() - timedelta(days=30)
    free = Attachment.objects.filter(message=None, on_ticket=None, in_library=None, canned_in=None)
    waiting = list(free.filter(created_at__lt=before).exclude(public_id__in=_planned())[:limit])
    for attachment in waiting:
        attachment.delete()
        if not Attachment.objects.filter(stored_as=attachment.stored_as).exists():
            default_storage.delete(attachment.stored_as)
    return len(waiting)


def type_of(name: str, declared: str, head: bytes) -> str:
    """The content type: images by their first bytes, the rest as declared, or by the name when nothing was."""
    seen = _image_type(head)
    if seen:
        return seen
    said = declared.split(";")[0].strip().lower()
    if not _TYPE.match(said) or said == UNKNOWN:
        said = _types.guess_type(name)[0] or UNKNOWN
    # It says it is a picture that we would show, and is none.
    return UNKNOWN if said in SAFE_INLINE else said


def _image_type(head: bytes) -> str:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return ""


def _measure(file: BinaryIO) -> tuple[int, str, bytes]:
    """Size, SHA-256 and first bytes; the file is back at its beginning afterwards."""
    file.seek(0)
    digest, size, head = hashlib.sha256(), 0, b""
    while block := file.read(256 * 1024):
        head = head or block[:32]
        size += len(block)
        digest.update(block)
    file.seek(0)
    return size, digest.hexdigest(), head


def _path(name: str) -> str:
    """A shard of two levels keeps folders small."""
    return f"attachments/{name[:2]}/{name[2:4]}/{name}"
