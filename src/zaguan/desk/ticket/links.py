"""Tickets that belong together: connect, create, take apart, confirm what was guessed, finish the children (A3.12, A4)."""

from __future__ import annotations

import re

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.ticket.changing import asked, chosen_row
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.duplicates import DUPLICATES, offer_merge
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import sheet_for, ticket_for
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.search.finding import find
from zaguan.tickets import reference
from zaguan.tickets.finishing import finish_children
from zaguan.tickets.link_words import role_of_other
from zaguan.tickets.linking_many import link_many, unlink_many
from zaguan.tickets.models import DONE_RANK, Link, Phase, Status, Ticket
from zaguan.tickets.progress import open_children, progress_of
from zaguan.tickets.related import group_of

Kind = Link.Kind
MOST, OFFERED = 500, 8
_NUMBER = re.compile(r"\d{1,18}")
# What an agent may say of another ticket, as kind and direction; the rest comes about by other actions.
CHOICES = ("related-out", "child-out", "child-in", "follow_up-out", "follow_up-in", *DUPLICATES)


def kind_in(text: str) -> tuple[str, bool]:
    """Kind and direction of a choice such as "child-out"; Refused for what is none."""
    kind, _dash, direction = text.partition("-")
    if kind not in Kind.values or direction not in ("out", "in"):
        raise Refused(_("Choose how the tickets belong together."), field="kind")
    return kind, direction == "out"


def label_of(choice: str) -> str:
    """How the other ticket is called, seen from here."""
    return role_of_other(*kind_in(choice))


def tie(ticket: Ticket, others: list[Ticket], choice: str, request: AgentRequest) -> None:
    """Link tickets as was chosen, all of them or none."""
    kind, outwards = kind_in(choice)
    link_many(ticket, others, kind, outwards=outwards, by=request.user)


def numbers_in(text: str) -> list[int]:
    """The tickets that were named, each once."""
    found = list(dict.fromkeys(int(number) for number in _NUMBER.findall(text)))
    if not found:
        raise Refused(_("Say which ticket: its number, or words of its subject."), field="number")
    if len(found) > MOST:
        raise Refused(_("Link at most %(count)d tickets at once.") % {"count": MOST}, field="number")
    return found


@require_GET
@needs("desk.use")
def linkable(request: AgentRequest, number: int) -> JsonResponse:
    """Other tickets by number or words, while one types."""
    besides = ticket_for(request, number).pk
    text = request.GET.get("q", "").strip().lstrip("#")[:100]
    found = find(request.user, text, size=OFFERED) if text else None
    rows = ([found.number] if found and found.number else []) + [
        hit.row for hit in (found.tickets if found else ())
    ]
    offered = {row.number: row for row in rows if row.number != besides}
    items = [
        {"value": f"#{row.number}", "label": f"#{row.number} {row.subject}", "sub": row.requester_name or ""}
        for row in offered.values()
    ]
    return JsonResponse(items[:OFFERED], safe=False)


@require_http_methods(["GET", "POST"])
@needs("tickets.edit")
def connect(request: AgentRequest, number: int) -> HttpResponse:
    """Connect tickets that there are already."""
    ticket = ticket_for(request, number)
    first = ["tracked-out"] if ticket.kind == "tracker" else []
    choices = [(choice, label_of(choice)) for choice in (*first, *CHOICES)]
    dialog = ActionDialog(
        request, ticket, "desk/ticket/connect.jinja", _("Connect tickets"), _("Connect"),
        context={"choices": choices, "tab_key": "related"},
    )  # fmt: skip

    @transaction.atomic
    def write() -> HttpResponse:
        choice = asked(request, "kind")
        others = _seen(request, numbers_in(request.POST.get("number", "")))
        tie(ticket, others, choice, request)
        back = (
            f"/desk/tickets/{number}/links/remove/?kind={choice}&other={','.join(str(o.pk) for o in others)}"
        )
        if choice in DUPLICATES and len(others) == 1 and request.user.can("tickets.merge"):
            return offer_merge(request, ticket, others[0], choice)
        said = _("Connected") if len(others) == 1 else _("Connected: %(count)d") % {"count": len(others)}
        return toast(request, said, undo=back, otherwise=_related(number))

    return dialog.run(write)


