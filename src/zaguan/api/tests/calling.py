"""How tests call the API: as an agent, once or twice with one key, with a word about what must be refused."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from zaguan.people.models import Agent
from zaguan.people.tokens import create_token


class Caller:
    """One agent's machine."""

    def __init__(self, agent: Agent) -> None:
        self.headers = {"Authorization": f"Bearer {create_token(agent, 'test', by=agent)}"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The bare answer."""
        text = b"" if body is None else json.dumps(body)
        client = Client(headers=self.headers | headers)
        return client.generic(method, f"/api/v1{path}", text, content_type="application/json")

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """What it answers when all is well."""
        answer = self.ask(method, path, body)
        assert answer.status_code < 300, answer.content
        return json.loads(answer.content) if answer.content else None

    def twice(self, method: str, path: str, body: Any = None) -> Any:
        """The same call twice with one key: written once, answered the same."""
        headers = {"Idempotency-Key": f"{method} {path} {json.dumps(body)}"}
        first, again = (self.ask(method, path, body, **headers) for _time in range(2))
        assert first.status_code < 300, first.content
        assert (again.status_code, again.content) == (first.status_code, first.content) or (
            again.json() == first.json()
        )
        assert again.headers["Idempotency-Replayed"] == "true"
        return json.loads(first.content) if first.content else None

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
