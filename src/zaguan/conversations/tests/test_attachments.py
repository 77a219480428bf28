"""Files: names cleaned, types told by content, sizes limited, bytes given back as they came."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from zaguan.conversations.attachments import (
    copy_stored,
    open_stored,
    read_stored,
    remove_unsent,
    safe_to_show_inline,
    store,
    take_upload,
    type_of,
)
from zaguan.conversations.models import Attachment
from zaguan.lib.errors import Refused
from zaguan.lib.filenames import clean_name
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import make_world

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("factura.pdf", "factura.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("an\u0303o.txt", "año.txt"),
        (".\u200bhtaccess", "htaccess"),
        ("report\u202egnp.exe", "reportgnp.exe"),
        ("a\r\nContent-Type: x.txt", "a Content-Type_ x.txt"),
        ("con.txt", "_con.txt"),
        ("   ", "file"),
        ("\x00\x01", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_cleaned(given: str, expected: str) -> None:
    assert clean_name(given) == expected


@pytest.mark.parametrize(
    ("name", "declared", "head", "expected"),
    [
        ("a.bin", "application/octet-stream", PNG, "image/png"),
        ("a.png", "image/png", b"<svg onload=alert(1)>", "application/octet-stream"),
        ("a.pdf", "", b"%PDF", "application/pdf"),
        ("a.html", "text/html; charset=x", b"<b>", "text/html"),
        ("a.txt", "nonsense\r\nX: y", b"a", "text/plain"),
        ("a.svg", "image/svg+xml", b"<svg>", "image/svg+xml"),
        ("a.weird", "", b"", "application/octet-stream"),
    ],
)
def test_types_are_told_by_content_first(name: str, declared: str, head: bytes, expected: str) -> None:
    assert type_of(name, declared, head) == expected


@pytest.mark.django_db
def test_bytes_come_back_under_a_random_name() -> None:
    world = make_world()
    kept = store(io.BytesIO(PNG), "../foto.png", by=world.ana)
    with open_stored(kept) as file:
        assert file.read() == PNG
    assert (kept.name, kept.size, kept.content_type) == ("foto.png", len(PNG), "image/png")
    assert kept.sha256 == hashlib.sha256(PNG).hexdigest()
    assert "foto" not in kept.stored_as
    assert kept.public_id not in kept.stored_as
    assert safe_to_show_inline(kept)
    assert not safe_to_show_inline(store(b"<svg>", "a.svg", "image/svg+xml"))


@pytest.mark.django_db
def test_an_agent_hears_the_limit_and_mail_is_kept(settings: Any) -> None:
    settings.ATTACHMENT_SIZE_LIMIT = 1024 * 1024
    world = make_world()
    with pytest.raises(Refused) as refusal:
        store(b"x" * (1024 * 1024 + 1), "grande.bin", by=world.ana)
    assert refusal.value.field == "attachments"
    message = make_message(make_ticket(world), world)
    assert store(b"x" * (1024 * 1024 + 1), "grande.bin", message=message).message == message


@pytest.mark.django_db
def test_uploads_never_sent_are_removed_but_not_bytes_still_in_use() -> None:
    world = make_world()
    alone, shared = store(b"one", "a.txt", by=world.ana), store(b"two", "b.txt", by=world.ana)
    kept = copy_stored(shared, message=make_message(make_ticket(world), world))
    assert remove_unsent(timezone.now() - timedelta(hours=1)) == 0
    assert remove_unsent(timezone.now() + timedelta(hours=1)) == 2
    assert not default_storage.exists(alone.stored_as)
    assert read_stored(kept) == b"two"
    assert list(Attachment.objects.visible_to(world.ana)) == [kept]


@pytest.mark.django_db
def test_an_upload_named_in_two_messages_goes_with_the_first_only() -> None:
    world = make_world()
    ticket = make_ticket(world)
    message = make_message(ticket, world)
    other = make_message(ticket, world)
    upload = store(b"once", "once.txt", by=world.ana)
    # Both have read it as waiting, in two requests at the same moment.
    again = Attachment.objects.get(pk=upload.pk)
    take_upload(upload, message)
    with pytest.raises(Refused, match=r"once\.txt"):
        take_upload(again, other)
    assert Attachment.objects.get().message == message
