"""The filter language: every operator in three languages, and what is said when something is not understood."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from zaguan.conversations.models import Seen
from zaguan.people.models import Organisation, OrganisationDomain
from zaguan.search.naming import index_organisation
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.filter_language import Term, Word, read
from zaguan.tickets.filtering import all_fields, matches, parse
from zaguan.tickets.models import Category, Phase, Service, Tag, Ticket, Urgency
from zaguan.tickets.statuses import default_status

pytestmark = pytest.mark.django_db
# A Wednesday, 10:00 in Bogotá.
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


@pytest.fixture
def cases(world: World) -> dict[str, Ticket]:
    """Two tickets that differ in everything a filter may ask for."""
    patio = Organisation.objects.create(name="Patio Ñandú")
    OrganisationDomain.objects.create(organisation=patio, name="customer.example")
    index_organisation(patio.pk)
    print_ = Service.objects.create(name="Impresión")
    laser = Service.objects.create(name="Láser", parent=print_)
    with time_machine.travel(NOW - timedelta(days=10), tick=False):
        old = make_ticket(
            world,
            assignee=world.ana,
            status=default_status(Phase.WAITING_CUSTOMER),
            category=Category.objects.get(name="Reclamo"),
            urgency=Urgency.objects.get(name="Urgente"),
            service=laser,
            tags=[Tag.objects.create(name="garantía VIP")],
            channel="phone",
            is_internal=True,
            is_important=True,
        )
    with time_machine.travel(NOW, tick=False):
        new = make_ticket(world, requester=world.eve, inbox_id=None, team=None)
    Ticket.objects.filter(pk=old.pk).update(
        organisation=patio, has_files=True, note_count=1, waiting_since=NOW - timedelta(hours=3)
    )
    Ticket.objects.filter(pk=new.pk).update(last_customer_at=NOW, waiting_since=NOW)
    return {"old": old, "new": new}


TABLE = [
    (
        "old",
        "status:respondido",
        "status:Answered",
        "estado:customer",
        'status:"acción del cliente",respondido',
    ),
    ("old", "is:waiting", "está:esperando", "-is:open", "-is:new"),
    ("new", "is:new", "is:open", "es:nuevo", "status:new", "estado:nuevo", "is:nuevo"),
    (
        "old",
        "assignee:me",
        "asignado:yo",
        "assignee:Ana",
        "assignee:ana@zaguan.example",
        "agente:ana",
        "is:mine",
    ),
    ("new", "assignee:none", "asignado:nadie", "is:unassigned", "-assignee:me", "es:sinasignar"),
    ("old", "team:support", "equipo:SUPPORT", "team:mine", "equipe:Support", "team:sales,support"),
    ("new", "team:none", "-team:support", "grupo:ninguno"),
    ("old", 'tag:"garantía vip"', "etiqueta:garantiavip", "tag:garantia-vip", "tags:GARANTÍAVIP"),
    ("new", "tag:none", "-tag:garantiavip"),
    (
        "old",
        "from:dan@customer.example",
        "de:DAN@customer.example",
        "from:@customer.example",
        "requester:díaz",
    ),
    ("new", "-from:dan@customer.example", "from:eve"),
    ("old", "organisation:ñandú", "org:patio", 'empresa:"patio nandu"'),
    ("old", "channel:phone", "canal:teléfono", "channel:telefone"),
    ("old", "inbox:help@zaguan.example", 'buzón:"Support mail"', "caixa:support"),
    ("old", "category:reclamo", "categoría:Complaint", "categoria:reclamação"),
    ("new", "category:none", "-category:reclamo"),
    ("old", "urgency:urgent", "urgencia:urgente", "prioridad:urgente", "priority:alta,urgente"),
    ("old", "service:laser", "servicio:impresion", "serviço:Láser"),
    ("old", "is:important", "is:internal", "es:importante", "es:interno"),
    ("old", "has:attachment", "con:adjunto", "com:anexo", "has:note", "tiene:notas"),
    ("new", "is:unread", "es:noleído", "es:no-leído", "is:nãolido"),
    ("old", "before:2026-11-10", "antes:2026-11-10", "created:2026-11-08", "created:2026-11-01..2026-11-09"),
    ("old", "-after:7d", "before:7d", "created:8/11/2026", "created:<2026-11-10", "até:2026-11-10"),
    (
        "new",
        "after:2026-11-10",
        "después:2026-11-10",
        "created:today",
        "creado:hoy",
        "created:7d",
        "desde:ayer",
    ),
    (
        "new",
        "created:>2026-11-10",
        "created:>=2026-11-18",
        "criado:hoje",
        "-created:2026-11-08",
        "-before:7d",
    ),
    ("old", "waiting:2h", "espera:1h"),
    ("old", "is:important team:support has:file", "assignee:me -is:new"),
]


@pytest.mark.parametrize(("which", "text"), [(which, text) for which, *texts in TABLE for text in texts])
def test_operator(world: World, cases: dict[str, Ticket], which: str, text: str) -> None:
    with time_machine.travel(NOW, tick=False):
        query = parse(text, world.ana)
        assert query.problems == []
        assert set(Ticket.objects.filter(query.q)) == {cases[which]}
        assert matches(cases[which], text, world.ana)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("estdo:abierto", "estado"),
        ("asignee:me", "assignee"),
        ("status:abirto", "Abierto"),
        ("team:suport", "Support"),
        ("assignee:Anna", "Ana"),
        ("is:importat", "important"),
        ("tag:nada", "nada"),
        ("created:nunca", "2026-11-01"),
        ("created:2026-13-45", "2026-11-01"),
        ("from:nadie@nowhere.example", "nadie@nowhere.example"),
        ("status:", "status"),
        ("#999999999999999999999", "9999"),
        ("category:x", "x"),
    ],
)
def test_what_is_not_understood_is_said_and_left_out(world: World, text: str, hint: str) -> None:
    ticket = make_ticket(world)
    query = parse(text, world.ana)
    assert len(query.problems) == 1
    assert hint in query.problems[0]
    assert set(Ticket.objects.filter(query.q)) == {ticket}


def test_number_and_any_of(world: World) -> None:
    first, second, _third = (make_ticket(world) for _n in range(3))
    assert set(Ticket.objects.filter(parse(f"#{first.pk}", world.ana).q)) == {first}
    assert set(Ticket.objects.filter(parse(f"number:{first.pk},{second.pk}", world.ana).q)) == {first, second}


def test_unread_follows_what_was_seen(world: World, cases: dict[str, Ticket]) -> None:
    Seen.objects.create(agent=world.ana, ticket=cases["new"], at=timezone.now() + timedelta(days=400))
    assert not Ticket.objects.filter(parse("is:unread", world.ana).q).exists()
    assert Ticket.objects.filter(parse("is:unread", world.bo).q).exists()


def test_parts() -> None:
    assert list(
        read('hola "dos palabras" -no -"ni esto" status:a,"b c" -tag:x http://a.example/b 10:30 #12 a#1')
    ) == [
        Word("hola"),
        Word("dos palabras", is_phrase=True),
        Word("no", negated=True),
        Word("ni esto", is_phrase=True, negated=True),
        Term("status", ("a", "b c")),
        Term("tag", ("x",), negated=True),
        Word("http://a.example/b"),
        Word("10:30"),
        Term("number", ("12",)),
        Word("a#1"),
    ]
    assert [str(part) for part in read('-tag:"a b",c "x y"')] == ['-tag:"a b",c', '"x y"']


def test_every_operator_has_a_label_in_words() -> None:
    assert all(str(field.label)[0].isupper() for field in all_fields())
