"""How the addresses of time, activities, checklists, products and promises are called, and what they are about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.walk import approvals
from tests.walk.entries import Entry, button, form, page
from zaguan.events.models import EventRecord
from zaguan.testing.world import World
from zaguan.tickets.activities import plan
from zaguan.tickets.activities import remind as remind_of
from zaguan.tickets.calendar_feeds import renew_feed
from zaguan.tickets.checklists import add_items, save_template
from zaguan.tickets.hour_banks import save_bank
from zaguan.tickets.models import Product, Ticket, TimeActivity
from zaguan.tickets.products import put_items, save_item
from zaguan.tickets.time_parts import NewTime
from zaguan.tickets.time_spent import log_time

_TIME = {"day": "2026-11-20", "minutes": "25"}
_PLAN = {"kind": "call", "subject": "Llamar", "starts_at": "2030-01-02T10:00"}
_BANK = {
    "organisation": "Patio SA",
    "name": "Otro",
    "hours": "5",
    "warn_hours": "1",
    "starts_on": "2026-01-01",
}
_WEEK = {"zone": "UTC", "currency": "EUR", "overtime_percent": "100", "night_percent": "100", "day_0": "9-18"}
_ENTRY = {"name": "Otra", "rate": "10", "code": "OTRA-1"}

DESK: dict[str, Entry] = approvals.DESK | {
    "desk:compose-time": page("ticket", hidden=True),
    "desk:log-time": form("ticket", hidden=True, post=_TIME),
    "desk:undo-time": button("ticket", hidden=True, post={"entries": ""}),
    "desk:change-time": form("ticket", "time", hidden=True, post=_TIME),
    "desk:time-state": button("ticket", "time", hidden=True, post={"state": "submitted"}),
    "desk:timer": button("ticket", hidden=True, post={"do": "start"}),
    "desk:stop-timer": form("ticket", hidden=True, post={"minutes": "5"}, good=(200, 422)),
    "desk:running-timer": page(),
    "desk:plan-activity": form("ticket", hidden=True, post=_PLAN),
    "desk:change-activity": form("ticket", "activity", hidden=True, post=_PLAN),
    "desk:activity": form("activity", hidden=True, post=_PLAN),
    "desk:plan-with-contact": form("contact", post=_PLAN),
    "desk:plan-with-organisation": form("organisation", post=_PLAN),
    "desk:tick-activity": button("activity", hidden=True, post={"do": "done"}),
    "desk:add-to-checklist": button("ticket", hidden=True, post={"text": "Uno"}),
    "desk:change-checklist": button("ticket", "check", hidden=True, post={"do": "done"}),
    "desk:add-product": form("ticket", hidden=True, post={"product": "{product}", "serial": "Z-9"}),
    "desk:remove-product": button("ticket", "item", hidden=True),
    "desk:product-item": form("item", post={"product": "{product}", "serial": "zq1"}),
    "desk:new-product-item": form("contact", post={"product": "{product}"}),
    "desk:serial-suggestions": page(get={"q": "zq1"}),
    "desk:promise": form("ticket", hidden=True, post={"promised_at": "2099-01-01T10:00", "reason": "x"}),
    "desk:agenda": page(),
    # Whoever has the address may read it: Cleo's holds nothing of Support's.
    "desk:calendar-feed": button(post={"do": "revoke"}),
    # Whoever has the address may read it: Cleo's holds nothing of Support's.
    "desk:calendar": page("calendar"),
    "desk:reminder": page("reminder", hidden=True, only=("ana",)),
    "desk:time": page(),
    "desk:sides": page(),
    "desk:sides-file": page(),
    "desk:decide-time": button(post={"state": "submitted", "entry": "{time}"}),
    "desk:time-file": page("export-kind"),
    "desk:timesheet": page("organisation", "month"),
    "desk:settings-working-time": form(post=_WEEK),
    "desk:settings-customer-rates": form(post={"organisation": "Patio SA", "rate": "5"}),
    "desk:settings-hour-banks": page(),
    "desk:new-hour-bank": form(post=_BANK),
    "desk:edit-hour-bank": form("bank", post=_BANK),
    "desk:settings-checklists": page(),
    "desk:new-checklist": form(post={"name": "Otra", "items": "Uno"}),
    "desk:edit-checklist": form("checklist", post={"name": "Esta", "items": "Uno"}),
}
for _name, _id in (("time-activities", "time-activity"), ("products", "product")):
    DESK |= {
        f"desk:settings-{_name}": page(),
        f"desk:new-{_name}": form(post=_ENTRY),
        f"desk:edit-{_name}": form(_id, post=_ENTRY),
        f"desk:move-{_name}": button(_id, post={"do": "up"}),
    }

_AT = "/tickets/<int:number>"


def _read(*on: str, **more: Any) -> Entry:
    return Entry(on=on, get=more.pop("get", {}), **more)


def _write(*on: str, **more: Any) -> Entry:
    return Entry(on=on, **more)


API: dict[str, Entry] = approvals.API | {
    f"GET {_AT}/time-entries": _read("ticket", hidden=True),
    f"POST {_AT}/time-entries": _write("ticket", hidden=True, body={"minutes": 25}),
    "GET /time-entries": _read(),
    "GET /time-entries/sums": _read(),
    "GET /time-entries/export": _read(),
    "GET /time-entries/<int:entry_id>": _read("time", hidden=True),
    "PATCH /time-entries/<int:entry_id>": _write("time", hidden=True, body={"minutes": 5}),
    "DELETE /time-entries/<int:entry_id>": _write("time", hidden=True, good=(204, 422)),
    "POST /time-entries/<int:entry_id>/state": _write(
        "time", hidden=True, body={"state": "submitted"}, good=(200,)
    ),
    f"GET {_AT}/clocks": _read("ticket", hidden=True),
    "GET /clocks/sums": _read(),
    f"GET {_AT}/timer": _read("ticket", hidden=True),
    f"POST {_AT}/timer": _write("ticket", hidden=True, body={"do": "start"}, good=(200,)),
    "GET /hour-banks": _read(),
    "GET /organisations/<public_id>/timesheet": _read("organisation", get={"month": "2026-11-01"}),
    "GET /activities": _read(),
    "POST /activities": _write(
        body={"subject": "Llamar", "starts_at": "2030-01-02T10:00:00Z", "contact": "{contact}"},
        also=("people.view",),
    ),
    "GET /activities/<int:activity_id>": _read("activity", hidden=True),
    "PATCH /activities/<int:activity_id>": _write("activity", hidden=True, body={"done": True}),
    "DELETE /activities/<int:activity_id>": _write("activity", hidden=True),
    f"GET {_AT}/checklist": _read("ticket", hidden=True),
    f"POST {_AT}/checklist": _write("ticket", hidden=True, body={"items": ["Uno"]}),
    f"PATCH {_AT}/checklist/<int:item_id>": _write("ticket", "check", hidden=True, body={"done": True}),
    f"DELETE {_AT}/checklist/<int:item_id>": _write("ticket", "check", hidden=True),
    f"GET {_AT}/promise": _read("ticket", hidden=True),
    f"PUT {_AT}/promise": _write(
        "ticket", hidden=True, body={"promised_at": "2099-01-01T10:00:00Z", "reason": "x"}
    ),
    "GET /products": _read(),
    "GET /product-items": _read(),
    "POST /product-items": _write(body={"product": "{product}", "serial": "Z-10"}),
    "GET /product-items/<public_id>": _read("item"),
    "PATCH /product-items/<public_id>": _write("item", body={"notes": "x"}),
    "DELETE /product-items/<public_id>": _write("item", good=(204, 422)),
    f"GET {_AT}/products": _read("ticket", hidden=True),
    f"POST {_AT}/products": _write("ticket", hidden=True, body={"item": "{item}"}),
    f"DELETE {_AT}/products/<public_id>": _write("ticket", "item", hidden=True),
}


def work_ids(world: World, ticket: Ticket, canary: str) -> dict[str, Any]:
    """Something of each kind on Support's ticket."""
    (entry,) = log_time(ticket, NewTime(minutes=25, note=f"zqtime {canary}"), by=world.ana)
    (check,) = add_items(ticket, [f"zqcheck {canary}"], by=world.ana)
    start = timezone.now() + timedelta(hours=1)
    activity = plan(
        by=world.ana,
        ticket=ticket,
        owner=world.ana,
        subject=f"zqplan {canary}",
        starts_at=start,
        remind_minutes=0,
        kind="call",
    )
    remind_of(activity.pk, start.isoformat())
    reminder = _last_event()
    product = Product.objects.create(name="Impresora", code="IMP-9")
    item = save_item(None, by=world.ana, product=product, serial="zq1", contact=world.dan)
    put_items(ticket, add=[item], by=world.ana)
    return {
        "time": entry.pk, "check": check.pk, "activity": activity.pk, "reminder": reminder, "product": product.pk,
        "item": item.public_id, "calendar": renew_feed(world.cleo, by=world.cleo), "month": "2026-11",
        "checklist": save_template(None, "Alta", ["Uno"], by=world.bo).pk, "time-activity": TimeActivity.objects.order_by("pk")[0].pk,
    }  # fmt: skip


def bank_id(world: World, organisation: Any) -> int:
    """Hours that the organisation bought."""
    day = timezone.localdate()
    return save_bank(
        None, by=world.bo, organisation=organisation, name="Bolsa", minutes=600, warn_at=0, starts_on=day
    ).pk


def _last_event() -> int:

    return EventRecord.objects.filter(kind="tickets.Reminded").latest("pk").pk
