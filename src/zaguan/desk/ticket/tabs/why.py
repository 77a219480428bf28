"""The tab of rules: what they did on this ticket, with what each saw and why it acted (A15.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from zaguan.automation.rule_log import runs_on, told
from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.desk.ticket.why import SHOWN, chain_of


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    runs = [told(run) for run in runs_on(sheet.number, sheet.viewer)[:SHOWN]]
    chain = chain_of(sheet.ticket, runs[0], sheet.viewer)[:1] if runs else []
    return {"chain": chain, "others": runs[1:], "may_edit": sheet.viewer.can("automation.manage_rules")}


register(
    Tab(
        key="why", label=gettext_lazy("Rules"), icon="workflow", template="desk/ticket/tabs/why.jinja",
        context=_context, count=lambda sheet: runs_on(sheet.number, sheet.viewer).count(), position=95,
    )
)  # fmt: skip
