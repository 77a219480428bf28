"""What hangs on a ticket, the library, and handing over with a note."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zaguan.conversations.attachments import remove_unsent, store
from zaguan.conversations.hanging import hang_file, hang_library_item, hang_link, take_down
from zaguan.conversations.library import save_item, set_item_archived
from zaguan.conversations.models import Attachment, Message, TicketItem
from zaguan.conversations.transferring import transfer
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.history import feed


def test_a_hung_file_is_seen_by_who_sees_the_ticket(world: World) -> None:
    ticket = make_ticket(world)
    item = hang_file(ticket, store(b"uno", "uno.txt", by=world.ana), by=world.ana)
    for agent, sees in ((world.ana, True), (world.rita, True), (world.bo, True), (world.cleo, False)):
        assert Attachment.objects.visible_to(agent).filter(on_ticket=item).exists() is sees
        assert TicketItem.objects.visible_to(agent).filter(pk=item.pk).exists() is sees
    assert "uno.txt" in feed(ticket).entries[0].sentence


def test_only_ones_own_upload_can_be_hung(world: World) -> None:
    file = store(b"uno", "uno.txt", by=world.bo)
    with pytest.raises(Refused):
        hang_file(make_ticket(world), file, by=world.ana)
    hang_file(make_ticket(world), file, by=world.bo)
    with pytest.raises(Refused):
        hang_file(make_ticket(world), file, by=world.bo)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/x", "http://", "", "no where"]
)
def test_only_web_addresses_can_be_hung(world: World, address: str) -> None:
    with pytest.raises(Refused):
        hang_link(make_ticket(world), address, by=world.ana)


def test_a_link_has_a_name(world: World) -> None:
    item = hang_link(make_ticket(world), "docs.example/manual", by=world.ana)
    assert (item.address, item.name) == ("https://docs.example/manual", "docs.example/manual")


def test_items_of_the_library_are_everybodys_and_stay_where_they_hang(world: World) -> None:
    file = store(b"precios", "precios.txt", by=world.bo)
    item = save_item(None, by=world.bo, name="", folder=" Ventas / 2026 ", attachment=file)
    assert (item.name, item.folder) == ("precios.txt", "Ventas/2026")
    assert Attachment.objects.visible_to(world.cleo).filter(pk=file.pk).exists()
    ticket = make_ticket(world)
    hung = hang_library_item(ticket, item, by=world.ana)
    assert hang_library_item(ticket, item, by=world.ana).pk == hung.pk
    set_item_archived(item, True, by=world.bo)
    with pytest.raises(Refused):
        hang_library_item(make_ticket(world), item, by=world.ana)
    assert Attachment.objects.visible_to(world.ana).filter(pk=file.pk).exists()


def test_what_hangs_is_no_leftover(world: World) -> None:
    kept = hang_file(make_ticket(world), store(b"uno", "uno.txt", by=world.ana), by=world.ana)
    shared = save_item(None, by=world.bo, name="x", attachment=store(b"dos", "dos.txt", by=world.bo))
    store(b"tres", "tres.txt", by=world.ana)
    assert remove_unsent(timezone.now() + timedelta(days=1)) == 1
    assert Attachment.objects.filter(pk__in=[kept.attachment_id, shared.attachment_id]).count() == 2
    take_down(kept, by=world.ana)
    assert remove_unsent(timezone.now() + timedelta(days=1)) == 1


def test_handed_over_with_a_note_or_not_at_all(world: World) -> None:
    ticket = make_ticket(world)
    moved = transfer(ticket, world.sales, note_html="<p>Quieren un precio.</p>", by=world.ana)
    assert moved.team_id == world.sales.pk
    note = Message.objects.get(ticket=ticket, direction="note")
    assert (note.text.strip(), note.visibility) == ("Quieren un precio.", "internal")
    world.support.archived_at = timezone.now()
    world.support.save()
    with pytest.raises(Refused):
        transfer(ticket, world.support, note_html="<p>Otra vez</p>", by=world.bo)
    assert Message.objects.filter(ticket=ticket, direction="note").count() == 1
