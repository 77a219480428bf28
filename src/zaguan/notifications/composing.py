"""The mail to one agent, in their language: what happened, ticket by ticket, each with its link."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from itertools import groupby

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zaguan.conversations.models import Inbox
from zaguan.conversations.signing import instance_id
from zaguan.notifications.models import Notification
from zaguan.notifications.timing import zone_of
from zaguan.notifications.wording import address_of, said, sentence, title
from zaguan.people.models import Agent

Group = dict[str, object]


def compose(agent: Agent, rows: list[Notification], inbox: Inbox) -> EmailMessage:
    """One mail; it says that a machine wrote it, so that no other machine answers (RFC 3834)."""
    with translation.override(agent.language), timezone.override(zone_of(agent)):
        context = {
            "groups": grouped(rows),
            "preferences": settings.BASE_URL + reverse("desk:own-notifications"),
            "name": agent.name,
        }
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = _subject(rows)
        mail["From"] = _address(_("Zaguán"), inbox.address)
        mail["To"] = _address(agent.name, agent.email)
        mail.set_content(render_to_string("notifications/mail.txt.jinja", context))
        mail.add_alternative(render_to_string("notifications/mail.jinja", context), subtype="html")
    host = inbox.address.rpartition("@")[2] or "localhost"
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = make_msgid("notification", host)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Precedence"] = "bulk"
    mail["List-Unsubscribe"] = f"<{context['preferences']}>"
    mail["X-Zaguan-Instance"] = instance_id()
    return mail


def grouped(rows: list[Notification]) -> list[Group]:
    """By ticket, in the order in which the first thing happened to each; what is about none stands alone."""
    first: dict[int, int] = {}
    for row in rows:
        first.setdefault(row.ticket_id or -row.pk, row.pk)
    ordered = sorted(rows, key=lambda row: (first[row.ticket_id or -row.pk], row.pk))
    return [
        {"title": title(group[0]), "href": address_of(group[-1]), "lines": [_line(row) for row in group]}
        for group in (
            list(some) for _key, some in groupby(ordered, key=lambda r: first[r.ticket_id or -r.pk])
        )
    ]


def _line(row: Notification) -> dict[str, object]:
    return {"sentence": sentence(row), "said": said(row), "at": row.created_at}


def _subject(rows: list[Notification]) -> str:
    tickets = {row.ticket_id for row in rows}
    if len(tickets) == 1:
        return " ".join(f"{title(rows[-1])}: {sentence(rows[-1])}".split())[:200]
    count = len(rows)
    return ngettext("%(count)d thing is new", "%(count)d things are new", count) % {"count": count}


def _address(name: str, address: str) -> Address:
    return Address(" ".join(name.split()), addr_spec=address)
