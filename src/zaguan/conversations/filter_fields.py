"""The operators that conversations add: inbox:, is:unread, is:mentioned, has:draft – and the views of mentions and drafts."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.conversations.models import Draft, Inbox, Mention, Seen
from zaguan.people.models import Agent
from zaguan.people.reference import Kept
from zaguan.tickets.filter_choices import pick
from zaguan.tickets.filter_flags import flag
from zaguan.tickets.filtering import Field, register
from zaguan.tickets.models import DONE_RANK
from zaguan.tickets.selections import Selection, selection

# A view of mentions goes back this far.
LATEST = 1000
inboxes: Kept[Inbox] = Kept(lambda: Inbox.objects.only("name", "address", "kind").order_by("name"))


def _inbox(value: str, viewer: Agent) -> Q:
    if value.isdecimal():
        return Q(inbox_id=int(value))
    every = inboxes.all().values()
    found = pick(every, value, lambda i: [i.name, i.address], _("There is no inbox “%(value)s”."))
    return Q(inbox_id__in=[inbox.pk for inbox in found])


def _unread(viewer: Agent) -> Q:
    """The customer wrote after the viewer last looked, and it is not done."""
    seen = Seen.objects.filter(agent=viewer, ticket_id=OuterRef("pk"), at__gte=OuterRef("last_customer_at"))
    return Q(rank__lt=DONE_RANK, last_customer_at__isnull=False) & ~Q(Exists(seen))


def _mentioned(viewer: Agent) -> Q:
    latest = Mention.objects.filter(agent=viewer).order_by("-id")[:LATEST]
    return Q(pk__in=latest.values("ticket_id"))


def _drafted(viewer: Agent) -> Q:
    return Q(pk__in=Draft.objects.filter(agent=viewer).exclude(ticket=None).values("ticket_id"))


register(
    Field(
        key="inbox",
        aliases=("buzón", "bandeja", "cuenta", "account", "caixa"),
        label=gettext_lazy("Inbox"),
        condition=_inbox,
        walks=True,
        values=lambda v: [inbox.name for inbox in inboxes.all().values()],
    )
)
flag("is", "unread noleído sinleer nãolido", _unread, walks=True)
flag("is", "mentioned mencionado", _mentioned)
flag("has", "draft borrador rascunho", _drafted)


@selection("mentions")
def _mentions(viewer: Agent, argument: str) -> Selection:
    unread = Q(pk__in=Mention.objects.filter(agent=viewer, read_at=None).values("ticket_id"))
    return Selection(where=_mentioned(viewer), unfinished=False, narrow=True, order="recent", counted=unread)


@selection("drafts")
def _drafts(viewer: Agent, argument: str) -> Selection:
    return Selection(where=_drafted(viewer), unfinished=False, narrow=True, order="recent")
