"""The first rows of a spreadsheet, for looking at: CSV, and XLSX within limits that no archive can break."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

ROWS, COLUMNS, LETTERS = 200, 40, 500
# Of one part of an archive, unpacked; a bomb is some thousand times larger than it looks.
MOST_BYTES = 24 << 20
MOST_STRINGS = 200_000
# Of equals the first one.
SEPARATORS = ",;\t|"
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class UnreadableSheet(Exception):  # noqa: N818 (what is said of the file)
    """It is no spreadsheet, or larger than one looks at."""


@dataclass
class Sheet:
    """Rows of texts; `is_cut` when there is more than is shown."""

    rows: list[list[str]] = field(default_factory=list)
    is_cut: bool = False


def sheet_of_csv(content: bytes) -> Sheet:
    """Any of the usual separators, in UTF-8 or what older programs write."""
    text = _decoded(content)
    try:
        return _cut(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)))
    except csv.Error as error:
        raise UnreadableSheet(str(error)) from error


def _separator(text: str) -> str:
    """The one that cuts the first lines into the most equal rows. csv.Sniffer takes seconds for hostile files."""
    lines = [line for line in text[:8000].splitlines()[:20] if line.strip()]
    if len(text) > 8000 and len(lines) > 1:
        del lines[-1]

    def fits(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in lines]
        usual = max(set(counts), key=lambda n: (counts.count(n), n)) if counts else 0
        return (counts.count(usual) if usual else 0, usual)

    return max(SEPARATORS, key=fits)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def sheet_of_xlsx(file: BinaryIO) -> Sheet:
    """The first sheet, values only: no formula is worked out, nothing outside of the file is looked at."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            sheets = sorted(n for n in names if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n))
            if not sheets:
                raise UnreadableSheet("no sheet")
            first = min(sheets, key=lambda n: int(re.sub(r"\D", "", n)))
            strings = list(_strings(archive)) if "xl/sharedStrings.xml" in names else []
            return _cut(_rows(archive, first, strings))
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        KeyError,
        ValueError,
        # How zipfile says that it does not know a way of packing.
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ) as error:
        raise UnreadableSheet(str(error)) from error


def _cut(rows: Iterable[list[str]]) -> Sheet:
    made = Sheet()
    for row in rows:
        if len(made.rows) == ROWS:
            made.is_cut = True
            break
        made.is_cut = made.is_cut or len(row) > COLUMNS
        made.rows.append([cell[:LETTERS] for cell in row[:COLUMNS]])
    return made


def _events(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Start, end and text of elements, read in pieces and never more than the limit."""
    found: list[tuple[str, str, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, given: found.append(("start", tag.split(" ")[-1], given))
    parser.EndElementHandler = lambda tag: found.append(("end", tag.split(" ")[-1], {}))
    parser.CharacterDataHandler = lambda text: found.append(("text", text, {}))
    parser.StartDoctypeDeclHandler = _no_doctype
    with archive.open(name) as part:
        total = 0
        while block := part.read(64 << 10):
            total += len(block)
            if total > MOST_BYTES:
                raise UnreadableSheet("too large")
            parser.Parse(block, False)
            yield from found
            found.clear()
    parser.Parse(b"", True)
    yield from found


def _no_doctype(*_given: object) -> None:
    # Entities that grow, and files from elsewhere, begin with one.
    raise UnreadableSheet("a document type")


def _strings(archive: zipfile.ZipFile) -> Iterator[str]:
    pieces: list[str] = []
    reading, count = False, 0
    for kind, value, _given in _events(archive, "xl/sharedStrings.xml"):
        if kind == "start" and value == "si":
            pieces = []
        elif value == "t" and kind != "text":
            reading = kind == "start"
        elif kind == "text" and reading:
            pieces.append(value)
        elif kind == "end" and value == "si":
            count += 1
            if count > MOST_STRINGS:
                return
            yield "".join(pieces)[:LETTERS]


def _rows(archive: zipfile.ZipFile, name: str, strings: list[str]) -> Iterator[list[str]]:
    row: list[str] = []
    place, of_kind, reading, text = 0, "", False, ""
    for kind, value, given in _events(archive, name):
        if kind == "start" and value == "row":
            row = []
        elif kind == "start" and value == "c":
            place, of_kind, text = _column(given.get("r", ""), len(row)), given.get("t", ""), ""
        elif kind != "text" and value in ("v", "t"):
            reading = kind == "start"
        elif kind == "text" and reading:
            text += value
        elif kind == "end" and value == "c" and place <= COLUMNS:
            row.extend([""] * (place - len(row)))
            row.append(_shown(text, of_kind, strings))
        elif kind == "end" and value == "row":
            yield row


def _column(reference: str, otherwise: int) -> int:
    found = _PLACE.fullmatch(reference)
    if not found:
        return otherwise
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _shown(text: str, of_kind: str, strings: list[str]) -> str:
    if of_kind == "s":
        return strings[int(text)] if text.isdigit() and int(text) < len(strings) else ""
    if of_kind == "b":
        return "✓" if text == "1" else "–"
    return text
