"""Write an internal note."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, Preview, Values, register
from zaguan.automation.texts import TextForm, excerpt_of, keeping_draft, preview_of, written_for
from zaguan.conversations.models import Draft, Message
from zaguan.conversations.noting import add_note
from zaguan.tickets.models import Ticket


@register
class Note(Action):
    key = "note"
    label = gettext_lazy("Write an internal note")
    icon = "lock"
    permission = "conversations.note"
    form = TextForm

    def describe(self, values: Values) -> str:
        return _("Note: “%(text)s”") % {"text": excerpt_of(values)}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        return preview_of(_("Internal note"), ticket, values, by=by)

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Message:
        found = Ticket.objects.get(pk=ticket if isinstance(ticket, int) else ticket.pk)
        ready = written_for(found, values, by=by, with_files=True)
        with keeping_draft(found, Draft.Kind.NOTE, by=by):
            return add_note(found, ready.html, by=by, attachments=ready.files)
