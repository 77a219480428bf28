"""The machines of Ana and Bo."""

from __future__ import annotations

import pytest
from django.test import Client

from zaguan.api.tests.calling import machine
from zaguan.testing.world import World


@pytest.fixture
def ana(world: World) -> Client:
    return machine(world.ana)


@pytest.fixture
def bo(world: World) -> Client:
    return machine(world.bo)
