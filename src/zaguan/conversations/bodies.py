"""What an agent wrote: cleaned or refused, never replaced; pasted images tied to their files; signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from zaguan.conversations.models import Attachment, Inbox
from zaguan.lib.errors import Refused
from zaguan.lib.html import clean_outgoing, text_of
from zaguan.people.models import Agent, Team

_SOURCE = re.compile(r"""(<img\b[^>]*?\bsrc\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_TAG = re.compile(r"<[a-z][^>]*>", re.IGNORECASE)


@dataclass
class Body:
    """Clean HTML and its text; `images` maps a Content-ID to the address that the composer showed it under."""

    html: str
    text: str
    images: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and "<img" not in self.html


def written(html: str, files: Sequence[Attachment]) -> Body:
    """Clean what an agent wrote. Raises Refused, with the draft intact, when words would get lost (bug 13)."""
    images: dict[str, str] = {}

    def to_cid(match: re.Match[str]) -> str:
        source = match[2] if match[2] is not None else match[3]
        for file in files:
            if file.public_id in source:
                content_id = content_id_of(file)
                images[content_id] = source
                return f'{match[1]}"cid:{content_id}"'
        return match[0]

    clean = clean_outgoing(_SOURCE.sub(to_cid, html))
    return Body(clean, text_of(clean), images)


def shown_again(html: str, images: dict[str, str]) -> str:
    """The HTML as the composer had it, with the images under the addresses it showed."""
    for content_id, source in images.items():
        html = html.replace(f"cid:{content_id}", source)
    return html


def content_id_of(file: Attachment) -> str:
    """The Content-ID under which an image travels: the same each time, and no other file's."""
    return f"{file.public_id}@zaguan"


def refuse_empty(body: Body, files: Sequence[Attachment]) -> None:
    """Raise Refused when there is nothing in a message."""
    if body.is_empty and not files:
        raise Refused(_("Write something first."), field="html")


def signature(inbox: Inbox, team: Team | None, by: Any) -> str:
    """The signatures of agent, team and inbox as clean HTML, fixed at the moment of sending."""
    found = [by.signature if isinstance(by, Agent) else "", team.signature if team else "", inbox.signature]
    return "".join(f"<div>{_as_html(each)}</div>" for each in found if each.strip())


def _as_html(text: str) -> str:
    """Signatures are typed as plain text or as simple HTML."""
    html = text if _TAG.search(text) else escape(text.strip(), quote=False).replace("\n", "<br>")
    return clean_outgoing(html)
