"""Sign in: who stands behind a session, in one query."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from zaguan.people.models import Agent


class AgentBackend(ModelBackend):
    """Agents by mail address and password; the role comes along, since every page asks for it."""

    def get_user(self, user_id: Any) -> Agent | None:
        return Agent.objects.select_related("role").filter(pk=user_id, is_active=True).first()

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Agent | None:
        email = (username or kwargs.get("email") or "").strip().lower()
        if not email or password is None:
            return None
        agent = Agent.objects.select_related("role").filter(email=email).first()
        if agent is None:
            # The same work as for a known address, so that the time tells nothing.
            Agent().set_password(password)
            return None
        return agent if agent.check_password(password) and agent.is_active else None
