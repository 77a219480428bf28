"""Attachments: for those who may see the ticket, and never as part of our own pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zaguan.conversations.attachments import store
from zaguan.conversations.models import Attachment
from zaguan.desk.ticket.files import frame_address
from zaguan.people.models import Agent
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World

SignIn = Callable[[Agent], Client]
HX = {"HX-Request": "true", "Accept": "application/json"}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def _content(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "program.exe", "ñandú «1».pdf"])
def test_a_file_is_sent_as_a_download_that_can_do_nothing(world: World, signed_in: SignIn, name: str) -> None:
    message = make_message(make_ticket(world), world, has_files=True)
    kept = store(b"<script>alert(1)</script>", name, message=message)
    answer = signed_in(world.ana).get(f"/desk/files/{kept.public_id}/")
    assert _content(answer) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_file_of_another_team_is_not_there(world: World, signed_in: SignIn) -> None:
    message = make_message(make_ticket(world), world, has_files=True)
    kept = store(PNG, "a.png", message=message)
    address = f"/desk/files/{kept.public_id}/"
    assert signed_in(world.cleo).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_an_upload_is_only_its_uploaders_until_it_is_sent(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.ana)
    answer = client.post("/desk/files/", {"file": SimpleUploadedFile("foto.png", PNG)}, headers=HX)
    assert answer.status_code == 201
    assert answer.json()["is_picture"]
    assert b"".join(client.get(answer.json()["url"]).streaming_content) == PNG  # type: ignore[attr-defined]
    assert signed_in(world.bo).get(answer.json()["url"]).status_code == 404


def test_too_large_a_file_is_refused_with_a_sentence(world: World, signed_in: SignIn, settings: Any) -> None:
    settings.ATTACHMENT_SIZE_LIMIT = 1024 * 1024
    big = SimpleUploadedFile("grande.bin", b"0" * (1024 * 1024 + 1))
    answer = signed_in(world.ana).post("/desk/files/", {"file": big}, headers=HX)
    assert answer.status_code == 422
    assert "grande.bin" in answer.json()["title"]
    assert not Attachment.objects.exists()


def test_a_pictures_address_in_a_frame_needs_no_cookie_but_its_signature(world: World) -> None:
    message = make_message(make_ticket(world), world, has_files=True)
    picture = store(PNG, "a.png", message=message, content_id="a@b", is_inline=True)
    other = store(b"%PDF-1.4", "a.pdf", message=message)
    assert _content(Client().get(frame_address(picture))) == PNG
    assert Client().get(frame_address(picture)[:-3] + "x/").status_code == 404
    assert Client().get(frame_address(other)).status_code == 404
