"""Sign in and out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs, public


class SignInForm(forms.Form):
    """Address and password; says the same sentence whichever of them is wrong."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"), widget=forms.PasswordInput({"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.agent: Any = None

    def clean(self) -> dict[str, Any]:
        """Who it is, or a refusal."""
        data = super().clean() or {}
        if not self.errors:
            given = {"email": data["email"].strip().lower(), "password": data["password"]}
            self.agent = authenticate(self.request, **given)
            if self.agent is None:
                raise forms.ValidationError(_("The address or the password is not right."))
        return data


@public
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let an agent in, and on to where they wanted to go."""
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.agent)
        return HttpResponseRedirect(_next(request))
    return render(request, "desk/sign_in.jinja", {"form": form}, status=200)


def _next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else reverse("desk:inbox")


@require_POST
@needs("desk.use")
def sign_out(request: AgentRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return HttpResponseRedirect(reverse("desk:sign-in"))


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """What somebody sees after too many wrong passwords."""
    form = SignInForm(request, {})
    form._errors = forms.utils.ErrorDict()  # type: ignore[attr-defined]
    sentence = _(
        "Too many wrong passwords. Wait a quarter of an hour, or ask an administrator for a new one."
    )
    return render(request, "desk/sign_in.jinja", {"form": form, "locked": sentence}, status=429)
