"""Inboxes: the mailboxes and numbers under which customers reach us, with a test that explains what fails."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.channels.email.probing import test_connection
from zaguan.channels.email.sending import mail_goes_to_folder
from zaguan.conversations.inboxes import set_inbox_active
from zaguan.conversations.models import Inbox
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.names import channel_name
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.desk.settings.inbox_form import SECRETS, InboxForm, initial_of, save_form


@require_GET
@needs("conversations.manage_inboxes")
def inboxes(request: AgentRequest) -> HttpResponse:
    """All inboxes, with how they are."""
    rows = [
        (inbox, channel_name(inbox.kind), inbox.kind == "email" and mail_goes_to_folder(inbox))
        for inbox in Inbox.objects.visible_to(request.user)
    ]
    return settings_page(request, "desk/settings/inboxes.jinja", "inboxes", rows=rows)


@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "POST"])
@needs("conversations.manage_inboxes")
def edit_inbox(request: AgentRequest, public_id: str = "") -> HttpResponse:
    """Change an inbox, or make one; "test connection" saves nothing that is not good yet, and explains."""
    found = (
        get_object_or_404(Inbox.objects.visible_to(request.user), public_id=public_id) if public_id else None
    )
    form, steps = InboxForm(request.user, request.POST or None, initial=initial_of(found)), None
    if request.method == "POST" and (
        saved := form.carry_out(lambda **data: save_form(found, data, by=request.user))
    ):
        if request.POST.get("do") != "test":
            return back_to(request, "inboxes")
        found, steps = saved, test_connection(saved)
        form = InboxForm(request.user, initial=initial_of(saved))
    hook = f"{settings.BASE_URL}/hooks/email/{found.public_id}/" if found else ""
    context: dict[str, Any] = {"form": form, "inbox": found, "steps": steps, "hook_address": hook}
    return settings_page(request, "desk/settings/inbox.jinja", "inboxes", **context)


@require_POST
@needs("conversations.manage_inboxes")
def switch_inbox(request: AgentRequest, public_id: str) -> HttpResponse:
    """Stop or start an inbox."""
    found = get_object_or_404(Inbox.objects.visible_to(request.user), public_id=public_id)
    set_inbox_active(found, request.POST.get("active") == "1", by=request.user)
    return HttpResponseRedirect(reverse("desk:settings-inboxes"))
