"""Create and change inboxes: the accounts under which customers reach us."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zaguan.conversations.models import Inbox
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.secrets import seal, unseal
from zaguan.people.events import SettingChanged
from zaguan.people.models import Team


@transaction.atomic
def save_inbox(
    inbox: Inbox | None,
    *,
    by: Any,
    kind: str = "email",
    team: Team | None,
    secrets: dict[str, Any] | None = None,
    **values: Any,
) -> Inbox:
    """Create or change an inbox; empty secrets keep what is stored, unless it would go to another server from now on.

    Raises Refused without a name, an address (mail) or a team, or for an address that another inbox has. Secrets are
    never part of the recorded change.
    """
    saved = inbox or Inbox(kind=kind)
    values["address"] = str(values.get("address", saved.address)).strip().lower()
    _check(saved, values, team)
    moved = _moved(saved.settings, values.get("settings", saved.settings))
    changes = {k: [getattr(saved, k), v] for k, v in values.items() if getattr(saved, k) != v}
    for key, value in values.items():
        setattr(saved, key, value)
    saved.team = team
    given = {name: value for name, value in (secrets or {}).items() if value}
    if given or moved:
        kept = {name: value for name, value in _kept(saved).items() if name not in moved}
        saved.sealed_secrets = seal(kept | given)
        changes["secrets"] = [sorted(moved), sorted(given)]
    _store(saved)
    record(SettingChanged(what="inbox", id=saved.pk, name=saved.name, changes=changes), by=by)
    return saved


def _moved(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    """Secrets of servers that are others now: whoever may change an inbox may not carry its password off."""
    tokens = {"client_secret", "access_token", "refresh_token"}
    belongs = {"imap": {"imap_password"}, "smtp": {"smtp_password"}, "oauth": tokens}
    places = {"imap": ("host",), "smtp": ("host",), "oauth": ("authorize_url", "token_url")}
    return {
        secret
        for side, keys in places.items()
        if any(
            (old.get(side) or {}).get(key) not in (None, "", (new.get(side) or {}).get(key)) for key in keys
        )
        for secret in belongs[side]
    }


def _check(inbox: Inbox, values: dict[str, Any], team: Team | None) -> None:
    if not str(values.get("name", inbox.name)).strip():
        raise Refused(_("An inbox needs a name."), field="name")
    if inbox.kind == "email" and "@" not in values["address"].strip("@"):
        raise Refused(
            _("“%(value)s” is not an e-mail address.") % {"value": values["address"]}, field="address"
        )
    if team is None:
        raise Refused(_("Choose the team that gets what comes in here."), field="team")


def _kept(inbox: Inbox) -> dict[str, Any]:
    try:
        return dict(unseal(inbox.sealed_secrets))
    except ValueError:
        # Stored with a key that is gone: only what is entered now can be used.
        return {}


def _store(inbox: Inbox) -> None:
    try:
        with transaction.atomic():
            inbox.save()
    except IntegrityError:
        raise Refused(_("Another inbox has this address."), field="address") from None


@transaction.atomic
def set_inbox_active(inbox: Inbox, active: bool, *, by: Any) -> None:
    """Stop or start receiving and sending; history stays."""
    inbox.is_active = active
    inbox.save(update_fields=["is_active"])
    record(
        SettingChanged(what="inbox", id=inbox.pk, name=inbox.name, changes={"active": [not active, active]}),
        by=by,
    )
