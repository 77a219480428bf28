"""Online, busy, away: the menu at the avatar, away until a time, and signs of life."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.rendering import page
from zaguan.people import availability as being_there
from zaguan.people.models import Agent


class UntilForm(DeskForm):
    """Busy or away, until a time."""

    availability = forms.ChoiceField(
        label=gettext_lazy("I am"), choices=Agent.Availability.choices, initial=Agent.Availability.AWAY
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}),
        help_text=gettext_lazy("Empty: until you choose something else."),
    )


@require_http_methods(["GET", "POST"])
@needs("desk.use")
def availability(request: AgentRequest) -> HttpResponse:
    """Choose; `for` are minutes from now ("60"), "tomorrow" is the next morning. With Accept: JSON, how it stands."""
    if request.method == "GET" and "json" in request.headers.get("Accept", ""):
        return JsonResponse({"availability": request.user.availability})
    initial = {"availability": request.user.availability, "until": request.user.availability_until}
    form = UntilForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(lambda **data: _set(request, data)):
        return _back(request)
    return page(request, "desk/account/availability.jinja", form=form)


def _set(request: AgentRequest, data: dict[str, Any]) -> Agent:
    until = data["until"] or _from_now(request.POST.get("for", ""))
    return being_there.set_availability(request.user, data["availability"], until=until, by=request.user)


def _from_now(words: str) -> datetime | None:
    now = timezone.localtime()
    if words == "tomorrow":
        return (now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    return now + timedelta(minutes=int(words)) if words.isdecimal() and len(words) < 5 else None


def _back(request: AgentRequest) -> HttpResponse:
    messages.success(request, _("Your colleagues see it, and distribution follows it."))
    return HttpResponseRedirect(request.headers.get("Referer") or reverse("desk:inbox"))


@require_POST
@needs("desk.use")
def alive(request: AgentRequest) -> HttpResponse:
    """Somebody is at this browser."""
    being_there.alive(request.user)
    return HttpResponse(status=204)
