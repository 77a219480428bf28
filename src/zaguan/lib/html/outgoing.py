"""Rich text that an agent wrote: a small set of tags, and a refusal instead of lost words."""

from __future__ import annotations

import re
from collections.abc import Container

import nh3
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.lib.html.budgets import Budget, prepare
from zaguan.lib.html.texts import tokens_of

_BUDGET = Budget(chars=2_000_000, tags=20_000, links=5_000, depth=100)
_CLEANER = nh3.Cleaner(
    tags=set(
        "p br strong b em i u s del a ul ol li blockquote pre code h1 h2 h3 img hr "
        "table thead tbody tr td th div span".split()
    ),
    clean_content_tags=set("script style svg math title template iframe object noembed noframes".split()),
    attributes={
        "a": {"href", "title"},
        "img": {"src", "alt", "width", "height"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "ol": {"start"},
    },
    link_rel="noopener noreferrer",
    url_schemes={"http", "https", "mailto", "tel", "cid"},
    url_relative="pass_through",
)
_SOURCE = re.compile(r' src="([^"]*)"')


class UnsafeHtml(Refused):
    """The text could not be cleaned without losing words; nothing was stored or sent."""


def clean_outgoing(html: str, *, own_images: Container[str] = ()) -> str:
    """The agent's HTML with only the tags a reply needs; images only `cid:` or one of `own_images`.

    Raises UnsafeHtml when it cannot be done: an agent's words are never replaced by something else.
    """
    prepared = prepare(html, _BUDGET)
    if prepared is None:
        raise UnsafeHtml(_("This text is too long to send. Please shorten it or attach it as a file."))
    tokens = tokens_of(_CLEANER.clean(prepared).strip())
    for place in range(1, len(tokens), 2):
        if tokens[place].startswith("<img") and not _is_own(tokens[place], own_images):
            tokens[place] = ""
    return "".join(tokens)


def _is_own(tag: str, own_images: Container[str]) -> bool:
    source = _SOURCE.search(tag)
    return source is not None and (source[1].lower().startswith("cid:") or source[1] in own_images)
