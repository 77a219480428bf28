"""The type of a ticket and its data: shown and changed in the panel, and asked for when a conversation becomes a ticket."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from markupsafe import Markup

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to
from zaguan.desk.attribute_forms import controls, posted, uploaded
from zaguan.desk.sketches import filled
from zaguan.desk.ticket.changing import answered, apart
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.drawing import base_of, rights
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import Sheet, ticket_for
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.tickets import reference
from zaguan.tickets.attributes import attribute_fields, attributes_of, by_key, definitions_of, set_attributes
from zaguan.tickets.back_office import open_back_office
from zaguan.tickets.categories import ANSWERED
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, Ticket, TicketType
from zaguan.tickets.opening import NewTicket, open_ticket
from zaguan.tickets.types import carried, set_type

# Longer old values do not fit into an address; they are in the history.
LONGEST_WAY_BACK = 1500
Category = TicketType.Category


def panel(request: AgentRequest, sheet: Sheet) -> Markup:
    """The ticket's data, each field to be changed in place; a conversation is offered to be turned instead."""
    kind = reference.types.get(sheet.ticket.type_id)
    if kind is None:
        key = (*rights(sheet), bool(offered(sheet.ticket)))
        around = {"sheet": base_of(sheet), "offers": key[-1]}
        return filled(
            "desk/ticket/turn_offer.jinja", key, lambda: around, {"url": sheet.url, "number": sheet.number}
        )
    shown = [v for v in attributes_of(sheet.ticket) if v.attribute.default != "title"]
    around = {"sheet": sheet, "kind": kind, "controls": controls(v for v in shown if v.is_asked)}
    return Markup(render_to_string("desk/ticket/attributes.jinja", around, request=request))  # noqa: S704 (a template drew it)


@require_POST
@needs("tickets.edit")
def attributes(request: AgentRequest, number: int) -> HttpResponse:
    """Those attributes that are in the form; `?back=` puts earlier values back."""
    ticket = ticket_for(request, number)
    before = by_key(ticket)
    there = definitions_of(ticket.type_id)
    given = _back(request) or uploaded(request, there, posted(request.POST, there))
    field = "attributes"
    apart(request, field, lambda version: set_attributes(ticket, given, by=request.user, version=version))
    old = json.dumps({key: before.get(key) for key in given})
    fits = len(old) < LONGEST_WAY_BACK
    return answered(
        request, ticket, _("Saved"), "attributes" if fits else "", **({"back": old} if fits else {})
    )


def _back(request: AgentRequest) -> dict[str, Any]:
    try:
        given = json.loads(request.GET.get("back", "{}"))
    except ValueError:
        given = {}
    return given if isinstance(given, dict) else {}


def offered(ticket: Ticket) -> list[TicketType]:
    """What it can become, or what can be opened from it, in the order of the settings."""
    types = [t for t in reference.types.all().values() if t.archived_at is None and t.pk != ticket.type_id]
    if ticket.type_id is None and not ticket.is_internal:
        return types
    kind = ticket.kind if ticket.type_id else Category.TRACKER
    return [t for t in types if t.category == kind]


@needs("tickets.edit")
def turn(request: AgentRequest, number: int) -> HttpResponse:
    """One click on a type does it; a form comes only for what is missing. `do=back` takes the type away."""
    ticket = ticket_for(request, number)
    kind = reference.types.get(whole(request.POST.get("type", "")))
    if request.method == "POST" and ("back" in request.GET or kind is None):
        return _turned_back(request, ticket)
    if request.method != "POST" or kind is None:
        return _choosing(request, ticket).show()
    there = definitions_of(kind.pk)
    given = uploaded(request, there, posted(request.POST, there))
    try:
        return _carry_out(request, ticket, kind, given)
    except NotAccepted as refusal:
        first_look = "asked" not in request.POST
        dialog = _filling(request, ticket, kind, given, {} if first_look else refusal.errors)
        return dialog.show(None if first_look else refusal)
    except Refused as refusal:
        return _choosing(request, ticket).show(refusal)


