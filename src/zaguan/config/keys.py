"""The installation's secret key: made once, kept beside the data, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_or_make_key(path: Path) -> str:
    """The key in `path`; made when missing. Two processes that start at once agree on one key."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return _read(path)


def _read(path: Path) -> str:
    key = path.read_text().strip()
    if len(key) < 40:
        raise RuntimeError(
            f"{path} does not hold a key. Restore it from a backup, or delete it to start afresh."
        )
    return key
