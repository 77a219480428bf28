"""The form of a new ticket: kept as a template, planned for later with its dates shown, opened by the clock."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.acting import ask
from zaguan.testing.installation import Installation

NOW = """
from django.utils import timezone
from zaguan.tickets.models import Schedule
print(Schedule.objects.filter(subject="Revisar el pozo").update(next_at=timezone.now()))
"""


def test_a_template_begins_a_ticket_that_opens_by_itself(lucia: Page, house: Installation) -> None:
    lucia.goto(f"{house.url}/desk/tickets/new/")
    lucia.locator("[name=visibility][value=internal]").check()
    lucia.locator("#new-subject").fill("Revisar el pozo")
    lucia.locator("details:has([name=template_name]) > summary").click()
    lucia.locator("[name=template_name]").fill("Pozo")
    lucia.locator("[name=do][value=template]").click()
    lucia.wait_for_url("**/desk/settings/templates/")

    lucia.locator(".item:has(input[value='Pozo']) a[href*='template=']").click()
    expect(lucia.locator("#new-subject")).to_have_value("Revisar el pozo")
    lucia.evaluate(
        "const s = document.querySelector('#new-team'); s.value = s.options[1].value; s.dispatchEvent(new Event('change'))"
    )
    lucia.locator("details:has([name=opens_at]) > summary").click()
    lucia.locator("[name=opens_at]").fill("2099-03-02T09:00")
    lucia.locator("[name=repeat]").select_option("weekly")
    expect(lucia.locator("#new-dates li")).to_have_count(5)
    lucia.locator("[data-send=new]").click()
    lucia.wait_for_url("**/desk/scheduled/")
    item = lucia.locator(".item", has_text="Revisar el pozo").first
    expect(item).to_be_visible()

    assert ask(house, NOW) == "1"
    lucia.goto(f"{house.url}/desk/views/all/?order=created")
    expect(lucia.locator(".ticket-row", has_text="Revisar el pozo").first).to_be_visible()
