"""Canned messages in the composer: found behind "/", put in with the ticket's values; without script by a page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.models import Canned, Draft
from zaguan.conversations.using_canned import Ready, find_canned, make_ready, preview_of
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.desk.ticket.files import stored_out
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.tickets.models import Ticket

OFFERED = 8


@require_GET
@needs("desk.use")
def canned(request: AgentRequest, number: int) -> HttpResponse:
    """Those that hold what was typed (`?q=`): a few as choices for the composer, all of them as a page."""
    ticket = ticket_for(request, number)
    typed = request.GET.get("q", "")
    found = find_canned(request.user, typed)
    if "json" in request.headers.get("Accept", ""):
        return JsonResponse([_choice(each) for each in found[:OFFERED]], safe=False)
    rows = [(each, preview_of(each)) for each in found]
    context: dict[str, Any] = {"ticket": ticket, "rows": rows, "typed": typed, "can": _may(request)}
    return page(request, "desk/ticket/canned.jinja", section="inbox", **context)


def _choice(row: Canned) -> dict[str, str]:
    where = [f"/{row.shortcut}" if row.shortcut else "", row.folder]
    sub = " · ".join(part for part in where if part)
    return {"value": str(row.pk), "label": row.name, "sub": sub, "icon": "message-square-text"}


def _may(request: AgentRequest) -> list[tuple[str, str]]:
    kinds = [
        ("reply", "conversations.reply", _("In the answer")),
        ("note", "conversations.note", _("In the note")),
    ]
    return [(kind, label) for kind, permission, label in kinds if request.user.can(permission)]


@require_POST
@needs("desk.use")
def insert(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """Fill one in for this ticket: as data for the composer, else at the end of the draft."""
    ticket = ticket_for(request, number)
    row = get_object_or_404(Canned.objects.visible_to(request.user), pk=pk, archived_at=None)
    kind = Draft.Kind.NOTE if request.POST.get("kind") == "note" else Draft.Kind.REPLY
    if not request.user.can(f"conversations.{kind}"):
        raise PermissionDenied
    ready = make_ready(row, ticket, by=request.user)
    if request.headers.get("HX-Request"):
        missing = _("Fill in what is still in braces: %(names)s") % {"names": ", ".join(ready.missing)}
        answer = {"html": ready.html, "missing": missing if ready.missing else ""}
        return JsonResponse(answer | {"files": [stored_out(each) for each in ready.files]})
    _to_draft(request, ticket, kind, ready)
    back = reverse("desk:ticket", args=[number])
    return HttpResponseRedirect(f"{back}{'?note=1' if kind == Draft.Kind.NOTE else ''}#composer")


def _to_draft(request: AgentRequest, ticket: Ticket, kind: str, ready: Ready) -> None:
    typed = draft_of(request.user, ticket, kind)
    fields = dict(typed.fields) if typed else {}
    fields["attachments"] = [*fields.get("attachments", []), *(file.public_id for file in ready.files)]
    save_draft(request.user, ticket, kind, (typed.html if typed else "") + ready.html, fields)
