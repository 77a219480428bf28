"""Ask for approval: of agents, of the ticket's team, of the requester by mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Preview, Values, register
from zaguan.automation.fields import RowField
from zaguan.automation.snapshots import register_fact
from zaguan.automation.texts import known_placeholders
from zaguan.conversations.placeholders import fill
from zaguan.conversations.typed_texts import as_html
from zaguan.lib.errors import Refused
from zaguan.lib.html import text_of
from zaguan.lib.text import excerpt
from zaguan.people import reference
from zaguan.people.models import Agent
from zaguan.tickets.approvals import Asking, ask, withdraw
from zaguan.tickets.approvers import approvers_for
from zaguan.tickets.models import Approval, Ticket

TEAM, ASSIGNEE, REQUESTER = "team", "assignee", "requester"
_GROUPS = {
    TEAM: gettext_lazy("The ticket's team"),
    ASSIGNEE: gettext_lazy("Whoever has the ticket"),
    REQUESTER: gettext_lazy("The requester, by mail"),
}
_WHO = ("approver", "approver_2", "approver_3")


def _who(label: Any, **more: Any) -> RowField:
    return RowField(reference.agents, extra=list(_GROUPS.items()), label=label, **more)


class ApprovalForm(ActionForm):
    """What is asked, of whom, and what it holds up."""

    question = forms.CharField(
        label=gettext_lazy("What shall be approved"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=gettext_lazy("Placeholders such as {{ticket.subject}} are filled in."),
    )
    approver = _who(gettext_lazy("Who is asked"))
    approver_2 = _who(gettext_lazy("And also"), required=False)
    approver_3 = _who(gettext_lazy("And also"), required=False)
    needs = forms.ChoiceField(
        label=gettext_lazy("It is approved when"),
        choices=Approval.Needs.choices,
        initial=Approval.Needs.ONE,
        required=False,
    )
    holds = forms.BooleanField(
        label=gettext_lazy("The ticket cannot be resolved before"), required=False, initial=True
    )
    hours = forms.IntegerField(
        label=gettext_lazy("Due after how many hours"), required=False, min_value=1, max_value=8760
    )

    def clean_question(self) -> str:
        """Every placeholder is known."""
        return known_placeholders(self.cleaned_data["question"])

    def clean_needs(self) -> str:
        """One of them, where nothing is said."""
        return str(self.cleaned_data["needs"] or Approval.Needs.ONE)


def asking_of(ticket: Ticket, values: Values, *, by: Any) -> Asking:
    """What the action asks on this ticket. Whoever runs it is left out where others can be asked."""
    chosen = [values[name] for name in _WHO if values.get(name)]
    numbers = [each for each in chosen if isinstance(each, int)]
    if ASSIGNEE in chosen and ticket.assignee_id:
        numbers.append(ticket.assignee_id)
    agents = list(Agent.objects.filter(pk__in=numbers).select_related("role").order_by("name", "pk"))
    contacts = [ticket.requester] if REQUESTER in chosen and ticket.requester else []
    others = [agent for agent in agents if agent != by]
    if others or contacts or TEAM in chosen:
        agents = others
    hours = values.get("hours")
    return Asking(
        question=_question(ticket, values, by=by),
        agents=agents,
        contacts=contacts,
        team=TEAM in chosen,
        needs=values.get("needs") or Approval.Needs.ONE,
        holds=bool(values.get("holds")) and not ticket.is_done,
        due_at=timezone.now() + timedelta(hours=hours) if hours else None,
    )


def _question(ticket: Ticket, values: Values, *, by: Any) -> str:
    filled = fill(as_html(values["question"]), ticket, by=by)
    if filled.missing:
        said = _("“%(name)s” has no value on this ticket, and no text stands for it.")
        raise Refused(said % {"name": filled.missing[0]}, field="question")
    return text_of(filled.html).strip()


def _name(chosen: Any) -> str:
    if chosen in _GROUPS:
        return str(_GROUPS[chosen])
    agent = reference.agents.get(chosen)
    return agent.name if agent else _("A former agent")


def _standing(ticket: Ticket) -> list[list[Any]]:
    """The approvals of a ticket that count, with how they stand: what was decided since is left alone."""
    rows = Approval.objects.filter(ticket_id=ticket.pk).exclude(state=Approval.State.WITHDRAWN)
    return [list(row) for row in rows.order_by("id").values_list("pk", "state")]


def _put_back(number: int, before: Any, after: Any, by: Any) -> None:
    new = [pk for pk, _state in after if [pk, _state] not in before]
    for each in Approval.objects.filter(pk__in=new, state=Approval.State.WAITING):
        withdraw(each, by=by)


register_fact("approvals", _standing, _put_back)


@register
class AskApproval(Action):
    key = "ask_approval"
    label = gettext_lazy("Start an approval")
    icon = "stamp"
    permission = "tickets.ask_approval"
    form = ApprovalForm
    keeps = ("approvals",)

    def describe(self, values: Values) -> str:
        names = ", ".join(_name(values[name]) for name in _WHO if values.get(name))
        words = {"names": names, "question": excerpt(values["question"], 60)}
        return _("Ask for approval by %(names)s: “%(question)s”") % words

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        asking = asking_of(ticket, values, by=by)
        people = approvers_for(ticket, asking.agents, asking.contacts, team=asking.team, by=by)
        names = ", ".join(each.name for each in people)
        return Preview(_("Approval by %(names)s") % {"names": names}, text=as_html(asking.question))

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Ticket:
        found = Ticket.objects.get(pk=ticket if isinstance(ticket, int) else ticket.pk)
        ask(found, asking_of(found, values, by=by), by=by)
        return Ticket.objects.select_related("status").get(pk=found.pk)
