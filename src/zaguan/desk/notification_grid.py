"""The grid of what comes how, and the form of when: for an agent, for one of their places, and for the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zaguan.conversations.models import Inbox
from zaguan.desk.forms import DeskForm
from zaguan.notifications.kinds import KINDS, MEDIA, grouped
from zaguan.notifications.preferring import choose, is_on
from zaguan.notifications.wishing import FIELDS, wishes_of
from zaguan.people.models import Agent, Team

MEDIUM_NAMES = {"bell": _("Bell"), "mail": _("Mail"), "push": _("Push")}
DIGESTS = [("off", _("At once")), ("hourly", _("Once an hour")), ("daily", _("Once a day"))]
DAYS = [
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
]


@dataclass(frozen=True, slots=True)
class Place:
    """For which tickets the choice holds: all, or those of a team or an inbox."""

    team: Team | None = None
    inbox: Inbox | None = None

    @property
    def key(self) -> str:
        """How a page names it."""
        if self.team is not None:
            return f"team-{self.team.pk}"
        return f"inbox-{self.inbox.pk}" if self.inbox is not None else ""


def place_named(agent: Agent, key: str) -> Place:
    """The place behind a page's name for it; an unknown one is all tickets."""
    kind, _dash, number = key.partition("-")
    if not number.isdigit():
        return Place()
    if kind == "team":
        return Place(team=Team.objects.visible_to(agent).filter(pk=int(number)).first())
    return Place(inbox=Inbox.objects.visible_to(agent).filter(pk=int(number)).first())


def places_of(agent: Agent) -> list[tuple[str, str]]:
    """The places that an agent may choose for: their teams, and the inboxes in use."""
    teams = Team.objects.visible_to(agent).filter(archived_at=None)
    if not agent.role.is_admin:
        teams = teams.filter(pk__in=agent.team_ids())
    inboxes = Inbox.objects.visible_to(agent).filter(is_active=True)
    return [(f"team-{t.pk}", t.name) for t in teams] + [(f"inbox-{i.pk}", i.name) for i in inboxes]


def cells(agent_id: int | None, place: Place) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The grid: groups of kinds, each with one box per medium."""
    team_id, inbox_id = (place.team.pk if place.team else None), (place.inbox.pk if place.inbox else None)
    return [
        (
            title,
            [
                {
                    "kind": kind,
                    "boxes": [
                        {
                            "name": f"{kind.key}:{medium}",
                            "label": MEDIUM_NAMES[medium],
                            "on": is_on(agent_id, kind.key, medium, team_id=team_id, inbox_id=inbox_id),
                            "fixed": medium in kind.always,
                        }
                        for medium in MEDIA
                    ],
                }
                for kind in kinds
            ],
        )
        for title, kinds in grouped()
    ]


def save_grid(agent: Agent | None, place: Place, posted: Any, *, by: Agent) -> None:
    """What is not ticked is off."""
    wanted = {(k, m): bool(posted.get(f"{k}:{m}")) for k in KINDS for m in MEDIA if m not in KINDS[k].always}
    choose(agent, wanted, by=by, team=place.team, inbox=place.inbox)


class WishesForm(DeskForm):
    """When and how."""

    digest = forms.ChoiceField(label=_("Mail comes"), choices=DIGESTS)
    digest_at = forms.TimeField(
        label=_("The daily mail comes at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet = forms.BooleanField(
        label=_("Quiet hours"),
        required=False,
        help_text=_("What happens meanwhile waits in the bell and comes with the next mail."),
    )
    quiet_days = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        required=False,
        coerce=int,
        choices=list(enumerate(DAYS)),
        widget=forms.CheckboxSelectMultiple,
    )
    quiet_from = forms.TimeField(
        label=_("Begin at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_to = forms.TimeField(
        label=_("End at"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=_("An earlier time than the first is on the next day; the same time is a whole day."),
    )
    in_working_time = forms.BooleanField(
        label=_("Mail and push about targets only while the team works"), required=False
    )
    show_text = forms.BooleanField(
        label=_("Show names and texts on the lock screen"),
        required=False,
        help_text=_("Without it a device only says that there is something new in a ticket."),
    )


def wishes_form(agent_id: int | None, data: Any = None) -> WishesForm:
    """The form with what holds now."""
    now = wishes_of(agent_id)
    return WishesForm(data, initial={name: getattr(now, name) for name in FIELDS})
