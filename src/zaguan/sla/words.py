"""How targets, states and pauses are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zaguan.sla.models import TargetKind

CAUSES: dict[str, Promise] = {
    "customer": _("Waiting on the customer"),
    "third": _("Waiting on a third party"),
    "nobody": _("Put off"),
    "done": _("Resolved or closed"),
    "hidden": _("Out of sight: merged or deleted"),
}


def cause_label(cause: str) -> str:
    """Why a clock rests; "" for a stretch that counts."""
    found = CAUSES.get(cause)
    return str(found) if found else ""


def target_label(kind: str) -> str:
    """What a target is for."""
    return str(TargetKind(kind).label) if kind in TargetKind.values else kind
