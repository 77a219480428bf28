"""What the type of a new linked ticket asks for: the dialog that opens it shows these fields when they are missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from zaguan.desk.access import AgentRequest
from zaguan.desk.attribute_forms import controls, posted, uploaded
from zaguan.desk.ticket.attributes import missing_of
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.tickets.attributes import attribute_fields, definitions_of
from zaguan.tickets.models import TicketType


def given_to(request: AgentRequest, kind: TicketType) -> dict[str, Any]:
    """What was typed for the attributes of this type."""
    there = definitions_of(kind.pk)
    return uploaded(request, there, posted(request.POST, there))


@contextmanager
def asked_in(dialog: ActionDialog, kind: TicketType, given: dict[str, Any]) -> Iterator[None]:
    """A refusal of the type puts the fields that it asks for into the dialog, with what was typed."""
    try:
        yield
    except NotAccepted as refusal:
        shown = [each for each in attribute_fields(kind) if each.attribute.default != "title"]
        dialog.context["missing"] = missing_of(controls(shown, typed=given, errors=refusal.errors))
        raise
