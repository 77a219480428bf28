"""The demo's tickets that hang together: a building site with its deliveries, a fault with those it hit, and so on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import escape, linebreaks

from zaguan.conversations.cross_posting import publish_note, tell_on
from zaguan.conversations.entering import enter
from zaguan.conversations.merging import merge
from zaguan.conversations.models import Delivery, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.ops.demo.casting import Cast
from zaguan.ops.demo.clock import Clock
from zaguan.ops.demo.furnishing import Furniture
from zaguan.people.models import Agent, Contact
from zaguan.tickets.assigning import assign
from zaguan.tickets.back_office import open_back_office
from zaguan.tickets.checklists import add_items, tick
from zaguan.tickets.following import follow
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, PartyRole, Phase, Status, Ticket
from zaguan.tickets.opening import NewTicket, open_ticket
from zaguan.tickets.parties import add_party
from zaguan.tickets.products import put_items, save_item
from zaguan.tickets.promising import set_promise
from zaguan.tickets.statuses import default_status, set_status


@dataclass
class Stage:
    """What the scenes are told with, and the tickets that they made, by key."""

    cast: Cast
    furniture: Furniture
    tickets: dict[str, Ticket] = field(default_factory=dict)


def stage_one(stage: Stage, scene: dict[str, Any], clock: Clock) -> Ticket:
    """Tell one of them at its time, with all that hangs on it."""
    agent = stage.cast.agents[scene["agent"]]
    contact = stage.cast.contacts[scene["who"]] if "who" in scene else None
    ticket = stage.tickets[scene["key"]] = _open(stage, scene, contact, agent)
    said = scene["says"]
    if contact is not None and said[0][0] == "c":
        enter(ticket, contact, said[0][1], by=contact, channel=ticket.channel, opened=True)
        said = said[1:]
        clock.pass_by(timedelta(minutes=40))
    ticket.refresh_from_db()
    if said and ticket.assignee_id is None:
        ticket = assign(ticket, agent, by=agent)
    _hang(stage, scene, ticket, agent)
    for who, text, hours in said:
        clock.pass_by(timedelta(hours=hours))
        _say(ticket, contact, agent, who, text)
    ticket.refresh_from_db()
    _leave(stage, scene, ticket, agent, clock)
    return ticket


def _open(stage: Stage, scene: dict[str, Any], contact: Contact | None, agent: Agent) -> Ticket:
    cast = stage.cast
    inbox = cast.inboxes[min(scene["team"], len(cast.inboxes) - 1)]
    new = NewTicket(
        subject=scene["subject"],
        requester=contact,
        channel=inbox.kind,
        inbox_id=inbox.pk if contact else None,
        account=inbox.name if contact else "",
        team=cast.teams[scene["team"]],
        assignee=None if contact else agent,
        category=cast.categories.get(scene.get("category", "")),
        urgency=cast.urgencies.get(scene.get("urgency", "")),
        service=cast.services.get(scene.get("service", "")),
        tags=[cast.tags[name] for name in scene.get("tags", [])],
        type=stage.furniture.types.get(scene.get("type", "")),
        attributes=scene.get("attributes", {}),
    )
    if "back_office_for" in scene:
        return open_back_office(stage.tickets[scene["back_office_for"]], new, by=agent, waits=True)
    return open_ticket(new, by=agent if contact is None or new.type else contact)


def _say(ticket: Ticket, contact: Contact | None, agent: Agent, who: str, text: str) -> None:
    html = linebreaks(escape(text))
    if who == "c" and contact is not None:
        enter(ticket, contact, text, by=contact, channel=ticket.channel, opened=False)
    elif who == "a":
        answered = Status.objects.get(name="Respondido")
        sent = reply(ticket, Outgoing(html=html, status=answered), by=agent)
        now = timezone.now()
        Delivery.objects.filter(message=sent).update(state="delivered", sent_at=now, changed_at=now)
    else:
        add_note(ticket, html, by=agent)


def _hang(stage: Stage, scene: dict[str, Any], ticket: Ticket, agent: Agent) -> None:
    """Links, people, promise, checklist, products."""
    if "link" in scene:
        kind, other = scene["link"]
        link(stage.tickets[other], ticket, kind, by=agent)
    for other in scene.get("track", []):
        link(ticket, stage.tickets[other], Link.Kind.TRACKED, by=agent)
    _people(stage, scene, ticket, agent)
    if "promise" in scene:
        _promise(scene["promise"], ticket, agent)
    if "checklist" in scene:
        items = add_items(ticket, stage.furniture.checklists[scene["checklist"]], by=agent)
        for item in items[: scene["ticked"]]:
            tick(item, True, by=agent)
    if "product" in scene:
        _product(stage, scene["product"], ticket, agent)


def _people(stage: Stage, scene: dict[str, Any], ticket: Ticket, agent: Agent) -> None:
    for role_name, what, *rest in scene.get("parties", []):
        role = PartyRole.objects.get(name=role_name)
        if what == "contact":
            add_party(ticket, role, contact=stage.cast.contacts[rest[0]], by=agent)
        elif what == "agent":
            add_party(ticket, role, agent=stage.cast.agents[rest[0]], by=agent)
        else:
            add_party(ticket, role, name=what, email=rest[0], by=agent)
    for index in scene.get("followers", []):
        follow(ticket, stage.cast.agents[index], by=stage.cast.agents[index])


def _promise(when: dict[str, int], ticket: Ticket, agent: Agent) -> None:
    now = timezone.now()
    at = now + timedelta(days=when.get("in_days", 0))
    if "in_hours_from_now" in when:
        at = datetime.now(tz=now.tzinfo) + timedelta(hours=when["in_hours_from_now"])
    set_promise(ticket, at.replace(second=0, microsecond=0), by=agent, public=True)


def _product(stage: Stage, index: int, ticket: Ticket, agent: Agent) -> None:
    put_items(ticket, add=[stage.furniture.items[index]], by=agent)


def _leave(stage: Stage, scene: dict[str, Any], ticket: Ticket, agent: Agent, clock: Clock) -> None:
    if "published" in scene:
        note = Message.objects.filter(ticket=ticket, direction="note").order_by("pk")[scene["published"]]
        tell_on(publish_note(note, by=agent).pk)
    if "merge_into" in scene:
        clock.pass_by(timedelta(hours=1))
        merge(stage.tickets[scene["merge_into"]], [ticket], by=agent)
    elif scene.get("leave") == "resolved":
        clock.pass_by(timedelta(hours=2))
        set_status(ticket, default_status(Phase.RESOLVED), by=agent)
    elif scene.get("leave") == "open" and ticket.phase != Phase.OPEN:
        set_status(ticket, default_status(Phase.OPEN), by=agent)


def make_items(stage: Stage) -> None:
    """The pieces that customers have: serial numbers, dates of purchase, warranties that run and that ended."""
    by, today = stage.cast.agents[0], timezone.localdate()
    rows = [(2, 33, "LN-40-00117", 120), (2, 14, "LN-40-00093", 900), (4, 22, "MN-80-2041", 200)]
    rows += [
        (3, 33, "OLM-3381", 60),
        (3, 46, "OLM-3390", 20),
        (4, 7, "MN-80-1877", 800),
        (5, 38, "H12-0512", 300),
    ]
    for product_index, contact_index, serial, days in rows:
        product = stage.furniture.products[product_index]
        bought = today - timedelta(days=days)
        months = stage.furniture.warranty[product.pk]
        until: date | None = bought + timedelta(days=round(months * 30.4)) if months else None
        item = save_item(
            None, by=by, product=product, serial=serial, purchased_on=bought, warranty_until=until,
            contact=stage.cast.contacts[contact_index],
        )  # fmt: skip
        stage.furniture.items.append(item)
