"""Import every module of a folder, so that what it registers is known."""

from __future__ import annotations

import pkgutil
from importlib import import_module


def import_all(package: str) -> list[str]:
    """Import the modules of `package`, in the order of their names; returns their names."""
    folder = import_module(package)
    names = sorted(found.name for found in pkgutil.iter_modules(folder.__path__))
    for name in names:
        import_module(f"{package}.{name}")
    return names
