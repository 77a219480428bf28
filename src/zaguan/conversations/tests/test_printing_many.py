"""PDFs of many tickets: one file, a result for each, nothing that its owner may not see."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from zaguan.conversations import printing, printing_many
from zaguan.conversations.models import PrintBatch
from zaguan.conversations.printing_many import begin_prints, choose_prints, print_next, stop_prints
from zaguan.conversations.prints_file import forget_expired, open_zip
from zaguan.conversations.purging import purge
from zaguan.events.models import EventRecord, Job
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket
from zaguan.tickets.trash import trash

pytestmark = pytest.mark.django_db


def _made(world: World, *numbers: int, copy: Any = "full") -> PrintBatch:
    batch = begin_prints(choose_prints(numbers, by=world.ana), by=world.ana, copy=copy)
    while print_next(batch.pk):
        pass
    return PrintBatch.objects.get(pk=batch.pk)


def _names(batch: PrintBatch, world: World) -> list[str]:
    with open_zip(batch, viewer=world.ana) as file:
        return zipfile.ZipFile(io.BytesIO(file.read())).namelist()


def test_all_in_one_file_and_each_recorded(world: World) -> None:
    first, second = make_question(world, "Uno")[0], make_question(world, "Dos")[0]
    batch = _made(world, second.pk, first.pk)
    assert (batch.state, batch.made, batch.failed) == ("done", 2, 0)
    with open_zip(batch, viewer=world.ana) as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    assert archive.namelist() == [f"ticket-{first.pk}.pdf", f"ticket-{second.pk}.pdf"]
    assert archive.read(f"ticket-{first.pk}.pdf").startswith(b"%PDF-")
    printed = EventRecord.objects.filter(kind="conversations.TicketPrinted")
    assert {(row.ticket_id, row.cause_id) for row in printed} == {
        (first.pk, batch.event_id),
        (second.pk, batch.event_id),
    }
    assert Job.objects.filter(task=printing_many.WORK).count() == 1


def test_one_that_fails_stops_no_other_and_says_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    internal, fine, broken = make_ticket(world, is_internal=True), make_ticket(world), make_ticket(world)

    def draw(ticket: Ticket, **how: Any) -> bytes:
        if ticket.pk == broken.pk:
            raise OSError("disk")
        return printing.draw(ticket, **how)

    monkeypatch.setattr("zaguan.conversations.printing_many.draw", draw)
    batch = _made(world, internal.pk, fine.pk, broken.pk, copy="customer")
    assert (batch.state, batch.made, batch.failed) == ("done", 1, 2)
    reasons = dict(batch.tickets.values_list("ticket_id", "reason"))
    assert reasons[internal.pk]
    assert reasons[broken.pk] == "OSError: disk"
    names = _names(batch, world)
    assert f"ticket-{fine.pk}.pdf" in names
    assert f"ticket-{internal.pk}.pdf" not in names
    assert len(names) == 2, "and a list of what is missing"


def test_only_what_the_asker_may_see(world: World) -> None:
    own, foreign = make_ticket(world), make_ticket(world, team=world.sales)
    leaving = make_ticket(world)
    batch = choose_prints([own.pk, foreign.pk, leaving.pk], by=world.ana)
    assert set(batch.tickets.values_list("ticket_id", flat=True)) == {own.pk, leaving.pk}
    with pytest.raises(Refused):
        choose_prints([foreign.pk], by=world.ana)
    Ticket.objects.filter(pk=leaving.pk).update(team=world.sales)
    begin_prints(batch, by=world.ana, copy="full")
    while print_next(batch.pk):
        pass
    batch.refresh_from_db()
    assert (batch.made, batch.failed) == (1, 1)
    Ticket.objects.filter(pk=own.pk).update(team=world.sales)
    with pytest.raises(Refused):
        open_zip(batch, viewer=world.ana)


def test_the_owner_alone_and_for_a_day(world: World, django_capture_on_commit_callbacks: Any) -> None:
    batch = _made(world, make_ticket(world).pk)
    stored = batch.stored_as
    assert PrintBatch.objects.visible_to(world.ana).filter(pk=batch.pk).exists()
    assert not PrintBatch.objects.visible_to(world.bo).filter(pk=batch.pk).exists()
    PrintBatch.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not PrintBatch.objects.visible_to(world.ana).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_expired() == 1
    assert not default_storage.exists(stored)
    assert forget_expired() == 0


def test_too_many_are_refused_before_anything_is_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful is for everybody; more is an export."""
    monkeypatch.setattr(printing_many, "HANDFUL", 1)
    numbers = [make_ticket(world).pk, make_ticket(world).pk]
    with pytest.raises(Refused, match="1"):
        choose_prints(numbers, by=world.ana)
    assert not PrintBatch.objects.exists()
    assert choose_prints(numbers, by=world.bo).total == 2


def test_stopped_it_makes_no_more(world: World) -> None:
    batch = choose_prints([make_ticket(world).pk, make_ticket(world).pk], by=world.ana)
    begin_prints(batch, by=world.ana, copy="full")
    assert print_next(batch.pk)
    stop_prints(batch, by=world.ana)
    assert not print_next(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.made, batch.stored_as) == ("stopped", 1, "")
    with pytest.raises(Refused):
        stop_prints(batch, by=world.ana)


def test_a_full_file_takes_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing_many, "MOST_BYTES", 1)
    batch = _made(world, make_ticket(world).pk, make_ticket(world).pk)
    assert (batch.made, batch.failed) == (1, 1)


def test_what_is_erased_is_erased_from_files_too(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    ticket = make_ticket(world)
    stored = _made(world, ticket.pk).stored_as
    trash(ticket, by=world.bo, reason="x")
    with django_capture_on_commit_callbacks(execute=True):
        purge(ticket.pk, by=world.bo)
    assert not PrintBatch.objects.exists()
    assert not default_storage.exists(stored)
