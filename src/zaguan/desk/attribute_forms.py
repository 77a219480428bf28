"""Attributes in forms: what was posted as plain values by key, and what a control shows of a stored value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO, Protocol, cast

from django.utils import timezone

from zaguan.conversations.attachments import store
from zaguan.desk.access import AgentRequest
from zaguan.lib.attributes.asking import is_needed
from zaguan.lib.attributes.definition import Definition, Format
from zaguan.lib.attributes.errors import PREFIX
from zaguan.lib.attributes.showing import label_of


class Shown(Protocol):
    """An attribute with its value, of a ticket or of a person."""

    @property
    def attribute(self) -> Any: ...
    @property
    def value(self) -> Any: ...
    @property
    def is_asked(self) -> bool: ...
    @property
    def text(self) -> str: ...


def posted(data: Any, definitions: Iterable[Definition]) -> dict[str, Any]:
    """What a form sent about these attributes, by key; those that were not in it are left out."""
    found: dict[str, Any] = {}
    for definition in definitions:
        name = PREFIX + definition.key
        if name in data:
            found[definition.key] = _plain(definition, [v for v in data.getlist(name) if v != ""])
    return found


def uploaded(
    request: AgentRequest, definitions: Iterable[Definition], given: dict[str, Any]
) -> dict[str, Any]:
    """The same with what was uploaded beside it: added where several may be, in place of the old one otherwise."""
    for definition in definitions:
        files = (
            request.FILES.getlist(f"{PREFIX}{definition.key}.upload")
            if definition.format == Format.FILE
            else []
        )
        new = [
            store(cast("BinaryIO", f), f.name or "", f.content_type or "", by=request.user).public_id
            for f in files
        ]
        if new:
            given[definition.key] = [*(given.get(definition.key) or ()), *new] if definition.many else new
    return given


def _plain(definition: Definition, given: Sequence[str]) -> Any:
    if not given:
        return None
    if definition.format == Format.FILE or (definition.format == Format.LIST and definition.many):
        return list(given)
    if definition.format == Format.TEXT:
        # Browsers send line ends in two letters.
        return given[-1].replace("\r\n", "\n")
    if definition.format == Format.DECIMAL:
        return _with_point(given[-1].strip())
    if definition.format == Format.DATETIME and definition.many:
        return _with_zone(given[-1])
    return given[-1].strip()


def _with_point(text: str) -> str:
    """12,50 as it is written in most of the world; anything with both signs is left for the check to refuse."""
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _with_zone(text: str) -> str:
    """A time without a zone is meant as the person's own clock says."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (timezone.make_aware(moment) if timezone.is_naive(moment) else moment).isoformat()


def in_control(definition: Definition, value: Any) -> Any:
    """A stored value as its control wants it: a text, or a list of keys."""
    if definition.format == Format.LIST:
        return value if isinstance(value, list) else [value] if value else []
    if definition.format == Format.FILE:
        return value or []
    if definition.format == Format.BOOLEAN:
        return "" if value is None else "1" if value else "0"
    if definition.format == Format.DATETIME and definition.many and value:
        moment = timezone.localtime(datetime.fromisoformat(value.replace("Z", "+00:00")))
        return moment.strftime("%Y-%m-%dT%H:%M")
    return "" if value is None else str(value)


def controls(
    values: Iterable[Shown], *, audience: str = "agent", typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """What the macro attribute_fields draws: one dictionary for each attribute, with what was typed and what was wrong."""
    every = list(values)
    by_id = {v.attribute.pk: v.attribute for v in every}
    made = []
    for shown in every:
        row = shown.attribute
        value = (typed or {}).get(row.key)
        if value is None:  # not typed, or left empty
            value = in_control(row, None if row.key in (typed or {}) else shown.value)
        above = by_id.get(row.depends_on_id)
        made.append({
            "name": PREFIX + row.key, "key": row.key, "format": row.format, "many": row.many, "label": row.label,
            "hint": row.help, "value": value, "options": _offered(row, shown.value), "text": shown.text,
            "needed": is_needed(row, "customer" if audience == "customer" else "agent"), "row": row,
            "error": (errors or {}).get(row.key, ""), "is_asked": shown.is_asked, "stored": shown.value,
            "when": PREFIX + above.key if above else "",
            "files": shown.files if hasattr(shown, "files") else {},
            "when_values": " ".join(_mark(one) for one in row.depends_values),
        })  # fmt: skip
    return made


def _mark(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _offered(row: Definition, value: Any) -> list[tuple[str, str]]:
    """The choices of a list; a retired one only where it stands."""
    there = set(value if isinstance(value, list) else [value])
    return [(o["key"], label_of(o)) for o in row.options if not o["retired"] or o["key"] in there]
