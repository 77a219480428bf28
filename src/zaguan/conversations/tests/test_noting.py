"""Notes, mentions, calls, drafts, what was seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.conversations.attachments import store
from zaguan.conversations.calling import log_call
from zaguan.conversations.drafting import discard_draft, draft_of, save_draft
from zaguan.conversations.models import Delivery, Mention, Seen
from zaguan.conversations.noting import add_note
from zaguan.conversations.seeing import mark_seen, mark_unseen
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status

pytestmark = pytest.mark.django_db


def test_a_note_is_internal_and_sends_nothing(world: World) -> None:
    ticket = make_ticket(world)
    note = add_note(
        ticket, "<p>Ojo</p>", by=world.ana, status=default_status(Phase.OPEN), idempotency_key="k"
    )
    assert add_note(ticket, "<p>Ojo</p>", by=world.ana, idempotency_key="k") == note
    assert (note.direction, note.visibility) == ("note", "internal")
    assert Delivery.objects.count() == 0
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.note_count, now.message_count, now.excerpt_kind, now.phase) == (1, 0, "note", Phase.OPEN)
    assert now.first_answered_at is None


def test_those_named_hear_of_it_if_they_may_read_the_ticket(world: World) -> None:
    ticket = make_ticket(world)
    named = "".join(
        f'<span data-mention="{a.pk}">@{a.name}</span> ' for a in (world.bo, world.cleo, world.ana, world.bo)
    )
    note = add_note(ticket, f"<p>{named}</p>", by=world.ana)
    assert list(Mention.objects.values_list("agent", flat=True)) == [world.bo.pk]
    event = EventRecord.objects.get(kind="conversations.NoteAdded")
    assert event.data == {"message_id": note.pk, "mentioned": [world.bo.pk]}


def test_an_empty_note_is_refused_but_a_file_is_enough(world: World) -> None:
    ticket = make_ticket(world)
    with pytest.raises(Refused):
        add_note(ticket, "<p> </p>", by=world.ana)
    file = store(b"x", "x.txt", by=world.ana)
    assert add_note(ticket, "", by=world.ana, attachments=[file]).has_files
    with pytest.raises(Refused):
        add_note(ticket, "<p>x</p>", by=world.ana, attachments=[file])


def test_pasted_images_are_tied_to_their_files(world: World) -> None:
    ticket = make_ticket(world)
    file = store(b"\x89PNG\r\n\x1a\n", "foto.png", by=world.ana)
    html = f'<p>Mira <img src="/desk/attachments/{file.public_id}/" alt="foto"><img src="https://t.example/p.gif"></p>'
    note = add_note(ticket, html, by=world.ana, attachments=[file])
    file.refresh_from_db()
    assert file.is_inline
    assert f"cid:{file.content_id}" in note.html
    assert "t.example" not in note.html


def test_a_call_is_written_down(world: World) -> None:
    ticket = make_ticket(world)
    start = timezone.now() - timedelta(minutes=5)
    call: dict[str, Any] = {
        "caller": "+34 600 000 000",
        "direction": "in",
        "started_at": start,
        "outcome": "answered",
    }
    message = log_call(
        ticket, by=world.ana, ended_at=start + timedelta(minutes=3), notes_html="<p>Llamó</p>", **call
    )
    assert (message.channel, message.visibility, message.details["outcome"]) == (
        "phone",
        "internal",
        "answered",
    )
    now = Ticket.objects.get(pk=ticket.pk)
    assert now.first_answered_at == start
    assert now.waiting_since is None
    with pytest.raises(Refused) as refusal:
        log_call(ticket, by=world.ana, ended_at=start - timedelta(minutes=3), notes_html="", **call)
    assert refusal.value.field == "ended_at"


def test_drafts_are_kept_apart_and_are_ones_own(world: World) -> None:
    ticket = make_ticket(world)
    save_draft(world.ana, ticket, "reply", "<p>uno</p>", {"to": []})
    save_draft(world.ana, ticket, "reply", "<p>dos</p>")
    save_draft(world.ana, ticket, "note", "<p>nota</p>")
    save_draft(world.ana, None, "new", "<p>nuevo</p>")
    save_draft(world.ana, None, "new", "<p>nuevo 2</p>")
    save_draft(world.bo, ticket, "reply", "<p>de Bo</p>")
    found = {kind: draft_of(world.ana, ticket, kind) for kind in ("reply", "note")}
    assert {kind: draft.html for kind, draft in found.items() if draft} == {
        "reply": "<p>dos</p>",
        "note": "<p>nota</p>",
    }
    assert discard_draft(world.ana, None, "new")
    assert not discard_draft(world.ana, None, "new")
    assert draft_of(world.bo, ticket, "reply") is not None


def test_a_draft_survives_what_others_do(world: World) -> None:
    ticket = make_ticket(world)
    save_draft(world.ana, ticket, "reply", "<p>a medias</p>")
    add_note(ticket, "<p>Lo cierro</p>", by=world.bo, status=default_status(Phase.RESOLVED))
    draft = draft_of(world.ana, ticket, "reply")
    assert draft is not None
    assert draft.html == "<p>a medias</p>"


def test_seeing_a_ticket_reads_its_mentions(world: World) -> None:
    ticket = make_ticket(world)
    add_note(ticket, f'<p><span data-mention="{world.bo.pk}">@Bo</span></p>', by=world.ana)
    mark_seen(world.bo, ticket)
    mark_seen(world.bo, ticket)
    assert Seen.objects.get(agent=world.bo).ticket == ticket
    assert Mention.objects.get().read_at is not None
    mark_unseen(world.bo, ticket)
    assert not Seen.objects.exists()
