"""The tab "History": what was exchanged in this ticket and those around it, and how each was solved (A11.5)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from zaguan.conversations.family_history import SHOWS, Entry, history_of
from zaguan.conversations.origins import origin_of
from zaguan.desk.access import AgentRequest
from zaguan.desk.rows import CHANNEL_ICONS
from zaguan.desk.ticket.bubbles import author_of
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.lib.numbers import whole
from zaguan.lib.text import excerpt
from zaguan.people.reference import agents
from zaguan.tickets.family import family_of
from zaguan.tickets.models import Ticket

WORDS = 240


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    show = request.GET.get("way", "") if request.GET.get("way") in SHOWS else ""
    customer, only = request.GET.get("customer") == "1", whole(request.GET.get("only", ""))
    family = family_of(sheet.ticket, sheet.viewer, same_customer=customer)
    page = history_of(family, sheet.viewer, show=show, ticket=only, cursor=request.GET.get("before", ""))
    chosen = {"tab": "family_history", "way": show, "customer": "1" if customer else "", "only": only or ""}

    def address(**other: Any) -> str:
        values = {k: v for k, v in {**chosen, **other}.items() if v != ""}
        return f"{sheet.url}?{urlencode(values)}"

    words = (
        ("", _("All")),
        ("in", _("Received")),
        ("out", pgettext("messages", "Sent")),
        ("solved", _("Solved")),
    )
    return {
        "way": show,
        "ways": [(key, label, address(way=key)) for key, label in words],
        "customer": customer,
        "customer_url": address(customer="" if customer else "1", only=""),
        "family": family,
        "relatives": _relatives(family.numbers, sheet),
        "only": only,
        "entries": [_line(entry, family.roles) for entry in page.entries],
        "older": address(before=page.next_cursor) if page.next_cursor else "",
        "is_later_page": bool(request.GET.get("before")),
        "newest_url": address(),
    }


def _relatives(numbers: list[int], sheet: Sheet) -> list[tuple[int, str]]:
    """For the choice of one ticket."""
    rows = Ticket.objects.visible_to(sheet.viewer).filter(pk__in=numbers).values_list("pk", "subject")
    subjects = dict(rows)
    return [(n, f"#{n} {subjects[n] or _('(no subject)')}") for n in numbers if n in subjects]


def _line(entry: Entry, roles: dict[int, str]) -> dict[str, Any]:
    message, solution = entry.message, entry.solution
    shown: dict[str, Any] = {"at": entry.at, "ticket": entry.ticket, "role": roles.get(entry.ticket.pk, "")}
    if message is not None:
        return shown | {
            "m": message,
            "author": author_of(message),
            "icon": CHANNEL_ICONS.get(message.channel, "message-square"),
            "words": excerpt(message.reply_text or message.text, WORDS),
            "origin": origin_of(message),
        }
    assert solution is not None
    agent = agents.get(solution.by.id) if solution.by and solution.by.kind == "agent" else None
    return shown | {"m": None, "solution": solution, "by": agent.name if agent else ""}


register(
    Tab(
        key="family_history",
        label=gettext_lazy("History"),
        icon="history",
        template="desk/ticket/tabs/family_history.jinja",
        context=_context,
        position=42,
        wide=True,
    )
)
