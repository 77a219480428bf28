"""What is written down about two contacts who turn out to be one: gaps are filled, the rest is chosen, all can go back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zaguan.lib.attributes.asking import Values, asked_now
from zaguan.lib.attributes.definition import Format
from zaguan.lib.attributes.showing import in_words
from zaguan.people.models import Contact, ProfileField
from zaguan.people.profiles import fields_of, put_values, values_of


@dataclass(frozen=True)
class ProfileChoice:
    """A field in which both hold something different, in words."""

    key: str
    label: str
    ours: str
    theirs: str


def profile_choices(kept: Contact, gone: Contact) -> list[ProfileChoice]:
    """What is to be chosen before the two become one; an empty side is left to the other."""
    ours, theirs = values_of(kept), values_of(gone)
    pairs = ((f, in_words(f, ours.get(str(f.pk))), in_words(f, theirs.get(str(f.pk)))) for f in _fields())
    return [ProfileChoice(f.key, f.label, old, new) for f, old, new in pairs if old != new]


def fill_profile(kept: Contact, gone: Contact, *, take: frozenset[str], by: Any) -> dict[str, list[Any]]:
    """Let `kept` have what it lacks, and the fields whose keys `take` names. Answers with field id → [old, new]."""
    before, theirs = values_of(kept), values_of(gone)
    after = dict(before)
    for each in _fields():
        mark = str(each.pk)
        if mark in theirs and (mark not in before or each.key in take):
            after[mark] = theirs[mark]
    return _written(kept, before, _asked(before, after), by=by)


def restore_profile(kept: Contact, changes: Mapping[str, list[Any]], *, by: Any) -> None:
    """Take back what `fill_profile` wrote; a value that was changed since stays."""
    before = values_of(kept)
    after = dict(before)
    for mark, (old, new) in changes.items():
        if before.get(mark) == new:
            after.pop(mark, None)
            after |= {mark: old} if old is not None else {}
    _written(kept, before, after, by=by)


def _fields() -> list[ProfileField]:
    known = fields_of(ProfileField.Subject.CONTACT)
    return [f for f in known if f.archived_at is None and f.format != Format.SECTION]


def _asked(before: Values, after: Values) -> Values:
    """Without what came along and is not asked beside the other values."""
    asked = {str(f.pk) for f in asked_now(fields_of(ProfileField.Subject.CONTACT), after)}
    return {m: v for m, v in after.items() if m in asked or before.get(m) == v}


def _written(kept: Contact, before: Values, after: Values, *, by: Any) -> dict[str, list[Any]]:
    marks = [m for m in {*before, *after} if before.get(m) != after.get(m)]
    if marks:
        put_values(kept, before, after, by=by)
    return {m: [before.get(m), after.get(m)] for m in marks}
