"""What an e-mail inbox keeps in `settings` and, encrypted, in `sealed_secrets`.

settings: {
  "imap": {"host", "port", "security": "tls|starttls|none", "user", "auth": "password|google|microsoft",
           "folders": ["INBOX"], "poll_seconds": 20},
  "smtp": {"host", "port", "security": "tls|starttls|none", "user", "auth": "password|google|microsoft|none"},
  "oauth": {"client_id", "tenant", "authorize_url", "token_url"},
  "plus_addressing": true | false (absent: as known of the provider),
  "after_closing": "always_new_linked | reopen | reopen_within_days", "after_closing_days": 14,
  "own_mx": "mx.example.org" (whose Authentication-Results are believed),
  "spam_headers": {"X-Spam-Flag": "yes"} (what the own filter writes: header and pattern),
  "deny": [...], "allow": [...] (addresses, @domains, /patterns/),
  "provider": "postmark" (webhooks through django-anymail),
}
secrets: {"imap_password", "smtp_password", "client_secret", "access_token", "access_until", "refresh_token",
          "hook_secret", "hook_signing_key"}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zaguan.conversations.models import Inbox
from zaguan.lib.secrets import seal, unseal

IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
SMTP_PORTS = {"tls": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True, slots=True)
class Server:
    """Where to reach an IMAP or SMTP server, and as whom. `auth`: password, google, microsoft or none."""

    host: str
    port: int
    security: str = "tls"
    user: str = ""
    auth: str = "password"

    @property
    def uses_oauth(self) -> bool:
        return self.auth in ("google", "microsoft")


def imap_server(inbox: Inbox) -> Server | None:
    """The IMAP server of an inbox; None when it receives by other ways."""
    return _server(inbox.settings.get("imap"), IMAP_PORTS, inbox)


def smtp_server(inbox: Inbox) -> Server | None:
    """The SMTP server of an inbox; None when its mail goes to the outbox folder."""
    return _server(inbox.settings.get("smtp"), SMTP_PORTS, inbox)


def folders(inbox: Inbox) -> list[str]:
    """The IMAP folders to read."""
    chosen = (inbox.settings.get("imap") or {}).get("folders") or ["INBOX"]
    return [str(name) for name in chosen]


def poll_seconds(inbox: Inbox) -> float:
    """How long to wait between two looks into the mailbox."""
    return max(float((inbox.settings.get("imap") or {}).get("poll_seconds") or 20), 0.2)


def secrets_of(inbox: Inbox) -> dict[str, Any]:
    """The passwords and tokens; ValueError when they were stored with another key."""
    found = unseal(inbox.sealed_secrets)
    return found if isinstance(found, dict) else {}


def keep_secrets(inbox: Inbox, **changed: Any) -> None:
    """Store changed passwords or tokens beside the others; None removes one."""
    kept = secrets_of(inbox) | changed
    inbox.sealed_secrets = seal({name: value for name, value in kept.items() if value is not None})
    inbox.save(update_fields=["sealed_secrets"])


def _server(given: Any, ports: dict[str, int], inbox: Inbox) -> Server | None:
    if not isinstance(given, dict) or not given.get("host"):
        return None
    security = str(given.get("security"))
    security = security if security in ports else "tls"
    return Server(
        host=str(given["host"]).strip(),
        port=int(given.get("port") or ports[security]),
        security=security,
        user=str(given.get("user") or inbox.address),
        auth=str(given.get("auth") or "password"),
    )
