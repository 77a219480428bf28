"""Who works at the measured desk, and who writes to it."""

from __future__ import annotations

from bench.bulk import Table
from bench.seeding import PASSWORD
from bench.spanish import FIRST, LAST, Writer
from bench.tickets import Desk, stamp
from django.db import transaction
from django.utils import timezone

from zaguan.conversations.models import Inbox
from zaguan.people.models import Agent, Contact, Identity, Organisation, OrganisationDomain, Role, Team
from zaguan.search.models import Name
from zaguan.search.naming import name_words
from zaguan.tickets.models import Category, Phase, Status, Tag, Urgency

TEAMS, AGENTS, TAGS = 10, 20, 40


def make_desk(writer: Writer, *, contacts: int) -> Desk:
    """Ten teams with an inbox each, twenty agents, an administrator, and `contacts` people in organisations."""
    roles = {role.name: role for role in Role.objects.all()}
    bo = Agent.objects.create_agent(
        "bo@zaguan.example", PASSWORD, name="Bo", role=roles["Administración"], language="en"
    )
    teams = [Team.objects.create(name=f"Equipo {n}") for n in range(1, TEAMS + 1)]
    # Hashing a password takes as long as a thousand tickets: all agents have the same.
    agents: dict[int, list[int]] = {team.pk: [] for team in teams}
    for n in range(1, AGENTS + 1):
        agent = Agent.objects.create_agent(
            f"agent{n}@zaguan.example", None, name=writer.name(), role=roles["Agente"], language="es"
        )
        for team in (teams[(n - 1) % TEAMS], teams[n % TEAMS]):
            agent.teams.add(team)
            agents[team.pk].append(agent.pk)
    Agent.objects.update(password=bo.password)
    inboxes = {}
    for n, team in enumerate(teams, 1):
        inbox = Inbox.objects.create(
            kind="email", name=f"Correo {n}", address=f"team{n}@zaguan.example", team=team
        )
        inboxes[team.pk] = (inbox.pk, inbox.name)
    return Desk(
        teams=[team.pk for team in teams],
        agents=agents,
        inboxes=inboxes,
        tags=[Tag.objects.create(name=f"etiqueta {n}").pk for n in range(1, TAGS + 1)],
        statuses={p.value: list(Status.objects.filter(phase=p).values_list("pk", flat=True)) for p in Phase},
        categories=list(Category.objects.values_list("pk", flat=True)),
        urgencies=[(u.pk, u.rank) for u in Urgency.objects.order_by("position")],
        contacts=_contacts(writer, contacts, _organisations(max(5, contacts // 20))),
    )


def _organisations(count: int) -> list[int]:
    rows = [Organisation(name=f"{FIRST[n % 30]} y {LAST[n // 30 % 30]} {n} S.A.") for n in range(count)]
    made = Organisation.objects.bulk_create(rows, batch_size=500)
    OrganisationDomain.objects.bulk_create(
        [OrganisationDomain(organisation=o, name=f"empresa{n}.example") for n, o in enumerate(made)],
        batch_size=500,
    )
    words = [(word, "organisation", o.pk) for o in made for word in sorted(name_words([o.name]))]
    with transaction.atomic():
        Table(Name, "word kind object_id").put(words)
    return [organisation.pk for organisation in made]


def _contacts(writer: Writer, count: int, organisations: list[int]) -> list[tuple[int, str, str, int | None]]:
    people, at = [], stamp(timezone.now())
    for n in range(1, count + 1):
        place = n % len(organisations)
        organisation = organisations[place] if n % 3 else None
        domain = f"empresa{place}.example" if organisation else "correo.example"
        people.append((n, writer.name(), f"cliente{n}@{domain}", organisation))
    with transaction.atomic():
        _store(people, at)
    return people


def _store(people: list[tuple[int, str, str, int | None]], at: str) -> None:
    Table(Contact, "id public_id name organisation_id created_at").put(
        (n, f"c{n:015d}", name, organisation, at) for n, name, _address, organisation in people
    )
    Table(Identity, "contact_id value created_at", kind="email", verified=True).put(
        (n, a, at) for n, _name, a, _o in people
    )
    Table(Name, "word kind object_id").put(
        (word, "contact", n)
        for n, name, address, _o in people
        for word in sorted(name_words([name, address]))
    )
