"""What is written down about the customer, in the ticket's panel (A14.1)."""

from __future__ import annotations

from django.template.loader import render_to_string
from markupsafe import Markup

from zaguan.people.models import Contact, ProfileField
from zaguan.people.profiles import fields_of, profile_of


def profile_card(contact_id: int) -> Markup:
    """What is written down about the customer, for the ticket's panel; nothing is asked where no field exists."""
    if not any(f.archived_at is None for f in fields_of(ProfileField.Subject.CONTACT)):
        return Markup()
    shown = [v for v in profile_of(Contact(pk=contact_id)) if v.is_asked]
    return Markup(render_to_string("desk/ticket/profile.jinja", {"profile": shown}))  # noqa: S704 (a template drew it)
