"""How the addresses of calendars are called, and what they are about."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.walk.entries import Entry, button, form, page
from zaguan.sla.calendar_book import save_calendar
from zaguan.sla.calendar_days import add_holiday, add_other_hours
from zaguan.sla.feeds import add_feed
from zaguan.testing.world import World

_WEEK = {"0": [["09:00", "18:00"]]}
_FORM = {"section": "week", "name": "Nuevo", "zone": "UTC", "day_0": "9-18"}
# Nothing is asked for: the address is in the own network.
_FEED = {"url": "http://127.0.0.1/otro.ics"}
_ONE = "/calendars/<int:calendar_id>"

DESK: dict[str, Entry] = {
    "desk:settings-calendars": page(),
    "desk:new-calendar": form(post=_FORM),
    "desk:edit-calendar": form("calendar-row", post=_FORM | {"name": "Patio"}),
    "desk:change-calendar": button("calendar-row", post={"do": "default"}),
}

API: dict[str, Entry] = {
    "GET /calendars": Entry(get={}),
    "POST /calendars": Entry(body={"name": "Nuevo", "zone": "UTC", "week": _WEEK}),
    f"GET {_ONE}": Entry(on=("calendar-row",), get={}),
    f"PATCH {_ONE}": Entry(on=("calendar-row",), body={"name": "Otro"}),
    f"DELETE {_ONE}": Entry(on=("other-calendar",)),
    f"PUT {_ONE}/teams": Entry(on=("calendar-row",), body={"teams": []}),
    f"POST {_ONE}/holidays": Entry(on=("calendar-row",), body={"day": "2026-11-10", "name": "Fiesta"}),
    f"DELETE {_ONE}/holidays/<int:row_id>": Entry(on=("calendar-row", "holiday")),
    f"POST {_ONE}/other-hours": Entry(on=("calendar-row",), body={"first_day": "2026-11-11"}),
    f"DELETE {_ONE}/other-hours/<int:row_id>": Entry(on=("calendar-row", "other-hours")),
    f"POST {_ONE}/feeds": Entry(on=("calendar-row",), body=_FEED),
    f"POST {_ONE}/feeds/<int:row_id>/read": Entry(on=("calendar-row", "feed"), body={}, good=(200,)),
    f"DELETE {_ONE}/feeds/<int:row_id>": Entry(on=("calendar-row", "feed")),
    f"GET {_ONE}/changes": Entry(on=("calendar-row",), get={}),
    f"GET {_ONE}/days": Entry(on=("calendar-row",), get={}),
    f"GET {_ONE}/time": Entry(on=("calendar-row",), get={"start": "2026-11-09T10:00:00Z", "add": "3600"}),
}


def scene_of_calendars(world: World) -> dict[str, Any]:
    """A calendar with something of each kind, and one to be deleted."""
    one, other = (
        save_calendar(None, by=world.bo, name=name, zone="UTC", week=_WEEK) for name in ("Patio", "Otro más")
    )
    return {
        "calendar-row": one.pk,
        "other-calendar": other.pk,
        "holiday": add_holiday(one, day=date(2026, 11, 9), name="Almudena", by=world.bo).pk,
        "other-hours": add_other_hours(one, first_day=date(2026, 12, 24), hours=[], by=world.bo).pk,
        "feed": add_feed(one, "http://127.0.0.1/uno.ics", by=world.bo).pk,
    }