def _turned_back(request: AgentRequest, ticket: Ticket) -> HttpResponse:
    """To the type that it had before, or into a conversation."""
    before = reference.types.get(whole(request.GET.get("back", "")))
    old = ticket.type_id or ""
    set_type(ticket, before, by=request.user, back=True)
    said = (
        _("It is a conversation again.")
        if before is None
        else _("It is a ticket of the type %(type)s again.")
    )
    return answered(request, ticket, said % ({"type": before.label} if before else {}), "turn", back=old)


def _carry_out(
    request: AgentRequest, ticket: Ticket, kind: TicketType, given: dict[str, Any]
) -> HttpResponse:
    if kind.category == Category.CUSTOMER or ticket.type_id is not None or ticket.is_internal:
        before = ticket.type_id or ""
        set_type(ticket, kind, given, by=request.user)
        return answered(
            request, ticket, _("Now a ticket: %(type)s") % {"type": kind.label}, "turn", back=before
        )
    if not request.user.can("tickets.create"):
        raise Refused(_("Your role does not allow this."))
    new = NewTicket(subject=ticket.subject, type=kind, attributes=given, team=ticket.team, is_internal=True)
    if kind.category == Category.BACK_OFFICE:
        made = open_back_office(ticket, new, by=request.user)
    else:
        made = open_ticket(new, by=request.user)
        link(made, ticket, Link.Kind.TRACKED, by=request.user)
    said = _("Ticket %(number)s is open and linked.") % {"number": made.pk}
    return leads_to(request, said, f"/desk/tickets/{made.pk}/")


GROUPS = (
    (Category.CUSTOMER, gettext_lazy("Turn it into a ticket that the customer sees")),
    (Category.BACK_OFFICE, gettext_lazy("Ask the back office, in a linked ticket")),
    (Category.TRACKER, gettext_lazy("Track the cause, in a linked ticket")),
)


def _choosing(request: AgentRequest, ticket: Ticket) -> ActionDialog:
    types = offered(ticket)
    groups = [(title, [t for t in types if t.category == category]) for category, title in GROUPS]
    may_go_back = ticket.kind == Category.CUSTOMER
    context = {
        "groups": [g for g in groups if g[1]],
        "is_typed": ticket.type_id is not None,
        "may_go_back": may_go_back,
    }
    title = _("Change the type") if ticket.type_id else _("Turn into a ticket")
    return ActionDialog(request, ticket, "desk/ticket/turn.jinja", title, context=context)


def _filling(
    request: AgentRequest, ticket: Ticket, kind: TicketType, given: dict[str, Any], errors: dict[str, str]
) -> ActionDialog:
    values = carried(ticket, kind)
    shown = [v for v in attribute_fields(kind, values) if v.attribute.default != "title"]
    drawn = controls(shown, typed=given if "asked" in request.POST else None, errors=errors)
    missing = missing_of(drawn)
    begin_at = next((c["name"] for c in [*filter(lambda c: c["error"], missing), *missing]), "")
    others = [c for c in drawn if c not in missing]
    context = {"kind": kind, "missing": missing, "others": others, "begin_at": begin_at}
    title = _("Turn into: %(type)s") % {"type": kind.label}
    return ActionDialog(
        request,
        ticket,
        "desk/ticket/turn_fields.jinja",
        title,
        submit=_("Turn"),
        has_files=True,
        context=context,
    )


def missing_of(drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of all controls those that still have to be filled in, with what depends on them."""
    missing = [c for c in drawn if _is_missing(c)]
    keys = {c["name"] for c in missing}
    return [c for c in drawn if c in missing or c["when"] in keys]


def _is_missing(c: dict[str, Any]) -> bool:
    is_empty = c["stored"] is None
    return c["format"] != "section" and (
        bool(c["error"]) or (is_empty and (c["needed"] or c["row"].needed_from_agent))
    )


register(
    Option(
        key="turn",
        label=gettext_lazy("Turn into a ticket"),
        icon="shapes",
        path="turn/",
        permission="tickets.edit",
        group="make",
        keys="y",
        position=10,
        when=lambda sheet: (
            not sheet.is_closed and sheet.ticket.kind in ANSWERED and bool(offered(sheet.ticket))
        ),
    )
)
