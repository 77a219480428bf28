"""The rows of a desk that has been at work for two years: mostly closed tickets, a few hundred or a percent open."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.bulk import IS_POSTGRES, Table
from bench.spanish import Writer
from django.db.models import Model

from zaguan.conversations.models import Delivery, KnownId, Message, RawMessage, Seen, Thread
from zaguan.events.models import EventRecord
from zaguan.lib.folding import words_of
from zaguan.search.models import Document
from zaguan.search.postgres import vector_of
from zaguan.tickets.models import RANKS, Phase, Ticket

MESSAGES = 3
LONG = 100
SPAN = timedelta(days=730)
TABLES = {
    "ticket": Table(
        Ticket,
        "id public_id subject inbox_id account requester_id organisation_id team_id assignee_id status_id phase rank"
        " urgency_id urgency_rank category_id is_important created_at updated_at active_at waiting_since last_customer_at"
        " first_answered_at snoozed_until resolved_at closed_at excerpt excerpt_kind message_count has_files version",
    ),
    "thread": Table(Thread, "id ticket_id inbox_id subject token created_at", channel="email"),
    "raw": Table(
        RawMessage, "id inbox_id size fingerprint ticket_id received_at processed_at",
        source="smtp", state="processed", outcome="joined",
    ),
    "message": Table(
        Message,
        "id ticket_id thread_id direction visibility agent_id contact_id sender_name sender_address subject text"
        " reply_text html external_id answers_id raw_id created_at",
        channel="email",
    ),
    "known": Table(KnownId, "digest thread_id message_id"),
    "delivery": Table(Delivery, "message_id inbox_id address run_at sent_at changed_at", state="sent", code="250"),
    "event": Table(
        EventRecord, "kind at actor_kind actor_id ticket_id data", **({"tx": 1} if IS_POSTGRES else {"tx": 0})
    ),
    "seen": Table(Seen, "agent_id ticket_id at"),
    "tag": Table(Ticket.tags.through, "ticket_id tag_id"),
}  # fmt: skip


@dataclass
class Desk:
    """The small tables: ids to choose from."""

    teams: list[int]
    # team → its agents
    agents: dict[int, list[int]]
    # team → (inbox, its name)
    inboxes: dict[int, tuple[int, str]]
    tags: list[int]
    statuses: dict[str, list[int]]
    categories: list[int]
    urgencies: list[tuple[int, int]]
    # id, name, address, organisation
    contacts: list[tuple[int, str, str, int | None]]


@dataclass
class Maker:
    """Makes all rows of one ticket after the other; `rows` collects them by table."""

    desk: Desk
    writer: Writer
    total: int
    unfinished: set[int]
    rare: set[int]
    long: int
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    documents: list[tuple[Any, ...]] = field(default_factory=list)
    vocabulary: set[str] = field(default_factory=set)
    message_id: int = 0
    raw_id: int = 0

    def make(self, number: int) -> None:
        """Ticket `number` with its thread, messages, deliveries, events and search documents."""
        chance = self.writer.random
        team = self.desk.teams[min(int(chance.expovariate(0.35)), len(self.desk.teams) - 1)]
        phase = self._phase(number)
        agent = chance.choice(self.desk.agents[team])
        assignee = None if phase == Phase.NEW and chance.random() < 0.6 else agent
        contact = self.desk.contacts[int(chance.random() ** 2 * len(self.desk.contacts))]
        created = self.now - SPAN + SPAN * (number / self.total) - timedelta(minutes=10)
        subject = self.writer.subject()
        messages = LONG if number == self.long else MESSAGES
        step = min(timedelta(hours=chance.uniform(0.1, 20)), (self.now - created) / (messages + 1))
        inbox = self.desk.inboxes[team]
        self.rows["thread"].append((number, number, inbox[0], subject, f"{number:016x}", stamp(created)))
        last = self._messages(number, subject, contact, agent, inbox[0], created, step, messages)
        self._ticket(
            number,
            subject,
            contact,
            team,
            assignee,
            phase,
            inbox,
            created,
            created + step * messages,
            last,
            messages,
        )
        self._events(number, subject, contact[0], agent, created, step, phase)
        self._search_head(number, subject, contact)
        if chance.random() < 0.3:
            self.rows["tag"].append((number, chance.choice(self.desk.tags)))
        if assignee:
            self.rows["seen"].append((assignee, number, stamp(created + step * messages - step / 2)))

    def _phase(self, number: int) -> Phase:
        if number not in self.unfinished:
            return Phase.RESOLVED if self.total - number < self.total * 0.01 else Phase.CLOSED
        return self.writer.random.choices(
            [Phase.NEW, Phase.OPEN, Phase.WAITING_CUSTOMER, Phase.WAITING_THIRD, Phase.SNOOZED],
            [20, 40, 25, 5, 10],
        )[0]

    def _messages(
        self,
        number: int,
        subject: str,
        contact: Any,
        agent: int,
        inbox: int,
        created: datetime,
        step: timedelta,
        count: int,
    ) -> str:
        text, subject_words = "", words_of(subject)
        people = words_of(f"{contact[1]} {contact[2]}")
        for place in range(count):
            self.message_id += 1
            message, at = self.message_id, stamp(created + step * place)
            said = self.writer.message(rare=number in self.rare and place == 0)
            text = said.text
            outwards = place % 3 == 1
            note = place % 3 == 2 and message % 5 == 0
            direction = "out" if outwards else ("note" if note else "in")
            html = f"<p>{text}</p>" if message % 2 and not note else ""
            external = "" if note else f"{message}.{number}@mail.example"
            raw = None
            if direction == "in":
                self.raw_id += 1
                raw = self.raw_id
                print_ = hashlib.sha256(external.encode()).digest()
                self.rows["raw"].append((raw, inbox, 2000, print_, number, at, at))
            if not note:
                self.rows["known"].append((hashlib.sha256(external.encode()).digest()[:16], number, message))
            if outwards:
                self.rows["delivery"].append((message, inbox, contact[2], at, at, at))
            own = direction != "in"
            self.rows["message"].append(
                (message, number, number, direction, "internal" if note else "private", agent if own else None,
                 None if own else contact[0], "" if own else contact[1], "" if own else contact[2], subject, text, text,
                 html, external, message - 1 if place else None, raw, at)
            )  # fmt: skip
            self.vocabulary.add(said.words[-1])
            self._document(number, message, 2 if note else 1, [*subject_words, *people, *said.words])
        return text

    def _document(self, number: int, message: int | None, kind: int, words: list[str]) -> None:
        self.documents.append((number, message, kind, vector_of(words) if IS_POSTGRES else " ".join(words)))

    def _search_head(self, number: int, subject: str, contact: Any) -> None:
        words = words_of(f"{subject} {contact[1]} {contact[2]}")
        self.vocabulary.update(words)
        self._document(number, None, 0, [str(number), *words])

    def _ticket(
        self, number: int, subject: str, contact: Any, team: int, assignee: int | None, phase: Phase, inbox: Any,
        created: datetime, active: datetime, text: str, messages: int,
    ) -> None:  # fmt: skip
        chance = self.writer.random
        urgency = chance.choices(self.desk.urgencies, [70, 10, 15, 5])[0]
        status, at = chance.choice(self.desk.statuses[phase]), stamp(active)
        waits = at if phase in (Phase.NEW, Phase.OPEN) else None
        snoozed = (
            stamp(self.now + timedelta(hours=chance.uniform(1, 400))) if phase == Phase.SNOOZED else None
        )
        done = at if RANKS[phase] >= 3 else None
        self.rows["ticket"].append(
            (number, f"{number:016x}", subject, inbox[0], inbox[1], contact[0], contact[3], team, assignee, status,
             phase.value, RANKS[phase], urgency[0], urgency[1], chance.choice(self.desk.categories), chance.random() < 0.03,
             stamp(created), at, at, waits, at, at, snoozed, done, done if phase == Phase.CLOSED else None, text[:159],
             "in", messages, number % 9 == 0, 6)
        )  # fmt: skip

    def _events(
        self,
        number: int,
        subject: str,
        contact: int,
        agent: int,
        created: datetime,
        step: timedelta,
        phase: Phase,
    ) -> None:
        opened = {"subject": subject, "channel": "email", "requester_id": contact, "is_internal": False}
        self.rows["event"] += [
            ("tickets.TicketOpened", stamp(created), "contact", contact, number, json.dumps(opened)),
            (
                "tickets.TicketAssigned",
                stamp(created + step),
                "agent",
                agent,
                number,
                f'{{"assignees": [null, {agent}]}}',
            ),
        ]
        if RANKS[phase] >= 3:
            data = {
                "statuses": [self.desk.statuses["open"][0], self.desk.statuses[phase][0]],
                "phases": ["open", phase.value],
            }
            self.rows["event"].append(
                ("tickets.StatusChanged", stamp(created + step * 2), "agent", agent, number, json.dumps(data))
            )


def stamp(moment: datetime) -> str:
    """A time as both databases take it."""
    return moment.isoformat(" ")[:19]


MODELS: list[type[Model]] = [
    Ticket,
    Thread,
    RawMessage,
    Message,
    KnownId,
    Delivery,
    EventRecord,
    Seen,
    Ticket.tags.through,
    Document,
]
