"""Make, check and revoke bearer tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zaguan.people.models import Agent, Token

PREFIX = "zg_"


def digest(token: str) -> str:
    """How a token is stored: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create_token(agent: Agent, name: str = "", *, by: Any) -> str:
    """A new token for `agent`; shown once, never readable again."""
    token = PREFIX + secrets.token_urlsafe(32)
    Token.objects.create(agent=agent, name=name[:80], digest=digest(token), ending=token[-4:])
    return token


def agent_of(token: str) -> Agent | None:
    """The agent behind a token, with role; None when it is unknown, revoked, or the agent has left."""
    row = Token.objects.select_related("agent__role").filter(digest=digest(token), revoked_at=None).first()
    if row is None or not row.agent.is_active:
        return None
    now = timezone.now()
    if row.used_at is None or now - row.used_at > timedelta(hours=1):
        Token.objects.filter(pk=row.pk).update(used_at=now)
    return row.agent


@transaction.atomic
def revoke_token(token: Token, *, by: Any) -> None:
    """The token stops working at once."""
    token.revoked_at = token.revoked_at or timezone.now()
    token.save(update_fields=["revoked_at"])
