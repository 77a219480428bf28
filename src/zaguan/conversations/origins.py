"""Where a message was created on a network: the post it hangs on, its place in that conversation, its permalink (A7.4, A7.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from zaguan.conversations.models import Message
from zaguan.lib.errors import Refused

# A permalink leaves the desk in the agent's own browser: nothing but https is ever a link.
SCHEMES = ("https",)
LONGEST = {"url": 2000, "network": 40, "title": 200, "excerpt": 500, "position": 80}
_is_address = URLValidator(schemes=list(SCHEMES))


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in a public conversation; `url` is empty when there is no way there."""

    network: str
    title: str = ""
    excerpt: str = ""
    position: str = ""
    url: str = ""


def checked_origin(given: Mapping[str, Any] | None) -> dict[str, str]:
    """What is kept of it; Refused at `context` for an address that is no https permalink."""
    values = {name: " ".join(str((given or {}).get(name) or "").split()) for name in LONGEST}
    if values["url"] and not is_permalink(values["url"]):
        raise Refused(_("The address of the context must begin with https://"), field="context")
    return {name: text if name == "url" else text[: LONGEST[name]] for name, text in values.items() if text}


def is_permalink(address: str) -> bool:
    """Whether it may stand behind a link: https, a host, no name or password inside."""
    if len(address) > LONGEST["url"]:
        return False
    try:
        _is_address(address)
        parts = urlsplit(address)
    except (ValidationError, ValueError):
        return False
    return parts.scheme in SCHEMES and bool(parts.hostname) and "@" not in parts.netloc


def origin_of(message: Message) -> Origin | None:
    """The place of a message; checked once more, whatever way it came into the table."""
    kept = message.details.get("context")
    if not isinstance(kept, dict):
        return None
    words = {name: str(kept.get(name) or "")[:most] for name, most in LONGEST.items()}
    if not is_permalink(words["url"]):
        words["url"] = ""
    if not any(words.values()):
        return None
    words["network"] = words["network"] or (urlsplit(words["url"]).hostname or "").removeprefix("www.")
    return Origin(**words)
