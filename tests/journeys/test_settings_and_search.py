"""An administrator sets the house up; an agent finds things and opens tickets by hand."""

from __future__ import annotations

import re
import socket
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from zaguan.testing.installation import Installation
from zaguan.testing.processes import free_port


def _save(page: Page) -> None:
    with page.expect_event("domcontentloaded"):
        page.locator(".form__actions button[type=submit]").first.click()


def test_team_agent_role_status_and_view_are_made(lucia: Page, house: Installation) -> None:
    mark = uuid4().hex[:6]
    lucia.goto(f"{house.url}/desk/settings/teams/new/")
    lucia.fill("[name=name]", f"Garantías {mark}")
    _save(lucia)
    lucia.goto(f"{house.url}/desk/settings/roles/new/")
    lucia.fill("[name=name]", f"Prácticas {mark}")
    lucia.locator("[name=permissions]").first.check()
    _save(lucia)
    lucia.goto(f"{house.url}/desk/settings/agents/new/")
    lucia.fill("[name=name]", "Nadia Ossa")
    lucia.fill("[name=email]", f"nadia.{mark}@patio.example")
    lucia.select_option("[name=role]", label=f"Prácticas {mark}")
    lucia.get_by_label(f"Garantías {mark}").check()
    lucia.fill("[name=password]", "una-clave-larga-y-rara")
    _save(lucia)
    expect(lucia.locator(".card--list")).to_contain_text(f"nadia.{mark}@patio.example")
    lucia.goto(f"{house.url}/desk/settings/statuses/new/")
    lucia.fill("[name=name]", f"En taller {mark}")
    _save(lucia)
    expect(lucia.locator(".card--list")).to_contain_text(f"En taller {mark}")

    lucia.goto(f"{house.url}/desk/views/all/?q=etiqueta:factura")
    lucia.locator("[data-save-view]").click()
    expect(lucia.locator("[name=query]")).to_have_value("etiqueta:factura")
    lucia.fill("[name=name]", f"Solo facturas {mark}")
    _save(lucia)
    lucia.goto(f"{house.url}/desk/")
    lucia.locator("#views").get_by_text(f"Solo facturas {mark}").click()
    expect(lucia.locator("#list .pane__title")).to_have_text(f"Solo facturas {mark}")
    expect(lucia.locator(".ticket-row").first).to_contain_text("factura")


def test_a_wrong_port_is_explained(lucia: Page, house: Installation) -> None:
    lucia.goto(f"{house.url}/desk/settings/inboxes/new/")
    lucia.fill("[name=name]", "Prueba")
    lucia.fill("[name=address]", f"prueba.{uuid4().hex[:6]}@patio.example")
    lucia.select_option("[name=team]", index=1)
    closed = str(free_port())
    for side in ("imap", "smtp"):
        lucia.fill(f"[name={side}_host]", socket.gethostbyname("localhost"))
        lucia.fill(f"[name={side}_port]", closed)
        lucia.select_option(f"[name={side}_security]", "none")
        lucia.fill(f"[name={side}_user]", "prueba")
    lucia.fill("[name=imap_password]", "x")
    lucia.locator("button[name=do][value=test]").click()
    expect(lucia.locator("section[role=status]")).to_contain_text(closed)


def test_search_understands_operators_and_ignores_accents(lucia: Page, house: Installation) -> None:
    lucia.goto(f"{house.url}/desk/")
    lucia.keyboard.press("/")
    lucia.wait_for_url("**/search/")
    lucia.fill("[name=q]", "devolucion")
    lucia.keyboard.press("Enter")
    expect(lucia.locator(".search-hit").first).to_be_visible()
    everything = lucia.locator(".search-hit").count()
    lucia.fill("[name=q]", "devolucion estado:cerrado")
    lucia.keyboard.press("Enter")
    lucia.wait_for_url("**estado**")
    assert 0 < lucia.locator(".search-hit").count() <= everything
    lucia.fill("[name=q]", "190")
    lucia.keyboard.press("Enter")
    lucia.wait_for_url("**/tickets/190/")


@pytest.mark.parametrize("channel", ["internal", "phone", "email"])
def test_a_ticket_is_opened_by_hand(lucia: Page, house: Installation, channel: str) -> None:
    subject = f"A mano {channel} {uuid4().hex[:6]}"
    lucia.goto(f"{house.url}/desk/tickets/new/")
    # What the one before left as a draft.
    lucia.locator("button[form=forget]").click()
    visibility = "internal" if channel == "internal" else "public"
    lucia.locator(f"[name=visibility][value={visibility}]").check()
    if channel != "internal":
        lucia.locator(f"label:has([name=channel][value={channel}])").click()
        lucia.fill("#new-requester", f"nuevo.{uuid4().hex[:6]}@cliente.example")
        lucia.keyboard.press("Enter")
    lucia.fill("[name=subject]", subject)
    if channel == "phone":
        lucia.fill("[name=caller]", "+57 601 555 0101")
    lucia.locator("#new-team-button").click()
    lucia.get_by_role("listbox", name="Equipo").get_by_role("option", name="Facturación").click()
    lucia.locator(".composer__area:visible").click()
    expect(lucia.locator("[contenteditable=true]:visible")).to_be_focused()
    lucia.keyboard.type("Primeras palabras")
    lucia.locator("[data-send=new]").click()
    lucia.wait_for_url(re.compile(r"/tickets/\d+/"))
    expect(lucia.locator("#ticket-subject")).to_have_value(subject)
    expect(lucia.locator("#thread")).to_contain_text("Primeras palabras")