def _seen(request: AgentRequest, numbers: list[int]) -> list[Ticket]:
    """The tickets in the order in which they were named; Refused for the first that one may not know of."""
    rows = Ticket.objects.visible_to(request.user).select_related("type").in_bulk(numbers)
    for number in numbers:
        if number not in rows:
            raise Refused(_("There is no ticket %(number)s.") % {"number": number}, field="number")
    return [rows[number] for number in numbers]


def _related(number: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"/desk/tickets/{number}/?tab=related")


@require_POST
@needs("tickets.edit")
def remove(request: AgentRequest, number: int) -> HttpResponse:
    """Take links away; `kind` and `other` say which."""
    ticket, choice = ticket_for(request, number), asked(request, "kind")
    kind, outwards = kind_in(choice)
    others = _seen(request, numbers_in(asked(request, "other")))
    unlink_many(ticket, others, kind, outwards=outwards, by=request.user)
    said = _("Rejected") if kind == Kind.SUGGESTED else _("The link is gone")
    back = f"/desk/tickets/{number}/links/put/?kind={choice}&other={','.join(str(o.pk) for o in others)}"
    return toast(request, said, undo=back, otherwise=_related(number))


@require_POST
@needs("tickets.edit")
def put(request: AgentRequest, number: int) -> HttpResponse:
    """Link with one click: what was guessed is right, or a link that was taken away comes back."""
    ticket, choice = ticket_for(request, number), asked(request, "kind")
    tie(ticket, _seen(request, numbers_in(asked(request, "other"))), choice, request)
    return toast(request, _("Connected"), otherwise=_related(number))


@require_GET
@needs("desk.use")
def more(request: AgentRequest, number: int) -> HttpResponse:
    """The next page of one group of related tickets."""
    sheet = sheet_for(request, number)
    kind, outwards = kind_in(request.GET.get("kind", ""))
    group = group_of(
        sheet.ticket, request.user, kind, outwards, after=whole(request.GET.get("after", "")) or 0
    )
    return render(request, "desk/ticket/related_rows.jinja", {"group": group, "sheet": sheet})


@require_http_methods(["GET", "POST"])
@needs("tickets.set_status")
def finish(request: AgentRequest, number: int) -> HttpResponse:
    """Resolve or close the children that are still open."""
    ticket = ticket_for(request, number)
    statuses = [s for s in reference.statuses.all().values() if s.phase in (Phase.RESOLVED, Phase.CLOSED)]
    chosen_before = ticket.status_id if ticket.rank >= DONE_RANK else next((s.pk for s in statuses), None)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/finish_children.jinja", _("Finish the children"), _("Finish them"),
        context={
            "statuses": [(s.pk, s.label) for s in statuses if s.archived_at is None],
            "chosen": chosen_before, "count": len(open_children(ticket, request.user)),
            "progress": progress_of(number),
        },
    )  # fmt: skip

    def write() -> HttpResponse:
        status: Status = chosen_row(reference.statuses, asked(request, "status"), "status")
        reason = asked(request, "reason")
        found = finish_children(ticket, status, viewer=request.user, by=request.user, reason=reason)
        if found.refused:
            (other, sentence), *_rest = found.refused.items()
            raise Refused(
                _("Finished: %(done)s. Not finished: %(left)s; of ticket %(number)s: %(reason)s")
                % {"done": len(found.done), "left": len(found.refused), "number": other, "reason": sentence}
            )
        said = _("Finished: %(done)s") % {"done": len(found.done)}
        return toast(request, said, otherwise=_related(number))

    return dialog.run(write)


register(
    Option(
        key="connect", label=gettext_lazy("Connect tickets …"), icon="link", path="links/add/",
        permission="tickets.edit", group="join", keys="shift+k", position=12,
    )
)  # fmt: skip
