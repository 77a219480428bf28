"""Every method of every address of the API; the walk fails for one that is missing here."""

from __future__ import annotations

from typing import Any

from tests.walk.entries import Entry


def read(*on: str, **more: Any) -> Entry:
    return Entry(on=on, get=more.pop("get", {}), **more)


def write(*on: str, **more: Any) -> Entry:
    return Entry(on=on, **more)


API: dict[str, Entry] = {
    "GET /me": read(),
    "GET /counts": read(),
    "GET /tickets": read(get={"q": "zqsubject"}),
    "POST /tickets": write(
        body={"subject": "Nuevo", "text": "Hola", "team": "OWN-TEAM", "requester": "dan@customer.example"}
    ),
    "GET /tickets/<int:number>": read("ticket", hidden=True),
    "PATCH /tickets/<int:number>": write(
        "ticket", body={"subject": "Otro"}, hidden=True, also=("tickets.edit",)
    ),
    "GET /tickets/<int:number>/events": read("ticket", hidden=True),
    "GET /tickets/<int:number>/links": read("ticket", hidden=True),
    "POST /tickets/<int:number>/links": write(
        "ticket", body={"number": "{ticket}"}, hidden=True, good=(422,)
    ),
    "GET /tickets/<int:number>/messages": read("ticket", hidden=True),
    "POST /tickets/<int:number>/messages": write(
        "ticket", body={"text": "Hola", "kind": "note"}, hidden=True, also=("conversations.note",)
    ),
    "POST /attachments": Entry(post={"file": "FILE"}),
    "GET /attachments/<public_id>": read("file", hidden=True),
    "GET /contacts": read(),
    "POST /contacts": write(body={"email": "new@customer.example", "name": "New"}),
    "GET /contacts/<public_id>": read("contact"),
    "PATCH /contacts/<public_id>": write("contact", body={"notes": "Amable"}),
    "GET /organisations": read(),
    "POST /organisations": write(body={"name": "Otra SA"}),
    "PATCH /organisations/<public_id>": write("organisation", body={"name": "Patio SAS"}),
    "GET /agents": read(),
    "GET /teams": read(),
    "GET /statuses": read(),
    "GET /categories": read(),
    "GET /urgencies": read(),
    "GET /services": read(),
    "GET /tags": read(),
    "GET /views": read(),
    "GET /inboxes": read(),
}
