"""Consent of Google or Microsoft for a mailbox: off to the provider, and back with a code."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zaguan.channels.email.oauth import OAuthTrouble, authorization_url, exchange_code, inbox_of_state
from zaguan.conversations.models import Inbox
from zaguan.desk.access import AgentRequest, needs


@require_GET
@needs("conversations.manage_inboxes")
def authorise(request: AgentRequest, public_id: str) -> HttpResponseRedirect:
    """Send the admin to the provider to agree; inbox and history stay as they are."""
    inbox = get_object_or_404(Inbox.objects.visible_to(request.user), public_id=public_id)
    return HttpResponseRedirect(authorization_url(inbox, _way_back()))


@require_GET
@needs("conversations.manage_inboxes")
def authorised(request: AgentRequest) -> HttpResponseRedirect:
    """The provider sends the admin back: turn the code into tokens."""
    state = request.GET.get("state", "")
    inbox = inbox_of_state(state)
    if inbox is None:
        messages.error(
            request, _("This answer came too late or was not meant for us. Authorise the account again.")
        )
        return redirect("desk:settings-inboxes")
    code = request.GET.get("code")
    try:
        if code:
            exchange_code(inbox, code, _way_back(), state)
            messages.success(request, _("The account is authorised."))
        else:
            refusal = request.GET.get("error", "?")[:200]
            messages.error(request, _("The provider did not agree: %(why)s") % {"why": refusal})
    except OAuthTrouble as trouble:
        messages.error(request, str(trouble))
    return redirect("desk:edit-inbox", public_id=inbox.public_id)


def _way_back() -> str:
    return f"{settings.BASE_URL}{reverse('desk:inbox-authorised')}"
