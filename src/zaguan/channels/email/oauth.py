"""Mailboxes at Google and Microsoft: consent, access tokens, and refresh tokens that change with each use (R06)."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.channels.email.accounts import keep_secrets, secrets_of
from zaguan.conversations.models import Inbox
from zaguan.events import turns
from zaguan.events.models import Turn
from zaguan.events.workers import own_name
from zaguan.lib.secrets import random_id, sign

log = logging.getLogger(__name__)

_SECONDS = 15
# A token is renewed this long before it ends: clocks differ, and a fetch takes its time.
_MARGIN = 120
_LONGEST_LIFE = 3600
_STATE_SECONDS = 900
_SALT = "zaguan.oauth"


class OAuthTrouble(Exception):  # noqa: N818 (read by people)
    """No token can be had; the text says what to do."""


class OAuthBusy(OAuthTrouble):
    """Not now: too many requests, or the provider is down; `after` seconds from now."""

    def __init__(self, text: str, after: float) -> None:
        super().__init__(text)
        self.after = after


class ConsentNeeded(OAuthTrouble):
    """The consent is gone: somebody must authorise the account again; inbox and history stay."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where to ask for consent and tokens."""

    name: str
    authorize_url: str
    token_url: str
    scope: str
    extra: tuple[tuple[str, str], ...] = ()


def provider_of(inbox: Inbox) -> Provider:
    """The provider of an inbox; its addresses may be set otherwise (national clouds, tests)."""
    chosen = inbox.settings.get("oauth") or {}
    kinds = {str((inbox.settings.get(side) or {}).get("auth") or "") for side in ("imap", "smtp")}
    known = _microsoft(str(chosen.get("tenant") or "common")) if "microsoft" in kinds else _google()
    return Provider(
        known.name,
        str(chosen.get("authorize_url") or known.authorize_url),
        str(chosen.get("token_url") or known.token_url),
        known.scope,
        known.extra,
    )


def _google() -> Provider:
    return Provider(
        "google",
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
        (("access_type", "offline"), ("prompt", "consent")),
    )


def _microsoft(tenant: str) -> Provider:
    base = f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
    outlook = "https://outlook.office.com"
    scope = f"offline_access {outlook}/IMAP.AccessAsUser.All {outlook}/SMTP.Send"
    return Provider("microsoft", f"{base}/authorize", f"{base}/token", scope, (("prompt", "select_account"),))


def authorization_url(inbox: Inbox, redirect_uri: str) -> str:
    """Where to send the person who owns the mailbox; the answer comes back to `redirect_uri`."""
    provider = provider_of(inbox)
    state = signing.dumps([inbox.public_id, random_id()], salt=_SALT, compress=True)
    challenge = (
        base64.urlsafe_b64encode(hashlib.sha256(_verifier(state).encode()).digest()).decode().rstrip("=")
    )
    asked = {
        "client_id": _client_id(inbox),
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": provider.scope,
        "state": state,
        "login_hint": inbox.address,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **dict(provider.extra),
    }
    return f"{provider.authorize_url}?{urlencode(asked)}"


def inbox_of_state(state: str) -> Inbox | None:
    """The inbox for which consent was asked a short while ago; None for a state that is not ours."""
    try:
        public_id, _nonce = signing.loads(state, salt=_SALT, max_age=_STATE_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Inbox.objects.filter(public_id=public_id).first()


def exchange_code(inbox: Inbox, code: str, redirect_uri: str, state: str) -> None:
    """Turn the code that came back into tokens and keep them."""
    answer = _ask(
        inbox,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": _verifier(state),
        },
    )
    if not answer.get("refresh_token"):
        raise OAuthTrouble(
            _("The provider gave no lasting access. Remove Zaguán from the account and try again.")
        )
    _keep(inbox, answer)


