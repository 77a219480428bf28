"""One change to several chosen tickets: each by the same verb as alone, with a result for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.people.models import Agent, Team
from zaguan.tickets.assigning import assign, set_team
from zaguan.tickets.editing import edit, retag, tag_named
from zaguan.tickets.models import Phase, Status, Ticket
from zaguan.tickets.postponing import snooze_choices
from zaguan.tickets.statuses import default_status, set_status

MOST = 200
Change = Callable[[Ticket, Agent, str], Any]


@dataclass(frozen=True)
class Kind:
    """A change that can be made to many: the permission it needs, and how one ticket takes it."""

    permission: str
    run: Change


def _to_agent(ticket: Ticket, agent: Agent, value: str) -> None:
    others = Agent.objects.visible_to(agent)
    chosen = agent if value == "me" else get_object_or_404(others, pk=whole(value) or 0) if value else None
    assign(ticket, chosen, by=agent)


def _to_team(ticket: Ticket, agent: Agent, value: str) -> None:
    set_team(ticket, get_object_or_404(Team.objects.visible_to(agent), pk=int(value)), by=agent)


def _status(ticket: Ticket, agent: Agent, value: str) -> None:
    set_status(ticket, get_object_or_404(Status.objects.visible_to(agent), pk=int(value)), by=agent)


def _snooze(ticket: Ticket, agent: Agent, value: str) -> None:
    moments = {moment.name: moment.at for moment in snooze_choices(timezone.localtime())}
    set_status(ticket, default_status(Phase.SNOOZED), by=agent, until=moments.get(value))


def _tag(ticket: Ticket, agent: Agent, value: str) -> None:
    retag(ticket, by=agent, add=[tag_named(value)])


def _important(ticket: Ticket, agent: Agent, value: str) -> None:
    edit(ticket, by=agent, is_important=value == "1")


KINDS = {
    "assign": Kind("tickets.assign", _to_agent),
    "team": Kind("tickets.assign", _to_team),
    "status": Kind("tickets.set_status", _status),
    "snooze": Kind("tickets.set_status", _snooze),
    "tag": Kind("tickets.edit", _tag),
    "important": Kind("tickets.edit", _important),
}


@require_POST
@needs("desk.use")
def change_many(request: AgentRequest) -> HttpResponse:
    """Change the chosen tickets; those that refuse are named with their reason, the others are changed."""
    name, _colon, value = request.POST.get("do", "").partition(":")
    value = value or request.POST.get(name, "")
    kind = KINDS.get(name)
    if kind is None or not request.user.can(kind.permission):
        raise PermissionDenied
    numbers = [n for n in map(whole, request.POST.getlist("ticket")) if n is not None][:MOST]
    if not numbers:
        raise Refused(_("Choose some tickets first."))
    done, refusals = _each(request.user, kind, numbers, value)
    sentence = ngettext("%(count)s ticket changed.", "%(count)s tickets changed.", done) % {"count": done}
    text = " ".join([sentence, *refusals[:3]])
    return toast(
        request, text, kind="error" if refusals else "", otherwise=HttpResponseRedirect(_back(request))
    )


def _each(agent: Agent, kind: Kind, numbers: list[int], value: str) -> tuple[int, list[str]]:
    done, refusals = 0, []
    for ticket in Ticket.objects.visible_to(agent).filter(pk__in=numbers):
        try:
            kind.run(ticket, agent, value)
        except Refused as refusal:
            refusals.append(f"#{ticket.pk}: {refusal.sentence}")
        else:
            done += 1
    return done, refusals


def _back(request: AgentRequest) -> str:
    return request.headers.get("Referer") or "/desk/"
