"""What the clock asks of tickets: importing these makes their tasks known to the worker."""

from __future__ import annotations

from zaguan.tickets import activities, approval_joining, approval_reminding, promising

__all__ = ["activities", "approval_joining", "approval_reminding", "promising"]
