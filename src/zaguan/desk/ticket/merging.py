"""Merge tickets from the page of one of them or from a selection, and take it back (A3.3)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.conversations.merge_readers import Reader, readers
from zaguan.conversations.merging import merge, undo_merge
from zaguan.conversations.reading import find_ticket
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import go_to, leads_to, toast
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.lib.attributes.errors import PREFIX
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.tickets.attribute_joining import Choice, choices
from zaguan.tickets.merging import MOST, merge_of, merges_of
from zaguan.tickets.models import Ticket
from zaguan.tickets.rows import read_rows

_SUGGESTED = 8
_NUMBER = re.compile(r"\d{1,15}")


@require_http_methods(["GET", "POST"])
@needs("tickets.merge")
def merge_ticket(request: AgentRequest, number: int) -> HttpResponse:
    """`ticket` names the others, once or several times; `survivor` is the one that stays."""
    ticket = ticket_for(request, number)
    others = _others(request, ticket)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/merge.jinja", _("Merge tickets"), _("Merge"), is_wide=True,
        context=_choices(request, ticket, others),
    )  # fmt: skip

    def write() -> HttpResponse:
        if not others:
            raise Refused(_("Choose another ticket to merge with."), field="numbers")
        return _merged(request, [ticket, *others])

    return dialog.run(write)


def _merged(request: AgentRequest, tickets: list[Ticket]) -> HttpResponse:
    wanted = request.POST.get("survivor", "")
    staying = next((t for t in tickets if str(t.pk) == wanted), tickets[0])
    going = [t for t in tickets if t.pk != staying.pk]
    merge(
        staying,
        going,
        by=request.user,
        different_people="different_people" in request.POST,
        copy_requesters="copy_requesters" in request.POST,
        attributes=_taken(request),
    )
    said = ngettext(
        "Ticket #%(number)s stays; %(others)s leads to it.",
        "Ticket #%(number)s stays; %(others)s lead to it.",
        len(going),
    ) % {"number": staying.pk, "others": ", ".join(f"#{t.pk}" for t in going)}
    made = [each.pk for each in merges_of(staying) if each.merged_id in {t.pk for t in going}]
    address = f"/desk/tickets/{staying.pk}/"
    undo = f"{address}merged/?{urlencode({'merge': made}, doseq=True)}"
    return leads_to(request, said, address, undo=undo)


def _taken(request: AgentRequest) -> dict[str, int]:
    """Key of an attribute → the ticket whose value was chosen; nothing where that of the one that stays was."""
    chosen = {n.removeprefix(PREFIX): whole(str(v)) for n, v in request.POST.items() if n.startswith(PREFIX)}
    return {key: number for key, number in chosen.items() if number is not None}


def _others(request: AgentRequest, ticket: Ticket) -> list[Ticket]:
    """What was chosen or typed, as far as the agent may know of it."""
    asked = request.POST if request.method == "POST" else request.GET
    typed = " ".join([*asked.getlist("ticket"), asked.get("numbers", "")])
    numbers = [int(each) for each in _NUMBER.findall(typed)][:MOST]
    found = (find_ticket(request.user, number) for number in dict.fromkeys(numbers))
    return [each[0] for each in found if each is not None and each[0].pk != ticket.pk]


def _choices(request: AgentRequest, ticket: Ticket, others: list[Ticket]) -> dict[str, Any]:
    numbers = [each.pk for each in others]
    rows = Ticket.objects.visible_to(request.user).filter(requester=ticket.requester_id).exclude(pk=ticket.pk)
    near = read_rows(rows.exclude(pk__in=numbers).order_by("-active_at", "-id")[:_SUGGESTED], request.user)
    return {
        "others": others,
        "near": near if ticket.requester_id else [],
        "strangers": [t for t in others if t.requester_id and t.requester_id != ticket.requester_id],
        "readers": readers(ticket, others) if others else [],
        "what": _what,
        "differing": [(PREFIX + c.key, c.label, _options(c)) for c in choices([ticket, *others])],
    }


def _options(choice: Choice) -> list[tuple[str, str]]:
    held = [(str(number), f"#{number}: {text}") for number, text in choice.options]
    return [("", _("What the ticket that stays says")), *held]


def _what(reader: Reader) -> str:
    """What a person outside will see from now on."""
    if reader.is_requester:
        return _("Gets the answers, as the requester.")
    if reader.in_copy:
        return _("Gets the answers, in copy.")
    return _("Gets no further answers, unless you put them in copy.")


@require_http_methods(["GET", "POST"])
@needs("tickets.merge")
def merged_tickets(request: AgentRequest, number: int) -> HttpResponse:
    """What went into this ticket, and the way back."""
    ticket = ticket_for(request, number)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/merged.jinja", _("Merged tickets"), is_wide=True,
        context={"merges": merges_of(ticket)},
    )  # fmt: skip

    def write() -> HttpResponse:
        address = f"/desk/tickets/{ticket.pk}/"
        if asked := request.GET.getlist("merge"):
            return leads_to(request, _taken_back(request, ticket, asked), address)
        said = _taken_back(request, ticket, [request.POST.get("merge", "")])
        return toast(request, said, otherwise=HttpResponseRedirect(address))

    return dialog.run(write)


@transaction.atomic
def _taken_back(request: AgentRequest, ticket: Ticket, asked: list[str]) -> str:
    """Newest first, so that each finds the ticket as it left it; all of them or none."""
    numbers = sorted({whole(each) or 0 for each in asked}, reverse=True)
    back = [undo_merge(merge_of(ticket, number), by=request.user) for number in numbers]
    return ngettext(
        "Ticket %(number)s is a ticket of its own again. What was written since stays here.",
        "Tickets %(number)s are tickets of their own again. What was written since stays here.",
        len(back),
    ) % {"number": ", ".join(str(each.pk) for each in reversed(back))}


@require_POST
@needs("tickets.merge")
def merge_chosen(request: AgentRequest) -> HttpResponse:
    """From the list: the dialog of the first chosen ticket, with the others in it."""
    numbers = [n for n in request.POST.getlist("ticket") if n.isdecimal()][:MOST]
    if len(numbers) < 2:
        raise Refused(_("Choose at least two tickets to merge."))
    found = find_ticket(request.user, int(numbers[0]))
    if found is None:
        raise Http404(_("There is no ticket %(number)s.") % {"number": numbers[0]})
    address = f"/desk/tickets/{found[0].pk}/merge/?" + "&".join(f"ticket={n}" for n in numbers[1:])
    return go_to(request, address)


register(
    Option(
        key="merge", label=gettext_lazy("Merge with another ticket"), icon="git-merge", path="merge/",
        permission="tickets.merge", group="join", keys="shift+m", position=10,
    )
)  # fmt: skip
register(
    Option(
        key="merged", label=gettext_lazy("Merged tickets"), icon="git-branch", path="merged/",
        permission="tickets.merge", group="join", position=20,
    )
)  # fmt: skip
