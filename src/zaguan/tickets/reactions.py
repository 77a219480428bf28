"""What the clock asks of tickets: importing these makes their tasks known to the worker."""

from __future__ import annotations

from zaguan.tickets import activities, promising

__all__ = ["activities", "promising"]
