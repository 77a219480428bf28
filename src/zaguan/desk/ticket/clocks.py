"""Whose turn it is and how long each side had, beside the ticket; the browser counts on from there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from zaguan.desk.sketches import filled, stand_in
from zaguan.desk.ticket.drawing import base_of, rights
from zaguan.desk.ticket.moments import exact
from zaguan.desk.ticket.sheet import Sheet
from zaguan.sla.sides import Side
from zaguan.sla.standing import Clocks, clocks_of
from zaguan.ui.times import hours_span, span

S = stand_in
# The mark of a status says the same of its side.
DOTS = {Side.AGENT: "open", Side.CUSTOMER: "customer", Side.THIRD: "third", Side.NOBODY: "snoozed"}


def whose_turn(side: Side) -> str:
    """A sentence for the turn of each side."""
    return {
        Side.AGENT: _("It is our turn"),
        Side.CUSTOMER: _("It is the customer's turn"),
        Side.THIRD: _("A third party's turn"),
        Side.NOBODY: _("Nobody's turn"),
    }[side]


def panel(sheet: Sheet) -> Markup:
    """The block of the panel: one line for the turn, one for each side that had time."""
    clocks = clocks_of(sheet.ticket)
    turn = clocks.turn
    shown = tuple(clocks.shown_sides)
    key = (rights(sheet), shown, turn.side if turn else None)

    def context() -> dict[str, Any]:
        around = base_of(sheet)
        around.turn = (whose_turn(turn.side), S("since")) if turn else None
        around.sides = [
            SimpleNamespace(
                label=side.label, dot=DOTS[side], runs=turn is not None and side == turn.side,
                seconds=S(f"{side}_seconds"), words=S(f"{side}_words"),
                business=S(f"{side}_business"), business_words=S(f"{side}_business_words"),
            )
            for side in shown
        ]  # fmt: skip
        around.ahead = S("ahead")
        return {"sheet": around}

    return filled("desk/ticket/clocks.jinja", key, context, _values(sheet, clocks))


def _values(sheet: Sheet, clocks: Clocks) -> dict[str, Any]:
    values: dict[str, Any] = {"url": sheet.url, "number": sheet.number, "ahead": ahead(clocks)}
    values["since"] = exact(clocks.turn.since) if clocks.turn else ""
    for side in clocks.shown_sides:
        elapsed, business = clocks.sums.elapsed[side], clocks.sums.business[side]
        values |= {f"{side}_seconds": elapsed, f"{side}_words": words(elapsed)}
        values |= {f"{side}_business": business, f"{side}_business_words": business_words(business)}
    return values


def ahead(clocks: Clocks) -> str:
    """The open stretches that are coming, as the browser reads them."""
    return " ".join(f"{opens}-{closes}" for opens, closes in clocks.opening_seconds())


def words(seconds: int) -> str:
    """A length of time, also none."""
    return span(seconds) if seconds >= 60 else "0 min"


def business_words(seconds: int) -> str:
    """The same in hours: a day of business time is as long as the desk is open, which nobody guesses from a “1 d”."""
    return hours_span(seconds) if seconds >= 60 else "0 min"
