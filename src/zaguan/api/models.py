"""Calls of machines that must not happen twice."""

from __future__ import annotations

from typing import Any

from django.db import models

from zaguan.people.models import Agent


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
