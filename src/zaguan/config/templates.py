"""The Jinja2 environment of all pages: where templates lie, and what every one of them may call."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from zaguan.ui.environment import FILTERS, GLOBALS

PACKAGE = settings.ROOT / "src" / "zaguan"


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    path = settings.ASSETS / "manifest.json"
    return json.loads(path.read_text()) if path.exists() else {}


@lru_cache(maxsize=256)
def asset(name: str) -> str:
    """The address of a built file, with the hash of its content in it."""
    return static(_manifest().get(name, name))


def iso(moment: datetime | None) -> str:
    """For <time datetime>."""
    return moment.isoformat(timespec="seconds") if moment else ""


def exact_time(moment: datetime | None) -> str:
    """Day and time in the reader's zone and language."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else ""


def environment(**options: Any) -> Environment:
    """Django calls this once per process."""
    folders = sorted(str(p) for p in PACKAGE.glob("*/templates")) + sorted(
        str(p) for p in PACKAGE.glob("channels/*/templates")
    )
    cache = settings.DATA / "cache" / "templates"
    cache.mkdir(parents=True, exist_ok=True)
    options |= {
        "loader": FileSystemLoader(folders),
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "auto_reload": settings.DEBUG,
        "bytecode_cache": FileSystemBytecodeCache(str(cache)),
        "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
    }
    env = Environment(**options)  # noqa: S701 (Django passes autoescape=True)
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals |= {"url": _url, "asset": asset, "icon_sprite": asset("icons.svg"), "language": get_language}
    env.globals |= GLOBALS
    env.filters |= FILTERS
    env.filters |= {"iso": iso, "exact_time": exact_time}
    return env


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)
