"""One message as the thread shows it. What it says never changes, so the markup is kept for the next reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template import engines
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from zaguan.conversations.models import Delivery, Message
from zaguan.conversations.origins import origin_of
from zaguan.conversations.reading import Attempt, File, Parts
from zaguan.desk.kept import KeptMarkup
from zaguan.desk.rows import CHANNEL_ICONS
from zaguan.lib.errors import Refused
from zaguan.lib.html import clean_outgoing, html_of_text, with_images
from zaguan.people.models import Agent
from zaguan.tickets import reference
from zaguan.tickets.models import Ticket

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_kept = KeptMarkup(3000)


@dataclass(frozen=True, slots=True)
class Reader:
    """All of a viewer that a message's markup depends on."""

    language: str
    zone: str
    may_reply: bool
    edition: str

    @classmethod
    def of(cls, viewer: Agent, ticket: Ticket) -> Reader:
        may_reply = viewer.can("conversations.reply") and not ticket.is_internal
        return cls(get_language() or "", timezone.get_current_timezone_name(), may_reply, settings.STATIC_URL)


@dataclass(frozen=True, slots=True)
class State:
    """How far a sent message has come, over all its recipients; `attempt` is the one that a retry is about."""

    name: str = ""
    address: str = ""
    reason: str = ""
    attempt: int = 0


def bubble(message: Message, parts: Parts, reader: Reader) -> Markup:
    """The markup of one message."""
    author = author_of(message)
    state = delivery_state(parts.deliveries)
    key = (message.pk, message.created_at, reader, author, state, len(parts.files))
    return _kept.drawn(key, lambda: _draw(message, parts, reader, author, state))


def author_of(message: Message) -> str:
    """Who wrote it, by name, else by address."""
    agent = reference.agents.get(message.agent_id)
    if agent is not None:
        return agent.name
    return message.sender_name or message.sender_address


_WORST = ("failed", "unknown", "sending", "queued", "sent", "delivered", "read")


def delivery_state(attempts: list[Attempt]) -> State:
    """The newest attempt to each address; of those, the one that needs an eye most."""
    newest = {attempt.address: attempt for attempt in sorted(attempts, key=lambda a: a.attempt)}
    for name in _WORST:
        for attempt in newest.values():
            if attempt.state == name:
                return State(name, attempt.address, attempt.answer or attempt.code, attempt.id)
    return State()


def _draw(message: Message, parts: Parts, reader: Reader, author: str, state: State) -> Markup:
    template = engines["jinja2"].env.get_template("desk/ticket/message.jinja")  # type: ignore[attr-defined]
    text = template.render(
        m=message,
        kind=kind_of(message),
        author=author,
        key=message.agent_id if message.agent_id else (message.contact_id or message.sender_address),
        icon_name=CHANNEL_ICONS.get(message.channel, "message-square"),
        reader=reader,
        body=body_of(message, parts.files),
        folded=folded_of(message),
        others=others_of(message),
        files=[f for f in parts.files if not f.is_inline],
        pictures=PICTURES,
        state=state,
        state_words=str(Delivery.State(state.name).label) if state.name else "",
        call=call_of(message),
        origin=origin_of(message),
    )
    return Markup(text)  # noqa: S704 (rendered with escaping)


def kind_of(message: Message) -> str:
    """Which of the three kinds of bubble it is."""
    if message.visibility == Message.Visibility.INTERNAL:
        return "note"
    return {"in": "customer", "out": "agent"}.get(message.direction, "note")


def body_of(message: Message, files: list[File]) -> Markup:
    """What was written by one of us, which was cleaned when it was stored; the text of what came in."""
    if _is_ours(message):
        addresses = {f.content_id: f"/desk/files/{f.public_id}/" for f in files if f.content_id}
        return _own_words(with_images(message.html, addresses), set(addresses.values()), message.text)
    text = message.reply_text or message.text
    if message.html and message.direction != Message.Direction.IN:
        return Markup(html_of_text(text))  # noqa: S704
    return Markup(html_of_text(text).replace('<div style="white-space:pre-wrap">', "<div>", 1))  # noqa: S704


def _own_words(html: str, pictures: set[str], text: str) -> Markup:
    """Cleaned once more: whatever way it came into the table, it stands inside our own page."""
    try:
        clean = clean_outgoing(html, own_images=pictures)
    except Refused:
        clean = html_of_text(text)
    return Markup(clean.replace("<span>@", '<span class="mention">@'))  # noqa: S704


def _is_ours(message: Message) -> bool:
    """Whether its HTML was written here. An agent's own mail quotes what others wrote: only its text is shown."""
    written = message.direction != Message.Direction.IN or message.channel == "phone"
    return bool(message.html) and written and not message.details.get("by_mail")


def folded_of(message: Message) -> Markup:
    """The rest of a plain text: quoted history and signature, or the whole when the new part is not its beginning."""
    framed = message.html and not message.details.get("by_mail")
    if framed or not message.reply_text or message.reply_text == message.text:
        return Markup("")
    whole, own = message.text.strip(), message.reply_text.strip()
    rest = whole[len(own) :].strip() if whole.startswith(own) else whole
    return Markup("<br>").join(escape(line) for line in rest.splitlines())


def others_of(message: Message) -> list[str]:
    """Whom else it names, when that is more than one writing to one."""
    people = [*message.to, *message.cc]
    return [_shown(p) for p in people] if len(people) > 1 or message.cc else []


def _shown(person: list[str]) -> str:
    name = person[1] if len(person) > 1 else ""
    return f"{name} <{person[0]}>" if name else person[0]


def call_of(message: Message) -> dict[str, Any] | None:
    """The facts of a phone call, with its length in minutes."""
    if message.channel != "phone" or "started_at" not in message.details:
        return None
    started, ended = _moment(message.details.get("started_at")), _moment(message.details.get("ended_at"))
    minutes = max(round((ended - started).total_seconds() / 60), 1) if started and ended else 0
    outcome = message.details.get("outcome", "")
    return {**message.details, "started": started, "minutes": minutes, "outcome": outcome_label(outcome)}


def outcome_label(outcome: str) -> str:
    """How a call ended, in words."""
    words = {
        "answered": _("answered"),
        "no_answer": _("no answer"),
        "busy": _("busy"),
        "voicemail": _("voicemail"),
        "failed": _("not connected"),
    }
    return words.get(outcome, outcome)


def _moment(value: Any) -> datetime | None:
    return parse_datetime(value) if isinstance(value, str) else None
