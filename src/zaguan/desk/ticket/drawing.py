"""Head, menus and composer of a ticket's page: which facts decide how each is drawn, and which are only filled in."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup

from zaguan.desk.access import AgentRequest
from zaguan.desk.due import clock_chip
from zaguan.desk.form_token import form_token
from zaguan.desk.names import channel_name
from zaguan.desk.sketches import filled, stand_in
from zaguan.desk.templating import template
from zaguan.desk.ticket import options
from zaguan.desk.ticket.compose import Compose, asks_only_why, asks_why, how_labels, sendable_statuses
from zaguan.desk.ticket.moments import exact
from zaguan.desk.ticket.options_menu import options_for
from zaguan.desk.ticket.publishing import tells
from zaguan.desk.ticket.sheet import Sheet
from zaguan.tickets import reference
from zaguan.tickets.models import DONE_RANK, Phase, Status
from zaguan.tickets.postponing import snooze_choices, snooze_words

S = stand_in
_TOKEN = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">')


def token_field(request: AgentRequest) -> Markup:
    """The hidden field of every form, made once per page."""
    made = request.__dict__.get("_token_field")
    if made is None:
        made = _TOKEN.format(form_token(request))
        request.__dict__["_token_field"] = made
    return made


def base_of(sheet: Sheet, **more: Any) -> SimpleNamespace:
    """A sheet with the viewer's real rights and stand-ins for what differs from ticket to ticket."""
    return SimpleNamespace(can=sheet.can, url=S("url"), number=S("number"), choices=options, **more)


def rights(sheet: Sheet) -> tuple[Any, ...]:
    """Language and rights: part of every key."""
    found: tuple[Any, ...] | None = sheet.__dict__.get("_rights")
    if found is None:
        found = sheet.__dict__["_rights"] = (get_language(), *sheet.can.values())
    return found


def head(request: AgentRequest, sheet: Sheet, back_url: str) -> Markup:
    """What the ticket is, in two lines."""
    t, status, done = sheet.ticket, sheet.status, sheet.default_resolved
    has = (bool(t.status_reason), bool(t.snoozed_until), t.is_internal, bool(t.team_id), t.is_important)
    finish = done if done is not None and t.rank < DONE_RANK else None
    kind, clock = sheet.type, sheet.clock
    typed = (kind.icon, kind.label, kind.category) if kind else ()
    look = (t.urgency_rank, sheet.channel_icon, typed, bool(clock), t.approval_state)
    key = (rights(sheet), has, _of(status), _of(finish), *look)

    def context() -> dict[str, Any]:
        ticket = SimpleNamespace(
            subject=S("subject"), phase=t.phase, is_internal=t.is_internal, is_important=t.is_important,
            team_id=t.team_id, urgency_rank=t.urgency_rank, approval_state=t.approval_state,
            approval=t.get_approval_state_display(),
        )  # fmt: skip
        around = base_of(sheet, ticket=ticket, status=status, finish=finish, channel_icon=sheet.channel_icon)
        around.reason, around.snoozed = S("reason") if has[0] else "", S("snoozed") if has[1] else ""
        around.urgency_label, around.account, around.type = S("urgency"), S("account"), kind
        around.clock = S("clock") if clock else None
        return {"sheet": around, "csrf_input": S("csrf"), "back_url": S("back_url")}

    values = {
        "url": sheet.url, "number": sheet.number, "csrf": token_field(request), "back_url": back_url,
        "subject": t.subject, "reason": t.status_reason, "urgency": sheet.urgency_label,
        "account": t.account or channel_name(t.channel), "snoozed": exact(t.snoozed_until),
        "clock": clock_chip(clock) if clock else "",
    }  # fmt: skip
    return filled("desk/ticket/head.jinja", key, context, values)


def _of(status: Status | None) -> tuple[Any, ...]:
    if status is None:
        return ()
    return (status.pk, reference.status_labels().get(status.pk), status.phase, status.asks_reason)


@dataclass(frozen=True, slots=True)
class Move:
    """A status as it is offered; `why` says why it cannot be chosen, `asks` that a reason is asked for at once."""

    pk: int
    label: str
    phase: str
    asks: bool
    why: str


def _moves(sheet: Sheet, statuses: list[Status]) -> tuple[Move, ...]:
    labels, blocked, kind = reference.status_labels(), sheet.blocked, sheet.ticket.type_id
    return tuple(
        [Move(s.pk, labels[s.pk], s.phase, asks_only_why(s, kind), blocked.get(s.pk, "")) for s in statuses]
    )


