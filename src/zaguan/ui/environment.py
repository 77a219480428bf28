"""What the shared look adds to every template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from zaguan.ui.avatars import hue, initials
from zaguan.ui.times import calendar_day, clock_time, day_name, short_time, span


def assigned_to(name: str) -> str:
    """The name of a small face, for those who do not see it."""
    return _("Assigned to %(name)s") % {"name": name}


GLOBALS: Mapping[str, Callable[..., Any]] = {
    "hue": hue,
    "initials": initials,
    "span": span,
    "messages_of": get_messages,
}
# As filters too: Jinja calls a filter directly, which a list of fifty rows notices.
FILTERS: Mapping[str, Callable[..., Any]] = {
    # Jinja has one of its own, which knows neither languages nor their decimal comma.
    "filesizeformat": filesizeformat,
    "hue": hue,
    "initials": initials,
    "span": span,
    "assigned_to": assigned_to,
    "short_time": short_time,
    "clock_time": clock_time,
    "calendar_day": calendar_day,
    "day_name": day_name,
}
