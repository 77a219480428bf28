"""Write an internal note."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, Preview, Values, register
from zaguan.automation.texts import TextForm, excerpt_of, preview_html, written_for
from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.models import Draft, Message
from zaguan.conversations.noting import add_note
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
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
        problem = ""
        try:
            written_for(ticket, values, by=by)
        except Refused as refused:
            problem = refused.sentence
        return Preview(_("Internal note"), text=preview_html(ticket, values, by=by), problem=problem)

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Message:
        found = Ticket.objects.get(pk=ticket if isinstance(ticket, int) else ticket.pk)
        ready = written_for(found, values, by=by, with_files=True)
        typed = draft_of(by, found, Draft.Kind.NOTE) if isinstance(by, Agent) else None
        note = add_note(found, ready.html, by=by, attachments=ready.files)
        if typed is not None and isinstance(by, Agent):
            # What the agent was typing was not this.
            save_draft(by, found, Draft.Kind.NOTE, typed.html, typed.fields)
        return note
