"""How one address is called so that somebody who may gets what they asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One address (desk) or one method of it (API).

    `on`: the ids of the scene that fill the address, in order. `get`, `post`: what is sent; None where the method is
    not allowed. `body`: the JSON of an API call. `hidden`: it is about Support's ticket, so that others get a 404.
    `good`: the answers besides the usual ones that count as success. `only`: who has the thing, where it is personal.
    `also`: permissions that what is sent needs, besides the one that the route names.
    """

    on: Sequence[str] = ()
    get: dict[str, Any] | None = None
    post: dict[str, Any] | None = None
    body: dict[str, Any] | None = None
    hidden: bool = False
    good: tuple[int, ...] = ()
    only: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


def page(*on: str, **more: Any) -> Entry:
    """Only to look at."""
    return Entry(on=on, get=more.pop("get", {}), **more)


def form(*on: str, **more: Any) -> Entry:
    """To look at and to send; `post` are its fields."""
    return Entry(on=on, get={}, post=more.pop("post", {}), **more)


def button(*on: str, **more: Any) -> Entry:
    """Only to send."""
    return Entry(on=on, post=more.pop("post", {}), **more)
