"""What failed in the background: jobs that gave up, those that go on trying, and what runs by the clock."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.settings.chapters import settings_page
from zaguan.events.models import Job, Turn
from zaguan.events.repairing import do_again, forget, troubles
from zaguan.lib.errors import Refused

MOST = 100


@require_GET
@needs("desk.background_work")
def jobs(request: AgentRequest) -> HttpResponse:
    """Three lists; empty ones are left out."""
    rows = Job.objects.visible_to(request.user)
    failed = troubles(rows.exclude(failed_at=None).order_by("-failed_at", "-pk")[:MOST])
    trying = troubles(rows.filter(failed_at=None).exclude(error="").order_by("run_at", "pk")[:MOST])
    turns = Turn.objects.visible_to(request.user).exclude(error="").order_by("name")
    context = {"failed": failed, "trying": trying, "turns": turns}
    return settings_page(request, "desk/settings/jobs.jinja", "jobs", **context)


@require_POST
@needs("desk.background_work")
def change_job(request: AgentRequest, job_id: int) -> HttpResponse:
    """Do it again, or forget it."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)
    try:
        if request.POST.get("do") == "forget":
            forget(job, by=request.user)
            messages.success(request, _("Forgotten."))
        else:
            do_again(job, by=request.user)
            messages.success(request, _("It is tried again now."))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return HttpResponseRedirect(reverse("desk:settings-jobs"))
