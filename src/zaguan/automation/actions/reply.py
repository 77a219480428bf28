"""Answer the customer with a text or a canned message."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, Preview, Values, register
from zaguan.automation.texts import TextForm, excerpt_of, keeping_draft, preview_of, written_for
from zaguan.conversations.addressing import Person
from zaguan.conversations.models import Draft, Message
from zaguan.conversations.replying import Outgoing, reply
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket


@register
class Reply(Action):
    key = "reply"
    label = gettext_lazy("Answer the customer")
    icon = "reply"
    permission = "conversations.reply"
    form = TextForm
    # The first answer opens a new ticket.
    keeps = ("status",)

    def describe(self, values: Values) -> str:
        return _("Answer: “%(text)s”") % {"text": excerpt_of(values)}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        return preview_of(_("Answer"), ticket, values, by=by)

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Message:
        found = Ticket.objects.get(pk=ticket if isinstance(ticket, int) else ticket.pk)
        ready = written_for(found, values, by=by, with_files=True)
        automatic = not isinstance(by, Agent)
        # A list among the copies would send it on to everybody, and everybody's absence back.
        copies: list[Person] | None = [] if automatic else None
        outgoing = Outgoing(html=ready.html, attachments=ready.files, automatic=automatic, cc=copies)
        with keeping_draft(found, Draft.Kind.REPLY, by=by):
            return reply(found, outgoing, by=by)
