"""Open another ticket that belongs to this one: from a template, as its child, beside it, or for the back office."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Done, Preview, Values, register
from zaguan.conversations.noting import add_note
from zaguan.conversations.planning import Plan, begin, new_ticket
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.back_office import open_back_office
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, Template, Ticket

BACK_OFFICE = Link.Kind.BACK_OFFICE.value
_KINDS = [
    (Link.Kind.CHILD.value, gettext_lazy("A child of this ticket")),
    (Link.Kind.RELATED.value, gettext_lazy("A ticket beside it")),
    (BACK_OFFICE, gettext_lazy("A ticket of the back office")),
]


class CreateForm(ActionForm):
    """What it begins with, and how the two belong together."""

    template = forms.TypedChoiceField(label=gettext_lazy("Template"), coerce=int)
    kind = forms.ChoiceField(label=gettext_lazy("It is"), choices=_KINDS)

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(viewer, *args, **kwargs)
        shared = Template.objects.filter(owner=None)
        choices = [("", "–"), *((str(row.pk), row.name) for row in shared)]
        self.fields["template"].choices = choices  # type: ignore[attr-defined]


def _template(values: Values) -> Template:
    found = Template.objects.filter(pk=values.get("template") or 0).first()
    if found is None:
        raise Refused(_("The template of this action is no longer there."), field="template")
    return found


def _plan(ticket: Ticket, template: Template) -> Plan:
    """Whoever asked here asks there; a rule writes a note, never a mail."""
    plan = Plan.of(template.values)
    asks = plan.requester or (None if plan.is_internal else ticket.requester_id)
    team = plan.team or ticket.team_id
    return replace(plan, requester=asks, team=team, subject=plan.subject or ticket.subject, kind="note")


@register
class CreateTicket(Action):
    key = "create_ticket"
    label = gettext_lazy("Open a linked ticket")
    icon = "copy-plus"
    permission = "tickets.create"
    form = CreateForm

    def describe(self, values: Values) -> str:
        words = {"template": _template(values).name, "kind": dict(_KINDS).get(values["kind"], "")}
        return _("Open a ticket from “%(template)s”: %(kind)s") % words

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        plan = _plan(ticket, _template(values))
        return Preview(str(self.label), "", plan.subject or _("(no subject)"))

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Done:
        found = Ticket.objects.get(pk=ticket if isinstance(ticket, int) else ticket.pk)
        if found.is_hidden:
            raise Refused(_("Ticket %(number)s is no longer there.") % {"number": found.pk})
        plan = _plan(found, _template(values))
        if values["kind"] == BACK_OFFICE:
            made = open_back_office(found, new_ticket(plan), by=by)
            if plan.html:
                add_note(made, plan.html, by=by)
        else:
            made = begin(plan, by=by, unfit=[])
            link(found, made, values["kind"], by=by)
        # Its number alone: who sees this ticket need not see that one.
        return Done(f"#{made.pk}")
