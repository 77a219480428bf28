"""Clean HTML from outside by allow list: what remains shows the mail and can neither run nor load anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote, unquote

from zaguan.lib.html.budgets import DEFAULT_BUDGET, Budget, prepare
from zaguan.lib.html.folding import fold
from zaguan.lib.html.policy import CLEANER
from zaguan.lib.html.texts import html_of_text, lines_of, text_of_excessive, text_of_lines, tokens_of

_CID = re.compile(
    r"""\ssrc\s*=\s*(?:"\s*cid:([^"]{1,998})"|'\s*cid:([^']{1,998})'|cid:([^\s>]{1,998}))""", re.IGNORECASE
)
_IMG_SRC = re.compile(r' src="([^"]*)"')
_HREF = re.compile(r'<a\b[^>]* href="([^"]*)"')
_STYLE = re.compile(r' style="([^"]*)"')
# The only functions a style value may call; everything else with a bracket is dropped.
_BAD_STYLE = re.compile(
    r"(?<!rgb)(?<!rgba)(?<!hsl)(?<!hsla)(?<!calc)\(|\\|@|expression|javascript", re.IGNORECASE
)
_LINKS_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Clean HTML and what was learnt while cleaning; `reply_text` is "" when nothing had to be folded."""

    html: str
    text: str = ""
    reply_text: str = ""
    folded: bool = False
    has_remote_content: bool = False
    links: tuple[str, ...] = ()
    cids: frozenset[str] = frozenset()
    truncated: bool = False


def clean(
    html: str, *, budget: Budget = DEFAULT_BUDGET, cids: Mapping[str, str] | None = None, quotes: bool = True
) -> Cleaned:
    """Clean the HTML, fold quotes and signatures, and tell its text, links and which inline files it shows.

    `cids` maps `cid_key(Content-ID)` to the Content-ID; an image whose cid is not in it loses its source.
    """
    prepared = prepare(html, budget)
    if prepared is None:
        return _too_much(html, budget)
    if "cid:" in prepared or "CID:" in prepared or "Cid:" in prepared:
        prepared = _CID.sub(_tidy_cid, prepared)
    safe = CLEANER.clean(prepared).strip()
    images = _Images(cids)
    tokens = tokens_of(safe)
    _rewrite(tokens, images)
    links = tuple(unescape(link) for link in _HREF.findall(safe)[:_LINKS_KEPT])
    lines = lines_of(tokens)
    folding = fold(tokens, lines) if quotes else None
    return Cleaned(
        html="".join(folding.tokens if folding else tokens),
        text=text_of_lines(lines),
        reply_text=folding.reply_text if folding else "",
        folded=folding is not None,
        has_remote_content=images.remote,
        links=links,
        cids=frozenset(images.used),
    )


def cid_key(content_id: str) -> str:
    """A Content-ID as it is compared: without brackets and blanks, unescaped, lower case."""
    return "".join(unquote(content_id).split()).strip("<>").lower()


def _too_much(html: str, budget: Budget) -> Cleaned:
    text = text_of_excessive(html[: budget.chars])
    return Cleaned(html=html_of_text(text), text=text, truncated=True)


def _tidy_cid(match: re.Match[str]) -> str:
    """A cid address the URL parser accepts, whatever blanks or escapes it had."""
    cid = "".join(unescape(match[1] or match[2] or match[3]).split())
    return f' src="cid:{quote(unquote(cid), safe="@.$!*+-_~")}"'


def _rewrite(tokens: list[str], images: _Images) -> None:
    """Image sources and style values, in place; tags stand at the odd places."""
    for place in range(1, len(tokens), 2):
        tag = tokens[place]
        if "(" in tag and ' style="' in tag:
            tag = _STYLE.sub(_without_functions, tag)
            tokens[place] = tag
        if ' class=""' in tag:
            tokens[place] = tag = tag.replace(' class=""', "")
        if tag.startswith("<img"):
            tokens[place] = images.rewrite(tag)


def _without_functions(match: re.Match[str]) -> str:
    kept = [part for part in unescape(match[1]).split(";") if part and not _BAD_STYLE.search(part)]
    return f' style="{escape(";".join(kept))}"' if kept else ""


class _Images:
    """Decides for each image: shown from an inline file, remote and waiting to be asked for, or empty."""

    def __init__(self, cids: Mapping[str, str] | None) -> None:
        self.cids = cids
        self.used: set[str] = set()
        self.remote = False

    def rewrite(self, tag: str) -> str:
        found = _IMG_SRC.search(tag)
        if found is None:
            return tag
        source = unescape(found[1]).strip()
        scheme = source[:8].lower()
        if scheme.startswith(("http://", "https://")):
            self.remote = True
            return tag.replace(found[0], f' data-remote-src="{escape(source)}"', 1)
        content_id = self._known(source[4:]) if scheme.startswith("cid:") else ""
        if not content_id:
            return tag.replace(found[0], "", 1)
        self.used.add(content_id)
        return tag.replace(found[0], f' src="cid:{escape(content_id)}"', 1)

    def _known(self, cid: str) -> str:
        return unquote(cid) if self.cids is None else self.cids.get(cid_key(cid), "")
