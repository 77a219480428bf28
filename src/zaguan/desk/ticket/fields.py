"""Subject, lists, tags and copies of a ticket, changed in place."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.changing import answered, apart, asked, chosen_row
from zaguan.desk.ticket.compose import people_in
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.people.reference import Kept
from zaguan.tickets import reference
from zaguan.tickets.editing import edit, retag, set_copies, tag_named

_LISTS: dict[str, Kept[Any]] = {
    "category": reference.categories,
    "urgency": reference.urgencies,
    "service": reference.services,
}


@require_POST
@needs("tickets.edit")
def fields(request: AgentRequest, number: int) -> HttpResponse:
    """Subject, summary, importance, category, urgency, service: those that are in the form."""
    ticket = ticket_for(request, number)
    given = {name: asked(request, name) for name in (*_LISTS, "subject", "summary", "is_important")}
    given = {name: value for name, value in given.items() if name in request.POST or name in request.GET}
    values: dict[str, Any] = dict(given)
    for name in _LISTS.keys() & given.keys():
        values[name] = chosen_row(_LISTS[name], given[name], name)
    if "is_important" in given:
        values["is_important"] = given["is_important"] == "1"
    old = {name: _plain(getattr(ticket, f"{name}_id" if name in _LISTS else name)) for name in values}
    field = next(iter(values), "")
    apart(request, field, lambda version: edit(ticket, by=request.user, version=version, **values))
    # Long texts do not fit into an address; their old form is in the history.
    way_back = "" if len(str(old.get("summary", ""))) > 500 else "fields"
    return answered(request, ticket, _("Saved"), way_back, **old)


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return int(value) if isinstance(value, bool) else ("" if value is None else value)


@require_POST
@needs("tickets.edit")
def tags(request: AgentRequest, number: int) -> HttpResponse:
    """The tags as one line with commas: what is new is added, what is missing is taken away."""
    ticket = ticket_for(request, number)
    names = [name.strip() for name in asked(request, "tags").split(",") if name.strip()]
    present = {tag.name.lower(): tag for tag in ticket.tags.all()}
    wanted = {tag.name.lower(): tag for tag in (tag_named(name) for name in names)}
    add = [tag for key, tag in wanted.items() if key not in present]
    remove = [tag for key, tag in present.items() if key not in wanted]
    retag(ticket, by=request.user, add=add, remove=remove)
    before = ", ".join(tag.name for tag in present.values())
    return answered(request, ticket, _("Tags saved"), "tags", tags=before)


@require_POST
@needs("tickets.edit")
def copies(request: AgentRequest, number: int) -> HttpResponse:
    """Who is in copy (A2.10)."""
    ticket = ticket_for(request, number)
    before = ", ".join(copy.email for copy in ticket.copies.all())
    set_copies(ticket, people_in(asked(request, "copies")), by=request.user)
    return answered(request, ticket, _("Copies saved"), "copies", copies=before)
