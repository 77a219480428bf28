"""What happens by the clock, when the clock itself is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zaguan.events import turns
from zaguan.events.models import Turn

pytestmark = pytest.mark.django_db
ME, HOUR, LEASE = "machine/1/100", timedelta(hours=1), timedelta(seconds=1)


def test_a_turn_comes_once_in_its_time() -> None:
    assert turns.take("sweep", ME, every=HOUR, lease=LEASE)
    Turn.objects.update(leased_until=None)
    assert not turns.take("sweep", ME, every=HOUR, lease=LEASE)


def test_a_clock_that_was_set_back_delays_nothing() -> None:
    Turn.objects.create(name="sweep", due_at=timezone.now() + timedelta(days=400))
    assert turns.take("sweep", ME, every=HOUR, lease=LEASE)
    assert Turn.objects.get().due_at < timezone.now() + HOUR
