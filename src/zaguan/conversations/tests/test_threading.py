"""Where mails go: a table of the ways in which mail programs, servers and forgers name a conversation (R02, bugs 1–4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from zaguan.conversations.models import Inbox, KnownId, Message, Thread
from zaguan.conversations.receiving import Outcome, receive
from zaguan.conversations.signing import reply_address
from zaguan.conversations.tests.mails import a_mail, an_answer
from zaguan.events.models import EventRecord
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Link, Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
DAN, CARLA, EVE, NEW = (
    "dan@customer.example",
    "carla@customer.example",
    "eve@stranger.example",
    "nora@new.example",
)


@dataclass
class Scene:
    """Dan's ticket with an answer, Carla in Cc; Eve's ticket with an answer; a ticket of another installation."""

    world: World
    dans: Ticket
    eves: Ticket
    names: dict[str, str]

    def fill(self, value: Any) -> Any:
        if isinstance(value, str):
            return value.format(**self.names)
        return tuple(self.fill(each) for each in value)

    def take(self, sender: str, **fields: Any) -> Outcome:
        return receive(
            a_mail(sender, **{name: self.fill(value) for name, value in fields.items()}), self.world.inbox
        )


def a_ticket(world: World, sender: str, external_id: str, **fields: Any) -> Ticket:
    ticket = receive(a_mail(sender, external_id=external_id, **fields), world.inbox).ticket
    assert ticket is not None
    return ticket


@pytest.fixture
def scene(settings: Any) -> Scene:
    world = make_world()
    dans = a_ticket(
        world, DAN, "dan1@customer.example", subject="Pedido 7", cc=CARLA,
        references=("seen-only-here@customer.example",),
    )  # fmt: skip
    eves = a_ticket(world, EVE, "eve1@stranger.example", subject="Factura")
    names = {"own": "help@zaguan.example"}
    for name, ticket, to in (("dan", dans, DAN), ("eve", eves, EVE)):
        thread = ticket.threads.get()
        answer = an_answer(thread, to=to, cc=[[CARLA, ""]] if name == "dan" else [])
        names |= {
            f"{name}_reply": reply_address(thread, world.inbox),
            f"{name}_id": answer.external_id,
            f"{name}_number": str(ticket.pk),
            f"{name}_token": thread.token,
            f"{name}_sig": reply_address(thread, world.inbox).partition(".")[2].partition("@")[0],
        }
    key, settings.SECRET_KEY = settings.SECRET_KEY, "another installation's key, long enough for anything"
    thread = dans.threads.get()
    names["other_reply"] = reply_address(thread, world.inbox)
    other = Message.objects.get(external_id=names["dan_id"])
    from zaguan.conversations.signing import message_id_for

    names["other_id"] = message_id_for(other)
    settings.SECRET_KEY = key
    return Scene(world, dans, eves, names)


# Name, sender, fields, and where it goes: "dan" or "eve" (their ticket), "new", or "new ~dan" (new, shown beside Dan's).
SIGNED: list[tuple[str, str, dict[str, Any], str]] = [
    ("reply address in To", DAN, {"to": "{dan_reply}"}, "dan"),
    ("reply address in Cc", DAN, {"to": "boss@customer.example", "cc": "{dan_reply}"}, "dan"),
    ("reply address in Delivered-To or the envelope only", DAN, {"delivered_to": "{dan_reply}"}, "dan"),
    ("reply address behind another of ours", DAN, {"to": ("{own}", "{dan_reply}")}, "dan"),
    (
        "reply address written in capitals",
        DAN,
        {"delivered_to": "HELP+{dan_token}.{dan_sig}@ZAGUAN.EXAMPLE"},
        "dan",
    ),
    (
        "reply address under another of our domains",
        DAN,
        {"to": "other+{dan_token}.{dan_sig}@alias.example"},
        "dan",
    ),
    ("reply address from a colleague it was forwarded to", NEW, {"to": "{dan_reply}"}, "dan"),
    (
        "reply address wins over a foreign In-Reply-To",
        DAN,
        {"to": "{dan_reply}", "in_reply_to": "{eve_id}"},
        "dan",
    ),
    ("signed id in In-Reply-To", DAN, {"in_reply_to": "{dan_id}"}, "dan"),
    ("signed id in References", DAN, {"references": ("x@y", "{dan_id}")}, "dan"),
    (
        "signed id deep in References",
        DAN,
        {"references": ("{dan_id}", *(f"r{n}@y" for n in range(60)))},
        "dan",
    ),
    (
        "signed id among thousands",
        DAN,
        {"references": (*(f"r{n}@y" for n in range(2000)), "{dan_id}")},
        "dan",
    ),
    (
        "signed id answered from another address",
        "dan.private@mail.example",
        {"in_reply_to": "{dan_id}"},
        "dan",
    ),
    ("signed id with brackets left on", DAN, {"in_reply_to": "<{dan_id}>"}, "dan"),
    ("signed id with the server's own domain", DAN, {"in_reply_to": "{dan_id}.relay.example"}, "dan"),
    ("nearest signed id wins", DAN, {"references": ("{eve_id}", "{dan_id}")}, "dan"),
    (
        "In-Reply-To wins over References",
        DAN,
        {"in_reply_to": "{dan_id}", "references": ("{eve_id}",)},
        "dan",
    ),
    ("signed id, empty subject", DAN, {"in_reply_to": "{dan_id}", "subject": ""}, "dan"),
    ("signed id, other subject", DAN, {"in_reply_to": "{dan_id}", "subject": "Otra cosa"}, "dan"),
]
KNOWN: list[tuple[str, str, dict[str, Any], str]] = [
    ("customer answers their own first mail", DAN, {"in_reply_to": "dan1@customer.example"}, "dan"),
    ("the same by References only", DAN, {"references": ("dan1@customer.example",)}, "dan"),
    ("Cc answers all before we did", CARLA, {"in_reply_to": "dan1@customer.example"}, "dan"),
    ("Cc answers with capitals in the address", "Carla@Customer.Example", {"in_reply_to": "dan1@customer.example"}, "dan"),
    ("sibling of an id that only References named", DAN, {"references": ("seen-only-here@customer.example",)}, "dan"),
    ("the original arrives after the answer to it", CARLA, {"external_id": "seen-only-here@customer.example"}, "dan"),
    ("first ids of References are missing", DAN, {"references": ("lost@x", "dan1@customer.example", "also@x")}, "dan"),
    ("In-Reply-To unknown, References known", DAN,
     {"in_reply_to": "lost@x", "references": ("dan1@customer.example",)}, "dan"),
    ("In-Reply-To known to Eve, sender is Dan", DAN, {"in_reply_to": "eve1@stranger.example"}, "new ~eve"),
    ("Dan quotes both tickets, takes part in one", DAN,
     {"references": ("dan1@customer.example", "eve1@stranger.example")}, "dan"),
    ("stranger knows a customer's id", NEW, {"in_reply_to": "dan1@customer.example"}, "new ~dan"),
    ("stranger knows an id from References", NEW, {"references": ("seen-only-here@customer.example",)}, "new ~dan"),
    ("same domain is no participant", "boss@customer.example", {"in_reply_to": "dan1@customer.example"}, "new ~dan"),
    ("unknown ids only", DAN, {"in_reply_to": "what@ever", "references": ("a@b", "c@d")}, "new"),
    ("no ids at all", DAN, {}, "new"),
    ("our own address as sender, id known", "help@zaguan.example", {"in_reply_to": "dan1@customer.example"}, "new ~dan"),
]  # fmt: skip
NUMBERS: list[tuple[str, str, dict[str, Any], str]] = [
    ("number of one's own ticket", DAN, {"subject": "Re: Pedido [#{dan_number}]"}, "dan"),
    ("number, German prefix", DAN, {"subject": "AW: [#{dan_number}] Pedido"}, "dan"),
    ("number, Portuguese prefix", DAN, {"subject": "RES: ENC: Pedido [#{dan_number}]"}, "dan"),
    ("number, Cc person", CARLA, {"subject": "Re: [#{dan_number}]"}, "dan"),
    ("number of somebody else's ticket", DAN, {"subject": "Re: [#{eve_number}]"}, "new ~eve"),
    ("number from a stranger", NEW, {"subject": "Re: [#{dan_number}]"}, "new ~dan"),
    ("number that does not exist", DAN, {"subject": "Re: [#999999999]"}, "new"),
    ("number beyond all bounds", DAN, {"subject": "Re: [#9999999999999999999999]"}, "new"),
    ("number without brackets", DAN, {"subject": "Re: #{dan_number}"}, "new"),
    ("number of another helpdesk's form", DAN, {"subject": "Re: [Ticket#{dan_number}]"}, "new"),
    ("two numbers, one's own counts", DAN, {"subject": "[#{eve_number}] [#{dan_number}]"}, "dan"),
    ("known id wins over the number", DAN,
     {"in_reply_to": "dan1@customer.example", "subject": "Re: [#{eve_number}]"}, "dan"),
]  # fmt: skip
NEVER: list[tuple[str, str, dict[str, Any], str]] = [
    ("same subject, same sender", DAN, {"subject": "Re: Pedido 7"}, "new"),
    ("same subject to the letter", DAN, {"subject": "Pedido 7"}, "new"),
    ("same subject, another sender", EVE, {"subject": "Re: Pedido 7"}, "new"),
    ("reply address without signature", EVE, {"to": "help+{dan_token}@zaguan.example"}, "new"),
    ("reply address with an empty signature", EVE, {"to": "help+{dan_token}.@zaguan.example"}, "new"),
    ("reply address with one letter", EVE, {"to": "help+{dan_token}.a@zaguan.example"}, "new"),
    ("reply address, signature cut by one", EVE, {"to": "help+{dan_token}.{dan_sig:.25}@zaguan.example"}, "new"),
    ("reply address, signature made longer", EVE, {"to": "help+{dan_token}.{dan_sig}a@zaguan.example"}, "new"),
    ("reply address, all the same letters", EVE, {"to": "help+{dan_token}." + "a" * 26 + "@zaguan.example"}, "new"),
    ("reply address, signature of another ticket", EVE, {"to": "help+{dan_token}.{eve_sig}@zaguan.example"}, "new"),
    ("reply address of another installation", EVE, {"to": "{other_reply}"}, "new"),
    ("id of another installation", EVE, {"in_reply_to": "{other_id}"}, "new"),
    ("id of another installation in References", EVE, {"references": ("{other_id}",)}, "new"),
    ("id with the token alone", EVE, {"in_reply_to": "zg.{dan_token}@zaguan.example"}, "new"),
    ("id with a made-up signature", EVE, {"in_reply_to": "zg.{dan_token}.aaaaaaaaaa." + "b" * 26 + "@zaguan.example"}, "new"),
    ("id with the address's signature", EVE, {"in_reply_to": "zg.{dan_token}.aaaaaaaaaa.{dan_sig}@zaguan.example"}, "new"),
    ("id cut short", EVE, {"in_reply_to": "{dan_id:.40}@zaguan.example"}, "new"),
    ("agent's address as sender, forged id", "ana@zaguan.example",
     {"in_reply_to": "zg.{dan_token}.aaaaaaaaaa." + "b" * 26 + "@zaguan.example"}, "new"),
    ("agent's address as sender, known id of a customer", "ana@zaguan.example",
     {"in_reply_to": "dan1@customer.example"}, "new ~dan"),
    ("signed id as one's own Message-ID", EVE, {"external_id": "{dan_id}"}, "new ~dan"),
    ("another mail with the id of a known one", DAN, {"external_id": "dan1@customer.example", "subject": "Nuevo"}, "new ~dan"),
]  # fmt: skip
ROWS = [*SIGNED, *KNOWN, *NUMBERS, *NEVER]


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) >= 60
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("sender", "fields", "goes_to"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_every_mail_finds_its_place(scene: Scene, sender: str, fields: dict[str, Any], goes_to: str) -> None:
    set_status(scene.dans, default_status(Phase.WAITING_CUSTOMER), by=scene.world.ana)
    outcome = scene.take(sender, **fields)
    assert outcome.ticket is not None
    known = {scene.dans.pk: "dan", scene.eves.pk: "eve"}
    suggested = Link.objects.filter(target=outcome.ticket, kind=Link.Kind.SUGGESTED)
    beside = "".join(f" ~{known[link.source_id]}" for link in suggested)
    assert known.get(outcome.ticket.pk, "new") + beside == goes_to
    # What does not belong to a ticket leaves it as it was.
    assert (Ticket.objects.get(pk=scene.dans.pk).phase == Phase.OPEN) is (goes_to == "dan")


def test_forged_ids_change_nothing_and_send_nothing(scene: Scene) -> None:
    before = EventRecord.objects.filter(ticket_id=scene.dans.pk).count()
    for _name, sender, fields, goes_to in NEVER:
        if goes_to == "new":
            scene.take(sender, **fields)
    assert EventRecord.objects.filter(ticket_id=scene.dans.pk).count() == before
    assert not Message.objects.filter(deliveries__isnull=False).exists()


def test_agent_by_mail_needs_a_signed_id_and_dmarc(scene: Scene) -> None:
    inbox, mail = (
        scene.world.inbox,
        a_mail("ana@zaguan.example", in_reply_to=scene.names["dan_id"], text="Ya está"),
    )
    plain = receive(mail, inbox).message
    assert plain
    assert (plain.direction, plain.agent) == ("in", None)
    note = receive(mail, inbox, authenticated=True).message
    assert note
    assert (note.direction, note.visibility, note.agent) == ("note", "internal", scene.world.ana)
    to_customer = a_mail("ana@zaguan.example", in_reply_to=scene.names["dan_id"], cc=DAN)
    sent = receive(to_customer, inbox, authenticated=True).message
    assert sent
    assert (sent.direction, sent.agent, sent.deliveries.count()) == ("out", scene.world.ana, 0)


def test_agent_of_another_team_is_no_agent_of_this_ticket(scene: Scene) -> None:
    mail = a_mail("cleo@zaguan.example", in_reply_to=scene.names["dan_id"])
    message = receive(mail, scene.world.inbox, authenticated=True).message
    assert message
    assert (message.direction, message.agent) == ("in", None)


def test_signed_address_leads_to_the_ticket_from_any_inbox(scene: Scene) -> None:
    sales = Inbox.objects.create(
        kind="email", name="Sales", address="sales@zaguan.example", team=scene.world.sales
    )
    outcome = receive(a_mail(DAN, to="sales@zaguan.example", in_reply_to=scene.names["dan_id"]), sales)
    assert outcome.ticket == scene.dans
    assert outcome.message
    assert outcome.message.thread == scene.dans.threads.get()


def test_a_deleted_thread_leads_nowhere(scene: Scene) -> None:
    Thread.objects.filter(ticket=scene.dans).delete()
    assert scene.take(DAN, to="{dan_reply}").outcome == "opened"


def test_thousand_foreign_tickets_attract_nothing(scene: Scene) -> None:
    """After an import without source ids (bug 1)."""
    foreign = [
        Ticket(subject=f"Import {n}", status=scene.dans.status, **_times(scene.dans)) for n in range(1000)
    ]
    Ticket.objects.bulk_create(foreign)
    for number in range(0, 1000, 50):
        outcome = scene.take(DAN, subject=f"Re: Import {number} [#{foreign[number].pk}]")
        assert outcome.outcome == "opened"
    assert not Message.objects.filter(ticket__subject__startswith="Import").exists()


def _times(ticket: Ticket) -> dict[str, Any]:
    return {"created_at": ticket.created_at, "updated_at": ticket.created_at, "active_at": ticket.created_at}


def test_changed_copy_of_a_mail_joins_its_first_form(scene: Scene) -> None:
    """A list adds a footer: other bytes, same id, same sender, subject and date."""
    first = scene.take(DAN, external_id="list@customer.example", subject="Lista", text="Hola")
    copy = scene.take(DAN, external_id="list@customer.example", subject="Lista", text="Hola\n-- \npie")
    assert (copy.outcome, copy.ticket) == ("joined", first.ticket)


def test_endless_references_are_kept_in_bounds(scene: Scene) -> None:
    outcome = scene.take(DAN, references=tuple(f"r{n}@y" for n in range(5000)))
    assert outcome.message
    assert KnownId.objects.filter(thread=outcome.message.thread).count() <= 71
