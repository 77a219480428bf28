"""PDFs of many tickets from the list's bar: choose, begin, watch, fetch."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from zaguan.conversations.models import PrintBatch
from zaguan.conversations.printing_many import print_next
from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World

SignIn = Callable[[Agent], Client]


def test_from_the_list_to_the_file(world: World, signed_in: SignIn) -> None:
    tickets = [make_ticket(world, subject=f"Número {n}") for n in range(2)]
    client = signed_in(world.ana)
    assert b"/desk/bulk/pdf/" in client.get("/desk/views/open/").content
    chosen = client.post("/desk/bulk/pdf/", {"ticket": [t.pk for t in tickets]})
    batch = PrintBatch.objects.get()
    address = f"/desk/prints/{batch.public_id}/"
    assert chosen["Location"] == address
    assert "Número 1" in client.get(address).content.decode()
    assert client.post(address, {"copy": "full", "language": "xx"}).status_code == 422
    assert 'value="own" selected' in client.get(address).content.decode()
    assert client.post(address, {"copy": "full", "language": "own"}).status_code == 302
    assert b"data-run-page" in client.get(address).content
    while print_next(batch.pk):
        pass
    done = client.get(address).content.decode()
    assert f"{address}tickets.zip" in done
    assert "data-run-page" not in done
    file = client.get(f"{address}tickets.zip")
    assert file["Content-Type"] == "application/zip"
    assert b"".join(file.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    for stranger in (world.bo, world.cleo):
        assert signed_in(stranger).get(f"{address}tickets.zip").status_code == 404


def test_a_whole_list_is_chosen(world: World, signed_in: SignIn) -> None:
    for _each in range(3):
        make_ticket(world)
    make_ticket(world, team=world.sales)
    client = signed_in(world.ana)
    answer = client.post("/desk/bulk/pdf/", {"whole": "1", "view": "open"}, headers={"HX-Request": "true"})
    batch = PrintBatch.objects.get()
    assert answer["HX-Redirect"] == f"/desk/prints/{batch.public_id}/"
    assert batch.total == 3
