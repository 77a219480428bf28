"""Loads before the first request what it would otherwise wait for."""

from __future__ import annotations

import gc

from django.template import engines
from django.urls import get_resolver


def warm_up() -> None:
    """Routes with their views, and the template environment. What stays for ever, the collector need not look at again."""
    if gc.get_freeze_count():
        # Our supervisor has done it.
        return
    get_resolver().url_patterns  # noqa: B018 (reading it imports the views)
    engines.all()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