def menus(request: AgentRequest, sheet: Sheet, show: str, shows: list[tuple[str, str, str]]) -> Markup:
    """The menus of the head and of messages."""
    now = timezone.localtime()
    snoozes = snooze_choices(now)
    moves = _moves(sheet, options.statuses_in_use())
    snoozed = next((m.why for m in moves if m.phase == Phase.SNOOZED), "")
    actions = options_for(sheet)
    offered = tuple(option.key for _group, _head, entries in actions for option in entries)
    key = (rights(sheet), moves, sheet.ticket.status_id, show, offered, tells(sheet))

    def context() -> dict[str, Any]:
        ticket = SimpleNamespace(status_id=sheet.ticket.status_id)
        moments = [SimpleNamespace(name=m.name, label=m.label, words=S(f"words_{m.name}")) for m in snoozes]
        return {
            "sheet": base_of(sheet, ticket=ticket, tells=key[-1]), "csrf_input": S("csrf"), "snoozes": moments, "show": show,
            "shows": shows, "absolute_url": S("absolute_url"), "earliest": S("earliest"),
            "actions": actions, "moves": [m for m in moves if m.phase != Phase.SNOOZED], "no_snooze": snoozed,
        }  # fmt: skip

    values: dict[str, Any] = {f"words_{name}": words for name, words in snooze_words(now).items()} | {
        "url": sheet.url, "number": sheet.number, "csrf": token_field(request),
        "absolute_url": settings.BASE_URL + sheet.url, "earliest": now.strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    return filled("desk/ticket/menus.jinja", key, context, values)


def conversation(sheet: Sheet, show: str, parts: dict[str, Any]) -> Markup:
    """Head, thread, composer and menus in their places."""
    t, thread = sheet.ticket, sheet.thread
    key = (get_language(), show, bool(thread.unread), bool(thread.items))
    names = ("head", "token", "thread", "composer", "menus")

    def context() -> dict[str, Any]:
        said = SimpleNamespace(unread=key[2], items=key[3], last_id=S("last_id"), first_id=S("first_id"))
        around = SimpleNamespace(
            number=S("number"), url=S("url"), ticket=SimpleNamespace(version=S("version")), thread=said
        )
        return {"sheet": around, "show": show, "parts": {name: S(name) for name in names}}

    values = {name: parts[name] for name in names} | {
        "number": sheet.number, "url": sheet.url, "version": t.version,
        "last_id": thread.last_id, "first_id": thread.first_id,
    }  # fmt: skip
    return filled("desk/ticket/conversation.jinja", key, context, values)


_TEXTS = ("reply_html", "note_html", "reply_plain", "note_plain", "subject")


def composer(request: AgentRequest, sheet: Sheet, c: Compose) -> Markup:
    """Where the agent writes, with drafts and recipients filled in."""
    moves = _moves(sheet, [s for s in sendable_statuses() if not asks_why(s, sheet.ticket.type_id)])
    has = (
        bool(c.cc),
        bool(c.bcc),
        bool(c.outside),
        bool(c.reply_html or c.note_html),
        bool(c.time_fields),
        tells(sheet),
    )
    key = (rights(sheet), has, c.mode, c.how, _of(c.then), moves, sheet.is_closed)

    def context() -> dict[str, Any]:
        made = SimpleNamespace(mode=c.mode, how=c.how, then=c.then, key=S("key"), answers=S("answers"))
        made.to, made.cc, made.bcc = [S("to")], [S("cc")] if has[0] else [], [S("bcc")] if has[1] else []
        made.known, made.outside, made.has_draft = [S("known")], [S("outside")] if has[2] else [], has[3]
        made.time_fields = S("time_fields") if has[4] else ""
        for name in _TEXTS:
            setattr(made, name, S(name))
        around = base_of(sheet, is_closed=sheet.is_closed, last_id=S("last_id"), tells=has[5])
        return {
            "sheet": around, "c": made, "csrf_input": S("csrf"), "how_labels": how_labels(), "then_statuses": moves,
            "file_limit": settings.ATTACHMENT_SIZE_LIMIT, "reply_files": S("reply_files"), "note_files": S("note_files"),
        }  # fmt: skip

    values = {name: getattr(c, name) for name in _TEXTS} | {
        "url": sheet.url, "number": sheet.number, "csrf": token_field(request), "last_id": sheet.thread.last_id,
        "key": c.key, "answers": c.answers or "", "to": ", ".join(c.to), "cc": ", ".join(c.cc), "bcc": ", ".join(c.bcc),
        "known": ",".join(c.known), "outside": ", ".join(c.outside),
        "time_fields": c.time_fields,
        "reply_files": _files(c.reply_files, "reply"), "note_files": _files(c.note_files, "note"),
    }  # fmt: skip
    return filled("desk/ticket/composer.jinja", key, context, values)


def _files(files: list[Any], area: str) -> Markup:
    if not files:
        return Markup()
    draw: Any = template("desk/ticket/_draft_file.jinja").module
    return Markup().join(draw.draft_file(file, area) for file in files)
