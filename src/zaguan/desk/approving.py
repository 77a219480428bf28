"""The public page behind the link in a mail: a contact reads the question and says yes or no. Looking decides nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import public
from zaguan.lib.errors import Refused
from zaguan.notifications.approval_links import approver_behind
from zaguan.tickets.approval_reading import asker_of
from zaguan.tickets.approvals import decide
from zaguan.tickets.models import Approver


@never_cache
@require_http_methods(["GET", "POST"])
@public
def approval(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing tells a wrong link from one whose ticket is gone; an old one says that it is old."""
    approver = approver_behind(token)
    if approver is None:
        return _page(request, None, _("This link leads nowhere. Was it copied whole?"), status=404)
    if not approver.answer and not approver.link_works(timezone.now()):
        said = _("This link is too old. Ask for a new one by answering the mail.")
        return _page(request, None, said, status=410)
    if request.method == "POST":
        return _decided(request, approver)
    return _page(request, approver)


def _decided(request: HttpRequest, approver: Approver) -> HttpResponse:
    decision = request.POST.get("decision")
    if decision not in ("approved", "rejected"):
        return _page(request, approver, _("Say yes or no."), status=422)
    assert approver.contact is not None, "links are made for contacts"
    comment = request.POST.get("comment", "")
    try:
        decide(approver.approval, decision == "approved", by=approver.contact, comment=comment)
    except Refused as refused:
        approver.refresh_from_db()
        return _page(request, approver, refused.sentence, status=422)
    approver.refresh_from_db()
    return _page(request, approver)


def _page(
    request: HttpRequest, approver: Approver | None, problem: str = "", status: int = 200
) -> HttpResponse:
    """With the question only for who was asked; of the ticket it says nothing."""
    context: dict[str, Any] = {"problem": problem, "approver": approver}
    if approver is not None:
        context |= {
            "approval": approver.approval,
            "who": asker_of(approver.approval) if approver.approval.asked_by else "",
            "is_open": approver.approval.is_waiting and not approver.answer,
        }
    answer = render(request, "desk/approving.jinja", context, status=status)
    answer["X-Robots-Tag"] = "noindex"
    return answer
