"""A stored value as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zaguan.lib.attributes.definition import Definition, Format, Option
from zaguan.lib.attributes.values import option_of


def in_words(definition: Definition, value: Any, files: Mapping[str, str] | None = None) -> str:
    """The value in the reader's language and time zone, "" for none; `files` names files by their id."""
    if value is None:
        return ""
    if definition.format == Format.LIST:
        return ", ".join(_choice(definition, one) for one in (value if isinstance(value, list) else [value]))
    if definition.format == Format.BOOLEAN:
        return _("Yes") if value else _("No")
    if definition.format in (Format.NUMBER, Format.DECIMAL):
        return str(number_format(Decimal(value), use_l10n=True, force_grouping=False))
    if definition.format == Format.DATETIME:
        return when(value)
    if definition.format == Format.FILE:
        return ", ".join((files or {}).get(one, _("a file")) for one in value)
    return str(value)


def when(value: str) -> str:
    """A stored day, or a stored moment on the reader's clock."""
    if len(value) == 10:
        return str(date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT"))
    moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return str(date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT"))


def label_of(option: Option) -> str:
    """A choice in the reader's language."""
    return option["names"].get((get_language() or "").split("-")[0], option["name"])


def _choice(definition: Definition, key: str) -> str:
    found = option_of(definition, key)
    return label_of(found) if found else key
