"""The cast, for tests of macros and bulk changes."""

from __future__ import annotations

import pytest


@pytest.fixture
def by_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a few tickets are left to the worker."""
    from zaguan.automation import runs, undoing

    monkeypatch.setattr(runs, "AT_ONCE", 0)
    monkeypatch.setattr(undoing, "AT_ONCE", 1)
