"""from: and organisation: – whose tickets. Exact addresses are found here; search finds people by their names."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.people.models import Agent, Identity, Organisation, OrganisationDomain
from zaguan.tickets.filtering import Field, NotUnderstood, register

# ("contact" or "organisation", what was typed) → ids, the best first.
NameFinder = Callable[[str, str], list[int]]
_finder: list[NameFinder] = []


def register_name_finder(finder: NameFinder) -> NameFinder:
    """Let search say who is meant by a name, or by the beginning of one."""
    _finder[:] = [finder]
    return finder


def _named(kind: str, value: str) -> list[int]:
    return _finder[0](kind, value) if _finder else []


def _from(value: str, viewer: Agent) -> Q:
    domain = value.lstrip("@").lower()
    owners = Identity.objects.filter(value=value.strip().lower()).values_list("contact_id", flat=True)[:50]
    contacts = list(owners) or ([] if value.startswith("@") else _named("contact", value))
    if contacts:
        return Q(requester_id__in=contacts)
    organisation = (
        OrganisationDomain.objects.filter(name=domain).values_list("organisation_id", flat=True).first()
    )
    if organisation:
        return Q(organisation_id=organisation)
    raise NotUnderstood(_("Nobody called “%(value)s” has written to us.") % {"value": value})


def _organisation(value: str, viewer: Agent) -> Q:
    exact = Organisation.objects.filter(name__iexact=value).values_list("pk", flat=True)[:50]
    found = _named("organisation", value) or list(exact)
    if not found:
        raise NotUnderstood(_("There is no organisation “%(value)s”.") % {"value": value})
    return Q(organisation_id__in=found)


register(
    Field(
        key="from",
        aliases=("requester", "de", "solicitante", "cliente", "customer"),
        label=gettext_lazy("Requester"),
        condition=_from,
        narrow=True,
        fleeting=True,
    )
)
register(
    Field(
        key="organisation",
        aliases=("organization", "org", "organización", "empresa", "organização", "company"),
        label=gettext_lazy("Organisation"),
        condition=_organisation,
        narrow=True,
        fleeting=True,
    )
)
