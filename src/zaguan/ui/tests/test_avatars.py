"""Initials and colours of faces."""

from __future__ import annotations

import pytest

from zaguan.ui.avatars import HUES, hue, initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Robles", "AR"),
        ("Lucía Fernández Ocampo", "LO"),
        ("élise", "É"),
        ("(sin nombre)", "N"),
        ("ana.robles@tienda.example", "AR"),
        ("", "?"),
        ("---", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_person_keeps_their_colour() -> None:
    # Written down, because a colour that changes with a release is a face nobody knows again.
    assert hue(17) == 2
    assert hue("Ana Robles") == 7
    assert {hue(n) for n in range(200)} == set(range(HUES))
