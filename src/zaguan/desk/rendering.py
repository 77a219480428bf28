"""Render a page inside the desk's frame, or one block of it for a part that is fetched again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from zaguan.desk import templating
from zaguan.desk.access import AgentRequest
from zaguan.desk.form_token import form_token
from zaguan.desk.frame import frame_context


def page(request: AgentRequest, template: str, /, *, status: int = 200, **context: Any) -> HttpResponse:
    """A whole page, with what the rail and the views need."""
    around = {name: context.get(name, "") for name in ("section", "current_view")}
    return render(request, template, frame_context(request, **around) | context, status=status)


def block(
    request: AgentRequest, template: str, name: str, /, *, status: int = 200, **context: Any
) -> HttpResponse:
    """One block of the page's template, for htmx."""
    found = templating.template(template)
    values = found.new_context({"request": request, "csrf_token": form_token(request), **context})
    return HttpResponse(SafeString("".join(found.blocks[name](values))), status=status)


def wants_part(request: AgentRequest, name: str) -> bool:
    """Whether only the part `name` is asked for (`?part=list`)."""
    return request.GET.get("part") == name
