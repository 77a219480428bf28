"""The desk's rules as pages: each form shows some of them as they are, and changes those."""

from __future__ import annotations

from django.http import HttpResponse

from zaguan.desk.access import AgentRequest
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.tickets.catalogue import change_rules
from zaguan.tickets.statuses import rules


def rules_page(request: AgentRequest, form_of: type[DeskForm], template: str, chapter: str) -> HttpResponse:
    """The form's fields are named like the rules."""
    now = rules()
    form = form_of(request.POST or None, initial={name: getattr(now, name) for name in form_of.base_fields})
    if request.method == "POST" and form.carry_out(lambda **data: change_rules(by=request.user, **data)):
        return back_to(request, chapter)
    return settings_page(request, template, chapter, form=form)
