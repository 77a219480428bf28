"""Macros, canned messages and bulk changes on the desk's pages, with script and without."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zaguan.automation import runs
from zaguan.automation.defaults import fill
from zaguan.automation.macros import save_macro
from zaguan.automation.models import Macro, Run
from zaguan.conversations.canned import save_canned
from zaguan.conversations.drafting import draft_of
from zaguan.conversations.models import Canned
from zaguan.people.models import Agent
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket

SignIn = Callable[[Agent], Client]
HX = {"HX-Request": "true"}
STAR = [{"action": "set_important", "values": {"important": True}}]


@pytest.fixture(autouse=True)
def _shipped(world: World) -> None:
    if not Macro.objects.exists():
        fill(apps, None)


def test_apply_with_preview_and_undo(world: World, signed_in: SignIn) -> None:
    browser, ticket = signed_in(world.ana), make_ticket(world)
    macro = Macro.objects.get(name="Asignármelo e iniciar")
    base = f"/desk/tickets/{ticket.pk}/macros/"
    shown = browser.get(base).content.decode()
    assert "Assign to me and start" in shown
    preview = browser.get(f"{base}preview/?macro={macro.pk}", headers=HX).content.decode()
    assert "Nobody" in preview
    assert "<strong>Ana</strong>" in preview
    answer = browser.post(base, {"macro": macro.pk}, headers={**HX, "HX-Target": "action-dialog"})
    toast = json.loads(answer["HX-Trigger"])["toast"]
    assert Ticket.objects.get(pk=ticket.pk).assignee == world.ana
    browser.post(toast["undo"], headers=HX)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.assignee, fresh.phase) == (None, Phase.NEW)


def test_what_the_role_does_not_allow_is_refused(world: World, signed_in: SignIn) -> None:
    ticket, macro = make_ticket(world), Macro.objects.get(name="Asignármelo e iniciar")
    browser = signed_in(world.rita)
    assert "does not allow" in browser.get(f"/desk/tickets/{ticket.pk}/macros/").content.decode()
    answer = browser.post(f"/desk/tickets/{ticket.pk}/macros/", {"macro": macro.pk})
    assert answer.status_code == 403


def test_favourites_are_marked_in_the_list(world: World, signed_in: SignIn) -> None:
    browser, ticket = signed_in(world.ana), make_ticket(world)
    macro = Macro.objects.get(name="Pasar a desarrollo")
    base = f"/desk/tickets/{ticket.pk}/macros/"
    page = browser.post(base, {"favourite": f"{macro.pk}:1"}).content.decode()
    assert page.index("Hand to development") < page.index("Assign to me and start")


def test_a_refusal_stays_in_the_dialog(world: World, signed_in: SignIn) -> None:
    ticket, macro = make_ticket(world), Macro.objects.get(name="Pasar a desarrollo")
    answer = signed_in(world.ana).post(f"/desk/tickets/{ticket.pk}/macros/", {"macro": macro.pk})
    assert answer.status_code == 422
    assert "No team is chosen yet" in answer.content.decode()


def test_a_macro_is_made_step_by_step(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.ana)
    typed = {"name": "Empezar", "query": "is:open", "shared": ""}
    page = browser.post("/desk/settings/macros/new/", typed | {"do": "add", "add": "set_important"})
    assert 'value="Empezar"' in page.content.decode()
    first = {"step-0-key": "set_important", "step-0-important": "on"}
    browser.post("/desk/settings/macros/new/", typed | first | {"do": "add", "add": "add_tags"})
    second = {"step-1-key": "add_tags", "step-1-tags": "uno, dos"}
    moved = browser.post("/desk/settings/macros/new/", typed | first | second | {"do": "up:1"})
    assert 'name="step-0-tags"' in moved.content.decode()
    wrong = browser.post("/desk/settings/macros/new/", typed | first | second | {"step-1-tags": ""})
    assert not Macro.objects.filter(name="Empezar").exists()
    assert 'value="Empezar"' in wrong.content.decode()
    browser.post("/desk/settings/macros/new/", typed | first | second)
    made = Macro.objects.get(name="Empezar")
    assert [step["action"] for step in made.steps] == ["set_important", "add_tags"]
    assert made.steps[1]["values"] == {"tags": ["uno", "dos"]}
    listed = browser.get("/desk/settings/macros/?q=empez").content.decode()
    assert "Mark as important, Add the tags uno, dos" in listed
    browser.post(f"/desk/settings/macros/{made.pk}/move/", {"do": "off"})
    assert Macro.objects.get(pk=made.pk).archived_at
    browser.post(f"/desk/settings/macros/{made.pk}/", {"do": "delete"})
    assert not Macro.objects.filter(pk=made.pk).exists()


def test_the_form_of_a_stored_macro_holds_its_values(world: World, signed_in: SignIn) -> None:
    made = save_macro(world.ana, None, name="X", steps=STAR, by=world.ana)
    page = signed_in(world.ana).get(f"/desk/settings/macros/{made.pk}/").content.decode()
    assert 'name="step-0-important"' in page
    assert "checked" in page[page.index('name="step-0-important"') :][:200]


def test_a_canned_message_with_a_file_is_put_into_the_text(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.bo)
    file = SimpleUploadedFile("tarifas.txt", b"uno", "text/plain")
    typed = {
        "name": "Tarifas", "shortcut": "tarifas", "folder": "Ventas", "shared": "all",
        "text": "Hola {{requester.first_name|}}:\n\nvea {{organisation.name}}", "text_en": "Hi", "files": file,
    }  # fmt: skip
    browser.post("/desk/settings/canned/new/", typed)
    made = Canned.objects.get(name="Tarifas")
    assert (made.texts, made.owner, made.files.count()) == ({"en": "Hi"}, None, 1)
    assert "Ventas" in browser.get("/desk/settings/canned/?q=tarif").content.decode()
    ticket, _question = make_question(world)
    ana = signed_in(world.ana)
    base = f"/desk/tickets/{ticket.pk}/canned/"
    found = ana.get(f"{base}?q=tar", headers={"Accept": "application/json"}).json()
    assert [(each["label"], each["sub"]) for each in found] == [("Tarifas", "/tarifas · Ventas")]
    world.dan.language = "es"
    world.dan.save(update_fields=["language"])
    put = ana.post(f"{base}{made.pk}/", {"kind": "reply"}, headers=HX).json()
    assert put["html"] == "<p>Hola Dan:</p><p>vea {{organisation.name}}</p>"
    assert "organisation.name" in put["missing"]
    sent = ana.post(
        f"/desk/tickets/{ticket.pk}/reply/",
        {"reply_html": put["html"], "reply_file": put["files"][0]["id"]},
        headers=HX,
    )
    assert sent.status_code == 422
    assert "{{organisation.name}}" in sent.json()["title"]
    html = put["html"].replace("{{organisation.name}}", "ACME")
    sent = ana.post(
        f"/desk/tickets/{ticket.pk}/reply/",
        {"reply_html": html, "reply_file": put["files"][0]["id"]},
        headers=HX,
    )
    assert sent.status_code == 200
    assert Canned.objects.get(pk=made.pk).files.count() == 1


def test_without_script_it_goes_to_the_end_of_the_draft(world: World, signed_in: SignIn) -> None:
    made = save_canned(world.ana, None, name="Saludo", text="Hola", by=world.ana)
    browser, ticket = signed_in(world.ana), make_ticket(world)
    assert "Saludo" in browser.get(f"/desk/tickets/{ticket.pk}/canned/").content.decode()
    browser.post(f"/desk/tickets/{ticket.pk}/canned/{made.pk}/", {"kind": "note"})
    draft = draft_of(world.ana, ticket, "note")
    assert draft is not None
    assert draft.html == "<p>Hola</p>"


def test_chosen_tickets_are_changed_and_taken_back(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.ana)
    numbers = [make_ticket(world).pk for _each in range(3)]
    Ticket.objects.filter(pk=numbers[2]).update(phase="closed")
    answer = browser.post("/desk/bulk/", {"do": "important:1", "ticket": numbers}, headers=HX)
    toast = json.loads(answer["HX-Trigger"])["toast"]
    assert toast["text"].startswith("2 tickets changed.")
    assert f"#{numbers[2]}" in toast["text"]
    browser.post(toast["undo"], headers=HX)
    assert not Ticket.objects.filter(is_important=True).exists()


def test_all_of_a_list_goes_on_in_the_background(
    world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 0)
    browser = signed_in(world.ana)
    for _each in range(3):
        make_ticket(world)
    asked = {"view": "open", "q": "team:support"}
    assert browser.get("/desk/bulk/count/", asked).json()["count"] == 3
    answer = browser.post("/desk/bulk/", {"do": "important:1", "whole": "1", **asked}, headers=HX)
    number = json.loads(answer["HX-Trigger"])["zaguan:run"]["id"]
    page = browser.get(f"/desk/runs/{number}/?part=bar").content.decode()
    assert "0 of 3" in page
    runs.work_run(number)
    page = browser.get(f"/desk/runs/{number}/").content.decode()
    assert "3 changed" in page
    assert "data-ended" in browser.get(f"/desk/runs/{number}/?part=bar").content.decode()


def test_any_action_or_macro_for_the_chosen_ones(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.ana)
    numbers = [make_ticket(world).pk for _each in range(2)]
    there = browser.post("/desk/bulk/more/", {"ticket": numbers}).headers["Location"]
    page = browser.get(there).content.decode()
    assert "What to do with 2 tickets?" in page
    assert "Assign to me and start" in page
    refused = browser.post(there, {"do": "add_tags", "add_tags-tags": ""})
    assert refused.status_code == 422
    browser.post(there, {"do": "add_tags", "add_tags-tags": "uno"})
    assert Ticket.objects.filter(tags__name="uno").count() == 2
    assert Run.objects.get().done == 2
    assert "2 changed" in browser.get(there).content.decode()
    again = browser.post("/desk/bulk/more/", {"ticket": numbers}, headers=HX)["HX-Redirect"]
    macro = Macro.objects.get(name="Asignármelo e iniciar")
    browser.post(again, {"do": f"macro:{macro.pk}"})
    assert Ticket.objects.filter(assignee=world.ana).count() == 2


def test_nobody_sees_the_runs_of_others(world: World, signed_in: SignIn) -> None:
    there = (
        signed_in(world.ana).post("/desk/bulk/more/", {"ticket": make_ticket(world).pk}).headers["Location"]
    )
    assert signed_in(world.bo).get(there).status_code == 404


def test_the_palette_gets_the_macros_that_one_may_apply_here(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    address = f"/desk/tickets/{ticket.pk}/macros/commands/"
    items = signed_in(world.ana).get(address).json()["items"]
    macro = Macro.objects.get(name="Asignármelo e iniciar")
    assert {"Assign to me and start"} <= {item["label"] for item in items}
    assert f"/desk/tickets/{ticket.pk}/macros/?macro={macro.pk}" in {item["href"] for item in items}
    assert signed_in(world.rita).get(address).json()["items"] == []


def test_the_menu_of_a_ticket_stands_in_groups_with_headings(world: World, signed_in: SignIn) -> None:
    page = signed_in(world.ana).get(f"/desk/tickets/{make_ticket(world).pk}/").content.decode()
    menu = page.split('id="ticket-menu"', 1)[1].split('id="message-menu"', 1)[0]
    for heading in ("Show", "This ticket", "Work on it", "Plan and log", "Connect"):
        assert f'role="group" aria-label="{heading}"' in menu
    # Without script there is no field that does nothing.
    assert "data-menu-filter hidden" in menu


def test_macros_are_put_into_another_order_by_dragging(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.bo)
    before = list(Macro.objects.visible_to(world.bo).values_list("pk", flat=True))
    page = browser.get("/desk/settings/macros/").content.decode()
    assert 'data-sortable="/desk/settings/macros/order/"' in page
    assert page.count("data-grip") == len(before)
    wanted = list(reversed(before))
    browser.post("/desk/settings/macros/order/", {"order": ",".join(map(str, wanted))}, headers=HX)
    assert list(Macro.objects.visible_to(world.bo).values_list("pk", flat=True)) == wanted


def test_only_ones_own_macros_change_their_place(world: World, signed_in: SignIn) -> None:
    own = save_macro(world.ana, None, name="Mía", steps=STAR, by=world.ana)
    shared = list(Macro.objects.filter(owner=None).values_list("pk", "position"))
    page = signed_in(world.ana).get("/desk/settings/macros/").content.decode()
    assert page.count("data-grip") == 1
    order = ",".join(str(pk) for pk in (own.pk, *(pk for pk, _place in reversed(shared))))
    signed_in(world.ana).post("/desk/settings/macros/order/", {"order": order}, headers=HX)
    assert list(Macro.objects.filter(owner=None).values_list("pk", "position")) == shared
