"""The cast, for tests of macros and bulk changes."""

from __future__ import annotations

import pytest

from zaguan.testing.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
