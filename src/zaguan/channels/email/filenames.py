"""File names and types of attachments: safe to show and to save under, whatever the mail says."""

from __future__ import annotations

import mimetypes

from zaguan.channels.email.mime import Part
from zaguan.channels.email.words import decode_encoded
from zaguan.lib.filenames import clean_name

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
    name = clean_name(name.rstrip("/\\ "), fallback)
    return name if name.strip("_. ") else fallback


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
