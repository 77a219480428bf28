"""Routes of time, activities, checklists, products and promises."""

from __future__ import annotations

from django.urls import URLPattern, path

from zaguan.desk import agenda, side_report, time_report
from zaguan.desk import approvals as my_approvals
from zaguan.desk.people import items
from zaguan.desk.settings import hour_banks
from zaguan.desk.settings import products as product_settings
from zaguan.desk.settings import time as time_settings
from zaguan.desk.ticket import activities, approvals, checklists, products, promise, time, timers, timing

_TICKET = "tickets/<int:number>/"

urlpatterns: list[URLPattern] = [
    path(f"{_TICKET}compose-time/", timing.compose_time, name="compose-time"),
    path(f"{_TICKET}time/", time.log, name="log-time"),
    path(f"{_TICKET}time/undo/", time.undo, name="undo-time"),
    path(f"{_TICKET}time/<int:pk>/", time.change, name="change-time"),
    path(f"{_TICKET}time/<int:pk>/state/", time.state, name="time-state"),
    path(f"{_TICKET}timer/", timers.timer, name="timer"),
    path(f"{_TICKET}timer/stop/", timers.stop, name="stop-timer"),
    path("timer/", timers.running, name="running-timer"),
    path(f"{_TICKET}activities/", activities.new, name="plan-activity"),
    path(f"{_TICKET}activities/<int:pk>/", activities.change, name="change-activity"),
    path("activities/<int:pk>/done/", activities.tick, name="tick-activity"),
    path(f"{_TICKET}checklist/", checklists.add, name="add-to-checklist"),
    path(f"{_TICKET}checklist/<int:pk>/", checklists.change, name="change-checklist"),
    path(f"{_TICKET}products/", products.add, name="add-product"),
    path(f"{_TICKET}products/<str:public_id>/", products.remove, name="remove-product"),
    path("items/<str:public_id>/", items.item, name="product-item"),
    path("people/<str:public_id>/items/new/", items.new_item, name="new-product-item"),
    path("serials/", products.serials, name="serial-suggestions"),
    path(f"{_TICKET}promise/", promise.promise, name="promise"),
    path(f"{_TICKET}approvals/", approvals.new, name="ask-approval"),
    path(f"{_TICKET}approvals/<int:pk>/", approvals.end, name="withdraw-approval"),
    path(f"{_TICKET}approvals/<int:pk>/also/", approvals.also, name="ask-also"),
    path("approvals/<int:pk>/decide/", approvals.answer, name="decide-approval"),
    path("approvals/", my_approvals.approvals, name="approvals"),
    path("agenda/", agenda.agenda, name="agenda"),
    path("agenda/calendar/", agenda.feed, name="calendar-feed"),
    path("calendar/<str:token>.ics", agenda.calendar, name="calendar"),
    path("reminders/<int:event_id>/", agenda.reminder, name="reminder"),
    path("time/", time_report.report, name="time"),
    path("time/sides/", side_report.sides, name="sides"),
    path("time/sides.csv", side_report.download, name="sides-file"),
    path("time/decide/", time_report.decide_many, name="decide-time"),
    path("time/export.<str:kind>", time_report.download, name="time-file"),
    path("time/<str:public_id>/<str:month>.pdf", time_report.sheet, name="timesheet"),
    path("settings/working-time/", time_settings.calendar, name="settings-working-time"),
    path("settings/customer-rates/", time_settings.rates, name="settings-customer-rates"),
    path("settings/hour-banks/", hour_banks.banks, name="settings-hour-banks"),
    path("settings/hour-banks/new/", hour_banks.edit_bank, name="new-hour-bank"),
    path("settings/hour-banks/<int:bank_id>/", hour_banks.edit_bank, name="edit-hour-bank"),
    path("settings/checklists/", product_settings.checklists, name="settings-checklists"),
    path("settings/checklists/new/", product_settings.edit_checklist, name="new-checklist"),
    path("settings/checklists/<int:template_id>/", product_settings.edit_checklist, name="edit-checklist"),
]
