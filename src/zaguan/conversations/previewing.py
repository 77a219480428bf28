"""What a file shows without being opened: a picture, the first page of a PDF, a text, a table. Never its own code."""

from __future__ import annotations

from dataclasses import dataclass, field

from zaguan.conversations.attachments import SAFE_INLINE, open_stored
from zaguan.conversations.models import Attachment
from zaguan.lib.pdf_page import UnreadablePdf, first_page
from zaguan.lib.sheet_reading import Sheet, UnreadableSheet, sheet_of_csv, sheet_of_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = 64 << 10
LARGEST = 32 << 20
_TEXTS = (
    ".txt",
    ".log",
    ".md",
    ".json",
    ".xml",
    ".yaml",
    ".yml",
    ".ini",
    ".html",
    ".htm",
    ".svg",
    ".eml",
    ".ics",
    ".vcf",
)


@dataclass(frozen=True)
class Preview:
    """`kind`: picture, pdf, table, text, or "" for what can only be downloaded."""

    kind: str = ""
    text: str = ""
    sheet: Sheet = field(default_factory=Sheet)
    is_cut: bool = False


def kind_of(attachment: Attachment) -> str:
    """How the file can be shown, by its type and the end of its name; nothing of it is read."""
    name, declared = attachment.name.lower(), attachment.content_type
    if declared in SAFE_INLINE:
        return "picture"
    if declared == "application/pdf" or name.endswith(".pdf"):
        return "pdf"
    if declared in (XLSX, "text/csv", "text/tab-separated-values") or name.endswith(
        (".csv", ".tsv", ".xlsx")
    ):
        return "table"
    return "text" if declared.startswith("text/") or name.endswith(_TEXTS) else ""


def preview_of(attachment: Attachment) -> Preview:
    """What there is to see. Raises FileNotFoundError when the storage has lost the file."""
    kind = kind_of(attachment)
    if kind == "table":
        return _table(attachment)
    if kind == "text":
        with open_stored(attachment) as file:
            content = file.read(TEXT + 1)
        return Preview("text", text=_plain(content[:TEXT]), is_cut=len(content) > TEXT)
    return Preview(kind if attachment.size <= LARGEST else "")


def _table(attachment: Attachment) -> Preview:
    if attachment.size > LARGEST:
        return Preview()
    try:
        with open_stored(attachment) as file:
            is_archive = file.read(2) == b"PK"
            file.seek(0)
            sheet = sheet_of_xlsx(file) if is_archive else sheet_of_csv(file.read(LARGEST))
    except UnreadableSheet:
        return Preview()
    return Preview("table", sheet=sheet, is_cut=sheet.is_cut)


def _plain(content: bytes) -> str:
    """Text in the usual encodings; control characters are shown as what they are not."""
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            # The cut may have gone through a letter.
            text = content.decode(
                encoding, "ignore" if encoding == "utf-8-sig" and len(content) == TEXT else "strict"
            )
            break
        except UnicodeDecodeError:
            continue
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text.replace("\r\n", "\n"))


def page_picture(attachment: Attachment) -> bytes | None:
    """A PNG of the first page of a PDF, drawn apart; None when it cannot be drawn."""
    if kind_of(attachment) != "pdf" or attachment.size > LARGEST:
        return None
    try:
        with open_stored(attachment) as file:
            return first_page(file)
    except UnreadablePdf:
        return None
