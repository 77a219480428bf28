"""How many there are behind each tab: asked when the list of tabs is opened, never on the plain page."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.sheet import sheet_for
from zaguan.desk.ticket.tab_register import tabs_for


@require_GET
@needs("desk.use")
def counts(request: AgentRequest, number: int) -> HttpResponse:
    """The numbers by the tabs' keys; a tab that counts nothing is left out."""
    sheet = sheet_for(request, number)
    found = {tab.key: tab.count(sheet) for tab in tabs_for(request.user) if tab.count is not None}
    return JsonResponse({key: number for key, number in found.items() if number is not None})
