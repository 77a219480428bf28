"""Mail and news of deliveries from mail providers, through django-anymail's readers of their hooks.

An inbox names its provider in `settings["provider"]` and keeps `hook_secret` (and `hook_signing_key` where the
provider signs). The address to enter there: https://zaguan:<hook_secret>@…/hooks/email/<inbox>/ for mail, the
same with ?what=tracking for news.
"""

from __future__ import annotations

import hashlib
import logging
from importlib import import_module
from typing import Any

from anymail.exceptions import AnymailError
from anymail.signals import EventType
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest

from zaguan.channels.email.accounts import secrets_of
from zaguan.channels.email.receiving_mail import receive_bytes
from zaguan.channels.email.tracking import take_news
from zaguan.channels.hooks import HookRefused
from zaguan.conversations.models import Inbox

log = logging.getLogger(__name__)

USER = "zaguan"
# Provider → module of django-anymail and the beginning of its classes' names.
PROVIDERS = {
    "amazon_ses": ("amazon_ses", "AmazonSES"),
    "brevo": ("brevo", "Brevo"),
    "mailersend": ("mailersend", "MailerSend"),
    "mailgun": ("mailgun", "Mailgun"),
    "mailjet": ("mailjet", "Mailjet"),
    "mailtrap": ("mailtrap", "Mailtrap"),
    "mandrill": ("mandrill", "MandrillCombined"),
    "postal": ("postal", "Postal"),
    "postmark": ("postmark", "Postmark"),
    "resend": ("resend", "Resend"),
    "sendgrid": ("sendgrid", "SendGrid"),
    "sparkpost": ("sparkpost", "SparkPost"),
}
# What each reader calls the key that the provider signs with.
_SIGNING_KEY = {
    "mailgun": "webhook_signing_key",
    "mailersend": "signing_secret",
    "mandrill": "webhook_key",
    "postal": "webhook_key",
    "resend": "signing_secret",
    "sendgrid": "webhook_verification_key",
}
# These are read only with their signature.
_MUST_SIGN = {"mailgun", "mailersend", "mandrill", "postal"}
# A hook carries the mail in base64 and more.
_ROOM = 2


def take_hook(request: HttpRequest, inbox: Inbox) -> int:
    """Read what the provider sent and take it in; HookRefused when it is not proved to come from them."""
    reader = _reader(request, inbox)
    _read_body(request)
    try:
        reader.run_validators(request)
    except (SuspiciousOperation, AnymailError, ImproperlyConfigured) as error:
        raise HookRefused("The signature or password is missing or wrong.") from error
    digest = hashlib.sha256(request.body).hexdigest()[:24] if hasattr(request, "_body") else ""
    try:
        events = reader.parse_events(request)
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("A hook of inbox %s could not be read", inbox.pk)
        raise HookRefused("The content could not be read.", status=400) from error
    for number, event in enumerate(events):
        _take(event, inbox, f"{digest}{number}")
    return len(events)


def _reader(request: HttpRequest, inbox: Inbox) -> Any:
    """django-anymail's view of the provider, used as a reader, with this inbox's own keys."""
    provider = str(inbox.settings.get("provider") or "")
    kept = secrets_of(inbox)
    secret, key = str(kept.get("hook_secret") or ""), str(kept.get("hook_signing_key") or "")
    if provider not in PROVIDERS or len(secret) < 12:
        raise HookRefused("This inbox has no secret for hooks.")
    if provider in _MUST_SIGN and not key:
        raise HookRefused("This inbox lacks the key that its provider signs with.")
    module, name = PROVIDERS[provider]
    what = (
        ""
        if name.endswith("Combined")
        else "Tracking"
        if request.GET.get("what") == "tracking"
        else "Inbound"
    )
    options: dict[str, Any] = {"webhook_secret": [f"{USER}:{secret}"]}
    if key and provider in _SIGNING_KEY:
        options[_SIGNING_KEY[provider]] = key
    try:
        view = getattr(import_module(f"anymail.webhooks.{module}"), f"{name}{what}WebhookView")
        reader = view(**options)
    except (ImproperlyConfigured, ImportError, TypeError, ValueError) as error:
        raise HookRefused("This provider's hooks cannot be read here: something is not set up.") from error
    reader.setup(request)
    # The password is asked for in any case: not every reader does so by itself.
    if not reader.basic_auth:
        raise HookRefused("This inbox has no secret for hooks.")
    return reader


def _read_body(request: HttpRequest) -> None:
    """A hook may be larger than a form of the desk: it carries a whole mail."""
    if (request.content_type or "").startswith("multipart/"):
        return
    limit = settings.MAIL_SIZE_LIMIT * _ROOM
    body = request.read(limit + 1)
    if len(body) > limit:
        raise HookRefused("The mail is too large.", status=413)
    request._body = body


def _take(event: Any, inbox: Inbox, name: str) -> None:
    if event.event_type != EventType.INBOUND:
        take_news(event, inbox)
        return
    message = event.message
    envelope = {
        "from": str(message.envelope_sender or ""),
        "to": [str(message.envelope_recipient)] if message.envelope_recipient else [],
    }
    receive_bytes(_bytes_of(message, name), inbox_address=inbox.address, source="hook", envelope=envelope)


def _bytes_of(message: Any, name: str) -> bytes:
    """The mail; where the provider hands over its pieces, the same request gives the same bytes again."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart() and not part.get_boundary():
            part.set_boundary(f"=_{name}_{number}")
    return bytes(message.as_bytes())
