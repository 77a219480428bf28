"""What the form of a new ticket says, as the verbs want it; every refusal names its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from zaguan.conversations.addressing import is_address
from zaguan.conversations.models import Inbox
from zaguan.conversations.reference import inboxes
from zaguan.desk.ticket.compose import number_in, people_in
from zaguan.lib.errors import Refused
from zaguan.people import reference as people
from zaguan.people.callers import contact_for_phone, normal_number
from zaguan.people.identifying import contact_for_email, find_identity, normal_email
from zaguan.people.models import Agent, Contact
from zaguan.tickets import reference
from zaguan.tickets.editing import tag_named
from zaguan.tickets.models import TicketType
from zaguan.tickets.opening import NewTicket

# What the form keeps as text, in a draft and after a refusal.
FIELDS = (
    *("visibility", "channel", "requester", "inbox", "team", "assignee", "service", "category", "urgency"),
    *("tags", "copies", "subject", "important", "caller", "direction", "started_at", "ended_at", "outcome"),
    *("mode", "then", "follows", "type", "promised_at", "promise_public"),
    # The working time of the first action, and when the ticket opens by itself.
    *(
        "day",
        "start",
        "end",
        "minutes",
        "kind",
        "activity",
        "value",
        "opens_at",
        "repeat",
        "rule",
        "schedule",
    ),
)


@dataclass
class Form:
    """The form's fields as typed, and what was wrong with one of them."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Form:
        return cls({name: str(data.get(name, "")) for name in FIELDS})

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def is_internal(self) -> bool:
        return self["visibility"] == "internal"

    @property
    def is_call(self) -> bool:
        return self["channel"] == "phone" and not self.is_internal


@dataclass(frozen=True)
class Call:
    """A telephone call to be logged (A1.4)."""

    caller: str
    direction: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str


def read_ticket(form: Form, *, by: Agent) -> NewTicket:
    """The ticket that the form asks for. Raises Refused naming the first field that is missing or wrong."""
    if form["visibility"] not in ("public", "internal"):
        raise Refused(_("Say first who may see it: the customer, or only colleagues."), field="visibility")
    team = _chosen(people.teams, form["team"], "team")
    if team is None:
        raise Refused(_("Choose a team."), field="team")
    if not form["subject"].strip():
        raise Refused(_("A ticket needs a subject."), field="subject")
    inbox = None if form.is_internal else inbox_of(form)
    return NewTicket(
        subject=form["subject"],
        requester=requester_of(form, by=by),
        channel=_channel(form),
        inbox_id=inbox.pk if inbox else None,
        account=inbox.name if inbox else "",
        team=team,
        assignee=_assignee(form, by),
        category=_chosen(reference.categories, form["category"], "category"),
        urgency=_chosen(reference.urgencies, form["urgency"], "urgency"),
        service=_chosen(reference.services, form["service"], "service"),
        type=_type(form),
        is_internal=form.is_internal,
        is_important=form["important"] == "on",
        tags=[tag_named(name) for name in form["tags"].split(",") if name.strip()],
        copies=[] if form.is_internal else _copies(form),
    )


def _type(form: Form) -> TicketType | None:
    found: TicketType | None = _chosen(reference.types, form["type"], "type")
    return found


def _channel(form: Form) -> str:
    if form.is_internal:
        return "note"
    return form["channel"] if form["channel"] in ("email", "phone") else "web"


def _chosen(rows: people.Kept[Any], text: str, name: str) -> Any:
    pk = number_in(text)
    found = rows.get(pk) if pk else None
    if text and (found is None or getattr(found, "archived_at", None) is not None):
        raise Refused(_("This choice is no longer there. Choose another."), field=name)
    return found


def _assignee(form: Form, by: Agent) -> Agent | None:
    chosen = _chosen(people.agents, form["assignee"], "assignee")
    return Agent.objects.visible_to(by).select_related("role").get(pk=chosen.pk) if chosen else None


def _copies(form: Form) -> list[tuple[str, str]]:
    found = people_in(form["copies"])
    for address, _name in found:
        if not is_address(address):
            raise Refused(
                _("“%(value)s” is not an e-mail address.") % {"value": address[:100]}, field="copies"
            )
    return found


def inbox_of(form: Form) -> Inbox | None:
    """The account that the first mail leaves from."""
    chosen = _chosen(inboxes, form["inbox"], "inbox") if form["channel"] == "email" else None
    return chosen if chosen is not None and chosen.is_active else None


def requester_of(form: Form, *, by: Agent) -> Contact | None:
    """Who asks: found by address or number, else made in place; an internal ticket may have nobody."""
    text = form["requester"].strip().rstrip(",")
    if not text:
        return None
    pairs = people_in(text)
    if len(pairs) > 1:
        raise Refused(_("Choose one requester; others can be in copy."), field="requester")
    address, name = pairs[0] if pairs else (text, "")
    if is_address(address):
        return contact_for_email(address, name, by=by, origin="agent")
    number, before = _number_and_name(text)
    if number:
        return contact_for_phone(number, before, by=by)
    # A name here and the number of a call in its own field are one person.
    if form["channel"] == "phone" and (called := normal_number(form["caller"])):
        return contact_for_phone(called, text, by=by)
    raise Refused(
        _("Write an e-mail address, or a telephone number with the name before it."), field="requester"
    )


def new_contact_words(text: str) -> str:
    """Says that opening the ticket makes a contact: for one address or number that nobody known has."""
    pairs = people_in(text.strip().rstrip(","))
    if len(pairs) > 1:
        return ""
    address = pairs[0][0] if pairs else text.strip().rstrip(",")
    if is_address(address):
        known = find_identity("email", normal_email(address)[:254])
    else:
        number, _name = _number_and_name(text.strip().rstrip(","))
        if not number:
            return ""
        known = find_identity("phone", number)
    return "" if known else _("A new contact will be made.")


def _number_and_name(text: str) -> tuple[str, str]:
    """The number and the name before it: "Ana Gil <+57 1 234 5678>", or without the brackets."""
    name, _less, rest = text.partition("<")
    if rest:
        return normal_number(rest.rstrip("> ")), name.strip()
    letters = text.rstrip("0123456789 ()+-./")
    return normal_number(text[len(letters) :]), letters.strip()


def read_call(form: Form) -> Call:
    """The call, in the agent's own time zone; without times it has just ended."""
    started = moment_of(form["started_at"], "started_at") or timezone.now()
    return Call(
        caller=form["caller"].strip() or form["requester"].strip(),
        direction=form["direction"] if form["direction"] in ("in", "out") else "in",
        started_at=started,
        ended_at=moment_of(form["ended_at"], "ended_at"),
        outcome=form["outcome"] or "answered",
    )


def moment_of(text: str, name: str) -> datetime | None:
    """A day and time of the agent's own clock, None when the field is empty."""
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise Refused(_("Write day and time like 2026-03-31 14:30."), field=name)
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
