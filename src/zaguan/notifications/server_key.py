"""The installation's own key pair for push services (VAPID), made at first use and kept encrypted."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from zaguan.lib.secrets import seal, unseal
from zaguan.lib.webpush import Sender, key_from, new_key, private_number
from zaguan.notifications.models import ServerKey


def sender() -> Sender:
    """Who we are to push services. A key that can no longer be read is replaced: devices have to be added again."""
    row = ServerKey.objects.filter(pk=1).first()
    if row is not None:
        try:
            return Sender(key_from(str(unseal(row.sealed_private))), _contact())
        except ValueError:
            pass
    return _made()


@transaction.atomic
def _made() -> Sender:
    """A new pair in place of what cannot be read. The row has number one: of two that make it at once, one waits."""
    key = new_key()
    made = Sender(key, _contact())
    values = {"public": made.public, "sealed_private": seal(private_number(key))}
    row, is_new = ServerKey.objects.select_for_update().get_or_create(pk=1, defaults=values)
    if is_new:
        return made
    try:
        return Sender(key_from(str(unseal(row.sealed_private))), _contact())
    except ValueError:
        ServerKey.objects.filter(pk=1).update(**values)
        return made


def _contact() -> str:
    """How a push service may reach whoever runs this installation."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return settings.BASE_URL if settings.HTTPS else f"mailto:postmaster@{host}"
