"""Spreadsheets are looked at, never believed: any separator, and no file that takes long."""

from __future__ import annotations

import time

import pytest

from zaguan.lib.sheet_reading import sheet_of_csv


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a;b\n1,50;2,75\n", [["a", "b"], ["1,50", "2,75"]]),
        ("a\tb, c\n1\t2\n", [["a", "b, c"], ["1", "2"]]),
        ("a|b\r\n1|2\r\n", [["a", "b"], ["1", "2"]]),
        ('Nombre,Nota\nAna,"dos\nlíneas; y más"\n', [["Nombre", "Nota"], ["Ana", "dos\nlíneas; y más"]]),
        ("una sola\ncolumna\n", [["una sola"], ["columna"]]),
        ("", []),
    ],
)
def test_every_usual_separator_is_found(content: str, rows: list[list[str]]) -> None:
    assert sheet_of_csv(content.encode()).rows == rows


@pytest.mark.parametrize("line", [' "a', '\n"x', "\",'", "a,'b\n"])
def test_a_hostile_file_takes_no_time(line: str) -> None:
    start = time.process_time()
    sheet_of_csv((line * 2700).encode())
    assert time.process_time() - start < 0.2
