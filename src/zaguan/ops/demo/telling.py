"""One conversation of the demo, told through the desk's own verbs at its own time."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import escape, linebreaks

from zaguan.conversations.entering import enter
from zaguan.conversations.models import Delivery, Inbox, Message, Seen
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.ops.demo.casting import Cast
from zaguan.ops.demo.clock import Clock
from zaguan.people.models import Agent, Contact
from zaguan.tickets.assigning import assign
from zaguan.tickets.editing import edit
from zaguan.tickets.models import Phase, Status, Ticket
from zaguan.tickets.opening import NewTicket, open_ticket
from zaguan.tickets.statuses import close_resolved, default_status, set_status


@dataclass
class Story:
    """What one conversation is told with."""

    cast: Cast
    talk: dict[str, Any]
    age: timedelta
    chance: random.Random
    clock: Clock
    words: dict[str, str] = field(default_factory=dict)

    @property
    def is_recent(self) -> bool:
        return self.age < timedelta(days=9)


def tell(story: Story) -> None:
    """Open the ticket, say what was said as far as time has come, and leave it in a fitting status."""
    contact = story.chance.choice(story.cast.contacts)
    story.words = _words(story, contact)
    ticket = _open(story, contact)
    agent = _agent_for(story)
    says = story.talk["says"]
    if story.is_recent:
        says = says[: story.chance.randint(1, len(says))]
    for index, (who, text) in enumerate(says):
        if index and not story.clock.pass_by(timedelta(minutes=story.chance.randint(4, 60 * 9))):
            return
        if who != "c" and ticket.assignee_id is None:
            ticket = assign(ticket, agent, by=agent)
        _say(story, ticket, contact, agent, who, text, first=index == 0)
        ticket.refresh_from_db()
    _leave(story, ticket, agent, says[-1][0])


def _words(story: Story, contact: Contact) -> dict[str, str]:
    chance, words = story.chance, story.cast.words
    return {
        "p": chance.choice(words["products"]),
        "o": str(chance.randint(20400, 31900)),
        "f": f"F-{chance.randint(1000, 9999)}",
        "ci": chance.choice(words["cities"]),
        "tr": chance.choice(words["carriers"]),
        "n": contact.name.split()[0],
    }


def _agent_for(story: Story) -> Agent:
    team = story.cast.teams[story.talk["team"]]
    return story.chance.choice([a for a in story.cast.agents if team.pk in a.team_ids()])


def _open(story: Story, contact: Contact) -> Ticket:
    cast, talk = story.cast, story.talk
    inbox: Inbox = cast.phone if talk.get("channel") == "phone" else cast.inboxes[talk["team"]]
    new = NewTicket(
        subject=talk["subject"].format(**story.words),
        requester=contact,
        channel=inbox.kind,
        inbox_id=inbox.pk,
        account=inbox.name,
        team=cast.teams[talk["team"]],
        category=cast.categories.get(talk["category"]),
        urgency=cast.urgencies.get(talk["urgency"]),
        service=cast.services.get(talk["service"]),
        tags=[cast.tags[name] for name in talk["tags"]],
    )
    return open_ticket(new, by=contact)


def _say(
    story: Story, ticket: Ticket, contact: Contact, agent: Agent, who: str, text: str, *, first: bool
) -> None:
    told = text.format(**story.words)
    html = linebreaks(escape(told))
    if who == "c":
        enter(ticket, contact, told, by=contact, channel=ticket.channel, opened=first)
    elif who == "n":
        add_note(ticket, html, by=agent)
    else:
        answered = Status.objects.get(name="Respondido")
        _delivered(reply(ticket, Outgoing(html=html, status=answered), by=agent), story)


def _delivered(message: Message, story: Story) -> None:
    """It all went out long ago; nothing of the demo is ever sent."""
    now = story.clock.now()
    Delivery.objects.filter(message=message).update(state="delivered", sent_at=now, changed_at=now)


def _leave(story: Story, ticket: Ticket, agent: Agent, last: str) -> None:
    chance = story.chance
    if chance.random() < 0.06 and not ticket.is_done:
        edit(ticket, by=agent, is_important=True)
    if story.is_recent:
        _leave_open(story, ticket, agent, last)
        return
    story.clock.pass_by(timedelta(hours=chance.randint(1, 30)))
    ticket = assign(ticket, agent, by=agent) if ticket.assignee_id is None else ticket
    set_status(ticket, default_status(Phase.RESOLVED), by=agent)
    if story.clock.pass_by(timedelta(hours=97)):
        close_resolved(ticket.pk)


def _leave_open(story: Story, ticket: Ticket, agent: Agent, last: str) -> None:
    chance = story.chance
    turn = chance.random()
    if last == "n" and turn < 0.6:
        set_status(ticket, default_status(Phase.WAITING_THIRD), by=agent)
    elif last == "a" and turn < 0.15:
        set_status(ticket, default_status(Phase.RESOLVED), by=agent)
    elif last == "a" and turn < 0.3:
        until = story.clock.end + timedelta(hours=chance.randint(5, 90))
        set_status(ticket, default_status(Phase.SNOOZED), by=agent, until=until)
    elif last == "c" and ticket.phase == Phase.NEW and turn < 0.35:
        ticket = assign(ticket, agent, by=agent)
        set_status(ticket, default_status(Phase.OPEN), by=agent)


def mark_read(cast: Cast, chance: random.Random) -> None:
    """Everybody has read what is older than a day, and most of the rest."""
    now = timezone.now()
    seen = [
        Seen(agent=agent, ticket_id=number, at=now)
        for number, active_at in Ticket.objects.values_list("pk", "active_at")
        for agent in cast.agents
        if now - active_at > timedelta(days=1) or chance.random() < 0.4
    ]
    Seen.objects.bulk_create(seen, batch_size=500)
