"""A file that was built under a running server is served; what is not there, and what lies outside, is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from zaguan.config.assets import AssetsMiddleware

# An answer that is closed looks after the database's connections.
pytestmark = pytest.mark.django_db


def beyond(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=404)


@pytest.fixture
def assets(tmp_path: Path, settings: Any) -> Any:
    settings.STATIC_ROOT = tmp_path / "assets"
    settings.STATIC_ROOT.mkdir()
    (tmp_path / "secret.js").write_text("no")
    return AssetsMiddleware(beyond)


def ask(assets: Any, path: str) -> int:
    answer = assets(RequestFactory().get(path))
    answer.close()
    return int(answer.status_code)


def test_a_file_of_a_later_build_is_found(assets: Any, tmp_path: Path) -> None:
    assert ask(assets, "/static/desk.NEW.js") == 404
    (tmp_path / "assets" / "desk.NEW.js").write_text("1")
    assert ask(assets, "/static/desk.NEW.js") == 200


@pytest.mark.parametrize("path", ["/static/../secret.js", "/static/..%2fsecret.js", "/static//secret.js"])
def test_nothing_outside_is_found(assets: Any, path: str) -> None:
    assert ask(assets, path) == 404
