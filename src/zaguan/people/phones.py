"""Phone numbers that mean the same telephone although they are written differently (R26)."""

from __future__ import annotations

import re

# Mexico's old mobile 1, Argentina's mobile 9, Brazil's ninth digit: numbering plans changed, address books did not.
_MEXICO = re.compile(r"52(1?)(\d{10})")
_ARGENTINA = re.compile(r"54(9?)(\d{10})")
_BRAZIL = re.compile(r"55(\d{2})(9?)([6-9]\d{7})")
_LEAST = 7


def digits(number: str) -> str:
    """What is dialled from abroad, without signs: `+52 1 55 …`, `0052 …` and `52155…` are the same."""
    found = re.sub(r"\D", "", number)
    return found[2:] if found.startswith("00") else found


def variants(number: str) -> frozenset[str]:
    """Every way of dialling this telephone, digits only; empty for what is too short to be a number.

    A Brazilian landline (third digit 2 to 5) has no ninth digit and gets none.
    """
    plain = digits(number)
    if len(plain) < _LEAST:
        return frozenset()
    if found := _MEXICO.fullmatch(plain):
        return frozenset({f"52{found[2]}", f"521{found[2]}"})
    if found := _ARGENTINA.fullmatch(plain):
        return frozenset({f"54{found[2]}", f"549{found[2]}"})
    if found := _BRAZIL.fullmatch(plain):
        return frozenset({f"55{found[1]}{found[3]}", f"55{found[1]}9{found[3]}"})
    return frozenset({plain})
