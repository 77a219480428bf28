"""Named background tasks: register one with @task, ask for it with enqueue() inside the transaction that needs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.utils import timezone

from zaguan.events.models import Job
from zaguan.events.waking import wake_after_commit

F = TypeVar("F", bound=Callable[..., None])
_tasks: dict[str, Callable[..., None]] = {}


def task(name: str) -> Callable[[F], F]:
    """Register a function under `name`. It must be safe when run twice; it may raise Retry or Final."""

    def register(function: F) -> F:
        if name in _tasks:
            raise ValueError(f"The task {name} is registered twice")
        _tasks[name] = function
        return function

    return register


def find_task(name: str) -> Callable[..., None] | None:
    """The function behind a name; None when this version has no such task."""
    return _tasks.get(name)


def enqueue(
    name: str, *, run_at: datetime | None = None, key: str | None = None, priority: int = 0, **arguments: Any
) -> None:
    """Ask for a task; it is committed or rolled back with the caller's transaction.

    With `key`, at most one waits at a time: asking again only brings it forward. Lower priorities go first.
    """
    due = run_at or timezone.now()
    job = Job(task=name, arguments=arguments, key=key, run_at=due, priority=priority)
    if key is None:
        job.save(force_insert=True)
    else:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        Job.objects.filter(key=key, run_at__gt=due).update(run_at=due)
    wake_after_commit()
