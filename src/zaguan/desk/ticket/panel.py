"""The panel of a ticket's page, drawn in the same way: assignment, customer, the rest."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup

from zaguan.desk.access import AgentRequest
from zaguan.desk.names import channel_name, language_name
from zaguan.desk.sketches import filled, stand_in
from zaguan.desk.ticket import options
from zaguan.desk.ticket.drawing import base_of, rights, token_field
from zaguan.desk.ticket.moments import exact
from zaguan.desk.ticket.profile import profile_card
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import TICKET, beside, tabs_for
from zaguan.tickets.link_words import role_of_other
from zaguan.tickets.models import Ticket
from zaguan.ui.avatars import hue, initials
from zaguan.ui.times import day_name, short_time

S = stand_in
LISTS = ("assignee", "team", "urgency", "category", "service")


def assignment(request: AgentRequest, sheet: Sheet) -> Markup:
    """Who works on it and what it is."""
    t, tags, copies = sheet.ticket, sheet.attached.tags, sheet.attached.copies
    named = _named(sheet)
    has = (bool(t.team_id), t.assignee_id == sheet.viewer.pk, t.is_internal, bool(tags), bool(copies))
    promise = _promise(t)
    key = (rights(sheet), has, promise, tuple(bool(named[name]) for name in LISTS))

    def context() -> dict[str, Any]:
        around = base_of(sheet, team_id=has[0], is_mine=has[1], is_internal=has[2], version=S("version"))
        around.viewer_id, around.tags, around.copies = (
            S("viewer"),
            [S("tags")] if has[3] else [],
            [S("copies")] if has[4] else [],
        )
        around.promise, around.promised = promise, S("promised")
        around.named = {name: S(f"{name}_name") if named[name] else "" for name in LISTS}
        around.offered = {name: S(f"{name}_options") for name in LISTS}
        return {"sheet": around, "csrf_input": S("csrf")}

    values = _offered(sheet) | {f"{name}_name": named[name] for name in LISTS}
    values |= {
        "url": sheet.url, "number": sheet.number, "csrf": token_field(request), "version": t.version,
        "viewer": sheet.viewer.pk, "tags": ", ".join(name for _id, name in tags),
        "copies": ", ".join(email for email, _name in copies), "promised": exact(t.promised_at),
    }  # fmt: skip
    return filled("desk/ticket/assignment.jinja", key, context, values)


def _promise(ticket: Ticket) -> tuple[str, bool]:
    """How it stands with what was promised, and whether the customer may see it."""
    if ticket.promised_at is None:
        return "", False
    if ticket.promise_kept is not None:
        return "kept" if ticket.promise_kept else "broken", ticket.is_promise_public
    return "late" if ticket.promised_at < timezone.now() else "open", ticket.is_promise_public


def _named(sheet: Sheet) -> dict[str, str]:
    agent = sheet.assignee
    return {
        "assignee": agent.name if agent else "",
        "team": sheet.team_name,
        "urgency": sheet.urgency_label,
        "category": sheet.category_label,
        "service": sheet.service_label,
    }


def _offered(sheet: Sheet) -> dict[str, Any]:
    t, can = sheet.ticket, sheet.can
    nothing = Markup()
    return {
        "assignee_options": options.assignees(t.team_id, t.assignee_id) if can["assign"] else nothing,
        "team_options": options.team_choices(t.team_id) if can["assign"] else nothing,
        "urgency_options": options.list_choices("urgency", t.urgency_id) if can["edit"] else nothing,
        "category_options": options.list_choices("category", t.category_id) if can["edit"] else nothing,
        "service_options": options.service_choices(t.service_id) if can["edit"] else nothing,
    }


def customer(sheet: Sheet) -> Markup:
    """Who asks: name, addresses with their marks, organisation, local time, notes."""
    who = sheet.requester
    if who is None:
        return Markup()
    kinds = tuple((a.kind, bool(a.bounced_at)) for a in who.addresses)
    has = (
        bool(who.organisation),
        bool(who.time_zone),
        bool(who.language),
        bool(who.blocked_at),
        bool(who.notes),
    )
    key = (rights(sheet), kinds, has)

    def context() -> dict[str, Any]:
        addresses = [
            SimpleNamespace(kind=channel_name(kind), is_bounced=bounced, value=S(f"address{n}"), id=S(f"id{n}"),
                            when=S(f"when{n}"), reason=S(f"reason{n}"))
            for n, (kind, bounced) in enumerate(kinds)
        ]  # fmt: skip
        person = SimpleNamespace(
            addresses=addresses, name=S("name"), hue=S("hue"), initials=S("initials"), href=S("href")
        )
        names = ("organisation", "time_zone", "language", "blocked", "notes")
        for name, there in zip(names, has, strict=True):
            setattr(person, name, S(name) if there else "")
        person.local_time, person.since, person.profile = S("local_time"), S("since"), S("profile")
        return {"sheet": base_of(sheet), "who": person}

    values: dict[str, Any] = {
        "url": sheet.url, "number": sheet.number, "name": who.name or "?", "hue": hue(who.id),
        "initials": initials(who.name), "href": f"/desk/people/{who.public_id}/", "organisation": who.organisation or "",
        "time_zone": who.time_zone, "local_time": sheet.local_time, "language": language_name(who.language), "blocked": "",
        "notes": who.notes, "since": day_name(who.created_at),
    }  # fmt: skip
    for n, each in enumerate(who.addresses):
        values |= {f"address{n}": each.value, f"id{n}": each.id, f"reason{n}": each.bounce_reason}
        values[f"when{n}"] = short_time(each.bounced_at)
    values["profile"] = profile_card(who.id)
    return filled("desk/ticket/customer.jinja", key, context, values)


# More stand on the tab "Related".
MOST_LINKS = 6
DATES = (
    "created_at",
    "updated_at",
    "waiting_since",
    "first_answered_at",
    "resolved_at",
    "closes_at",
    "closed_at",
)


def details(request: AgentRequest, sheet: Sheet) -> Markup:
    """Links to other tickets, the summary, files, and the dates."""
    t = sheet.ticket
    linked = sheet.attached.links[:MOST_LINKS]
    links = tuple((kind, is_source) for kind, _number, is_source in linked)
    others = len(sheet.attached.links) - len(linked) + sum(sheet.attached.many.values())
    others += sheet.attached.hidden_links
    dated = tuple(getattr(t, name) is not None for name in DATES)
    key = (
        rights(sheet),
        links,
        bool(others),
        dated,
        bool(t.summary),
        t.has_files,
        t.is_internal,
        bool(t.note_count),
    )

    def context() -> dict[str, Any]:
        around = base_of(
            sheet,
            links=[(role_of_other(*link), S(f"link{n}")) for n, link in enumerate(links)],
            more_links=S("more_links") if others else "",
            link_count=S("link_count"),
        )
        around.summary, around.has_summary, around.has_files = S("summary"), bool(t.summary), t.has_files
        around.is_internal, around.came_by = t.is_internal, S("came_by")
        around.dates = {name: S(name) if there else "" for name, there in zip(DATES, dated, strict=True)}
        around.message_count, around.note_count = S("message_count"), S("note_count") if t.note_count else ""
        return {"sheet": around, "csrf_input": S("csrf")}

    values: dict[str, Any] = {name: exact(getattr(t, name)) for name in DATES} | {
        "url": sheet.url, "number": sheet.number, "csrf": token_field(request), "summary": t.summary,
        "came_by": " · ".join(filter(None, [channel_name(t.channel), t.account])),
        "message_count": t.message_count, "note_count": t.note_count,
    }  # fmt: skip
    values |= {f"link{n}": number for n, (_kind, number, _source) in enumerate(linked)}
    values |= {"more_links": others, "link_count": len(linked) + others}
    return filled("desk/ticket/details.jinja", key, context, values)


def tabs(sheet: Sheet) -> Markup:
    """The strip of tabs, and the menu with all of them."""
    strip, everything = beside(sheet.viewer, sheet.tab), tabs_for(sheet.viewer)
    key = (get_language(), sheet.tab, *(t.key for t in strip), None, *(t.key for t in everything))

    def context() -> dict[str, Any]:
        shown = sheet.shown or SimpleNamespace(key=TICKET, wide=False)
        return {"url": S("url"), "shown": shown, "beside": strip, "all": everything}

    return filled("desk/ticket/panel_tabs.jinja", key, context, {"url": sheet.url})


def around(parts: dict[str, Any], *, beside: bool = False) -> Markup:
    """The panel with its pieces; `beside`: it comes along with another part of the page."""
    names = ("tabs", "approvals", "assignment", "attributes", "clocks", "customer", "details")

    def context() -> dict[str, Any]:
        return {"parts": {name: S(name) for name in names}, "oob": beside}

    return filled("desk/ticket/panel.jinja", (get_language(), beside), context, {n: parts[n] for n in names})
