"""What is missing for a status, as fields of one dialog: each is written by its own verb, all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.desk.access import AgentRequest
from zaguan.desk.attribute_forms import controls, posted, uploaded
from zaguan.desk.ticket import options
from zaguan.desk.ticket.changing import chosen_row
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.timing import kept_in, time_fields, time_in, typed_in
from zaguan.lib.errors import Refused
from zaguan.people import reference as people
from zaguan.tickets import reference
from zaguan.tickets.assigning import assign, set_team
from zaguan.tickets.attributes import attribute_fields, definitions_of, set_attributes, values_of
from zaguan.tickets.editing import edit, retag, tag_named
from zaguan.tickets.models import Status, Ticket
from zaguan.tickets.requirements import ATTRIBUTE, missing_for
from zaguan.tickets.statuses import set_status
from zaguan.tickets.time_spent import log_time

_LISTS: dict[str, Any] = {
    "category": reference.categories,
    "urgency": reference.urgencies,
    "service": reference.services,
}
# What the viewer needs to fill each in.
_NEEDED = {
    "team": "tickets.assign",
    "assignee": "tickets.assign",
    "time": "tickets.log_time",
    "reason": "desk.use",
}


def dialog(request: AgentRequest, ticket: Ticket, status: Status, *, only: bool = False) -> ActionDialog:
    """Ask for all that is missing; what was typed already stays, also when another thing is refused."""
    keys = [each.key for each in missing_for(ticket, status, reason="")]
    if only:
        keys = [key for key in keys if key != "reason"]
    keys = list(dict.fromkeys([*keys, *(k for k in request.POST.getlist("asked") if k in _known(ticket))]))
    context = {
        "target": status,
        "asked": keys,
        "barred": [key for key in keys if not request.user.can(_NEEDED.get(key, "tickets.edit"))],
        "offered": _offered(request, ticket, keys),
        "attributes": _attributes(request, ticket, keys),
        "time_fields": time_fields(request.user, kept_in({"time": typed_in(request)}))
        if "time" in keys
        else "",
        "only": only,
    }
    address = f"/desk/tickets/{ticket.pk}/status/ask/?status={status.pk}{'&only=1' if only else ''}"
    title = _("For “%(status)s”") % {"status": status.label}
    submit = _("Save and send") if only else status.label
    return ActionDialog(
        request, ticket, "desk/ticket/ask_for_status.jinja", title, submit, action=address, context=context,
        has_files=True, comes_between=request.method == "POST" and "asked" not in request.POST,
    )  # fmt: skip


def _known(ticket: Ticket) -> set[str]:
    plain = {"type", *_LISTS, "team", "assignee", "tags", "summary", "time", "reason"}
    return plain | {f"{ATTRIBUTE}{d.pk}" for d in definitions_of(ticket.type_id)}


def _offered(request: AgentRequest, ticket: Ticket, keys: list[str]) -> dict[str, Any]:
    """The choices of each list, with the one that was taken."""
    makers: dict[str, Callable[[], Any]] = {
        "category": lambda: options.list_choices("category", ticket.category_id),
        "urgency": lambda: options.list_choices("urgency", ticket.urgency_id),
        "service": lambda: options.service_choices(ticket.service_id),
        "team": lambda: options.team_choices(ticket.team_id),
        "assignee": lambda: options.assignees(ticket.team_id, ticket.assignee_id),
    }
    made = {key: makers[key]() for key in keys if key in makers}
    return {key: options.selected(markup, request.POST.get(key, "")) for key, markup in made.items()}


def _attributes(request: AgentRequest, ticket: Ticket, keys: list[str]) -> list[dict[str, Any]]:
    wanted = {int(key.removeprefix(ATTRIBUTE)) for key in keys if key.startswith(ATTRIBUTE)}
    if not wanted or ticket.type_id is None:
        return []
    shown = [v for v in attribute_fields(ticket.type_id, values_of(ticket)) if v.attribute.pk in wanted]
    typed = posted(request.POST, definitions_of(ticket.type_id)) if request.method == "POST" else None
    return [control | {"needed": True, "when": ""} for control in controls(shown, typed=typed)]


@transaction.atomic
def fill_in(request: AgentRequest, ticket: Ticket, status: Status | None) -> None:
    """Write what the dialog asked for, then set the status, if one is given. Raises Refused with nothing written."""
    agent, data = request.user, request.POST
    asked = [key for key in data.getlist("asked") if agent.can(_NEEDED.get(key, "tickets.edit"))]
    values: dict[str, Any] = {
        key: chosen_row(table, data.get(key, ""), key) for key, table in _LISTS.items() if key in asked
    }
    if "summary" in asked:
        values["summary"] = data.get("summary", "").strip()
    if values:
        edit(ticket, by=agent, **values)
    if "team" in asked and (team := chosen_row(people.teams, data.get("team", ""), "team")):
        set_team(ticket, team, by=agent)
    if "assignee" in asked:
        assign(ticket, chosen_row(people.agents, data.get("assignee", ""), "assignee"), by=agent)
    names = [name for part in data.get("tags", "").split(",") if (name := part.strip())]
    if "tags" in asked and names:
        retag(ticket, by=agent, add=[tag_named(name) for name in names])
    there = definitions_of(ticket.type_id)
    given = uploaded(request, there, posted(data, there))
    if given and agent.can("tickets.edit"):
        set_attributes(ticket, given, by=agent)
    if "time" in asked and (worked := time_in(request)):
        log_time(ticket, worked, by=agent)
    if status is not None:
        set_status(ticket, status, by=agent, reason=data.get("reason", ""))


def ask_instead(ticket: Ticket, status: Status | None, refused: Refused) -> dict[str, Any]:
    """For scripts that send words with a status: where the missing fields are asked for, {} when it is not about them."""
    if status is None or not any(each.field == refused.field for each in missing_for(ticket, status)):
        return {}
    address = f"/desk/tickets/{ticket.pk}/status/ask/?status={status.pk}&only=1"
    return {"ask": address, "ask_label": _("Fill in and send")}
