"""Through which inbox and thread an answer leaves, and under which name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from zaguan.conversations.models import Inbox, Message, Thread
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Team
from zaguan.tickets.models import Ticket


def thread_for(ticket: Ticket, answers: Message | None, inbox: Inbox | None) -> Thread:
    """The thread that an answer continues: the answered message's, else the ticket's newest on that inbox, else a new one.

    Raises Refused when there is no mail inbox to send from.
    """
    known = _known_thread(ticket, answers, inbox)
    if known is not None:
        return known
    chosen = inbox or inbox_for(ticket)
    if chosen is None:
        raise Refused(
            _("There is no mail account to answer from. An administrator adds one in the settings."),
            field="inbox",
        )
    _refuse_unusable(chosen)
    return Thread.objects.create(ticket=ticket, inbox=chosen, channel=chosen.kind, subject=ticket.subject)


def inbox_for(ticket: Ticket) -> Inbox | None:
    """The account from which a ticket is answered that has no mail thread yet: where it came in, else its team's."""
    usable = Inbox.objects.filter(kind="email", is_active=True).order_by("id")
    came_in = usable.filter(pk=ticket.inbox_id).first() if ticket.inbox_id else None
    return came_in or usable.filter(team=ticket.team_id).first() or usable.first()


def _known_thread(ticket: Ticket, answers: Message | None, inbox: Inbox | None) -> Thread | None:
    threads = ticket.threads.filter(channel="email", inbox__is_active=True).select_related("inbox")
    if inbox is not None:
        threads = threads.filter(inbox=inbox)
    if answers is not None and answers.thread_id:
        found = threads.filter(pk=answers.thread_id).first()
        if found is not None:
            return found
    return threads.order_by("-id").first()


def _refuse_unusable(inbox: Inbox) -> None:
    if inbox.kind != "email":
        raise Refused(_("%(inbox)s is not a mail account.") % {"inbox": inbox.name}, field="inbox")
    if not inbox.is_active:
        raise Refused(_("The mail account %(inbox)s is out of use.") % {"inbox": inbox.name}, field="inbox")
    if not inbox.address:
        raise Refused(_("The mail account %(inbox)s has no address.") % {"inbox": inbox.name}, field="inbox")


def sender_name(inbox: Inbox, team: Team | None, by: Any) -> str:
    """The name in From, as the inbox is set; the address is always the inbox's, never an agent's own (E2).

    `settings["from_name"]`: "agent" (Ana), "via" (Ana via Support, the default), "team" (Support) or "inbox".
    """
    wanted = inbox.settings.get("from_name", "via")
    place = team.name if team else inbox.name
    if not isinstance(by, Agent) or wanted == "inbox":
        return inbox.name
    if wanted == "agent":
        return by.name
    return place if wanted == "team" else _("%(agent)s via %(team)s") % {"agent": by.name, "team": place}
