"""Thirty cuts of the line while mails arrive: afterwards the page shows what the database has, once each."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.acting import ask, mail, open_ticket, send, sign_in, ticket_from_mail
from zaguan.testing.installation import Installation

CUTS = 30


def test_thirty_cuts_lose_and_double_nothing(house: Installation, page: Page) -> None:
    sign_in(page, house)
    number = ticket_from_mail(page, house, "Línea inestable")
    open_ticket(page, house, number)
    for turn in range(CUTS):
        page.context.set_offline(turn % 2 == 0)
        if turn % 3 == 0:
            send(house, mail(f"Re: Línea inestable [#{number}]", f"Parte {turn}"))
        page.wait_for_timeout(60)
    page.context.set_offline(False)
    kept = ask(
        house,
        "from zaguan.conversations.models import Message as M;"
        f"print(*M.objects.filter(ticket={number}).order_by('id').values_list('pk', flat=True))",
    )
    # The browser waits before it tries again; it must come back by itself.
    expect(page.locator("#thread [data-message]")).to_have_count(len(kept.split()))
    shown = page.eval_on_selector_all(
        "#thread [data-message]", "all => all.map(each => each.dataset.message)"
    )
    assert sorted(map(int, shown)) == sorted(map(int, kept.split()))
    assert len(kept.split()) == 1 + CUTS // 3
