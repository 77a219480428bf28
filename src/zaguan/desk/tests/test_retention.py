"""How long what was deleted or merged can be brought back: chosen on a page, kept to by what the clock does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from zaguan.conversations.merging import merge
from zaguan.conversations.models import RawMessage
from zaguan.conversations.purging import purge_overdue
from zaguan.events.models import EventRecord
from zaguan.people.models import Agent
from zaguan.people.tokens import create_token
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.merging import merges_of
from zaguan.tickets.models import Merge, Ticket, Trashed
from zaguan.tickets.statuses import rules
from zaguan.tickets.trash import trash

pytestmark = pytest.mark.django_db
PAGE = "/desk/settings/retention/"


def _raw(ticket_id: int | None, number: int) -> RawMessage:
    return RawMessage.objects.create(
        source="smtp", content=b"x", size=1, fingerprint=bytes([number]) * 32, ticket_id=ticket_id,
        received_at=timezone.now(),
    )  # fmt: skip


def test_the_page_changes_both_and_the_event_tells(
    world: World, signed_in: Callable[[Agent], Client]
) -> None:
    bo = signed_in(world.bo)
    assert 'value="30"' in bo.get(PAGE).content.decode()
    bo.post(PAGE, {"trash_days": "7", "undo_merge_days": "3", "undo_contact_days": "5"})
    assert (rules().trash_days, rules().undo_merge_days, rules().undo_contact_days) == (7, 3, 5)
    changes = EventRecord.objects.filter(kind="people.SettingChanged").latest("id").data["changes"]
    assert changes == {"trash_days": [30, 7], "undo_merge_days": [30, 3], "undo_contact_days": [30, 5]}
    wrong = bo.post(PAGE, {"trash_days": "99999", "undo_merge_days": "3", "undo_contact_days": "3"})
    assert 'value="99999"' in wrong.content.decode()
    assert rules().trash_days == 7


def test_only_who_may_erase_may_choose(world: World, signed_in: Callable[[Agent], Client]) -> None:
    ana = signed_in(world.ana)
    assert ana.get(PAGE).status_code == 403
    assert (
        ana.post(PAGE, {"trash_days": "1", "undo_merge_days": "1", "undo_contact_days": "1"}).status_code
        == 403
    )
    assert PAGE not in ana.get("/desk/settings/?all").content.decode()


def test_machines_choose_too(world: World) -> None:
    client = Client(headers={"Authorization": f"Bearer {create_token(world.bo, 'x', by=world.bo)}"})
    path = "/api/v1/retention"
    assert client.get(path).json() == {"trash_days": 30, "undo_merge_days": 30, "undo_contact_days": 30}
    changed = client.patch(path, {"trash_days": 0}, content_type="application/json")
    assert changed.json() == {"trash_days": 0, "undo_merge_days": 30, "undo_contact_days": 30}
    refused = client.patch(path, {"undo_merge_days": -1}, content_type="application/json")
    assert refused.status_code == 422


def test_the_clock_and_the_way_back_keep_to_it(world: World, signed_in: Callable[[Agent], Client]) -> None:
    first, second, gone = make_ticket(world), make_ticket(world), make_ticket(world)
    make_message(gone, world)
    mails = [_raw(gone.pk, 1), _raw(first.pk, 2), _raw(None, 3)]
    merge(first, [second], by=world.ana)
    trash(gone, by=world.bo)
    five_days_ago = timezone.now() - timedelta(days=5)
    Merge.objects.update(at=five_days_ago)
    Trashed.objects.update(at=five_days_ago)
    assert (purge_overdue(), len(merges_of(first))) == (0, 1)
    signed_in(world.bo).post(PAGE, {"trash_days": "4", "undo_merge_days": "4", "undo_contact_days": "4"})
    assert (purge_overdue(), len(merges_of(first))) == (1, 0)
    assert not Ticket.objects.filter(pk=gone.pk).exists()
    left = RawMessage.objects.filter(pk__in=[mail.pk for mail in mails])
    assert set(left.values_list("ticket_id", flat=True)) == {first.pk, None}
