"""Tokens by which machines speak for an agent, and the calls that must not happen twice."""

from __future__ import annotations

from typing import Any

from django.db import models

from zaguan.people.models import Agent


class TokenQuerySet(models.QuerySet["Token"]):
    def visible_to(self, viewer: Agent) -> TokenQuerySet:
        """An agent's own tokens."""
        return self.filter(agent=viewer)


class Token(models.Model):
    """A bearer token; only its digest is stored. It may do what its agent may do."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    # The last four letters, so that a person can tell tokens apart.
    ending = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    objects = TokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"…{self.ending}"


class Call(models.Model):
    """A writing call with an Idempotency-Key, and what it answered."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    # SHA-256 of method, path and body: the same key for something else is a mistake of the caller.
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer: models.JSONField[Any, Any] = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "key"], name="called_once")]

    def __str__(self) -> str:
        return self.key
