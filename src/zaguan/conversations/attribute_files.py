"""Files in attributes of tickets hang on the ticket like any other, and pass the same gate (A12.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan.conversations.hanging import hang_file
from zaguan.conversations.models import Attachment
from zaguan.people.models import Agent
from zaguan.tickets.attribute_files import register
from zaguan.tickets.models import Ticket


class Hung:
    """The files that hang on tickets."""

    def names(self, ids: list[str]) -> Mapping[str, str]:
        """Their names by id; what is not there is left out."""
        return dict(Attachment.objects.filter(public_id__in=ids).values_list("public_id", "name"))

    def may_take(self, ids: list[str], by: Any, ticket: Ticket | None) -> set[str]:
        """What `by` has uploaded and that lies nowhere yet, and what hangs on this ticket already."""
        wanted = Attachment.objects.filter(public_id__in=ids)
        own = wanted.filter(
            message=None, on_ticket=None, in_library=None, uploaded_by=by if isinstance(by, Agent) else None
        )
        here = wanted.filter(on_ticket__ticket=ticket) if ticket is not None else wanted.none()
        return {*own.values_list("public_id", flat=True), *here.values_list("public_id", flat=True)}

    def attach(self, ids: list[str], ticket: Ticket, by: Any) -> None:
        """Hang those that do not hang there yet."""
        for attachment in Attachment.objects.filter(public_id__in=ids, on_ticket=None):
            hang_file(ticket, attachment, by=by)


register(Hung())
