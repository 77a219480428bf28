"""The link by which a contact answers: an unguessable id with its signature, for as long as the approver's row says."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from zaguan.lib.secrets import sign, signed
from zaguan.tickets.models import Approver

_PURPOSE = "approval link"


def address_of(approver: Approver) -> str:
    """The whole address; the same each time, so that a mail sent twice works twice."""
    token = f"{approver.public_id}.{sign(approver.public_id, purpose=_PURPOSE)}"
    return settings.BASE_URL + reverse("approval-link", args=[token])


def approver_behind(token: str) -> Approver | None:
    """Whom it was made for; None for what we did not sign, without a question to the database."""
    public_id, _dot, signature = token.partition(".")
    if not signed(public_id, signature, purpose=_PURPOSE):
        return None
    rows = Approver.objects.filter(public_id=public_id, contact__isnull=False)
    found = rows.select_related("approval__ticket", "approval__asked_by", "contact").first()
    return None if found is None or found.approval.ticket.is_hidden else found
