"""Pages go compressed to whoever takes it, and to nobody else."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from zaguan.config.compression import CompressionMiddleware

PAGE = "<p>Hola</p>" * 400


def answer(response: HttpResponse | StreamingHttpResponse, accepts: str = "gzip, br"):  # type: ignore[no-untyped-def]
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepts})
    return CompressionMiddleware(lambda _request: response)(request)


def test_a_page_is_smaller_and_the_same() -> None:
    given = answer(HttpResponse(PAGE, headers={"ETag": '"one"'}))

    assert gzip.decompress(given.content).decode() == PAGE
    assert int(given["Content-Length"]) == len(given.content) < len(PAGE) / 4
    assert given["ETag"] == 'W/"one"'
    assert "Accept-Encoding" in given["Vary"]


def test_its_size_tells_nothing() -> None:
    assert len({len(answer(HttpResponse(PAGE)).content) for _ in range(20)}) > 3


@pytest.mark.parametrize("accepts", ["", "br", "gzip;q=0", "gzip;q=0.0, br"])
def test_who_does_not_take_it_gets_it_plain(accepts: str) -> None:
    assert answer(HttpResponse(PAGE), accepts).content.decode() == PAGE


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("<p>Hola</p>"),
        HttpResponse(PAGE, content_type="application/json"),
        HttpResponse(PAGE, headers={"Content-Encoding": "br"}),
        StreamingHttpResponse([PAGE.encode()]),
    ],
)
def test_what_does_not_gain_stays(response: HttpResponse | StreamingHttpResponse) -> None:
    assert answer(response).headers.get("Content-Encoding") != "gzip"


@pytest.mark.django_db
def test_pages_of_the_desk_are(client: Client) -> None:
    page = client.get("/desk/sign-in/", headers={"Accept-Encoding": "gzip"})

    assert page["Content-Encoding"] == "gzip"
    assert "Zaguán" in gzip.decompress(page.content).decode()
