"""Old rows go a part at a time, and all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zaguan.automation import undoing
from zaguan.automation.models import RuleRun, Run, RunTicket, WebhookCall
from zaguan.automation.rule_log import forget_old as forget_runs
from zaguan.automation.tests.rule_makers import make_rule
from zaguan.lib import forgetting
from zaguan.notifications.models import Notification
from zaguan.notifications.reading import forget_old as forget_notifications
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World

LONG_AGO = timedelta(days=400)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 3)
    monkeypatch.setattr(forgetting, "PAUSE", 0)


def test_all_that_is_old_goes_however_much_there_is(world: World) -> None:
    """Else a busy desk writes more in a day than one part holds."""
    ticket, now = make_ticket(world), timezone.now()
    rule = make_rule(
        world, when=[{"trigger": "note_written"}], steps=[{"action": "add_tags", "values": {"tags": ["x"]}}]
    )
    for number in range(7):
        at = now - LONG_AGO
        RuleRun.objects.create(rule=rule, version=1, ticket=ticket, root_id=number, at=at)
        WebhookCall.objects.create(ticket=ticket, url="https://a.example/", body="{}")
        Notification.objects.create(
            agent=world.ana, kind="rule", ticket=ticket, event_id=number, created_at=at
        )
    WebhookCall.objects.update(created_at=now - LONG_AGO)
    RuleRun.objects.create(rule=rule, version=1, ticket=ticket, root_id=99, at=now)
    Notification.objects.create(agent=world.ana, kind="rule", ticket=ticket, event_id=99, created_at=now)
    assert (forget_runs(), forget_notifications()) == (14, 7)
    assert (RuleRun.objects.count(), Notification.objects.count()) == (1, 1)


def test_it_ends_in_time_and_goes_on_the_next_day(world: World) -> None:
    ticket = make_ticket(world)
    for number in range(7):
        Notification.objects.create(
            agent=world.ana, kind="rule", ticket=ticket, event_id=number, created_at=timezone.now() - LONG_AGO
        )
    assert forgetting.forget(Notification.objects.order_by("created_at"), seconds=0) == 3


def test_what_macros_did_long_ago_is_forgotten_all_of_it(world: World) -> None:
    """Each use of a macro is a run: a busy desk has more of them a day than one part."""
    ticket = make_ticket(world)
    for _number in range(7):
        run = Run.objects.create(agent=world.ana, title="Macro", steps=[], total=1)
        RunTicket.objects.create(run=run, ticket_id=ticket.pk)
    Run.objects.update(created_at=timezone.now() - LONG_AGO)
    assert undoing.forget_old_runs() == 7
    assert not RunTicket.objects.exists()
