"""How tests call the API: as an agent, once or twice with one key, with a word about what must be refused."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from zaguan.people.models import Agent
from zaguan.people.tokens import create_token


def signed(agent: Agent) -> dict[str, str]:
    """The header with which an agent's machine signs."""
    return {"Authorization": f"Bearer {create_token(agent, 'test', by=agent)}"}


def machine(agent: Agent) -> Client:
    """Django's client, signing as this agent."""
    return Client(headers=signed(agent))


def call(client: Client, how: str, path: str, **body: Any) -> Any:
    """The bare answer to `body` as JSON."""
    return getattr(client, how)(f"/api/v1{path}", body, content_type="application/json")


def said(answer: Any) -> Any:
    """What an answer holds, None when nothing."""
    return json.loads(answer.content) if answer.content else None


class Caller:
    """One agent's machine."""

    def __init__(self, agent: Agent) -> None:
        self.headers = signed(agent)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The bare answer."""
        text = b"" if body is None else json.dumps(body)
        client = Client(headers=self.headers | headers)
        return client.generic(method, f"/api/v1{path}", text, content_type="application/json")

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """What it answers when all is well."""
        answer = self.ask(method, path, body)
        assert answer.status_code < 300, answer.content
        return said(answer)

    def twice(self, method: str, path: str, body: Any = None) -> Any:
        """The same call twice with one key: written once, answered the same."""
        headers = {"Idempotency-Key": f"{method} {path} {json.dumps(body)}"}
        first, again = (self.ask(method, path, body, **headers) for _time in range(2))
        assert first.status_code < 300, first.content
        assert (again.status_code, said(again)) == (first.status_code, said(first))
        assert again.headers["Idempotency-Replayed"] == "true"
        return said(first)

    def refused(
        self, status: int, method: str, path: str, body: Any = None, *, field: str | None = None
    ) -> str:
        """The sentence of the problem document; `field` is what it is about."""
        answer = self.ask(method, path, body)
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), (
            answer.content
        )
        problem = answer.json()
        assert field is None or problem["field"] == field, problem
        return str(problem["title"])
