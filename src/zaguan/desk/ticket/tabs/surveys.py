"""The tab of surveys: empty until surveys are sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zaguan.desk.ticket.tab_register import Tab, register

register(
    Tab(
        key="surveys",
        label=_("Surveys"),
        icon="smile",
        template="desk/ticket/tabs/surveys.jinja",
        context=lambda request, sheet: {},
        position=75,
    )
)
