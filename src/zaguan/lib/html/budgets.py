"""What HTML may cost: limits checked by one linear scan before the real parser sees it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits for one piece of HTML; above `chars`, `tags`, `links` or `entities` it is shown as text."""

    chars: int = 5_000_000
    tags: int = 150_000
    links: int = 50_000
    entities: int = 50_000
    depth: int = 250
    attributes: int = 200
    small: int = 20_000


DEFAULT_BUDGET = Budget()

# One token of HTML as a browser reads it: comment, raw text element, or tag with its attributes. Possessive
# quantifiers keep it linear.
_TOKEN = re.compile(
    r"<!--(?:>|->|.*?(?:--!?>|\Z))"
    r"|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)\b.*?(?:</(?P=raw)[\s/>]|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-z][^\s/>]*+)"
    r"(?P<attributes>(?:[\s/]++|=?[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+|=)*+)>?",
    re.IGNORECASE | re.DOTALL,
)
# Elements that end by themselves, so an unclosed one does not nest.
_SELF_ENDING = frozenset(
    "p li td th tr tbody thead tfoot dd dt option optgroup br hr img input meta link col wbr area base "
    "source param embed track frame html head body".split()
)
_BLANK_RUN = re.compile(r"(?:[ \t\r\n\u00a0]|&nbsp;|&#160;|&#xa0;){400,}+", re.IGNORECASE)
_UNCLOSED_COMMENT = re.compile(r"<!--(?:\[if[^>]*>)?")


def prepare(html: str, budget: Budget) -> str | None:
    """The HTML made safe to parse (blanks shortened, nesting flattened), or None when it is over the budget."""
    if "\x00" in html:
        html = html.replace("\x00", "")
    html = _close_last_comment(html)
    if len(html) <= budget.small and html.count("<") <= budget.depth:
        return html
    html = _BLANK_RUN.sub(" ", html)
    if len(html) > budget.chars or html.count("<") > 2 * budget.tags or html.count("&") > budget.entities:
        return None
    return _flatten(html, budget)


def _close_last_comment(html: str) -> str:
    """Drop the start of a comment that never ends: it would swallow the rest of the mail."""
    start = html.rfind("<!--")
    if start == -1 or html.find("-->", start) != -1:
        return html
    return html[:start] + _UNCLOSED_COMMENT.sub("", html[start:], count=1)


def _flatten(html: str, budget: Budget) -> str | None:
    """Drop tags nested deeper than the budget, and attributes of tags that have absurdly many."""
    out: list[str] = []
    open_tags: Counter[str] = Counter()
    depth = position = links = tags = 0
    for match in _TOKEN.finditer(html):
        name = match["name"]
        if name is None:
            continue
        tags += 1
        name = name.lower()
        links += name == "a" and not match["close"]
        if tags > budget.tags or links > budget.links:
            return None
        keep = match[0] if len(match["attributes"]) < 1_000 else _with_few_attributes(match, budget)
        if name not in _SELF_ENDING:
            depth, keep = _nest(name, bool(match["close"]), depth, open_tags, keep, budget.depth)
        if keep is not match[0]:
            out += (html[position : match.start()], keep)
            position = match.end()
    out.append(html[position:])
    return "".join(out)


def _nest(
    name: str, closing: bool, depth: int, open_tags: Counter[str], tag: str, limit: int
) -> tuple[int, str]:
    """Count this tag; the depth after it, and the tag itself or "" when it is too deep."""
    if not closing:
        open_tags[name] += 1
        return depth + 1, tag if depth < limit else ""
    if not open_tags[name]:
        return depth, tag
    open_tags[name] -= 1
    return depth - 1, tag if depth <= limit else ""


def _with_few_attributes(match: re.Match[str], budget: Budget) -> str:
    """The tag without its attributes when there are so many that parsing them would be quadratic."""
    attributes = match["attributes"]
    most = len(attributes.split()) + sum(attributes.count(sign) for sign in "/\"'")
    if most <= budget.attributes * 10:
        return match[0]
    return f"<{match['close']}{match['name']}>"
