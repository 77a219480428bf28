"""Sign in: who stands behind a session."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from zaguan.lib.prepared import PreparedRows
from zaguan.people.models import Agent, Role

# Every page asks these two.
_agent = PreparedRows(lambda pk: Agent.objects.filter(pk=pk, is_active=True).order_by())
_role = PreparedRows(lambda pk: Role.objects.filter(pk=pk).order_by())


def agent_with_role(agent_id: int) -> Agent | None:
    """The active agent with this id, and their role: two lookups by key, made once per process."""
    found: list[Agent] = _agent(agent_id)
    if not found:
        return None
    found[0].role = _role(found[0].role_id)[0]
    return found[0]


class AgentBackend(ModelBackend):
    """Agents by mail address and password; the role comes along, since every page asks for it."""

    def get_user(self, user_id: Any) -> Agent | None:
        """Who stands behind a session."""
        return agent_with_role(int(user_id))

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
