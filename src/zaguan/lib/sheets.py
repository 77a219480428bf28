"""Tables as files: CSV line by line, XLSX in one piece."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

# What a spreadsheet can hold, its head not counted.
MOST_LINES = 1_048_575
# A cell that begins so is a formula to a spreadsheet; text from outside must stay text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_lines(head: Sequence[str], lines: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The table as CSV (RFC 4180), with the mark by which spreadsheets know UTF-8; times as ISO 8601."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(head)
    for line in lines:
        yield writer.writerow([_plain(value) for value in line])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def xlsx_file(head: Sequence[str], lines: Iterable[Sequence[Any]]) -> IO[bytes]:
    """The table as a workbook, open at its beginning; what exceeds a sheet is left out. Texts never become formulas."""
    file = TemporaryFile()  # noqa: SIM115 (the answer closes it when it is sent)
    options: dict[str, Any] = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    options |= {"default_date_format": "yyyy-mm-dd"}
    book = xlsxwriter.Workbook(file, options)
    sheet, moment = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    for number, line in enumerate(lines, 1):
        if number > MOST_LINES:
            break
        for at, value in enumerate(line):
            if isinstance(value, datetime):
                sheet.write_datetime(number, at, timezone.localtime(value).replace(tzinfo=None), moment)
            elif value is not None:
                sheet.write(number, at, value)
    sheet.freeze_panes(1, 0)
    book.close()
    file.seek(0)
    return file
