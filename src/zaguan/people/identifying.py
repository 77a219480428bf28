"""The contact behind an address; new ones are made, known ones found, bounced ones marked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zaguan.events.recording import record
from zaguan.lib.new_rows import new
from zaguan.lib.statements import Rows, insert
from zaguan.people.events import AddressBounced, AddressCleared, ContactChanged, ContactCreated
from zaguan.people.models import Contact, Identity, Organisation

# How long nothing automatic goes to an address that bounced (R05).
MUTED_FOR = timedelta(days=60)


def normal_email(address: str) -> str:
    """A mail address for comparing: trimmed, lower case."""
    return address.strip().strip("<>").lower()


_by_value = Rows(lambda kind, value: Identity.objects.filter(kind=kind, value=value), str, str)
_by_id = Rows(lambda pk: Contact.objects.filter(pk=pk), int)
_by_domain = Rows(lambda name: Organisation.objects.filter(domains__name=name)[:1], str)


def find_identity(kind: str, value: str) -> Identity | None:
    """The identity with this address, with its contact."""
    identity: Identity | None = _by_value.first(kind, value)
    if identity is not None:
        identity.contact = _by_id.first(identity.contact_id)
    return identity


@transaction.atomic
def contact_for_email(address: str, name: str = "", *, by: Any, origin: str = "mail") -> Contact:
    """The contact who owns a mail address; made when nobody does. Two at once get the same contact."""
    value = normal_email(address)[:254]
    known = find_identity("email", value)
    if known:
        return _named(known.contact, name, value, by=by)
    try:
        with transaction.atomic():
            return _new_contact(value, name, by=by, origin=origin)
    except IntegrityError:
        return Identity.objects.select_related("contact").get(kind="email", value=value).contact


def _named(contact: Contact, name: str, value: str, *, by: Any) -> Contact:
    if name and contact.name in ("", value) and contact.name != name[:160]:
        changes = {"name": [contact.name, name[:160]]}
        contact.name = name[:160]
        contact.save(update_fields=["name"])
        record(ContactChanged(contact_id=contact.pk, changes=changes), by=by)
    return contact


def _new_contact(value: str, name: str, *, by: Any, origin: str) -> Contact:
    organisation = _organisation_of(value)
    contact = insert(new(Contact, name=(name or value)[:160], organisation=organisation))
    insert(new(Identity, contact=contact, kind="email", value=value, origin=origin))
    record(ContactCreated(contact_id=contact.pk), by=by)
    return contact


def _organisation_of(value: str) -> Organisation | None:
    domain = value.rpartition("@")[2]
    if not domain:
        return None
    found: Organisation | None = _by_domain.first(domain)
    return found


@transaction.atomic
def mark_bounced(identity: Identity, reason: str, *, by: Any) -> None:
    """Show that mail to this address came back, and send nothing automatic there for 60 days."""
    identity.bounced_at = timezone.now()
    identity.bounce_reason = reason[:300]
    identity.muted_until = identity.bounced_at + MUTED_FOR
    identity.save(update_fields=["bounced_at", "bounce_reason", "muted_until"])
    event = AddressBounced(
        contact_id=identity.contact_id, identity_id=identity.pk, address=identity.value, reason=reason
    )
    record(event, by=by)


@transaction.atomic
def clear_bounce(identity: Identity, *, by: Any) -> None:
    """An agent knows that the address works again."""
    identity.bounced_at = identity.muted_until = None
    identity.bounce_reason = ""
    identity.save(update_fields=["bounced_at", "muted_until", "bounce_reason"])
    event = AddressCleared(contact_id=identity.contact_id, identity_id=identity.pk, address=identity.value)
    record(event, by=by)
