"""What hangs on tickets and people is found by an index on every page that shows it: the database is asked how it goes about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zaguan.conversations.models import Message
from zaguan.people.models import Agent, Contact, Organisation
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket, TicketType

pytestmark = pytest.mark.django_db
MANY = 3000
# A page that reads more of one table than this reads all of it.
READ_AT_MOST = 1500
WATCHED = (
    *("tickets.link", "tickets.timeentry", "tickets.timer", "tickets.activity", "tickets.checklistitem"),
    *("tickets.productitem", "tickets.party", "tickets.follower", "tickets.merge", "tickets.trashed"),
    *("tickets.schedule", "tickets.attributesheet", "tickets.attributeentry", "tickets.carboncopy"),
    *("conversations.ticketitem", "conversations.attachment", "conversations.mention", "conversations.draft"),
    *("conversations.massrecipient", "conversations.crossposting", "people.profileentry", "people.contactsheet"),
    *("people.contactmerge", "people.identity", "automation.runticket", "automation.run"),
)  # fmt: skip


@pytest.fixture
def ticket(world: World) -> Ticket:
    """One ticket among many, each with something of everything."""
    pattern = make_ticket(world)
    make_message(pattern, world)
    kind = TicketType.objects.create(name="Avería", category="customer")
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Casa {n}", public_id=f"o{n}") for n in range(MANY)
    )
    people = Contact.objects.bulk_create(
        Contact(name=f"Persona {n}", public_id=f"p{n}", organisation=organisations[n]) for n in range(MANY)
    )
    wanted = [f.attname for f in Ticket._meta.concrete_fields if not f.primary_key and not f.unique]
    same = {name: getattr(pattern, name) for name in wanted}
    tickets = Ticket.objects.bulk_create(
        Ticket(
            **(
                same
                | {"requester_id": people[n].pk, "organisation_id": organisations[n].pk, "type_id": kind.pk}
            )
        )
        for n in range(MANY)
    )
    pools: dict[Any, list[Any]] = {
        Ticket: tickets, Contact: people, Organisation: organisations, Agent: [world.ana, world.bo, world.cleo],
    }  # fmt: skip
    pools[Message] = Message.objects.bulk_create(
        Message(ticket=each, direction="note", visibility="internal", text="Nota", created_at=timezone.now())
        for each in tickets
    )
    for label in WATCHED:
        _fill(apps.get_model(label), pools)
    if connection.vendor == "postgresql":
        # There it is done by itself; on SQLite nobody does it.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return tickets[MANY // 2]


def _fill(model: Any, pools: dict[Any, list[Any]]) -> list[Any]:
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    rows = [model(**{f.name: _value(f, n, pools) for f in fields if _is_wanted(f)}) for n in range(MANY)]
    made = model._default_manager.bulk_create(rows, ignore_conflicts=True)
    assert model._default_manager.count() > MANY * 0.9, model
    return list(made)


def _is_wanted(field: Any) -> bool:
    if field.is_relation:
        return not field.null or field.related_model in (Ticket, Contact, Organisation, Agent)
    return not field.has_default() and not field.null


def _value(field: Any, n: int, pools: dict[Any, list[Any]]) -> Any:
    if field.is_relation:
        if field.related_model not in pools:
            pools[field.related_model] = list(field.related_model._default_manager.all()[:MANY]) or _one(
                field.related_model, pools
            )
        pool = pools[field.related_model]
        # Two columns of one row that name tickets name different ones.
        shift = 1 if field.name in ("target", "survivor", "absorbed") else 0
        return pool[(n + shift) % len(pool)]
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.localdate()
    if isinstance(field, models.CharField | models.TextField):
        return field.choices[0][0] if field.choices else f"{n}"[: field.max_length]
    return n


def _one(model: Any, pools: dict[Any, list[Any]]) -> list[Any]:
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField) and _is_wanted(f)]
    return [model._default_manager.create(**{f.name: _value(f, 0, pools) for f in fields})]


def _faults(run: Callable[[], Any]) -> set[str]:
    """Whole watched tables that the queries of a page read."""
    tables = {apps.get_model(label)._meta.db_table for label in WATCHED}
    with CaptureQueriesContext(connection) as captured:
        run()
    asked = {q["sql"] for q in captured.captured_queries if q["sql"].lstrip().upper().startswith("SELECT")}
    return {f for sql in asked if any(t in sql for t in tables) for f in _faults_of(sql, tables)}


def _faults_of(sql: str, tables: set[str]) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
            steps = [row[-1] for row in cursor.fetchall()]
            # A table may go by another name inside of one question; a scan of what a subquery made is none.
            names = {t: t for t in tables} | {
                alias: t for t, alias in re.findall(r'"(\w+)" (U\d+|T\d+)\b', sql)
            }
            found = [re.fullmatch(r"SCAN (\w+)", step) for step in steps]
            return [f"{names[m[1]]}: {sql}" for m in found if m and names.get(m[1]) in tables]
        cursor.execute("EXPLAIN (FORMAT JSON, ANALYZE) " + sql.replace("%", "%%"))
        plan = cursor.fetchone()[0][0]["Plan"]
    return [f"{step['Relation Name']}: {sql}" for step in _steps(plan) if _is_greedy(step, tables)]


def _steps(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(step for below in plan.get("Plans", []) for step in _steps(below))]


def _is_greedy(step: dict[str, Any], tables: set[str]) -> bool:
    read = (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"]
    return step.get("Relation Name") in tables and read > READ_AT_MOST


TABS = (
    *("", "summary", "feed", "interactions", "parties", "related", "flow", "activities", "attachments", "notes"),
    *("products", "changes", "timeline", "time", "checklist", "assignments"),
)  # fmt: skip
DIALOGS = ("merge", "merged", "time", "delete", "clone")


# Lists in the order of their numbers: SQLite walks the table itself from its end, and stops after a page.
BY_NUMBER = ("/desk/trash/", "/desk/scheduled/")


def test_a_tickets_page_and_all_its_tabs(
    world: World, ticket: Ticket, signed_in: Callable[[Agent], Client]
) -> None:
    bo = signed_in(world.bo)
    addresses = [f"/desk/tickets/{ticket.pk}/" + (f"?tab={tab}" if tab else "") for tab in TABS]
    addresses += [f"/desk/tickets/{ticket.pk}/{name}/" for name in DIALOGS]
    _walk(bo, addresses)


def test_the_pages_of_people_time_plans_and_trash(
    world: World, ticket: Ticket, signed_in: Callable[[Agent], Client]
) -> None:
    assert ticket.requester is not None
    assert ticket.requester.organisation is not None
    person, organisation = ticket.requester.public_id, ticket.requester.organisation.public_id
    addresses = [
        f"/desk/people/{person}/", f"/desk/people/{person}/profile/", f"/desk/organisations/{organisation}/",
        "/desk/", *BY_NUMBER,
    ]  # fmt: skip
    for agent in (world.bo, world.ana):
        _walk(signed_in(agent), addresses)


def _walk(client: Client, addresses: list[str]) -> None:
    found: dict[str, set[str]] = {}
    for address in addresses:

        def ask(address: str = address) -> None:
            assert client.get(address, follow=True).status_code in (200, 403, 404), address

        faults = _faults(ask)
        if faults and not (connection.vendor == "sqlite" and address in BY_NUMBER):
            found[address] = faults
    assert found == {}
