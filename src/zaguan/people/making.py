"""Contacts and organisations that somebody makes by hand: what must be known about one is asked at once (A14.1).

Mail, calls and new tickets make contacts too; these are never held up for a field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from zaguan.people.editing import create_organisation
from zaguan.people.identifying import contact_for_email, find_identity, normal_email
from zaguan.people.models import Contact, Organisation
from zaguan.people.profiles import set_profile


@transaction.atomic
def make_contact(
    address: str, name: str, profile: Mapping[str, Any], *, by: Any, origin: str = "agent"
) -> Contact:
    """A contact with a profile by key; one with this address is found, and asked for nothing. Raises NotAccepted."""
    known = find_identity("email", normal_email(address)[:254])
    made = contact_for_email(address, name, by=by, origin=origin)
    set_profile(made, profile, by=by, complete=known is None)
    return made


@transaction.atomic
def make_organisation(
    name: str, profile: Mapping[str, Any], *, by: Any, domains: Iterable[str] = (), notes: str = ""
) -> Organisation:
    """An organisation with a profile by key. Raises Refused as creating one does, NotAccepted for its profile."""
    made = create_organisation(name, by=by, domains=domains, notes=notes)
    set_profile(made, profile, by=by, complete=True)
    return made
