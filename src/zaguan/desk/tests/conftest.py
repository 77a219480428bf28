"""What the desk's tests share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from zaguan.people.models import Agent
from zaguan.testing.world import World


@pytest.fixture
def signed_in() -> Callable[[Agent], Client]:
    """A browser in which this agent is signed in; `hx=True` headers are the test's own business."""

    def sign_in(agent: Agent) -> Client:
        client = Client()
        client.force_login(agent, backend="zaguan.people.joining.AgentBackend")
        return client

    return sign_in


@pytest.fixture
def ana(world: World, signed_in: Callable[[Agent], Client]) -> Client:
    return signed_in(world.ana)


@pytest.fixture
def bo(world: World, signed_in: Callable[[Agent], Client]) -> Client:
    return signed_in(world.bo)
