"""Next: one press, and the best waiting ticket is the agent's."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zaguan.automation.next_ticket import take_next
from zaguan.automation.routing_people import described
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.tickets.because import in_words, places

# How a message that was sent just before is taken back.
_UNDO = re.compile(r"^/desk/messages/[0-9]{1,18}/withdraw/$")


@require_http_methods(["GET", "POST"])
@needs("automation.next")
def next_ticket(request: AgentRequest) -> HttpResponse:
    """POST takes one and opens it; when there is none, a kind word and how many places are taken."""
    if request.method == "POST":
        found = take_next(request.user)
        if _UNDO.match(undo := request.POST.get("undo", "")):
            messages.success(request, _("Message sent"), extra_tags=undo)
        if found.ticket is not None:
            why = in_words(found.reasons, to_whom_it_concerns=True)
            messages.success(request, _("This one is yours: %(reasons)s.") % {"reasons": why})
            return HttpResponseRedirect(reverse("desk:ticket", args=[found.ticket.pk]))
        state = "full" if found.is_full else "none"
        return HttpResponseRedirect(f"{reverse('desk:next')}?{state}")
    worker = described([request.user], timezone.now())[0]
    return page(
        request,
        "desk/inbox/next.jinja",
        section="inbox",
        is_full="full" in request.GET,
        # Whoever only opened the page has not asked yet, and may not be told that nobody waits.
        has_asked="none" in request.GET,
        taken=places(worker.taken),
        total=places(worker.total),
    )
