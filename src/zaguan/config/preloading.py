"""Everything that parts will need, loaded once before they are forked."""

from __future__ import annotations

import ctypes
import gc
import sys

# Of glibc's mallopt: in how many pools memory is kept. Eight for each core, as it does by itself, hold much that is free.
_ARENAS, _MOST_ARENAS = -8, 2


def preload() -> None:
    """Load what pages and the worker need. Leaves no thread and no connection behind: neither outlives a fork."""
    if sys.platform == "linux":
        getattr(ctypes.CDLL(None), "mallopt", lambda *_: 0)(_ARENAS, _MOST_ARENAS)
    # So long as everything is new, there is nothing to collect.
    gc.disable()
    import django

    django.setup()
    import zaguan.config.background
    import zaguan.config.http  # noqa: F401
    from zaguan.config.warming import warm_up

    warm_up()
    gc.enable()
