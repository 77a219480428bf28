"""The agent's own: name, language, look, signature, keys, password, tokens."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.rendering import page
from zaguan.people.availability import set_availability
from zaguan.people.models import Agent, Token
from zaguan.people.staffing import change_agent, set_password
from zaguan.people.tokens import create_token, revoke_token

ZONES = sorted(available_timezones() - {"Factory", "localtime"})


class ProfileForm(DeskForm):
    """What colleagues and customers see of the agent, and how the desk looks to them."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        choices=[
            ("", gettext_lazy("As the installation")),
            *((zone, zone.replace("_", " ")) for zone in ZONES),
        ],
    )
    signature = forms.CharField(
        label=gettext_lazy("Signature"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Stands below your replies; the signature of the team follows."),
    )
    availability = forms.ChoiceField(label=gettext_lazy("Availability"), choices=Agent.Availability.choices)
    theme = forms.ChoiceField(
        label=gettext_lazy("Colours"),
        choices=[
            ("", gettext_lazy("As the device")),
            ("light", gettext_lazy("Light")),
            ("dark", gettext_lazy("Dark")),
        ],
        required=False,
    )
    density = forms.ChoiceField(
        label=gettext_lazy("Density"),
        choices=[("", gettext_lazy("Comfortable")), ("compact", gettext_lazy("Compact"))],
        required=False,
    )
    after_sending = forms.ChoiceField(
        label=gettext_lazy("After sending with a status"),
        choices=[
            ("stay", gettext_lazy("Stay on the ticket")),
            ("next", gettext_lazy("Open the next ticket")),
            ("list", gettext_lazy("Back to the list")),
        ],
        required=False,
    )
    keys = forms.BooleanField(label=gettext_lazy("Single keys (R to reply, N for a note …)"), required=False)


PREFERENCES = ("theme", "density", "after_sending")


@require_http_methods(["GET", "POST"])
@needs("desk.use")
def profile(request: AgentRequest) -> HttpResponse:
    """One's own page."""
    form = ProfileForm(request.POST or None, initial=_initial(request.user))
    if request.method == "POST" and form.carry_out(lambda **data: _save(request.user, data)):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("desk:profile"))
    tokens = Token.objects.visible_to(request.user).filter(revoked_at=None)
    return page(
        request,
        "desk/account/profile.jinja",
        form=form,
        tokens=tokens,
        new_token=request.session.pop("new_token", ""),
    )


def _initial(agent: Agent) -> dict[str, Any]:
    fields = ("name", "language", "time_zone", "signature", "availability")
    chosen = {name: agent.preferences.get(name, "") for name in PREFERENCES}
    return {f: getattr(agent, f) for f in fields} | chosen | {"keys": agent.preferences.get("keys") != "off"}


def _save(agent: Agent, data: dict[str, Any]) -> Agent:
    chosen = {name: data.pop(name) or "" for name in PREFERENCES}
    chosen["keys"] = "" if data.pop("keys") else "off"
    kept = json.loads(json.dumps(agent.preferences)) | chosen
    if (availability := data.pop("availability")) != agent.availability:
        set_availability(agent, availability, by=agent)
    return change_agent(agent, by=agent, preferences=kept, **data)


class PasswordForm(DeskForm):
    """The old one proves who it is; the new one is asked once, since it can be shown."""

    old = forms.CharField(
        label=gettext_lazy("Password until now"),
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=gettext_lazy("New password"), widget=forms.PasswordInput({"autocomplete": "new-password"})
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@needs("desk.use")
def password(request: AgentRequest) -> HttpResponse:
    """Another password; other sessions end."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.carry_out(
        lambda old, password: _set_password(request, form, old, password)
    ):
        messages.success(request, _("Your password is changed. Other devices have to sign in again."))
        return HttpResponseRedirect(reverse("desk:profile"))
    return page(request, "desk/account/password.jinja", form=form)


def _set_password(request: AgentRequest, form: PasswordForm, old: str, new: str) -> bool:
    if not request.user.check_password(old):
        form.add_error("old", _("That is not your password."))
        return False
    set_password(request.user, new, by=request.user)
    update_session_auth_hash(request, request.user)
    return True


@require_POST
@needs("desk.use")
def add_token(request: AgentRequest) -> HttpResponse:
    """A token for a machine; shown once on the next page."""
    request.session["new_token"] = create_token(request.user, request.POST.get("name", ""), by=request.user)
    return HttpResponseRedirect(reverse("desk:profile") + "#tokens")


@require_POST
@needs("desk.use")
def end_token(request: AgentRequest, token_id: int) -> HttpResponse:
    """The token stops working."""
    revoke_token(get_object_or_404(Token.objects.visible_to(request.user), pk=token_id), by=request.user)
    messages.success(request, _("The token no longer works."))
    return HttpResponseRedirect(reverse("desk:profile") + "#tokens")
