"""What agents are told who have not chosen themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.notification_grid import MEDIUM_NAMES, Place, cells, save_grid, wishes_form
from zaguan.desk.settings.chapters import settings_page
from zaguan.notifications.outgoing import account
from zaguan.notifications.wishing import wish


@require_http_methods(["GET", "POST"])
@needs("people.manage_agents")
def notifications(request: AgentRequest) -> HttpResponse:
    """The same grid and the same wishes as each agent has, for everybody who left them alone."""
    do = request.POST.get("do", "")
    form = wishes_form(None, request.POST if do == "wishes" else None)
    if do == "grid":
        save_grid(None, Place(), request.POST, by=request.user)
    if do == "grid" or (
        do == "wishes" and form.carry_out(lambda **data: wish(None, by=request.user, **data))
    ):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("desk:settings-notifications"))
    return settings_page(
        request,
        "desk/settings/notifications.jinja",
        "notifications",
        groups=cells(None, Place()),
        media=list(MEDIUM_NAMES.items()),
        form=form,
        account=account(),
    )
