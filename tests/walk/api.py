"""Every method of every address of the API; the walk fails for one that is missing here."""

from __future__ import annotations

from typing import Any

from tests.walk import calendars, distribution, macros, notifications, outside, promises, rules, types, work
from tests.walk.editions import API as EDITIONS
from tests.walk.entries import Entry
from tests.walk.links import API as LINKS


def read(*on: str, **more: Any) -> Entry:
    return Entry(on=on, get=more.pop("get", {}), **more)


def write(*on: str, **more: Any) -> Entry:
    return Entry(on=on, **more)


def _more(name: str) -> dict[str, Any]:
    return {"phase": "open"} if name == "statuses" else {}


_LISTS = {
    "statuses": "status",
    "categories": "category",
    "urgencies": "urgency",
    "services": "service",
    "party-roles": "party-role",
}
_TICKET = "/tickets/<int:number>"
_NEW = {"subject": "Nuevo", "text": "Hola", "team": "OWN-TEAM", "requester": "dan@customer.example"}
_NOTE = {"text": "Hola", "kind": "note"}
_AGENT = {"name": "Nadia", "email": "nadia@zaguan.example", "role": "{role}", "teams": ["{team}"]}
_INBOX = {"name": "Other", "address": "other@zaguan.example", "team": "{support}"}
_CALL = {"caller": "300", "started_at": "2026-01-01T09:00:00Z"}
_BULK = {"numbers": ["{ticket}"], "change": {"is_important": True}}
_BACK_OFFICE = {"subject": "Revisar", "type": "{back-office-type}", "team": "{support}"}
_DONE = (200,)

