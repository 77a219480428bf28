"""A whole page of which only the middle is drawn: the frame around it is a sketch, as parts of the ticket's page are."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.utils.translation import get_language
from markupsafe import Markup

from zaguan.desk.access import AgentRequest
from zaguan.desk.form_token import form_token
from zaguan.desk.frame import frame_facts, frame_parts
from zaguan.desk.sketches import filled, stand_in
from zaguan.desk.templating import template

S = stand_in


def shell(
    request: AgentRequest,
    *,
    title: str,
    section: str = "inbox",
    current_view: str = "",
    pane: str = "",
    **blocks: Markup,
) -> HttpResponse:
    """The page with these blocks of the frame: list_pane, conversation and panel; or panes, which is all of them."""
    parts = frame_parts(request, section=section, current_view=current_view)
    likes = request.user.preferences
    keys = likes.get("keys_map") or {}
    look = (
        likes.get("theme"),
        likes.get("density"),
        likes.get("keys"),
        likes.get("after_sending"),
        tuple(sorted(keys.items())),
    )
    # The list that loads by itself beside a ticket is that of its view.
    beside = "" if "list_pane" in blocks or "panes" in blocks else current_view
    key = (get_language(), look, pane, beside, tuple(blocks))

    def context() -> dict[str, Any]:
        return frame_facts(request) | {
            "request": request,
            "current_view": beside,
            "pane": pane,
            "given": {name: S(name) for name in ("title", *blocks)},
            "csrf_token": S("csrf_token"),
            "toasts": S("toasts"),
            **{name: S(name) for name in parts},
        }

    values = parts | blocks | {"title": title, "toasts": toasts(request), "csrf_token": form_token(request)}
    return HttpResponse(filled("desk/shell.jinja", key, context, values))


def toasts(request: AgentRequest) -> Markup:
    """What the page before has to say."""
    waiting = "messages" in request.COOKIES or "_messages" in request.session
    if not waiting and not getattr(get_messages(request), "added_new", False):
        return Markup()
    drawn = template("ui/banner.jinja").module.toast  # type: ignore[attr-defined]
    token = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(form_token(request))
    said = [(each.message, each.level_tag or "", each.extra_tags or "") for each in get_messages(request)]
    return Markup().join(
        drawn(message, "error" if "error" in tag else "", undo, token if undo else "")
        for message, tag, undo in said
    )
