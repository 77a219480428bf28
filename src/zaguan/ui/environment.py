"""What the shared look adds to every template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.messages import get_messages

from zaguan.ui.avatars import hue, initials
from zaguan.ui.times import clock_time, day_name, short_time, span

GLOBALS: Mapping[str, Callable[..., Any]] = {"hue": hue, "initials": initials, "span": span, "messages_of": get_messages}
FILTERS: Mapping[str, Callable[..., Any]] = {
    "short_time": short_time,
    "clock_time": clock_time,
    "day_name": day_name,
}