def access_token(inbox: Inbox, *, renew: bool = False) -> str:
    """A token that is good for some minutes at least. `renew`: the mail server refused the present one."""
    present = _present(inbox)
    refused = present if renew else ""
    if present and not renew:
        return present
    name, worker = f"token of inbox {inbox.pk}", own_name()
    end = time.monotonic() + 3 * _SECONDS
    # One at a time: a refresh token that is used twice looks stolen, and all of them are revoked.
    while not turns.take(name, worker, every=timedelta(0), lease=timedelta(seconds=2 * _SECONDS)):
        time.sleep(0.1)
        present = _present(inbox)
        if present and present != refused:
            return present
        if time.monotonic() > end:
            raise OAuthBusy(_("The access token is being renewed elsewhere."), 10)
    try:
        present = _present(inbox)
        return present if present and present != refused else _refresh(inbox)
    finally:
        Turn.objects.filter(name=name, leased_by=worker).update(leased_until=None, leased_by="")


def _present(inbox: Inbox) -> str:
    """The stored token if it is still good, read afresh; "" otherwise."""
    inbox.refresh_from_db(fields=["sealed_secrets"])
    kept = secrets_of(inbox)
    good = float(kept.get("access_until") or 0) - _MARGIN > time.time()
    # A clock that was set back would make it good for ever.
    sane = float(kept.get("access_until") or 0) < time.time() + 2 * _LONGEST_LIFE
    return str(kept.get("access_token") or "") if good and sane else ""


def _refresh(inbox: Inbox) -> str:
    refresh_token = secrets_of(inbox).get("refresh_token")
    if not refresh_token:
        raise ConsentNeeded(
            _("The account has not been authorised yet. Authorise it in the inbox's settings.")
        )
    answer = _ask(inbox, {"grant_type": "refresh_token", "refresh_token": refresh_token})
    return _keep(inbox, answer)


def _keep(inbox: Inbox, answer: dict[str, Any]) -> str:
    """Store the token and, in the same transaction, the refresh token that may have changed with it."""
    token = str(answer.get("access_token") or "")
    if not token:
        raise OAuthTrouble(_("The provider answered without a token."))
    life = min(max(_number(answer.get("expires_in"), _LONGEST_LIFE), _MARGIN + 60), _LONGEST_LIFE)
    changed = {"access_token": token, "access_until": time.time() + life}
    if answer.get("refresh_token"):
        changed["refresh_token"] = str(answer["refresh_token"])
    with transaction.atomic():
        locked = Inbox.objects.select_for_update().get(pk=inbox.pk)
        keep_secrets(locked, **changed)
    inbox.sealed_secrets = locked.sealed_secrets
    return token


def _ask(inbox: Inbox, form: dict[str, str]) -> dict[str, Any]:
    secret = secrets_of(inbox).get("client_secret")
    form = {"client_id": _client_id(inbox), **({"client_secret": str(secret)} if secret else {}), **form}
    request = Request(  # noqa: S310 (an address that an administrator chose)
        provider_of(inbox).token_url, data=urlencode(form).encode(), headers={"Accept": "application/json"}
    )
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 (the same)
            return _json(answer.read(1_000_000))
    except HTTPError as error:
        raise _refusal(error) from None
    except (URLError, OSError) as error:
        raise OAuthBusy(_("The provider cannot be reached: %(why)s") % {"why": error}, 30) from error


def _refusal(error: HTTPError) -> OAuthTrouble:
    with error:
        said = _json(error.read(100_000))
    reason = str(said.get("error") or error.code)
    if error.code == 429 or error.code >= 500:
        after = _number(error.headers.get("Retry-After"), 60)
        return OAuthBusy(
            _("The provider asks us to wait (%(code)s).") % {"code": error.code}, min(after, 900)
        )
    if reason in ("invalid_grant", "interaction_required", "consent_required"):
        return ConsentNeeded(
            _(
                "The access to the account was revoked or has ended. Authorise it again in the inbox's settings."
            )
        )
    if reason in ("invalid_client", "unauthorized_client"):
        return OAuthTrouble(_("The provider does not accept the client id or secret."))
    words = str(said.get("error_description") or reason)[:300]
    return OAuthTrouble(_("The provider refuses: %(why)s") % {"why": words})


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _number(value: Any, otherwise: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return otherwise


def _client_id(inbox: Inbox) -> str:
    return str((inbox.settings.get("oauth") or {}).get("client_id") or "")


def _verifier(state: str) -> str:
    """The secret half of PKCE: known to us again from the state, to nobody else."""
    return sign(state, purpose="oauth verifier", length=52)
