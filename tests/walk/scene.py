"""One ticket of Support with a secret in every place that could tell it, and the ids by which addresses name things.

Every text is a word to search for, followed by the canary: pages repeat what was searched, but only who may see the
text shows the canary.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.walk.approvals import scene_of_approvals
from tests.walk.calendars import scene_of_calendars
from tests.walk.distribution import scene_of_distribution
from tests.walk.macros import scene_of_macros
from tests.walk.notifications import notification_ids
from tests.walk.outside import scene_of_outside
from tests.walk.promises import scene_of_promises
from tests.walk.rules import scene_of_rules
from tests.walk.types import scene_of_types
from tests.walk.work import bank_id, work_ids
from zaguan.conversations.attachments import store
from zaguan.conversations.calling import log_call
from zaguan.conversations.drafting import save_draft
from zaguan.conversations.hanging import hang_link
from zaguan.conversations.inboxes import save_inbox
from zaguan.conversations.library import save_item
from zaguan.conversations.mass_updates import plan_update
from zaguan.conversations.merging import merge
from zaguan.conversations.models import Delivery, Message, RawMessage
from zaguan.conversations.noting import add_note
from zaguan.conversations.raw import store_raw
from zaguan.conversations.replying import Outgoing, reply
from zaguan.events.models import Job
from zaguan.people.editing import create_organisation
from zaguan.people.identifying import contact_for_email
from zaguan.people.merging import merge_contacts
from zaguan.people.models import Agent, Role, Token
from zaguan.people.tokens import create_token
from zaguan.search.indexing import index_message, index_ticket
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import PASSWORD, World, make_world
from zaguan.tickets.assigning import assign
from zaguan.tickets.editing import edit, retag, tag_named
from zaguan.tickets.linking import link
from zaguan.tickets.models import (
    Category,
    Link,
    Merge,
    PartyRole,
    Service,
    Status,
    Ticket,
    TicketType,
    Urgency,
)
from zaguan.tickets.opening import NewTicket, open_ticket
from zaguan.tickets.parties import add_party
from zaguan.tickets.scheduling import plan_ticket
from zaguan.tickets.templates import save_template
from zaguan.tickets.trash import trash
from zaguan.tickets.views import save_view

CANARY = "kanari"
WORDS = ("zqsubject", "zqmessage", "zqnote", "zqfile", "zqreply", "zqsummary", "zqcall")
MAIL = f"From: dan@customer.example\r\nSubject: zqraw {CANARY}\r\n\r\nzqraw {CANARY}\r\n".encode()


@dataclass
class Scene:
    """The cast, how each of them signs, and the ids of what addresses are about."""

    world: World
    ticket: Ticket
    ids: dict[str, Any]
    cookies: dict[str, str]
    tokens: dict[str, str]
    # Made once: each new one would load all of the middleware.
    browser: Client = field(default_factory=lambda: Client(headers={"HX-Request": "true"}))
    machine: Client = field(default_factory=Client)

    def client(self, role: str, *, machine: bool = False) -> Client:
        """A browser, or a caller of the API, in which nobody else has been."""
        self.machine.cookies.clear()
        self.browser.cookies.clear()
        if machine:
            token = self.tokens.get(role)
            self.machine.defaults = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
            return self.machine
        if role in self.cookies:
            self.browser.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[role]
        return self.browser


def make_scene() -> Scene:
    """Everything that an address of the product can name, and the cast of four at the door."""
    world = make_world()
    # Nils is in the other team too, and may not even see people.
    role = Role.objects.create(name="Bare", ticket_scope=Role.Scope.TEAM, permissions=["desk.use"])
    nils = Agent.objects.create_agent("nils@zaguan.example", PASSWORD, name="Nils", role=role, language="en")
    nils.teams.add(world.sales)
    ticket = _ticket(world)
    ids = (
        {"ticket": ticket.pk}
        | _said(world, ticket)
        | _gone(world, ticket)
        | _tracked(world)
        | _lists(world)
        | _people(world)
    )
    ids |= work_ids(world, ticket, CANARY)
    ids |= scene_of_types(world, ticket)
    ids |= scene_of_macros(world, ticket, CANARY)
    ids |= scene_of_rules(world, ticket)
    ids |= scene_of_distribution(world)
    ids |= scene_of_promises(world)
    ids |= scene_of_calendars(world)
    ids |= scene_of_approvals(world, ticket, CANARY)
    ids |= scene_of_outside(world, ticket, CANARY)
    ids |= notification_ids(world, ticket, CANARY)
    cast = {name: getattr(world, name) for name in ("cleo", "rita", "ana", "bo")} | {"nils": nils}
    tokens = {name: create_token(agent, "walk", by=agent) for name, agent in cast.items()}
    ids["token"] = Token.objects.filter(agent=world.ana).values_list("pk", flat=True)[0]
    cookies = {name: _cookie(agent) for name, agent in cast.items()}
    return Scene(world, ticket, ids, cookies, tokens)


def _cookie(agent: Agent) -> str:
    client = Client()
    client.force_login(agent)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _ticket(world: World) -> Ticket:
    ticket = make_ticket(world, subject=f"zqsubject {CANARY}")
    edit(ticket, by=world.ana, summary=f"zqsummary {CANARY}")
    retag(ticket, by=world.ana, add=[tag_named("zqtag")])
    assign(ticket, world.ana, by=world.bo)
    return Ticket.objects.get(pk=ticket.pk)


def _gone(world: World, ticket: Ticket) -> dict[str, Any]:
    """One that went into the ticket, one in the trash, and one beside it."""
    double = make_ticket(world, subject=f"zqdouble {CANARY}")
    merge(ticket, [double], by=world.ana)
    trashed = make_ticket(world, subject=f"zqtrashed {CANARY}")
    trash(trashed, by=world.bo, reason=f"zqreason {CANARY}")
    beside = make_ticket(world, subject=f"zqbeside {CANARY}")
    plan = {"subject": f"zqplanned {CANARY}", "is_internal": True, "team": world.support.pk}
    schedule = plan_ticket(
        None, by=world.ana, values=plan, subject=f"zqplanned {CANARY}", team=world.support, zone="UTC",
        starts_at=timezone.now() + timedelta(days=1), rule="FREQ=DAILY",
    )  # fmt: skip
    template = save_template(world.ana, f"zqtemplate {CANARY}", plan, by=world.ana)
    planned = {"schedule": schedule.pk, "template": template.pk}
    return planned | {"ticket-merge": Merge.objects.get().pk, "trashed": trashed.pk, "beside": beside.pk}


def _tracked(world: World) -> dict[str, Any]:
    """A tracker with one conversation, a message that waits to be sent to all, and a type of the back office."""
    kind = TicketType.objects.create(name="Caída", category="tracker")
    new = NewTicket(subject=f"zqtracker {CANARY}", team=world.support, type=kind)
    tracker = open_ticket(new, by=world.bo)
    link(tracker, make_ticket(world, subject=f"zqaffected {CANARY}"), Link.Kind.TRACKED, by=world.bo)
    update = plan_update(tracker, f"<p>zqupdate {CANARY}</p>", by=world.bo)
    back_office = TicketType.objects.create(name="Pagos", category="back_office")
    return {
        "tracker": tracker.pk, "mass-update": update.pk, "back-office-type": back_office.pk,
        "link-kind": "related",
    }  # fmt: skip


def _said(world: World, ticket: Ticket) -> dict[str, Any]:
    raw, _new = store_raw(MAIL, inbox=world.inbox, source="imap")
    RawMessage.objects.filter(pk=raw.pk).update(state=RawMessage.State.FAILED, reason=CANARY)
    mail = make_message(
        ticket, world, f"zqmessage {CANARY}", raw=raw, sender_address="dan@customer.example", has_files=True
    )
    file = store(f"zqcontent {CANARY}".encode(), f"zqfile {CANARY}.txt", "text/plain", message=mail)
    waiting = store(b"waits", f"{CANARY}.txt", "text/plain", by=world.ana)
    note = add_note(
        ticket, f'zqnote {CANARY} <span data-mention="{world.rita.pk}">@Rita</span>', by=world.ana
    )
    now = timezone.now()
    log_call(
        ticket, by=world.ana, caller=f"{CANARY} 300", direction="in", started_at=now, ended_at=now,
        outcome="answered", notes_html=f"zqcall {CANARY}",
    )  # fmt: skip
    lost = reply(ticket, Outgoing(html=f"zqreply {CANARY}", answers=mail), by=world.ana)
    failed = lost.deliveries.get()
    job = Job.objects.create(task="walk", run_at=now, failed_at=now, error=f"zqjob {CANARY}")
    Delivery.objects.filter(pk=failed.pk).update(state="failed", answer=f"550 {CANARY}")
    queued = reply(ticket, Outgoing(html=f"zqqueued {CANARY}", answers=mail), by=world.ana)
    save_draft(world.ana, ticket, "note", f"zqdraft {CANARY}", {})
    Ticket.objects.filter(pk=ticket.pk).update(has_files=True)
    index_ticket(ticket.pk)
    for message in Message.objects.filter(ticket=ticket):
        index_message(message.pk)
    role = PartyRole.objects.order_by("pk")[0]
    item = hang_link(ticket, "docs.example", f"zqlink {CANARY}", by=world.ana)
    kept = save_item(None, by=world.bo, name="Precios", address="docs.example/precios")
    party = add_party(ticket, role, name=f"zqparty {CANARY}", email="sol@agency.example", by=world.ana)
    found = {
        "party": party.pk,
        "hung": item.pk,
        "library-item": kept.public_id,
        "raw": raw.pk,
        "message": mail.pk,
        "note": note.pk,
        "queued": queued.pk,
        "delivery": failed.pk,
        "job": job.pk,
    }
    return found | {"file": file.public_id, "waiting": waiting.public_id}


def _lists(world: World) -> dict[str, Any]:
    own = save_view(world.ana, f"zqview {CANARY}", "is:open", by=world.ana)
    shared = save_view(world.bo, f"zqteamview {CANARY}", "is:open", team=world.support, by=world.bo)
    spare = save_inbox(None, by=world.bo, team=world.support, name="Spare", address="spare@zaguan.example")
    google = save_inbox(
        None, by=world.bo, team=world.support, name="Google", address="google@zaguan.example",
        settings={"imap": {"host": "imap.invalid", "auth": "google"}, "oauth": {"client_id": "x"}},
    )  # fmt: skip
    status = Status.objects.filter(is_default=False).first() or Status.objects.order_by("pk").last()
    assert status is not None
    return {
        "view": own.pk, "team-view": shared.pk, "inbox": spare.public_id, "oauth-inbox": google.public_id, "hook-kind": "email", "hook-inbox": spare.public_id,
        "view-key": "mine", "export-kind": "csv", "phase": status.phase,
        "status": status.pk, "category": Category.objects.create(name="Avería").pk, "tag": tag_named("zqtag").pk,
        "urgency": Urgency.objects.create(name="Ya").pk, "party-role": PartyRole.objects.create(name="Testigo").pk, "service": Service.objects.create(name="Red").pk,
        "agent": world.rita.pk, "team": world.sales.pk, "role": Role.objects.create(name="Spare").pk,
        "support": world.support.pk,
    }  # fmt: skip


def _people(world: World) -> dict[str, Any]:
    organisation = create_organisation("Patio SA", by=world.bo, domains=["patio.example"], notes="")
    identity = world.dan.identities.get()
    double = contact_for_email("dan.diaz@other.example", by=world.bo)
    twin = contact_for_email("dan@twin.example", by=world.bo)
    return {
        "bank": bank_id(world, organisation),
        "contact-merge": merge_contacts(world.dan, double, by=world.bo).pk, "twin": twin.public_id,
        "contact": world.dan.public_id, "identity": identity.pk, "organisation": organisation.public_id,
    }  # fmt: skip
