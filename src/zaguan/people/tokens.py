"""Make, check and revoke bearer tokens."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from zaguan.people.joining import agent_with_role
from zaguan.people.models import Agent, Token

PREFIX = "zg_"
_ASK = "SELECT id, agent_id FROM people_token WHERE digest = %s AND revoked_at IS NULL"
_used_on: dict[int, int] = {}


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
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [digest(token)])
        row = cursor.fetchone()
    if row is None:
        return None
    now = timezone.now()
    if _used_on.get(row[0], 0) != int(now.timestamp()) // 3600:
        # Once an hour and process is enough to tell which tokens are in use.
        _used_on[row[0]] = int(now.timestamp()) // 3600
        Token.objects.filter(pk=row[0]).update(used_at=now)
    return agent_with_role(row[1])


@transaction.atomic
def revoke_token(token: Token, *, by: Any) -> None:
    """The token stops working at once."""
    token.revoked_at = token.revoked_at or timezone.now()
    token.save(update_fields=["revoked_at"])
