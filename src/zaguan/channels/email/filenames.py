"""File names and types of attachments: safe to show and to save under, whatever the mail says."""

from __future__ import annotations

import mimetypes
import re
import unicodedata

from zaguan.channels.email.headers import decode_encoded, one_line
from zaguan.channels.email.mime import Part

_FORBIDDEN = re.compile(r'[<>:"|?*/\\\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\..*)?$", re.IGNORECASE)
_LONGEST = 150
_LONGEST_BYTES = 230
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"), (b"%PDF-", "application/pdf"), (b"BM", "image/bmp"),
)  # fmt: skip
_VAGUE = frozenset({"application/octet-stream", "application/x-unknown", "application/unknown", "binary/octet-stream",
                    "application/download", "application/force-download", "application/x-download", "unknown/unknown"})  # fmt: skip
_ENDINGS = {
    "message/rfc822": ".eml", "text/calendar": ".ics", "text/plain": ".txt", "text/html": ".html", "image/jpeg": ".jpg",
    "image/pjpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "application/pdf": ".pdf", "text/vcard": ".vcf",
    "message/delivery-status": ".txt", "message/disposition-notification": ".txt", "text/rfc822-headers": ".txt",
    "application/pgp-signature": ".asc", "application/pgp-encrypted": ".txt", "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m", "application/ms-tnef": ".dat", "message/feedback-report": ".txt",
    "image/webp": ".webp", "image/tiff": ".tif", "image/bmp": ".bmp", "application/zip": ".zip", "text/x-vcard": ".vcf",
}  # fmt: skip
_STEMS = {
    "text/calendar": "invite", "message/delivery-status": "delivery-status", "text/rfc822-headers": "headers",
    "message/disposition-notification": "read-receipt", "application/pgp-signature": "signature",
    "application/pkcs7-signature": "smime", "application/pkcs7-mime": "smime", "application/pgp-encrypted": "version",
    "message/feedback-report": "feedback-report", "application/ms-tnef": "winmail", "message/rfc822": "message",
    "text/html": "message", "text/plain": "text",
}  # fmt: skip


def given_name(part: Part) -> str:
    """The file name that the part states, decoded but not yet safe; "" without one."""
    value = part.file_params.get("filename") or part.params.get("name") or part.file_params.get("name") or ""
    return decode_encoded(value).strip() if value else ""


def safe_name(name: str, fallback: str = "attachment") -> str:
    """A name without path, control, format or forbidden characters, of bearable length, never empty."""
    name = one_line(name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    if not name.isascii():
        name = unicodedata.normalize("NFC", "".join(sign for sign in name if _is_visible(sign)))
    name = _FORBIDDEN.sub("_", name).strip(" ").rstrip(". ")
    if name.startswith("."):
        name = "_" + name
    if not name.strip("_. "):
        name = fallback
    return _short("_" + name if _RESERVED.match(name) else name)


def name_from_subject(subject: str) -> str:
    """A file name for a mail kept as a file."""
    return safe_name(subject.replace("/", "_").replace("\\", "_")[:100].rstrip(". ") + ".eml", "message.eml")


def default_name(content_type: str) -> str:
    """A name for a part that states none."""
    stem = _STEMS.get(content_type) or ("image" if content_type.startswith("image/") else "attachment")
    return stem + (_ENDINGS.get(content_type) or mimetypes.guess_extension(content_type) or "")


def better_type(content_type: str, name: str, content: bytes) -> str:
    """The stated type, unless it is vague or plainly wrong."""
    for magic, real in _MAGIC[:-1]:
        if content.startswith(magic) and not content_type.startswith(("image/", "application/pdf")):
            return real
    if content_type in _VAGUE or "/" not in content_type:
        return mimetypes.guess_type(name)[0] or "application/octet-stream"
    return content_type


def _is_visible(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category[0] != "C" or sign == "\u200d"


def _short(name: str) -> str:
    if len(name) <= _LONGEST and (name.isascii() or len(name.encode()) <= _LONGEST_BYTES):
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = name, ""
    room = _LONGEST_BYTES - len(ending.encode()) - 1
    stem = stem[: _LONGEST - len(ending) - 1].encode()[:room].decode("utf-8", "ignore").rstrip(". ")
    return f"{stem}.{ending}" if ending else stem
