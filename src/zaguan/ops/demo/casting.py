"""The people of the demo: teams, agents, organisations, contacts, inboxes, lists."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from typing import Any

from zaguan.conversations.models import Inbox
from zaguan.events.base import SYSTEM
from zaguan.people.editing import create_organisation
from zaguan.people.identifying import contact_for_email
from zaguan.people.models import Agent, Contact, Organisation, Role, Team
from zaguan.tickets.models import Category, Service, Tag, Urgency, View

CONTACTS = 60


@dataclass
class Cast:
    """Everybody and everything that conversations are told with."""

    teams: list[Team]
    agents: list[Agent]
    organisations: list[Organisation]
    contacts: list[Contact]
    inboxes: list[Inbox]
    phone: Inbox
    services: dict[str, Service]
    tags: dict[str, Tag]
    categories: dict[str, Category]
    urgencies: dict[str, Urgency]
    words: dict[str, list[str]]


def make_cast(data: dict[str, Any], chance: random.Random) -> Cast:
    """Create the people and lists of the demo."""
    teams = [Team.objects.create(**team) for team in data["teams"]]
    agents = [_agent(entry, teams, data["password"]) for entry in data["agents"]]
    organisations = [
        create_organisation(entry["name"], by=SYSTEM, domains=[entry["domain"]])
        for entry in data["organisations"]
    ]
    words = data["words"]
    _views(teams)
    return Cast(
        teams=teams,
        agents=agents,
        organisations=organisations,
        contacts=_contacts(data["contacts"], organisations, chance),
        inboxes=_inboxes(teams),
        phone=Inbox.objects.create(kind="phone", name="Centralita", team=teams[0]),
        services=_services(words["services"]),
        tags={name: Tag.objects.create(name=name) for name in words["tags"]},
        categories={c.name: c for c in Category.objects.all()},
        urgencies={u.name: u for u in Urgency.objects.all()},
        words=words,
    )


def _agent(entry: dict[str, Any], teams: list[Team], password: str) -> Agent:
    role = Role.objects.get(name=entry["role"])
    fields = {"name": entry["name"], "signature": entry["signature"], "language": entry.get("language", "es")}
    agent = Agent.objects.create_agent(entry["email"], password, role=role, **fields)
    agent.teams.set([teams[i] for i in entry["teams"]])
    return agent


def _contacts(
    names: dict[str, Any], organisations: list[Organisation], chance: random.Random
) -> list[Contact]:
    made = []
    for index in range(CONTACTS):
        first, last = names["first"][index % len(names["first"])], chance.choice(names["last"])
        employer = organisations[index % len(organisations)] if index % 5 else None
        host = employer.domains.get().name if employer else chance.choice(names["private_hosts"])
        address = f"{_plain(first)}.{_plain(last)}{index}@{host}"
        made.append(contact_for_email(address, f"{first} {last}", by=SYSTEM))
    return made


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return letters.lower().replace(" ", "")


def _inboxes(teams: list[Team]) -> list[Inbox]:
    addresses = [("Hola", "hola"), ("Envíos", "envios"), ("Facturas", "facturas")]
    return [
        Inbox.objects.create(kind="email", name=name, address=f"{local}@patio.example", team=team)
        for (name, local), team in zip(addresses, teams, strict=True)
    ]


def _services(paths: list[str]) -> dict[str, Service]:
    made: dict[str, Service] = {}
    for position, path in enumerate(paths):
        parent, _, name = path.rpartition("/")
        made[path] = Service.objects.create(name=name, parent=made.get(parent), position=position)
    return made


def _views(teams: list[Team]) -> None:
    View.objects.create(name="Urgentes", query="is:open urgency:Urgente", position=0)
    View.objects.create(name="Roturas", query="tag:rotura is:open", team=teams[1], position=1)
    View.objects.create(name="Mayoristas", query="tag:mayorista", position=2)
