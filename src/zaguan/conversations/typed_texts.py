"""Texts that are typed into a plain field: as text, or as simple HTML."""

from __future__ import annotations

import re
from html import escape

from zaguan.lib.html import clean_outgoing

_TAG = re.compile(
    r"<(?:p|br|div|span|b|i|strong|em|u|s|a|ul|ol|li|blockquote|code|pre|img|table|h\d)\b[^>]*>", re.I
)


def as_html(text: str) -> str:
    """Clean HTML of what was typed; empty lines make paragraphs."""
    if _TAG.search(text):
        return clean_outgoing(text)
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    return "".join(
        f"<p>{escape(each, quote=False).replace(chr(10), '<br>')}</p>" for each in paragraphs if each
    )
