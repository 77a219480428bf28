"""The tab "Document flow": the whole chain around a ticket as a picture, and the same as a list (A4.4)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.flow_picture import picture_of
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.tickets.flow import flow_of
from zaguan.tickets.link_words import role_of_other


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    flow = flow_of(sheet.ticket, sheet.viewer)
    roles: dict[int, list[tuple[str, int]]] = {}
    for source, target, kind in flow.links:
        roles.setdefault(source, []).append((role_of_other(kind, True), target))
        roles.setdefault(target, []).append((role_of_other(kind, False), source))
    nodes = sorted(flow.nodes.values(), key=lambda node: (node.step, node.number))
    return {"flow": flow, "nodes": nodes, "roles": roles, "picture": picture_of(flow)}


register(
    Tab(
        key="document_flow",
        label=_("Document flow"),
        icon="workflow",
        template="desk/ticket/tabs/document_flow.jinja",
        context=_context,
        position=45,
        wide=True,
    )
)
