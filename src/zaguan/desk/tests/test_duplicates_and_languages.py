"""Merging offered for duplicates; and what a tracker tells its customers, in their languages."""

from __future__ import annotations

from django.test import Client

from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, TicketType
from zaguan.tickets.opening import NewTicket, open_ticket

Kind = Link.Kind
HTMX = {"HX-Request": "true", "HX-Target": "action-dialog"}


def test_a_duplicate_is_offered_to_be_merged(world: World, ana: Client) -> None:
    kept, double = make_ticket(world), make_ticket(world)
    for at, other, kind in ((kept, double, "duplicate-out"), (double, kept, "duplicate-in")):
        form = {"kind": kind, "number": str(other.pk)}
        offered = ana.post(f"/desk/tickets/{at.pk}/links/add/", form, headers=HTMX)
        assert offered.status_code == 200
        assert f"/desk/tickets/{kept.pk}/merge/?ticket={double.pk}" in offered.content.decode()
    assert Link.objects.filter(kind="duplicate", source=kept, target=double).exists()
    for at in (kept, double):
        tab = ana.get(f"/desk/tickets/{at.pk}/?tab=related").content.decode()
        assert f"/desk/tickets/{kept.pk}/merge/?ticket={double.pk}" in tab
    dialog = ana.get(f"/desk/tickets/{kept.pk}/merge/?ticket={double.pk}", headers=HTMX)
    assert f'value="{double.pk}"' in dialog.content.decode()


def test_who_may_not_merge_is_offered_nothing(world: World, ana: Client) -> None:
    world.ana.role.permissions = [p for p in world.ana.role.permissions if p != "tickets.merge"]
    world.ana.role.save()
    at, other = make_ticket(world), make_ticket(world)
    form = {"kind": "duplicate-out", "number": str(other.pk)}
    answer = ana.post(f"/desk/tickets/{at.pk}/links/add/", form, headers=HTMX)
    assert answer.status_code == 204


def test_a_text_in_each_language_of_the_customers(world: World) -> None:
    kind = TicketType.objects.create(name="Caída", category="tracker")
    tracker = open_ticket(NewTicket(subject="Sin red", team=world.support, type=kind), by=world.ana)
    affected = make_ticket(world)
    link(tracker, affected, Kind.TRACKED, by=world.ana)
    world.dan.language = "en"
    world.dan.save(update_fields=["language"])
    bo = Client()
    bo.force_login(world.bo)
    texts = {"text": "Ya anda", "text_en": "It works again"}
    address = bo.post(f"/desk/tickets/{tracker.pk}/inform/", texts)["Location"]
    page = bo.get(address).content.decode()
    assert page.count("It works again") == 3, "in the form, and in the customer's line"
    bo.post(address, {"text": "Ya anda", "text_en": ""})
    page = bo.get(address).content.decode()
    assert "It works again" not in page
    assert page.count("Ya anda") == 3