PARTS = (calendars, distribution, macros, notifications, outside, promises, rules, types, work)
API: dict[str, Entry] = {
    # The token's own
    "GET /me": read(),
    "PATCH /me": write(body={"signature": "Saludos"}),
    "GET /counts": read(),
    "GET /mentions": read(),
    # Tickets
    "GET /tickets": read(get={"q": "zqsubject"}),
    "POST /tickets": write(body=_NEW),
    "POST /tickets/bulk": write(body=_BULK, also=("tickets.edit",), good=_DONE),
    f"GET {_TICKET}": read("ticket", hidden=True),
    f"PATCH {_TICKET}": write("ticket", body={"subject": "Otro"}, hidden=True, also=("tickets.edit",)),
    f"POST {_TICKET}/snooze": write(
        "ticket", body={"until": "2099-01-01T09:00:00Z"}, hidden=True, good=_DONE
    ),
    f"PUT {_TICKET}/seen": write("ticket", hidden=True),
    f"DELETE {_TICKET}/seen": write("ticket", hidden=True),
    f"GET {_TICKET}/events": read("ticket", hidden=True),
    f"POST {_TICKET}/merge": write("ticket", body={"numbers": ["{beside}"]}, hidden=True, good=(200,)),
    f"GET {_TICKET}/merge-preview": read("ticket", get={"numbers": "{beside}"}, hidden=True),
    f"GET {_TICKET}/merges": read("ticket", hidden=True),
    f"DELETE {_TICKET}/merges/<int:merge_id>": write("ticket", "ticket-merge", hidden=True),
    f"POST {_TICKET}/split": write("ticket", body={"message": "{message}"}, hidden=True),
    f"POST {_TICKET}/clone": write("ticket", body={"with_conversation": True}, hidden=True),
    f"POST {_TICKET}/delete": write("ticket", body={"reason": "spam"}, hidden=True),
    "GET /ticket-templates": read(),
    "POST /ticket-templates": write(body={"name": "Otra", "values": {"subject": "Copias"}}),
    "PATCH /ticket-templates/<int:template_id>": write(
        "template", body={"name": "Otra", "values": {"subject": "Copias"}}, hidden=True, only=("ana",)
    ),
    "DELETE /ticket-templates/<int:template_id>": write("template", hidden=True, only=("ana",)),
    "POST /ticket-templates/<int:template_id>/open": write(
        "template", body={"is_internal": True}, hidden=True, only=("ana",)
    ),
    "GET /scheduled-tickets": read(),
    "POST /scheduled-tickets": write(
        body={"values": {"subject": "Copias", "is_internal": True}, "starts_at": "2099-01-01T09:00:00Z"}
    ),
    "PUT /scheduled-tickets/<int:schedule_id>": write(
        "schedule",
        hidden=True,
        body={"values": {"subject": "Copias", "is_internal": True}, "starts_at": "2099-01-01T09:00:00Z"},
    ),
    "POST /scheduled-tickets/<int:schedule_id>": write(
        "schedule", body={"do": "pause"}, hidden=True, good=(200,)
    ),
    "GET /trash": read(),
    "POST /trash/<int:number>/restore": write("trashed", hidden=True, good=(200,)),
    "DELETE /trash/<int:number>": write("trashed", hidden=True),
    **LINKS,
    f"GET {_TICKET}/flow": read("ticket", hidden=True),
    f"POST {_TICKET}/back-office": write("ticket", body=_BACK_OFFICE, hidden=True),
    f"PUT {_TICKET}/sharing": write("ticket", body={"shared": True}, hidden=True, good=(422,)),
    "POST /messages/<int:message_id>/publish": write("message", hidden=True, good=(422,)),
    "DELETE /messages/<int:message_id>/publish": write("note", hidden=True, good=(422,)),
    f"GET {_TICKET}/mass-updates": read("ticket", hidden=True),
    f"POST {_TICKET}/mass-updates": write("ticket", body={"text": "Hola"}, hidden=True, good=(422,)),
    "GET /mass-updates/<int:update_id>": read("mass-update", hidden=True),
    "GET /mass-updates/<int:update_id>/recipients": read("mass-update", hidden=True),
    "POST /mass-updates/<int:update_id>/start": write("mass-update", hidden=True, good=_DONE),
    "POST /mass-updates/<int:update_id>/stop": write("mass-update", hidden=True, good=(200, 422)),
    "POST /mass-updates/<int:update_id>/retry": write("mass-update", hidden=True, good=(200, 422)),
    f"GET {_TICKET}/parties": read("ticket", hidden=True),
    f"POST {_TICKET}/parties": write("ticket", body={"role": "{party-role}", "name": "Sol"}, hidden=True),
    f"PATCH {_TICKET}/parties/<int:party_id>": write(
        "ticket", "party", body={"copied": True}, hidden=True, good=_DONE
    ),
    f"DELETE {_TICKET}/parties/<int:party_id>": write("ticket", "party", hidden=True),
    f"GET {_TICKET}/followers": read("ticket", hidden=True),
    f"PUT {_TICKET}/following": write("ticket", hidden=True),
    f"DELETE {_TICKET}/following": write("ticket", hidden=True),
    f"POST {_TICKET}/transfer": write("ticket", body={"team": "{team}", "text": "Hola"}, hidden=True),
    f"GET {_TICKET}/timeline": read("ticket", hidden=True),
    f"GET {_TICKET}/items": read("ticket", hidden=True),
    f"POST {_TICKET}/items": write("ticket", body={"address": "docs.example"}, hidden=True),
    f"DELETE {_TICKET}/items/<int:item_id>": write("ticket", "hung", hidden=True),
    "GET /library": read(),
    "POST /library": write(body={"address": "docs.example"}),
    "PATCH /library/<public_id>": write("library-item", body={"name": "Otra"}),
    # What is said
    f"GET {_TICKET}/messages": read("ticket", hidden=True),
    f"GET {_TICKET}/family-history": read("ticket", hidden=True),
    f"POST {_TICKET}/incoming": write("ticket", body={"text": "Hola"}, hidden=True),
    f"POST {_TICKET}/messages": write("ticket", body=_NOTE, hidden=True, also=("conversations.note",)),
    f"POST {_TICKET}/calls": write("ticket", body=_CALL, hidden=True),
    "GET /messages/<int:message_id>/original": read("message", hidden=True),
    "POST /messages/<int:message_id>/withdraw": write("queued", hidden=True, only=("ana",), good=_DONE),
    "POST /attachments": Entry(post={"file": "FILE"}, also=("conversations.note",)),
    "GET /attachments/<public_id>": read("file", hidden=True),
    # Mail on its way
    "GET /deliveries": read(),
    "POST /deliveries/<int:delivery_id>/retry": write("delivery", hidden=True, good=_DONE),
    "GET /failed-mail": read(),
    "POST /failed-mail/<int:raw_id>/process": write("raw", good=_DONE),
    "GET /failed-mail/<int:raw_id>/original": read("raw"),
    # People
    "GET /tickets/<int:number>/pdf": read("ticket", hidden=True),
    f"POST {_TICKET}/pdf": write("ticket", body={}, hidden=True),
    "GET /contacts": read(),
    "POST /contacts": write(body={"email": "new@customer.example", "name": "New"}),
    "GET /contacts/<public_id>": read("contact"),
    "PATCH /contacts/<public_id>": write("contact", body={"notes": "Amable", "blocked": True}),
    "GET /contacts/<public_id>/duplicates": read("contact"),
    "POST /contacts/<public_id>/merge": write(
        "contact", body={"other": "{twin}", "take": ["name"]}, good=_DONE
    ),
    "POST /contact-merges/<int:merge_id>/undo": write("contact-merge", good=_DONE),
    "POST /contacts/<public_id>/identities": write("contact", body={"value": "dan@other.example"}),
    "DELETE /contacts/<public_id>/identities/<int:identity_id>": write(
        "contact", "identity", good=(204, 422)
    ),
    "POST /contacts/<public_id>/identities/<int:identity_id>/clear": write("contact", "identity", good=_DONE),
    "GET /organisations": read(),
    "POST /organisations": write(body={"name": "Otra SA"}),
    "GET /organisations/<public_id>": read("organisation"),
    "PATCH /organisations/<public_id>": write("organisation", body={"name": "Patio SAS"}),
    **dict(entry for part in PARTS for entry in part.API.items()),
    **EDITIONS,
    # Staff
    "GET /agents": read(),
    "POST /agents": write(body=_AGENT),
    "PATCH /agents/<int:agent_id>": write("agent", body={"name": "Rita Ruiz", "role": "{role}"}),
    "GET /teams": read(),
    "POST /teams": write(body={"name": "Third"}),
    "PATCH /teams/<int:team_id>": write("team", body={"name": "Sales and more", "archived": True}),
    "GET /roles": read(),
    "POST /roles": write(body={"name": "Third"}),
    "PATCH /roles/<int:role_id>": write("role", body={"name": "Fourth"}),
    "DELETE /roles/<int:role_id>": write("role"),
    # Lists, views, inboxes
    **{f"GET /{name}": read() for name in _LISTS},
    **{f"POST /{name}": write(body={"name": "Otra", **_more(name)}) for name in _LISTS},
    **{f"PATCH /{name}/<int:entry_id>": write(one, body={"name": "Otra"}) for name, one in _LISTS.items()},
    **{f"PUT /{name}/order": write(body={"ids": []}) for name in _LISTS},
    "GET /jobs": read(),
    "POST /jobs/<int:job_id>/retry": write("job"),
    "DELETE /jobs/<int:job_id>": write("job"),
    "GET /tags": read(),
    "PATCH /tags/<int:tag_id>": write("tag", body={"name": "otra"}),
    "DELETE /tags/<int:tag_id>": write("tag"),
    "GET /automatic": read(),
    "PATCH /automatic": write(body={"close_after_hours": 24}),
    "GET /retention": read(),
    "PATCH /retention": write(body={"trash_days": 30}),
    "GET /views": read(),
    "POST /views": write(body={"name": "Mine", "query": "is:open"}),
    "PATCH /views/<int:view_id>": write("view", body={"name": "M"}, hidden=True, only=("ana",)),
    "DELETE /views/<int:view_id>": write("view", hidden=True, only=("ana",)),
    "GET /inboxes": read(),
    "POST /inboxes": write(body=_INBOX),
    "PATCH /inboxes/<public_id>": write("inbox", body={"name": "Otra", "is_active": False}),
    "POST /inboxes/<public_id>/test": write("inbox", good=_DONE),
}
