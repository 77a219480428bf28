"""The example that every desk begins with: off, until somebody says that it holds."""

from __future__ import annotations

from typing import Any

HOUR = 3600
NAME = "Atención al cliente"
DESCRIPTION = "Un ejemplo: cámbielo a su medida y actívelo."
# A promise to customers: what is waited for on their side does not count, nor what others hold up when it is solved.
QUERY = "-type:back-office,tracker"


def _target(kind: str, hours: int, pauses: list[str]) -> dict[str, Any]:
    return {
        "kind": kind,
        "seconds": hours * HOUR,
        "by_urgency": {},
        "in_business_time": True,
        "pauses": pauses,
        "warn_percent": 75,
        "warn_before": None,
    }


TARGETS = [
    _target("first", 4, []),
    _target("next", 8, ["customer", "nobody"]),
    _target("resolution", 24, ["customer", "third", "nobody"]),
]
