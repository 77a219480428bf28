"""Link conversations to a tracker: one that there is, or a new one (A13.10, A13.15)."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to
from zaguan.desk.ticket.adding import teams, types_of
from zaguan.desk.ticket.asked_by_type import asked_in, given_to
from zaguan.desk.ticket.changing import asked, chosen_row
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.links import numbers_in
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import Sheet, ticket_for
from zaguan.lib.errors import Refused
from zaguan.people import reference as people
from zaguan.people.models import Agent
from zaguan.tickets import reference
from zaguan.tickets.categories import ANSWERED
from zaguan.tickets.linking import link
from zaguan.tickets.models import DONE_RANK, Link, Ticket
from zaguan.tickets.opening import NewTicket, open_ticket

OFFERED = 20


@require_http_methods(["GET", "POST"])
@needs("tickets.edit")
def track(request: AgentRequest, number: int) -> HttpResponse:
    """Say that this conversation waits for a tracker."""
    ticket = ticket_for(request, number)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/track.jinja", _("Link to a tracker"), _("Link to it"), has_files=True,
        context={
            "trackers": _offered(request.user), "teams": teams(), "types": [(t.pk, t.label) for t in types_of("tracker")], "missing": [],
        },
    )  # fmt: skip

    @transaction.atomic
    def write() -> HttpResponse:
        tracker = _chosen(request, dialog)
        link(tracker, ticket, Link.Kind.TRACKED, by=request.user)
        said = _("Linked to tracker %(number)s") % {"number": tracker.pk}
        return leads_to(request, said, f"/desk/tickets/{number}/?tab=related")

    return dialog.run(write)


def _offered(viewer: Agent) -> list[tuple[int, str]]:
    """The trackers that are worked on, by their types: an index has those, and few of them are open."""
    kinds = [kind.pk for kind in reference.types.all().values() if kind.category == "tracker"]
    rows = Ticket.objects.visible_to(viewer).filter(type__in=kinds, rank__lt=DONE_RANK)
    return [(t.pk, f"#{t.pk} {t.subject}") for t in rows.order_by("-active_at", "-id")[:OFFERED]]


def _chosen(request: AgentRequest, dialog: ActionDialog) -> Ticket:
    subject = request.POST.get("subject", "").strip()
    if subject:
        return _new(request, dialog, subject)
    wanted = request.POST.get("other", "") or request.POST.get("tracker", "")
    if not wanted:
        raise Refused(_("Choose a tracker, or give a new one a subject."), field="tracker")
    found = (
        Ticket.objects.visible_to(request.user)
        .select_related("type")
        .filter(pk=numbers_in(wanted)[0])
        .first()
    )
    if found is None:
        raise Refused(_("There is no ticket %(number)s.") % {"number": wanted[:20]}, field="other")
    return found


def _new(request: AgentRequest, dialog: ActionDialog, subject: str) -> Ticket:
    if not request.user.can("tickets.create"):
        raise Refused(_("You may not create tickets. Choose a tracker that there is."), field="subject")
    kind = chosen_row(reference.types, asked(request, "type"), "type")
    if kind is None or kind.category != "tracker":
        raise Refused(_("Choose a type of tracker."), field="type")
    team = chosen_row(people.teams, asked(request, "team"), "team")
    given = given_to(request, kind)
    new = NewTicket(subject=subject, type=kind, team=team, channel="web", attributes=given)
    with asked_in(dialog, kind, given):
        return open_ticket(new, by=request.user)


def _can_be_affected(sheet: Sheet) -> bool:
    return not sheet.ticket.is_internal and sheet.ticket.kind in ANSWERED


register(
    Option(
        key="track", label=gettext_lazy("Link to a tracker …"), icon="radar", path="track/",
        permission="tickets.edit", group="join", keys="", position=20, when=_can_be_affected,
    )
)  # fmt: skip
