"""What a ticket asks of who gets it: a language, skills, so many places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from zaguan.automation.models import SkillNeed
from zaguan.conversations.models import Message
from zaguan.lib.many import PreparedMany
from zaguan.lib.prepared import Prepared
from zaguan.people.capacity import weight_of
from zaguan.people.models import Contact, Skill
from zaguan.people.reference import Kept
from zaguan.people.skills import base
from zaguan.tickets.models import Ticket

needs: Kept[SkillNeed] = Kept(lambda: SkillNeed.objects.filter(skill__archived_at=None))
skills: Kept[Skill] = Kept(lambda: Skill.objects.filter(archived_at=None))


@dataclass(frozen=True)
class Asked:
    """A ticket as far as distribution is concerned; a made-up one in a preview has no number."""

    team_id: int | None
    channel: str = "email"
    language: str = ""
    # Skill → the level that it takes at least.
    skills: dict[int, int] = field(default_factory=dict)
    number: int = 0
    requester_id: int | None = None
    due_at: datetime | None = None

    @property
    def weight(self) -> int:
        return weight_of(self.channel)


def asked_for(tickets: Iterable[Ticket]) -> list[Asked]:
    """What each of these asks for; a few questions for all of them, with `requester` joined."""
    found = list(tickets)
    tags = _tags([ticket.pk for ticket in found]) if any(need.tag_id for need in needs.all().values()) else {}
    spoken = {ticket.pk: _language_of(ticket) for ticket in found}
    spoken |= _written_in([number for number, language in spoken.items() if not language])
    return [
        Asked(
            team_id=ticket.team_id,
            channel=ticket.channel,
            language=spoken[ticket.pk],
            skills=skills_for(ticket, tags.get(ticket.pk, set())),
            number=ticket.pk,
            requester_id=ticket.requester_id,
            due_at=ticket.due_at,
        )
        for ticket in found
    ]


def skills_for(ticket: Ticket, tags: set[int]) -> dict[int, int]:
    """The skills that its category, service, type and tags ask for, each with the highest level."""
    has = {"category_id": ticket.category_id, "service_id": ticket.service_id, "type_id": ticket.type_id}
    wanted: dict[int, int] = {}
    for need in needs.all().values():
        fits = (
            need.tag_id in tags if need.tag_id else any(v and v == getattr(need, k) for k, v in has.items())
        )
        if fits:
            wanted[need.skill_id] = max(need.level, wanted.get(need.skill_id, 0))
    return wanted


def _language_of(ticket: Ticket) -> str:
    if ticket.requester_id is None:
        return ""
    if Ticket.requester.is_cached(ticket):
        return base(ticket.requester.language) if ticket.requester else ""
    return next((base(language) for (language,) in _spoken(ticket.requester_id)), "")


def _tags(numbers: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Ticket.tags.through.objects.filter(ticket_id__in=numbers)
    for ticket_id, tag_id in rows.values_list("ticket_id", "tag_id"):
        found[ticket_id].add(tag_id)
    return found


def _written_in(numbers: list[int]) -> dict[int, str]:
    """The language that the newest message of each seems to be written in, where receiving could tell."""
    return {
        ticket_id: base(details["language"])
        for ticket_id, details in _details(numbers)
        if details.get("language")
    }


_spoken = Prepared(lambda contact: Contact.objects.filter(pk=contact).values_list("language"))
_details = PreparedMany(
    lambda numbers: (
        Message.objects.filter(ticket_id__in=numbers, direction="in")
        .order_by("id")
        .values_list("ticket_id", "details")
    )
)
