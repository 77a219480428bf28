"""A desk whose agents are told by mail."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from zaguan.notifications.preferring import choose
from zaguan.testing.sink import Sink
from zaguan.testing.world import World, make_world


@pytest.fixture
def told_by_mail(settings: LazySettings, sink: Sink) -> World:
    """Mail goes to the sink; Ana wants it for what rules tell."""
    settings.MAIL_URL = f"smtp://127.0.0.1:{sink.port}?security=none"
    made = make_world()
    choose(made.ana, {("rule", "mail"): True}, by=made.ana)
    return made
