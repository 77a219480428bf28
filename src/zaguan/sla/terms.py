"""What a version of a policy promises, as plain values: targets by urgency, what pauses them, when to warn. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FIRST, NEXT, RESOLUTION, UPDATE = "first", "next", "resolution", "update"
# In the order in which people read them.
KINDS = (FIRST, NEXT, UPDATE, RESOLUTION)
# Sides of the ledger that may pause a target; the agent's own never does.
PAUSING = ("customer", "third", "nobody")


@dataclass(frozen=True, slots=True)
class Target:
    """One promise of time. `seconds` is for every urgency that `by_urgency` does not name; 0 promises nothing.

    `warn_percent` of the time, or `warn_before` seconds before its end, it is at risk; neither: never.
    """

    kind: str
    seconds: int = 0
    by_urgency: Mapping[int, int] = field(default_factory=dict)
    in_business_time: bool = True
    pauses: tuple[str, ...] = ()
    warn_percent: int | None = None
    warn_before: int | None = None

    def length(self, urgency_id: int | None) -> int:
        """How many seconds a ticket of this urgency is given."""
        return self.by_urgency.get(urgency_id or 0, self.seconds)

    def warned_after(self, length: int) -> int | None:
        """After how many of `length` seconds it is at risk."""
        if self.warn_percent is not None:
            return length * self.warn_percent // 100
        return max(length - self.warn_before, 0) if self.warn_before is not None else None

    def as_json(self) -> dict[str, Any]:
        """As a version keeps it."""
        return {
            "kind": self.kind,
            "seconds": self.seconds,
            "by_urgency": {str(key): value for key, value in self.by_urgency.items()},
            "in_business_time": self.in_business_time,
            "pauses": list(self.pauses),
            "warn_percent": self.warn_percent,
            "warn_before": self.warn_before,
        }

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Target:
        """From what a version keeps."""
        return cls(
            kind=row["kind"],
            seconds=row["seconds"],
            by_urgency={int(key): value for key, value in row["by_urgency"].items()},
            in_business_time=row["in_business_time"],
            pauses=tuple(row["pauses"]),
            warn_percent=row["warn_percent"],
            warn_before=row["warn_before"],
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a policy, as far as counting needs it."""

    version_id: int
    policy_id: int
    targets: tuple[Target, ...]

    def target(self, kind: str) -> Target | None:
        """The promise of this kind, if there is one."""
        for target in self.targets:
            if target.kind == kind:
                return target
        return None
