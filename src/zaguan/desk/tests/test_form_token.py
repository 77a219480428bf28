"""The token of a page's forms is one that Django accepts, and another one on each page."""

from __future__ import annotations

from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.test import RequestFactory

from zaguan.desk.form_token import form_token

SECRET = "abcdefghijklmnopqrstuvwxyzABCDEF"


def _request(method: str, **data: str) -> object:
    request = getattr(RequestFactory(), method)("/desk/", data)
    request.COOKIES["zaguan-csrf"] = SECRET
    return request


def test_django_accepts_it() -> None:
    guard = CsrfViewMiddleware(lambda _request: HttpResponse())
    page = _request("get")
    guard.process_request(page)  # type: ignore[arg-type]
    token = form_token(page)  # type: ignore[arg-type]
    assert token == form_token(page)  # type: ignore[arg-type]
    for given, answer in ((token, None), (token[::-1], 403)):
        post = _request("post", csrfmiddlewaretoken=given)
        guard.process_request(post)  # type: ignore[arg-type]
        refused = guard.process_view(post, lambda _request: HttpResponse(), (), {})  # type: ignore[arg-type]
        assert (refused.status_code if refused else None) == answer


def test_it_is_another_one_on_each_page() -> None:
    guard = CsrfViewMiddleware(lambda _request: HttpResponse())
    made = set()
    for _n in range(20):
        page = _request("get")
        guard.process_request(page)  # type: ignore[arg-type]
        made.add(form_token(page))  # type: ignore[arg-type]
    assert len(made) == 20
