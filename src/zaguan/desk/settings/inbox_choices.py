"""What the choices of a mailbox are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

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


FROM = [
    ("", gettext_lazy("Ana via Support")),
    ("agent", gettext_lazy("Ana")),
    ("team", gettext_lazy("Support (the team)")),
    ("inbox", gettext_lazy("The inbox's name")),
]
PLUS = [
    ("", gettext_lazy("As known of the provider")),
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
]
START = [("", gettext_lazy("Take it in")), ("new", gettext_lazy("Leave it; begin with new mail"))]
