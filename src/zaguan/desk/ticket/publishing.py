"""Notes that are published in what is linked: with the note itself, afterwards, and taken back (A13.13)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.conversations.cross_posting import publish_note, told_by
from zaguan.conversations.models import CrossPosting, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.unpublishing import unpublish_note
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.sheet import Sheet, ticket_for
from zaguan.desk.ticket.written import html_in
from zaguan.lib.text import excerpt
from zaguan.tickets.models import Link


def tells(sheet: Sheet) -> bool:
    """Whether a note of this ticket can be published elsewhere; asked of what the page knows already."""
    around: Any = sheet.attached
    linked = any(kind == Link.Kind.BACK_OFFICE for kind, _number, _out in around.links)
    return linked or bool(around.hidden_links) or Link.Kind.TRACKED in around.many


def published_words(posting: CrossPosting) -> str:
    """In how many conversations it stands now, or will in a moment."""
    return ngettext(
        "Published in %(count)s linked conversation", "Published in %(count)s linked conversations", posting.total
    ) % {"count": posting.total}  # fmt: skip


def way_back(note: Message) -> str:
    """The address that takes the publication back."""
    return f"/desk/messages/{note.pk}/unpublish/"


@require_POST
@needs("conversations.note")
def tell(request: AgentRequest, number: int) -> HttpResponse:
    """A note here and in what is linked: the tracker's conversations, the back office, or its conversation."""
    ticket = ticket_for(request, number)
    with transaction.atomic():
        note = add_note(ticket, html_in(request, "tell"), by=request.user)
        publish_note(note, by=request.user)
    otherwise = HttpResponseRedirect(f"/desk/tickets/{number}/?tab=related")
    return toast(request, _("Noted here and in what is linked"), undo=way_back(note), otherwise=otherwise)


def _note(request: AgentRequest, pk: int) -> Message:
    return get_object_or_404(Message.objects.visible_to(request.user).select_related("ticket"), pk=pk)


@require_http_methods(["GET", "POST"])
@needs("conversations.note")
def publish(request: AgentRequest, pk: int) -> HttpResponse:
    """Publish a note that stands already in what is linked; before that one sees in how many."""
    note = _note(request, pk)
    count = told_by(note.ticket).count()
    dialog = ActionDialog(
        request, note.ticket, "desk/ticket/publish.jinja", _("Publish in linked conversations"), _("Publish"),
        context={"count": count, "words": excerpt(note.text, 300)},
    )  # fmt: skip

    def write() -> HttpResponse:
        posting = publish_note(note, by=request.user)
        otherwise = HttpResponseRedirect(f"/desk/tickets/{note.ticket_id}/#message-{note.pk}")
        return toast(request, published_words(posting), undo=way_back(note), otherwise=otherwise)

    return dialog.run(write)


@require_POST
@needs("conversations.note")
def unpublish(request: AgentRequest, pk: int) -> HttpResponse:
    """Take it back out of what is linked."""
    note = _note(request, pk)
    unpublish_note(note, by=request.user)
    otherwise = HttpResponseRedirect(f"/desk/tickets/{note.ticket_id}/#message-{note.pk}")
    return toast(request, _("Taken back out of the linked conversations"), otherwise=otherwise)
