"""Macros, canned messages and changes of many tickets, for the walk."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.walk.entries import Entry, button, form, page
from zaguan.automation.base import action_named
from zaguan.automation.macros import save_macro
from zaguan.automation.runs import choose_tickets, start_run
from zaguan.automation.steps import Step
from zaguan.conversations.canned import save_canned
from zaguan.conversations.printing_many import begin_prints, choose_prints
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

_TICKET = "/tickets/<int:number>"
_STEP = {"action": "set_important", "values": {"important": True}}
_OWN: dict[str, Any] = {"hidden": True, "only": ("ana",)}
_MACRO = {"name": "Otra", "step-0-key": "set_important", "step-0-important": "on"}
# Whoever may see none of the tickets has chosen none.
_MANY: dict[str, Any] = {"also": ("tickets.edit",), "good": (202, 204, 302, 422)}


def _api(*on: str, **more: Any) -> Entry:
    return Entry(on=on, **more)


DESK: dict[str, Entry] = {
    "desk:macros": form("ticket", hidden=True, post={"macro": "{shared-macro}"}),
    "desk:macro-commands": page("ticket", hidden=True),
    "desk:macro-preview": page("ticket", hidden=True, get={"macro": "{shared-macro}"}),
    "desk:canned-list": page("ticket", hidden=True, get={"q": "zq"}),
    "desk:insert-canned": button(
        "ticket",
        "shared-canned",
        hidden=True,
        post={"kind": "note"},
        also=("conversations.note",),
        good=(200,),
    ),
    "desk:bulk": button(post={"do": "important:1", "ticket": "{ticket}"}, **_MANY),
    "desk:bulk-more": button(post={"ticket": "{ticket}"}, good=(204, 302, 422)),
    "desk:bulk-count": page(get={"view": "open"}),
    "desk:run": form("run", good=(200, 302), **_OWN),
    "desk:undo-run": button("run", **_OWN),
    "desk:stop-run": button("run", good=(422,), **_OWN),
    "desk:choose-prints": button(post={"ticket": "{ticket}"}, good=(204, 302, 422)),
    "desk:prints": form("prints", post={"copy": "full"}, good=(200, 302), **_OWN),
    "desk:stop-prints": button("prints-going", **_OWN),
    "desk:prints-file": page("prints-done", **_OWN),
    "desk:settings-macros": page(),
    "desk:order-macros": button(post={"order": ""}),
    "desk:new-macro": form(post=_MACRO, good=(200, 302)),
    "desk:edit-macro": form("macro", post=_MACRO, good=(200, 302), **_OWN),
    "desk:move-macro": button("macro", post={"do": "off"}, **_OWN),
    "desk:settings-canned": page(),
    "desk:new-canned": form(post={"name": "Otra", "text": "Hola"}, good=(200, 302)),
    "desk:edit-canned": form("canned", post={"name": "Otra", "text": "Hola"}, good=(200, 302), **_OWN),
}
API: dict[str, Entry] = {
    "GET /actions": _api(get={}),
    "GET /macros": _api(get={}),
    "POST /macros": _api(body={"name": "Otra", "steps": [_STEP]}),
    "PUT /macros/order": _api(body={"ids": []}),
    "GET /macros/<int:macro_id>": _api("macro", get={}, **_OWN),
    "PATCH /macros/<int:macro_id>": _api("macro", body={"description": "X", "favourite": True}, **_OWN),
    "DELETE /macros/<int:macro_id>": _api("macro", **_OWN),
    f"GET {_TICKET}/macros": _api("ticket", get={}, hidden=True),
    f"GET {_TICKET}/macros/<int:macro_id>": _api("ticket", "shared-macro", get={}, hidden=True),
    f"POST {_TICKET}/macros/<int:macro_id>": _api(
        "ticket", "shared-macro", body={}, hidden=True, good=(200,)
    ),
    "GET /placeholders": _api(get={}),
    "GET /canned": _api(get={}),
    "POST /canned": _api(body={"name": "Otra", "text": "Hola"}),
    "PATCH /canned/<int:canned_id>": _api("canned", body={"text": "Hola"}, **_OWN),
    "DELETE /canned/<int:canned_id>": _api("canned", **_OWN),
    f"POST {_TICKET}/canned/<int:canned_id>": _api(
        "ticket", "shared-canned", body={}, hidden=True, good=(200,)
    ),
    "POST /bulk": _api(body={"numbers": ["{ticket}"], "steps": [_STEP]}, **_MANY),
    "GET /bulk": _api(get={}),
    "GET /bulk/<int:run_id>": _api("run", get={}, **_OWN),
    "GET /bulk/<int:run_id>/tickets": _api("run", get={}, **_OWN),
    "POST /prints": _api(body={"numbers": ["{ticket}"]}, good=(202, 422)),
    "GET /prints": _api(get={}),
    "GET /prints/<prints_id>": _api("prints", get={}, **_OWN),
    "GET /prints/<prints_id>/tickets": _api("prints", get={}, **_OWN),
    "GET /prints/<prints_id>/file": _api("prints-done", get={}, **_OWN),
    "POST /prints/<prints_id>/stop": _api("prints-going", body={}, good=(200,), **_OWN),
    "POST /bulk/<int:run_id>/stop": _api("run", body={}, good=(422,), **_OWN),
    "POST /bulk/<int:run_id>/undo": _api("run", body={}, good=(200,), **_OWN),
}


def scene_of_macros(world: World, ticket: Ticket, secret: str) -> dict[str, Any]:
    """A macro and a canned message of Ana's, and shared ones of Bo's; and what Ana did to her ticket."""
    own = save_macro(world.ana, None, name=f"zqmacro {secret}", steps=[_STEP], by=world.ana)
    # What everybody may do who sees the ticket.
    follow = [{"action": "follow", "values": {"agent": "me"}}]
    shared = save_macro(world.bo, None, name="Seguir", steps=follow, everybody=True, by=world.bo)
    text = save_canned(world.ana, None, name=f"zqcanned {secret}", text=secret, by=world.ana)
    common = save_canned(world.bo, None, name="Saludo", text="Hola", everybody=True, by=world.bo)
    steps = [Step(action_named("set_important"), {"important": True})]
    run = start_run([ticket.pk], steps, by=world.ana)
    choose_tickets([ticket.pk], by=world.ana)
    prints = {"prints": choose_prints([ticket.pk], by=world.ana)}
    for name in ("prints-going", "prints-done"):
        prints[name] = begin_prints(choose_prints([ticket.pk], by=world.ana), by=world.ana, copy="full")
    prints["prints-done"].stored_as = default_storage.save("prints/walk.zip", ContentFile(secret.encode()))
    prints["prints-done"].save(update_fields=["stored_as"])
    return {name: batch.public_id for name, batch in prints.items()} | {
        "macro": own.pk, "shared-macro": shared.pk, "canned": text.pk, "shared-canned": common.pk, "run": run.pk,
    }  # fmt: skip
