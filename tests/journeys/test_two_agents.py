"""Two agents at one ticket: each sees the other, nothing overwrites anything, nothing typed is lost."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, Response, expect

from tests.journeys.acting import (
    ask,
    expect_phase,
    mail,
    open_ticket,
    send,
    ticket_from_mail,
    write,
)
from zaguan.testing.installation import Installation


def test_they_see_each_other_look_and_type(lucia: Page, diego: Page, house: Installation) -> None:
    number = ticket_from_mail(lucia, house, "Dos a la vez")
    open_ticket(lucia, house, number)
    open_ticket(diego, house, number)
    watchers = lucia.locator("#ticket-watchers")
    expect(watchers.get_by_role("img", name="Diego Salvatierra")).to_be_visible()
    expect(diego.locator("#ticket-watchers").get_by_role("img", name="Lucía Ferrer")).to_be_visible()

    diego.keyboard.press("r")
    write(diego, "Ya lo miro")
    expect(watchers.locator(".typing")).to_be_visible()

    diego.goto(f"{house.url}/desk/views/mine/")
    expect(watchers.get_by_role("img")).to_have_count(0)


def test_a_newer_mail_stops_the_answer_and_keeps_the_words(lucia: Page, house: Installation) -> None:
    number = ticket_from_mail(lucia, house, "Cambié de idea")
    open_ticket(lucia, house, number)
    lucia.keyboard.press("r")
    write(lucia, "Le envío dos cajas.")
    # The stream is cut, so that the page does not know what the server knows.
    lucia.route("**/*part=live*", lambda route: route.abort())
    send(house, mail(f"Re: Cambié de idea [#{number}]", "Mejor tres cajas."))
    for _again in range(100):
        said = ask(
            house,
            f"from zaguan.conversations.models import Message as M; print(M.objects.filter(ticket={number}).count())",
        )
        if said == "2":
            break
        time.sleep(0.2)
    lucia.keyboard.press("Control+Enter")
    notice = lucia.locator("#composer [data-notice] .banner")
    expect(notice).to_contain_text("Mejor tres cajas.")
    expect(lucia.locator("#composer [contenteditable=true]:visible")).to_have_text("Le envío dos cajas.")

    notice.locator("button").first.click()
    expect(lucia.locator("#toasts .toast__undo")).to_be_visible()


def _keeps(words: str) -> Callable[[Response], bool]:
    """Finds the answer to the call that keeps these words as a draft."""
    return lambda answer: "/draft/" in answer.url and words in (answer.request.post_data or "")


def test_drafts_of_answer_and_note_survive_a_reload(lucia: Page, house: Installation) -> None:
    number = ticket_from_mail(lucia, house, "Borradores")
    open_ticket(lucia, house, number)
    lucia.keyboard.press("r")
    write(lucia, "Una respuesta a medias")
    lucia.keyboard.press("Escape")
    lucia.keyboard.press("n")
    with lucia.expect_response(_keeps("nota+a+medias")):
        write(lucia, "Una nota a medias")
    expect(lucia.locator("[data-draft-state]")).not_to_be_empty()
    lucia.reload()
    editors = lucia.locator("#composer [contenteditable=true]")
    expect(editors).to_have_count(2)
    expect(editors.nth(0)).to_have_text("Una respuesta a medias")
    expect(editors.nth(1)).to_have_text("Una nota a medias")
    lucia.goto(f"{house.url}/desk/views/all/?q=Borradores&order=created")
    expect(lucia.locator(f'[data-list] .ticket-row[data-ticket="{number}"] .late')).to_be_visible()


def test_undo_brings_the_words_back(lucia: Page, house: Installation) -> None:
    number = ticket_from_mail(lucia, house, "Me arrepentí")
    open_ticket(lucia, house, number)
    lucia.keyboard.press("r")
    write(lucia, "Con errores")
    lucia.keyboard.press("Control+Enter")
    lucia.locator("#toasts .toast__undo").click()
    expect(lucia.locator("#composer [contenteditable=true]:visible")).to_have_text("Con errores")
    expect(lucia.locator("#thread .message--agent")).to_have_count(0)
    expect_phase(lucia, "new")


def test_leaving_for_another_ticket_at_once_keeps_what_was_typed(lucia: Page, house: Installation) -> None:
    first = ticket_from_mail(lucia, house, "De uno")
    second = ticket_from_mail(lucia, house, "A otro")
    lucia.goto(f"{house.url}/desk/views/all/?order=created")
    lucia.locator(f'[data-list] .ticket-row[data-ticket="{first}"] .ticket-row__subject').click()
    expect(lucia.locator("[data-ticket-page]")).to_have_attribute("data-ticket", str(first))
    lucia.locator("#composer textarea:visible").click()
    write(lucia, "Sin guardar")
    lucia.locator(f'[data-list] .ticket-row[data-ticket="{second}"] .ticket-row__subject').click()
    expect(lucia.locator("[data-ticket-page]")).to_have_attribute("data-ticket", str(second))
    lucia.go_back()
    expect(lucia.locator("[data-ticket-page]")).to_have_attribute("data-ticket", str(first))
    expect(lucia.locator("#composer [contenteditable=true]:visible")).to_have_text("Sin guardar")
