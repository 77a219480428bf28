"""The demo desk shows what the workbench can do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zaguan.automation.models import Macro
from zaguan.conversations.models import Canned, LibraryItem, Message
from zaguan.events.models import EventRecord, Job
from zaguan.ops.demo import loading
from zaguan.people.models import OrganisationSheet
from zaguan.sla.models import Policy
from zaguan.testing.lists import fill_lists
from zaguan.tickets import activities, promising
from zaguan.tickets.hour_banks import balances
from zaguan.tickets.models import (
    Activity,
    Follower,
    HourBank,
    Link,
    Merge,
    Party,
    ProductItem,
    Schedule,
    Template,
    Ticket,
    TicketType,
    TimeEntry,
)


@pytest.fixture
def demo(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With fewer conversations than people get to see."""
    monkeypatch.setattr(loading, "TICKETS", 20)
    fill_lists()
    assert loading.load_demo(lambda _line: None)


@pytest.mark.usefixtures("demo")
def test_the_demo_shows_the_workbench() -> None:
    now = timezone.now()
    assert {t.category for t in TicketType.objects.all()} == {"customer", "back_office", "tracker"}
    kinds = set(Link.objects.values_list("kind", flat=True))
    assert {"child", "tracked", "back_office"} <= kinds
    assert Merge.objects.count() == 1
    promised = Ticket.objects.exclude(promised_at=None)
    assert promised.filter(promise_kept=True).exists()
    assert promised.filter(promise_kept=None, promised_at__gt=now).exists()
    assert promised.filter(promise_kept=None, promised_at__lt=now).exists()
    assert {"normal", "overtime"} <= set(TimeEntry.objects.values_list("kind", flat=True))
    assert any(balance.used > 0 for balance in balances(list(HourBank.objects.all())))
    assert Activity.objects.filter(ticket=None).count() == 2
    assert Activity.objects.exclude(done_at=None).exists()
    for model in (Party, Follower, ProductItem, Schedule, Template, LibraryItem, OrganisationSheet):
        assert model._default_manager.exists(), model
    assert Macro.objects.count() == 5
    assert Canned.objects.exclude(texts={}).count() >= 4


@pytest.mark.usefixtures("demo")
def test_nothing_of_the_demo_lies_ahead_or_reminds_of_what_is_past() -> None:
    now = timezone.now()
    assert not Ticket.objects.filter(active_at__gt=now).exists()
    assert not Message.objects.filter(created_at__gt=now).exists()
    late = Job.objects.filter(task__in=(activities.REMIND, promising.REMIND), run_at__lte=now)
    assert not late.exists()


@pytest.mark.usefixtures("demo")
def test_the_demo_keeps_some_promises_and_breaks_others() -> None:
    states = set(Ticket.objects.values_list("sla_state", flat=True))
    assert {"ontrack", "risk", "breached", "met"} <= states
    assert Policy.objects.filter(is_active=True).count() == 2
    late = EventRecord.objects.filter(kind="sla.TargetMissed", at__lt=timezone.now() - timedelta(days=1))
    assert late.exists()
