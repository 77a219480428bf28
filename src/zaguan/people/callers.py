"""The contact behind a telephone number; a new one is made, a known one found."""

from __future__ import annotations

import re
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import ContactCreated
from zaguan.people.identifying import find_identity
from zaguan.people.models import Contact, Identity

_NUMBER = re.compile(r"^\+?[0-9]{5,20}$")


def normal_number(text: str) -> str:
    """A number for comparing: digits with an optional plus; "" when it cannot be one."""
    number = re.sub(r"[\s().\-/]", "", text)
    return number if _NUMBER.match(number) else ""


@transaction.atomic
def contact_for_phone(number: str, name: str = "", *, by: Any) -> Contact:
    """The contact who has this number; made when nobody does. Raises Refused for what is no number."""
    value = normal_number(number)
    if not value:
        raise Refused(_("“%(value)s” is not a telephone number.") % {"value": number[:60]}, field="requester")
    known = find_identity("phone", value)
    if known is not None:
        return known.contact
    try:
        with transaction.atomic():
            contact = Contact.objects.create(name=(name.strip() or value)[:160])
            Identity.objects.create(contact=contact, kind="phone", value=value, origin="agent")
            record(ContactCreated(contact_id=contact.pk), by=by)
            return contact
    except IntegrityError:
        return Identity.objects.select_related("contact").get(kind="phone", value=value).contact
