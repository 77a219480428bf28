"""Who may work by Next only: whoever has that way to a ticket, and does not see every one anyhow."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.people.models import Role


def check_ways_of_working(role: Role, *, works_by_next: bool) -> None:
    """Raises Refused where Next would be the only way to a ticket, and the role leaves no such way."""
    if works_by_next and role.is_admin:
        raise Refused(
            _("An administrator sees every ticket. Choose another role, or switch this off."),
            field="works_by_next",
        )
    if works_by_next and "automation.next" not in role.permissions:
        raise Refused(
            _("The role %(role)s may not take the next ticket.") % {"role": role.name}, field="works_by_next"
        )
