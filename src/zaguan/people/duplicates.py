"""Contacts that may be the same person as a given one, each with the reason for thinking so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from zaguan.people.models import Agent, Contact
from zaguan.people.phones import variants

MOST = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    contact: Contact
    reason: str


def suggestions(contact: Contact, viewer: Agent) -> list[Suggestion]:
    """At most five, the best reason first; each question goes along an index."""
    found: dict[int, Suggestion] = {}
    for reason, rows in _reasons(contact, viewer):
        for other in rows.exclude(pk=contact.pk).prefetch_related("identities")[:MOST]:
            found.setdefault(other.pk, Suggestion(other, reason))
    return list(found.values())[:MOST]


def _reasons(contact: Contact, viewer: Agent) -> Iterator[tuple[str, Any]]:
    others = Contact.objects.visible_to(viewer)
    for identity in contact.identities.all():
        if identity.kind == "phone":
            written = [f"{sign}{number}" for number in variants(identity.value) for sign in ("+", "", "00")]
            same = others.filter(identities__kind="phone", identities__value__in=written).distinct()
            yield _("The same phone number as %(number)s") % {"number": identity.value}, same
    if " " in contact.name.strip():
        yield _("The same name"), others.alias(folded=Lower("name")).filter(folded=contact.name.lower())
