"""Change contacts and organisations by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import ContactChanged, OrganisationChanged
from zaguan.people.identifying import normal_email
from zaguan.people.models import Contact, Identity, Organisation, OrganisationDomain

CONTACT_FIELDS = ("name", "organisation", "language", "time_zone", "notes")


def _changed(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Set what differs; field → [old, new] as text."""
    changes = {}
    for name, value in values.items():
        old = getattr(row, name)
        if (old != value and value is not None) or (name == "organisation" and old != value):
            setattr(row, name, value)
            changes[name] = [str(old or ""), str(value or "")]
    return changes


@transaction.atomic
def change_contact(contact: Contact, *, by: Any, **values: Any) -> Contact:
    """Change plain fields of a contact; raises Refused for an empty name."""
    fresh = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    unknown = set(values) - set(CONTACT_FIELDS)
    if unknown:
        raise ValueError(f"not fields of a contact: {unknown}")
    if "name" in values and not str(values["name"]).strip():
        raise Refused(_("A contact needs a name."), field="name")
    changes = _changed(fresh, values)
    if changes:
        fresh.save(update_fields=[*changes])
        record(ContactChanged(contact_id=fresh.pk, changes=changes), by=by)
    return fresh


@transaction.atomic
def add_identity(contact: Contact, kind: str, value: str, *, by: Any) -> Identity:
    """Give a contact a further address; raises Refused when it is malformed or another contact has it."""
    value = normal_email(value) if kind == "email" else value.strip()
    if not value or (kind == "email" and "@" not in value.strip("@")):
        raise Refused(_("“%(value)s” is not an e-mail address.") % {"value": value}, field="value")
    first = not contact.identities.filter(kind=kind).exists()
    try:
        with transaction.atomic():
            made = Identity.objects.create(
                contact=contact, kind=kind, value=value, origin="agent", is_primary=first
            )
    except IntegrityError:
        raise Refused(_("Another contact has this address already."), field="value") from None
    record(ContactChanged(contact_id=contact.pk, changes={kind: ["", value]}), by=by)
    return made


@transaction.atomic
def remove_identity(identity: Identity, *, by: Any) -> None:
    """Take an address away from its contact; raises Refused for the last one."""
    if identity.contact.identities.count() == 1:
        raise Refused(_("This is the only address of the contact."))
    changes = {identity.kind: [identity.value, ""]}
    contact_id = identity.contact_id
    identity.delete()
    record(ContactChanged(contact_id=contact_id, changes=changes), by=by)


@transaction.atomic
def set_blocked(contact: Contact, blocked: bool, *, by: Any) -> None:
    """Hold what a contact writes from now on (R11), or let it through again."""
    old = contact.blocked_at
    contact.blocked_at = timezone.now() if blocked else None
    contact.save(update_fields=["blocked_at"])
    record(ContactChanged(contact_id=contact.pk, changes={"blocked": [bool(old), blocked]}), by=by)


@transaction.atomic
def create_organisation(name: str, *, by: Any, domains: Iterable[str] = (), notes: str = "") -> Organisation:
    """A new organisation; raises Refused without a name or for a domain that another one has."""
    if not name.strip():
        raise Refused(_("An organisation needs a name."), field="name")
    made = Organisation.objects.create(name=name.strip()[:160], notes=notes)
    _set_domains(made, domains)
    record(OrganisationChanged(organisation_id=made.pk, changes={"name": ["", made.name]}), by=by)
    return made


@transaction.atomic
def change_organisation(
    organisation: Organisation, *, by: Any, domains: Iterable[str] | None = None, **values: Any
) -> Organisation:
    """Change name, notes and domains."""
    if "name" in values and not str(values["name"]).strip():
        raise Refused(_("An organisation needs a name."), field="name")
    changes = _changed(organisation, values)
    if changes:
        organisation.save(update_fields=[*changes])
    if domains is not None:
        changes |= _set_domains(organisation, domains)
    if changes:
        record(OrganisationChanged(organisation_id=organisation.pk, changes=changes), by=by)
    return organisation


def _set_domains(organisation: Organisation, domains: Iterable[str]) -> dict[str, Any]:
    wanted = {d.strip().lower().lstrip("@") for d in domains if d.strip()}
    present = set(organisation.domains.values_list("name", flat=True))
    if wanted == present:
        return {}
    taken = OrganisationDomain.objects.filter(name__in=wanted).exclude(organisation=organisation).first()
    if taken:
        raise Refused(
            _("The domain %(domain)s belongs to another organisation.") % {"domain": taken}, field="domains"
        )
    organisation.domains.filter(name__in=present - wanted).delete()
    OrganisationDomain.objects.bulk_create(
        [OrganisationDomain(organisation=organisation, name=name) for name in sorted(wanted - present)]
    )
    return {"domains": [", ".join(sorted(present)), ", ".join(sorted(wanted))]}
