"""A list in another order: one entry a place up or down, or all of it as dragging leaves it."""

from __future__ import annotations

from collections.abc import Iterable

from zaguan.desk.access import AgentRequest
from zaguan.lib.numbers import whole


def moved(ids: Iterable[int], pk: int, do: str | None) -> list[int]:
    """The ids with `pk` one place up (`do` is "up") or else down; at an end it stays."""
    found = list(ids)
    place = found.index(pk)
    other = max(0, min(len(found) - 1, place + (-1 if do == "up" else 1)))
    found[place], found[other] = found[other], found[place]
    return found


def dragged(request: AgentRequest) -> list[int]:
    """The whole new order that was sent: numbers separated by commas, as `order`."""
    parts = request.POST.get("order", "").split(",")
    return [number for part in parts if (number := whole(part)) is not None]
