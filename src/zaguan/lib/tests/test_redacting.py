"""Personal data is taken out of a text, and dates and small numbers are not."""

from __future__ import annotations

import pytest

from zaguan.lib.redacting import redact

PRIVATE = [
    "ana.perez+x@cliente.com.ar",
    "+54 9 11 4444-5555",
    "(011) 4444-5555",
    "600123456",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "ES91 2100 0418 4502 0005 1332",
    "12345678Z",
    "12.345.678-K",
    "123.456.789-09",
    "20-12345678-3",
    "AB 1234567",
]


@pytest.mark.parametrize("private", PRIVATE)
def test_what_names_a_person_goes(private: str) -> None:
    assert redact(f"Escriba a {private}, por favor.") == "Escriba a [redacted], por favor."


@pytest.mark.parametrize(
    "harmless",
    [
        "2026-11-22",
        "22/11/2026 05:03",
        "01.02.2026",
        "pedido 31 337",
        "500 GB",
        "versión 10.2.1",
        "#12",
        "1500 €",
    ],
)
def test_what_names_nobody_stays(harmless: str) -> None:
    assert redact(harmless) == harmless


def test_names_go_with_or_without_accents_whole_or_in_part() -> None:
    text = "Iñaki Núñez llamó; INAKI dice que el señor Nunez espera. Nuñezco no."
    assert (
        redact(text, ["Iñaki Núñez"])
        == "[redacted] llamó; [redacted] dice que el señor [redacted] espera. Nuñezco no."
    )


def test_a_date_beside_a_number_stays_and_the_number_goes() -> None:
    assert redact("22/11/2026 600123456") == "22/11/2026 [redacted]"


def test_letters_that_fold_to_more_or_fewer_keep_their_places() -> None:
    assert redact("ß İstanbul ﬁn Ana", ["Ana"]) == "ß İstanbul ﬁn [redacted]"
