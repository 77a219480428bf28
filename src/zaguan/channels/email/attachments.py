"""Parts of a mail turned into files: named, typed, opened where Outlook wrapped them."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from zaguan.channels.email.bodies import Reading, Segment
from zaguan.channels.email.calendars import describe
from zaguan.channels.email.charsets import decode, tidy
from zaguan.channels.email.filenames import (
    better_type,
    default_name,
    given_name,
    name_from_subject,
    safe_name,
)
from zaguan.channels.email.limits import Limits
from zaguan.channels.email.mime import Part, split_mail
from zaguan.channels.email.tnef import is_tnef, open_tnef
from zaguan.conversations.incoming import IncomingFile

_DATA_IMAGE = re.compile(
    r"""\ssrc\s*=\s*(["']?)\s*data:(image/[a-z0-9.+-]{1,40})(?:;[a-z0-9=._-]{1,60}){0,4}?;base64,([A-Za-z0-9+/=%\s]*)\s*\1""",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Files:
    """The files of a mail, and what was noticed on the way."""

    found: list[IncomingFile] = field(default_factory=list)
    left_out: int = 0
    damaged_winmail: bool = False


def read_files(reading: Reading, limits: Limits) -> Files:
    """Make files of the parts; a body that was only in winmail.dat or a calendar becomes the body."""
    files = Files()
    for part in reading.files:
        if len(files.found) >= limits.files:
            files.left_out += 1
            continue
        _add(part, reading, files, limits)
    for name, content in reading.inside:
        safe = safe_name(name)
        files.found.append(
            IncomingFile(safe, better_type("application/octet-stream", safe, content), content)
        )
    if len(files.found) > limits.files:
        files.left_out += len(files.found) - limits.files
        del files.found[limits.files :]
    return files


def without_data_images(html: str, files: Files) -> str:
    """Images written into the HTML itself become inline files, so that they are stored once and as files."""
    if "data:" not in html and "DATA:" not in html:
        return html

    def taken(match: re.Match[str]) -> str:
        kind = match[2].lower()
        try:
            content = base64.b64decode(unquote(match[3]))
        except (binascii.Error, ValueError):
            return " "
        if not content or kind.startswith("image/svg"):
            return " "
        cid = f"image-{len(files.found) + 1}@inline.invalid"
        files.found.append(IncomingFile(default_name(kind), kind, content, content_id=cid))
        return f' src="cid:{cid}"'

    return _DATA_IMAGE.sub(taken, html)


def _add(part: Part, reading: Reading, files: Files, limits: Limits) -> None:
    content = part.content()
    stated = given_name(part)
    if is_tnef(part.content_type, stated):
        opened = open_tnef(content)
        if opened is not None:
            for inner in opened.files[: limits.files - len(files.found)]:
                name = safe_name(inner.name)
                kind = better_type("application/octet-stream", name, inner.content)
                files.found.append(IncomingFile(name, kind, inner.content, content_id=inner.content_id))
            _use_as_body(reading, opened.text, opened.html)
            return
        files.damaged_winmail = True
    kind, name = _typed_and_named(part, stated, content, limits)
    if kind == "text/calendar" and not _says_something(reading):
        described = describe(decode(content, part.params.get("charset", ""))[0])
        _use_as_body(reading, described, "")
    files.found.append(IncomingFile(name, kind, content, content_id=content_id(part)))


def _typed_and_named(part: Part, stated: str, content: bytes, limits: Limits) -> tuple[str, str]:
    kind = part.content_type
    if kind == "message/rfc822" and not stated:
        headers, _ = split_mail(content, limits)
        return kind, name_from_subject(headers.text("subject"))
    name = safe_name(stated or _located(part), default_name(kind))
    return better_type(kind, name, content), name


def _located(part: Part) -> str:
    """Some programs name a file only by Content-Location or Content-Description."""
    location = part.headers.first("content-location")
    if location and "." in location[-6:] and "?" not in location:
        return unquote(location.rpartition("/")[2])
    described = part.headers.text("content-description")
    return described if 3 < len(described) < 100 and "." in described[-6:-1] else ""


def content_id(part: Part) -> str:
    """The Content-ID without brackets and blanks."""
    value = part.headers.first("content-id")
    return tidy("".join(value.split()).strip("<>"))[:998] if value else ""


def _says_something(reading: Reading) -> bool:
    return any((segment.text and segment.text.strip()) or segment.html for segment in reading.segments)


def _use_as_body(reading: Reading, text: str, html: str) -> None:
    if (text or html) and not _says_something(reading):
        reading.segments = [Segment(text=tidy(text) or None, html=html or None)]
