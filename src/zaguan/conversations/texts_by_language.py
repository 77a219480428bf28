"""One text in several languages, and which of them somebody reads: their own, its neighbour, or the one for everybody else."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from zaguan.conversations.bodies import written
from zaguan.lib.errors import Refused
from zaguan.lib.html import text_of


def cleaned_texts(given: Mapping[str, str]) -> dict[str, str]:
    """The texts by code of language, cleaned; empty ones are left out. Raises Refused for a language that is none of ours."""
    known = dict(settings.LANGUAGES)
    found = {}
    for code, html in given.items():
        if code not in known:
            raise Refused(
                _("There is no such language here: %(code)s") % {"code": code}, field="translations"
            )
        body = written(html, ())
        if text_of(body.html).strip():
            found[code] = body.html
    return found


def language_for(reader: str, texts: Mapping[str, str]) -> str:
    """The code of the text for who reads `reader` (“pt”, “es-mx”); "" for the text for everybody else."""
    wanted = reader.lower().replace("_", "-")
    if wanted in texts:
        return wanted
    base = wanted.split("-")[0]
    return next((code for code in texts if base and code.split("-")[0] == base), "")
