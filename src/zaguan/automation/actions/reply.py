"""Answer the customer with a text or a canned message."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, Preview, Values, register
from zaguan.automation.texts import TextForm, excerpt_of, preview_html, written_for
from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.models import Draft, Message
from zaguan.conversations.replying import Outgoing, reply
from zaguan.lib.errors import Refused
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
        problem = ""
        try:
            written_for(ticket, values, by=by)
        except Refused as refused:
            problem = refused.sentence
        return Preview(_("Answer"), text=preview_html(ticket, values, by=by), problem=problem)

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Message:
        found = Ticket.objects.get(pk=ticket if isinstance(ticket, int) else ticket.pk)
        ready = written_for(found, values, by=by, with_files=True)
        typed = draft_of(by, found, Draft.Kind.REPLY) if isinstance(by, Agent) else None
        outgoing = Outgoing(html=ready.html, attachments=ready.files, automatic=not isinstance(by, Agent))
        sent = reply(found, outgoing, by=by)
        if typed is not None and isinstance(by, Agent):
            # What the agent was typing was not this.
            save_draft(by, found, Draft.Kind.REPLY, typed.html, typed.fields)
        return sent
