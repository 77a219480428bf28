"""Inboxes: the mailboxes and numbers under which customers reach us, with a test that explains what fails."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.channels.email.sending import mail_goes_to_folder
from zaguan.conversations.inboxes import save_inbox, set_inbox_active
from zaguan.conversations.models import Inbox
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm, LinesField
from zaguan.desk.settings.chapters import settings_page
from zaguan.people.models import Agent, Team

SECURITY = [
    ("tls", "TLS"),
    ("starttls", "STARTTLS"),
    ("none", gettext_lazy("None (only inside one's own network)")),
]
SIGN_IN = [
    ("password", gettext_lazy("Password")),
    ("google", gettext_lazy("Google (OAuth2)")),
    ("microsoft", gettext_lazy("Microsoft (OAuth2)")),
]
CLOSED = [
    ("always_new_linked", gettext_lazy("Open a new ticket, linked to the closed one")),
    ("reopen", gettext_lazy("Reopen the closed ticket")),
    ("reopen_within_days", gettext_lazy("Reopen within some days, then a new one")),
]


class InboxForm(DeskForm):
    """A mailbox: its address, its team, how mail comes and goes."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    address = forms.EmailField(label=gettext_lazy("Address"))
    aliases = LinesField(
        label=gettext_lazy("Further addresses"),
        required=False,
        help_text=gettext_lazy("One a line: what is sent there reaches the same inbox."),
    )
    team = forms.ModelChoiceField(label=gettext_lazy("Team"), queryset=Team.objects.none())
    signature = forms.CharField(
        label=gettext_lazy("Signature"), required=False, widget=forms.Textarea({"rows": 3})
    )
    imap_host = forms.CharField(
        label=gettext_lazy("IMAP server"),
        required=False,
        help_text=gettext_lazy("Empty when mail is handed over by SMTP, a pipe or a provider."),
    )
    imap_port = forms.IntegerField(label=gettext_lazy("Port"), required=False, min_value=1, max_value=65535)
    imap_security = forms.ChoiceField(label=gettext_lazy("Security"), choices=SECURITY, required=False)
    imap_user = forms.CharField(label=gettext_lazy("User"), required=False)
    imap_auth = forms.ChoiceField(label=gettext_lazy("Sign-in"), choices=SIGN_IN, required=False)
    imap_password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=gettext_lazy("Stored encrypted. Leave it empty to keep the present one."),
    )
    folders = LinesField(
        label=gettext_lazy("Folders"), required=False, help_text=gettext_lazy("One a line; INBOX when empty.")
    )
    smtp_host = forms.CharField(
        label=gettext_lazy("SMTP server"),
        required=False,
        help_text=gettext_lazy("Empty: replies are written to a folder, and the desk says so."),
    )
    smtp_port = forms.IntegerField(label=gettext_lazy("Port"), required=False, min_value=1, max_value=65535)
    smtp_security = forms.ChoiceField(label=gettext_lazy("Security"), choices=SECURITY, required=False)
    smtp_user = forms.CharField(label=gettext_lazy("User"), required=False)
    smtp_auth = forms.ChoiceField(
        label=gettext_lazy("Sign-in"), choices=[*SIGN_IN, ("none", gettext_lazy("None"))], required=False
    )
    smtp_password = forms.CharField(
        label=gettext_lazy("Password"), required=False, widget=forms.PasswordInput({"autocomplete": "off"})
    )
    client_id = forms.CharField(label=gettext_lazy("OAuth2 client id"), required=False)
    client_secret = forms.CharField(
        label=gettext_lazy("OAuth2 client secret"),
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    after_closing = forms.ChoiceField(label=gettext_lazy("A reply to a closed ticket"), choices=CLOSED)
    after_closing_days = forms.IntegerField(
        label=gettext_lazy("Days"), required=False, min_value=1, initial=14
    )
    own_mx = forms.CharField(
        label=gettext_lazy("Own mail server"),
        required=False,
        help_text=gettext_lazy("Whose Authentication-Results are believed, for example mx.example.org."),
    )
    deny = LinesField(
        label=gettext_lazy("Hold mail from"),
        required=False,
        help_text=gettext_lazy("One a line: an address, @a-domain, or a /pattern/."),
    )
    allow = LinesField(label=gettext_lazy("Never hold mail from"), required=False)

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.visible_to(viewer).filter(archived_at=None)  # type: ignore[attr-defined]


SERVER = ("host", "port", "security", "user", "auth")
PLAIN = ("after_closing", "after_closing_days", "own_mx", "deny", "allow")


def _initial(inbox: Inbox | None) -> dict[str, Any]:
    if inbox is None:
        return {"after_closing": "always_new_linked", "imap_security": "tls", "smtp_security": "tls"}
    found: dict[str, Any] = {
        f: getattr(inbox, f) for f in ("name", "address", "aliases", "team", "signature")
    }
    for side in ("imap", "smtp"):
        given = inbox.settings.get(side) or {}
        found |= {f"{side}_{name}": given.get(name, "") for name in SERVER}
    found["folders"] = (inbox.settings.get("imap") or {}).get("folders", [])
    found["client_id"] = (inbox.settings.get("oauth") or {}).get("client_id", "")
    return found | {name: inbox.settings.get(name, "") for name in PLAIN}


def _save(inbox: Inbox | None, data: dict[str, Any], *, by: Agent) -> Inbox:
    chosen = dict(inbox.settings) if inbox else {}
    for side in ("imap", "smtp"):
        given = {name: data[f"{side}_{name}"] for name in SERVER if data[f"{side}_{name}"]}
        chosen[side] = given if given.get("host") else {}
    if chosen["imap"] and data["folders"]:
        chosen["imap"]["folders"] = data["folders"]
    chosen["oauth"] = dict(chosen.get("oauth") or {}) | {"client_id": data["client_id"]}
    chosen |= {name: data[name] for name in PLAIN}
    secrets = {name: data[name] for name in ("imap_password", "smtp_password", "client_secret")}
    plain = {name: data[name] for name in ("name", "address", "aliases", "signature")}
    return save_inbox(inbox, by=by, team=data["team"], secrets=secrets, settings=chosen, **plain)


@require_GET
@needs("conversations.manage_inboxes")
def inboxes(request: AgentRequest) -> HttpResponse:
    """All inboxes, with how they are."""
    rows = [
        (inbox, inbox.kind == "email" and mail_goes_to_folder(inbox))
        for inbox in Inbox.objects.visible_to(request.user)
    ]
    return settings_page(request, "desk/settings/inboxes.jinja", "inboxes", rows=rows)


@sensitive_post_parameters("imap_password", "smtp_password", "client_secret")
@require_http_methods(["GET", "POST"])
@needs("conversations.manage_inboxes")
def edit_inbox(request: AgentRequest, public_id: str = "") -> HttpResponse:
    """Change an inbox, or make one; "test connection" saves nothing that is not good yet, and explains."""
    found = (
        get_object_or_404(Inbox.objects.visible_to(request.user), public_id=public_id) if public_id else None
    )
    form = InboxForm(request.user, request.POST or None, initial=_initial(found))
    if request.method == "POST":
        saved = form.carry_out(lambda **data: _save(found, data, by=request.user))
        if saved and request.POST.get("do") == "test":
            from zaguan.channels.email.probing import test_connection

            steps = test_connection(saved)
            form = InboxForm(request.user, initial=_initial(saved))
            return settings_page(
                request, "desk/settings/inbox.jinja", "inboxes", form=form, inbox=saved, steps=steps
            )
        if saved:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("desk:settings-inboxes"))
    return settings_page(request, "desk/settings/inbox.jinja", "inboxes", form=form, inbox=found, steps=None)


@require_POST
@needs("conversations.manage_inboxes")
def switch_inbox(request: AgentRequest, public_id: str) -> HttpResponse:
    """Stop or start an inbox."""
    found = get_object_or_404(Inbox.objects.visible_to(request.user), public_id=public_id)
    set_inbox_active(found, request.POST.get("active") == "1", by=request.user)
    return HttpResponseRedirect(reverse("desk:settings-inboxes"))
