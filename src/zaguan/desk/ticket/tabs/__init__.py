"""The tabs of a ticket's page: one module each, which registers itself."""

from __future__ import annotations

import pkgutil
from importlib import import_module


def load_tabs() -> None:
    """Let every module of this folder register its tab."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
