"""The desk as an app: what a device reads before anybody has signed in."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_desk_can_be_installed_by_whoever_stands_at_the_door() -> None:
    client = Client()
    described = client.get("/desk/app.webmanifest", headers={"Accept-Language": "en"}).json()
    assert (described["start_url"], described["scope"], described["display"]) == (
        "/desk/",
        "/desk/",
        "standalone",
    )
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in described["icons"]}
    assert any(icon["purpose"] == "maskable" for icon in described["icons"])
    assert described["shortcuts"][0]["url"] == "/desk/tickets/new/"


def test_the_service_worker_is_fresh_and_stands_above_the_desk() -> None:
    answer = Client().get("/desk/service-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    script = answer.content.decode()
    assert script.startswith("self.zaguan=")
    assert "import" not in script.partition("\n")[2].partition("(")[0]
    page = Client().get("/desk/offline/")
    assert page.status_code == 200
    assert "<script" not in page.content.decode()
