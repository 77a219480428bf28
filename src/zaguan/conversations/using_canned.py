"""Canned messages while one writes: found by a few letters, and filled in for a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from zaguan.conversations.models import Attachment, Canned
from zaguan.conversations.placeholders import fill
from zaguan.conversations.typed_texts import as_html
from zaguan.lib.folding import fold
from zaguan.lib.html import text_of
from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket


@dataclass(frozen=True)
class Ready:
    """A canned message for one ticket: its text filled in, what had no value, and its files."""

    html: str
    missing: tuple[str, ...]
    files: list[Attachment]


def find_canned(agent: Agent, typed: str, *, archived: bool = False) -> list[Canned]:
    """Those in use that hold every word typed, anywhere; a shortcut or a name that begins so comes first."""
    rows = Canned.objects.visible_to(agent).filter(archived_at__isnull=not archived)
    wanted = fold(typed).strip().removeprefix("/")
    ranked = [(rank, row) for row in rows if (rank := _rank(row, wanted)) is not None]
    return [row for _rank_of, row in sorted(ranked, key=lambda pair: pair[0])]


def _rank(canned: Canned, wanted: str) -> int | None:
    if not wanted or canned.shortcut == wanted:
        return 0
    if canned.shortcut.startswith(wanted):
        return 1
    if fold(canned.name).startswith(wanted):
        return 2
    where = fold(" ".join([canned.shortcut, canned.name, canned.folder, canned.text, *canned.texts.values()]))
    return 3 if all(word in where for word in wanted.split()) else None


def text_for(canned: Canned, ticket: Ticket) -> str:
    """The text in the customer's language, else in the writer's, else as it was first written."""
    theirs = (ticket.requester.language if ticket.requester else "").split("-")[0]
    own = (get_language() or "").split("-")[0]
    return canned.texts.get(theirs or own) or canned.text


def make_ready(canned: Canned, ticket: Ticket, *, by: Any) -> Ready:
    """Fill a canned message in for a ticket; its files become uploads of the writer's own."""
    filled = fill(as_html(text_for(canned, ticket)), ticket, by=by)
    files = [_own_copy(each.attachment, by) for each in canned.files.select_related("attachment")]
    return Ready(filled.html, filled.missing, files)


def _own_copy(file: Attachment, by: Any) -> Attachment:
    return Attachment.objects.create(
        public_id=random_id(24),
        uploaded_by=by if isinstance(by, Agent) else None,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        stored_as=file.stored_as,
    )


def preview_of(canned: Canned) -> str:
    """The text on one line, for lists."""
    return " ".join(text_of(as_html(canned.text)).split())[:160]
