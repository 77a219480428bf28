"""An agent is told: the bell counts while they look elsewhere, a push is shown, and without a network the desk says so."""

from __future__ import annotations

import json

from playwright.sync_api import Browser, Page, expect

from tests.journeys.acting import ADMIN, PATIENCE, another_agent, ask, ticket_from_mail
from zaguan.testing.installation import Installation
from zaguan.testing.processes import wait_until

TELL = (
    "from zaguan.people.models import Agent; from zaguan.notifications.sending import notify;"
    "print(len(notify([Agent.objects.get(email='{email}')], kind='mention', ticket_id={number}, text='{text}')))"
)


def test_an_agent_is_told(house: Installation, browser: Browser) -> None:
    with another_agent(browser, house, ADMIN, permissions=["notifications"]) as page:
        number = ticket_from_mail(page, house, "Campana nueva")
        page.goto(f"{house.url}/desk/notifications/")
        expect(page.locator("html")).to_have_attribute("data-live", "on")
        assert ask(house, TELL.format(email=ADMIN, number=number, text="Mira la campana")) == "1"
        line = page.locator(".news--new", has_text="Mira la campana")
        expect(line).to_be_visible()
        expect(page.locator("[data-bell] .rail__badge")).to_be_visible()

        page.goto(f"{house.url}/desk/views/all/")
        page.locator("[data-bell]").click()
        page.locator("#bell-panel .news", has_text="Mira la campana").click()
        page.wait_for_url(f"**/desk/tickets/{number}/**")
        page.goto(f"{house.url}/desk/notifications/")
        expect(page.locator(".news", has_text="Mira la campana")).to_be_visible()
        expect(line).to_have_count(0)

        _push_is_shown(page, house)
        page.context.set_offline(True)
        page.goto(f"{house.url}/desk/notifications/")
        expect(page.locator("h1.signin__title")).to_be_visible()
        page.context.set_offline(False)
        page.locator("a.button--primary").click()
        expect(page.locator("[data-bell]")).to_be_visible()


def _push_is_shown(page: Page, house: Installation) -> None:
    """The service worker shows what a push service hands over; here the browser itself plays that part."""
    page.goto(f"{house.url}/desk/profile/notifications/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    browser_tools = page.context.new_cdp_session(page)
    registrations: list[str] = []
    browser_tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(each["registrationId"] for each in event["registrations"]),
    )
    browser_tools.send("ServiceWorker.enable")
    # What the tools tell is heard only while something is asked of the page.
    wait_until(
        lambda: bool(page.evaluate("1")) and bool(registrations), "the service worker", PATIENCE / 1000
    )
    message = {
        "title": "Zaguán",
        "body": "Hay algo nuevo",
        "url": f"{house.url}/desk/notifications/",
        "tag": "t1",
    }
    browser_tools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": house.url, "registrationId": registrations[0], "data": json.dumps(message)},
    )
    page.wait_for_function(
        "navigator.serviceWorker.getRegistration('/desk/')"
        ".then(r => r.getNotifications()).then(all => all.some(each => each.body === 'Hay algo nuevo'))"
    )
