"""Failed mail: what came in and could not become a message, what is held, what did not go out; each with a way on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from zaguan.channels.email.parsing import parse
from zaguan.channels.email.receiving_mail import reprocess
from zaguan.conversations.models import Delivery, RawMessage
from zaguan.conversations.raw import raw_bytes
from zaguan.conversations.retrying import retry
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page

MOST = 100
SHOWN_BYTES = 4096


@require_GET
@needs("conversations.failed_mail")
def failed_mail(request: AgentRequest) -> HttpResponse:
    """Three lists: failed, held, not delivered."""
    raws = RawMessage.objects.visible_to(request.user).select_related("inbox").exclude(state="processed")
    failed = list(raws.filter(state=RawMessage.State.FAILED).order_by("-id")[:MOST])
    held = list(raws.filter(state=RawMessage.State.HELD).order_by("-id")[:MOST])
    stuck = (
        Delivery.objects.visible_to(request.user)
        .select_related("message")
        .filter(state__in=["failed", "unknown"])
    )
    context: dict[str, Any] = {
        "failed": [(raw, _head(raw)) for raw in failed],
        "held": [(raw, _head(raw)) for raw in held],
        "deliveries": list(stuck.order_by("-changed_at")[:MOST]),
    }
    return page(request, "desk/failed_mail/page.jinja", section="failed-mail", **context)


def _head(raw: RawMessage) -> dict[str, str]:
    """Sender and subject as far as they can be read; never a reason to fail."""
    try:
        start = raw_bytes(raw)[:SHOWN_BYTES]
    except FileNotFoundError:
        return {"from": "", "subject": _("The file of this mail is missing.")}
    mail = parse(start)
    return {"from": mail.sender.email, "subject": mail.subject}


def _raw(request: AgentRequest, raw_id: int) -> RawMessage:
    return get_object_or_404(RawMessage.objects.visible_to(request.user), pk=raw_id)


@require_POST
@needs("conversations.failed_mail")
def process_again(request: AgentRequest, raw_id: int) -> HttpResponse:
    """Try once more; a held mail is let in."""
    outcome = reprocess(_raw(request, raw_id), by=request.user)
    if outcome.ticket:
        messages.success(request, _("It is in ticket %(number)s now.") % {"number": outcome.ticket.pk})
    else:
        messages.error(request, _("It still does not work: %(reason)s") % {"reason": outcome.reason})
    return HttpResponseRedirect(reverse("desk:failed-mail"))


@require_POST
@needs("conversations.failed_mail")
def process_all_again(request: AgentRequest) -> HttpResponse:
    """Try every failed mail of the list once more, for after a repair."""
    rows = (
        RawMessage.objects.visible_to(request.user)
        .filter(state=RawMessage.State.FAILED)
        .order_by("id")[:MOST]
    )
    done = sum(1 for raw in rows if reprocess(raw, by=request.user).ticket)
    said = ngettext("%(count)s mail came in.", "%(count)s mails came in.", done) % {"count": done}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:failed-mail"))


@require_GET
@needs("conversations.failed_mail")
def raw_file(request: AgentRequest, raw_id: int) -> HttpResponse:
    """The mail as it was received, to keep or to look at elsewhere."""
    waiting = RawMessage.objects.visible_to(request.user).exclude(state=RawMessage.State.PROCESSED)
    # What became a message is seen with its ticket, by those who see that.
    raw = get_object_or_404(waiting, pk=raw_id)
    headers = {
        "Content-Disposition": f'attachment; filename="mail-{raw.pk}.eml"',
        "Content-Security-Policy": "sandbox",
    }
    return HttpResponse(raw_bytes(raw), content_type="message/rfc822", headers=headers)


@require_POST
@needs("conversations.reply")
def send_again(request: AgentRequest, delivery_id: int) -> HttpResponse:
    """A new attempt for a message that did not arrive, or of which nobody knows."""
    delivery: Any = get_object_or_404(Delivery.objects.visible_to(request.user), pk=delivery_id)
    retry(delivery, by=request.user)
    messages.success(request, _("It is on its way again."))
    return HttpResponseRedirect(request.headers.get("Referer") or reverse("desk:failed-mail"))
