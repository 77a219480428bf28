"""The form of a mailbox, and how it becomes settings and secrets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zaguan.channels.email.provider_hooks import PROVIDERS
from zaguan.conversations.inboxes import save_inbox
from zaguan.conversations.models import Inbox
from zaguan.desk.forms import DeskForm, LinesField
from zaguan.desk.settings.inbox_choices import CLOSED, FROM, PLUS, SECURITY, SIGN_IN, START
from zaguan.people.models import Agent, Team


class InboxForm(DeskForm):
    """A mailbox: its address, its team, how mail comes and goes."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    address = forms.EmailField(label=gettext_lazy("Address"))
    aliases = LinesField(
        label=gettext_lazy("Further addresses"),
        required=False,
        help_text=gettext_lazy("One a line: what is sent there reaches the same inbox."),
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"), queryset=Team.objects.none(), empty_label=gettext_lazy("Choose a team")
    )
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

    from_name = forms.ChoiceField(label=gettext_lazy("Sender of replies"), choices=FROM, required=False)
    plus_addressing = forms.ChoiceField(
        label=gettext_lazy("Addresses with a plus sign reach this mailbox"),
        choices=PLUS,
        required=False,
        help_text=gettext_lazy("Then an answer finds its ticket even when its headers are lost."),
    )
    imap_start = forms.ChoiceField(
        label=gettext_lazy("Mail that is in the mailbox already"),
        choices=START,
        required=False,
    )
    send_limit_mb = forms.IntegerField(
        label=gettext_lazy("Largest mail in MB"), required=False, min_value=1, max_value=150
    )
    tenant = forms.CharField(
        label=gettext_lazy("Microsoft tenant"), required=False, help_text=gettext_lazy("Empty for any.")
    )
    provider = forms.ChoiceField(
        label=gettext_lazy("Mail provider that calls us"),
        choices=[("", gettext_lazy("None")), *((name, name.capitalize()) for name in sorted(PROVIDERS))],
        required=False,
    )
    hook_secret = forms.CharField(
        label=gettext_lazy("Password of its calls"),
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=gettext_lazy("At least twelve letters; stored encrypted. Calls without it are refused."),
    )
    hook_signing_key = forms.CharField(
        label=gettext_lazy("Signing key of the provider"),
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    spam_headers = LinesField(
        label=gettext_lazy("Marks of your own spam filter"),
        required=False,
        help_text=gettext_lazy(
            "One a line, for example X-Spam-Flag: yes. Other filters' marks are not believed."
        ),
    )

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.visible_to(viewer).filter(archived_at=None)  # type: ignore[attr-defined]


SERVER = ("host", "port", "security", "user", "auth")
PLAIN = (
    "after_closing",
    "after_closing_days",
    "own_mx",
    "deny",
    "allow",
    "from_name",
    "send_limit_mb",
    "provider",
)
SECRETS = ("imap_password", "smtp_password", "client_secret", "hook_secret", "hook_signing_key")
_PLUS = {True: "yes", False: "no"}


def initial_of(inbox: Inbox | None) -> dict[str, Any]:
    """What the form shows at first; secrets are never shown."""
    if inbox is None:
        return {"after_closing": "always_new_linked", "imap_security": "tls", "smtp_security": "tls"}
    found: dict[str, Any] = {
        f: getattr(inbox, f) for f in ("name", "address", "aliases", "team", "signature")
    }
    kept = inbox.settings
    for side in ("imap", "smtp"):
        given = kept.get(side) or {}
        found |= {f"{side}_{name}": given.get(name, "") for name in SERVER}
    imap, oauth = kept.get("imap") or {}, kept.get("oauth") or {}
    found |= {"folders": imap.get("folders", []), "imap_start": imap.get("start", "")}
    found |= {"client_id": oauth.get("client_id", ""), "tenant": oauth.get("tenant", "")}
    found["plus_addressing"] = (
        _PLUS.get(bool(kept["plus_addressing"]), "") if "plus_addressing" in kept else ""
    )
    found["spam_headers"] = [f"{name}: {mark}" for name, mark in (kept.get("spam_headers") or {}).items()]
    return found | {name: kept.get(name, "") for name in PLAIN}


def save_form(inbox: Inbox | None, data: dict[str, Any], *, by: Agent) -> Inbox:
    """Store what was entered; settings that the form does not know stay as they are."""
    chosen = dict(inbox.settings) if inbox else {}
    for side in ("imap", "smtp"):
        given = {name: data[f"{side}_{name}"] for name in SERVER if data[f"{side}_{name}"]}
        chosen[side] = dict(chosen.get(side) or {}) | given if given.get("host") else {}
    if chosen["imap"]:
        chosen["imap"] |= {"folders": data["folders"] or ["INBOX"], "start": data["imap_start"]}
    chosen["oauth"] = dict(chosen.get("oauth") or {}) | {
        "client_id": data["client_id"],
        "tenant": data["tenant"],
    }
    chosen |= {name: data[name] for name in PLAIN}
    chosen.pop("plus_addressing", None)
    if data["plus_addressing"]:
        chosen["plus_addressing"] = data["plus_addressing"] == "yes"
    marks = (line.partition(":") for line in data["spam_headers"])
    chosen["spam_headers"] = {name.strip(): mark.strip() for name, _colon, mark in marks if name.strip()}
    secrets = {name: data[name] for name in SECRETS}
    plain = {name: data[name] for name in ("name", "address", "aliases", "signature")}
    return save_inbox(inbox, by=by, team=data["team"], secrets=secrets, settings=chosen, **plain)
