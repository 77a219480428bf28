"""Write to the requester by itself: a canned message in their language, marked as automatic, never to a machine (R04)."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, Preview, Values, register
from zaguan.automation.texts import TextForm, excerpt_of, keeping_draft, preview_of, written_for
from zaguan.conversations.automatic import may_send_automatically
from zaguan.conversations.choosing_inbox import thread_for
from zaguan.conversations.models import Draft, Message
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.replying import last_said, reply
from zaguan.lib.errors import Refused
from zaguan.people.models import Identity
from zaguan.tickets.models import Ticket


class TemplateForm(TextForm):
    """Only a canned message: it has a text for each language."""

    field_order = ("canned",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["text"]
        self.fields["canned"].required = True
        self.fields["canned"].label = _("Canned message")


def _address(ticket: Ticket) -> tuple[str, str]:
    """The requester's own address: nobody else gets what a machine writes."""
    if ticket.requester is None:
        raise Refused(_("This ticket has no requester to write to."))
    known = Identity.objects.filter(contact=ticket.requester_id, kind="email")
    found = known.order_by("-is_primary", "id").values_list("value", flat=True).first()
    if found is None:
        raise Refused(_("%(name)s has no mail address.") % {"name": ticket.requester.name})
    return found, ticket.requester.name


@register
class SendTemplate(Action):
    key = "send_template"
    label = gettext_lazy("Send an automatic message")
    icon = "mail-check"
    permission = "conversations.reply"
    form = TemplateForm
    keeps = ("status",)

    def describe(self, values: Values) -> str:
        return _("Automatic message: “%(text)s”") % {"text": excerpt_of(values)}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        shown = preview_of(_("Automatic message"), ticket, values, by=by)
        return Preview(shown.label, text=shown.text, problem=shown.problem or _why_not(ticket))

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Message:
        found = Ticket.objects.get(pk=ticket if isinstance(ticket, int) else ticket.pk)
        address = _address(found)
        language = (found.requester.language if found.requester else "") or translation.get_language()
        with translation.override(language):
            ready = written_for(found, values, by=by, with_files=True)
        outgoing = Outgoing(
            html=ready.html, attachments=ready.files, automatic=True, to=[address], cc=[], bcc=[]
        )
        with keeping_draft(found, Draft.Kind.REPLY, by=by):
            return reply(found, outgoing, by=by)


def _why_not(ticket: Ticket) -> str:
    """Why it would be refused now, for the preview; "" when it would go."""
    try:
        address, _name = _address(ticket)
        answers = last_said(ticket)
        inbox = thread_for(ticket, answers, None).inbox if ticket.pk and answers else None
    except Refused as refused:
        return refused.sentence
    return may_send_automatically(address, inbox, answers=answers) if inbox else ""
