"""Macros, and the actions that they are made of."""

from typing import Any

from django import forms
from ninja import Router, Status
from ninja.errors import HttpError

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.lists import OrderIn
from zaguan.api.macro_shapes import (
    ActionOut,
    AppliedOut,
    ApplyIn,
    MacroChange,
    MacroIn,
    MacroOut,
    PreviewOut,
)
from zaguan.automation.base import all_actions
from zaguan.automation.macros import (
    delete_macro,
    offered,
    reorder_macros,
    save_macro,
    set_active,
    set_favourite,
    used_lately,
)
from zaguan.automation.models import Macro
from zaguan.automation.runs import run_on
from zaguan.automation.steps import Step, missing, previews, stored

router = Router(tags=["macros"])


def steps_out(steps: list[Step]) -> list[dict[str, Any]]:
    """The steps with their sentences."""
    return [{**step.row, "sentence": step.sentence(), "problem": step.problem} for step in steps]


def _out(request: AgentRequest, macros: list[Macro]) -> list[dict[str, Any]]:
    used = used_lately(macros)
    loved = {offer.macro.pk for offer in offered(request.auth) if offer.is_favourite}
    plain = ("name", "names", "description", "query")
    return [
        {
            "id": macro.pk,
            "own": macro.owner_id is not None,
            "team": macro.team_id,
            "active": macro.archived_at is None,
            "favourite": macro.pk in loved,
            "steps": steps_out(stored(macro.steps)),
            "used": used.get(macro.pk, 0),
        }
        | {field: getattr(macro, field) for field in plain}
        for macro in macros
    ]


def _macro(request: AgentRequest, macro_id: int) -> Macro:
    return looking_up.found(Macro.objects.visible_to(request.auth), pk=macro_id)


EDITION = Edition(_macro)


@router.get("/actions", response=list[ActionOut], summary="List the actions of macros and bulk changes")
@needs("desk.use")
def list_actions(request: AgentRequest) -> list[dict[str, Any]]:
    found = []
    for action in all_actions():
        fields: dict[str, forms.Field] = action.form(request.auth).fields
        found.append(
            {
                "key": action.key,
                "label": str(action.label),
                "permission": action.permission,
                "fields": {name: str(field.label) for name, field in fields.items()},
                "required": [name for name, field in fields.items() if field.required],
            }
        )
    return found


@router.get("/macros", response=list[MacroOut], summary="List macros")
@needs("desk.use")
def list_macros(request: AgentRequest) -> list[dict[str, Any]]:
    return _out(request, list(Macro.objects.visible_to(request.auth)))


@router.post("/macros", response={201: MacroOut}, summary="Make a macro")
@needs("desk.use")
@once
def create_macro(request: AgentRequest, body: MacroIn) -> Status[Any]:
    """Sharing needs the permission automation.share_macros."""
    given = body.model_dump() | {"team": looking_up.team(request.auth, body.team)}
    made = save_macro(request.auth, None, by=request.auth, **given)
    return Status(201, _out(request, [made])[0])


@router.put("/macros/order", response=list[MacroOut], summary="Put macros into an order")
@needs("desk.use")
@once
def order_macros(request: AgentRequest, body: OrderIn) -> list[dict[str, Any]]:
    """Those that the caller may not change keep their place."""
    reorder_macros(request.auth, body.ids, by=request.auth)
    return _out(request, list(Macro.objects.visible_to(request.auth)))


@router.get("/macros/{int:macro_id}", response=MacroOut, summary="Read a macro")
@needs("desk.use")
@EDITION
def read_macro(request: AgentRequest, macro_id: int) -> dict[str, Any]:
    return _out(request, [_macro(request, macro_id)])[0]


@router.patch("/macros/{int:macro_id}", response=MacroOut, summary="Change a macro")
@needs("desk.use")
@once
@EDITION
def patch_macro(request: AgentRequest, macro_id: int, body: MacroChange) -> dict[str, Any]:
    """`favourite` is the caller's own mark; everything else is the macro's."""
    macro = _macro(request, macro_id)
    given = body.model_dump(exclude_unset=True)
    if (favourite := given.pop("favourite", None)) is not None:
        set_favourite(request.auth, macro, favourite)
    active = given.pop("active", None)
    if given:
        plain = ("name", "names", "description", "query", "steps")
        now: dict[str, Any] = {field: getattr(macro, field) for field in plain}
        now |= {"team": macro.team, "everybody": macro.owner_id is None and macro.team_id is None}
        if "team" in given:
            given["team"] = looking_up.team(request.auth, given["team"])
        wanted = {name: value for name, value in given.items() if value is not None or name == "team"}
        macro = save_macro(request.auth, macro, by=request.auth, **now | wanted)
    if active is not None:
        set_active(request.auth, macro, active, by=request.auth)
    return _out(request, [macro])[0]


@router.delete("/macros/{int:macro_id}", response={204: None}, summary="Delete a macro")
@needs("desk.use")
@EDITION
def remove_macro(request: AgentRequest, macro_id: int) -> None:
    delete_macro(request.auth, _macro(request, macro_id), by=request.auth)


@router.get("/tickets/{int:number}/macros", response=list[MacroOut], summary="List the macros for a ticket")
@needs("desk.use")
def macros_for_ticket(request: AgentRequest, number: int) -> list[dict[str, Any]]:
    """Favourites first; only those whose filter finds the ticket."""
    ticket = looking_up.ticket_for(request.auth, number)
    return _out(request, [offer.macro for offer in offered(request.auth, ticket)])


@router.get(
    "/tickets/{int:number}/macros/{int:macro_id}", response=list[PreviewOut], summary="Preview a macro"
)
@needs("desk.use")
def preview_macro(request: AgentRequest, number: int, macro_id: int) -> list[dict[str, Any]]:
    """What it would change on this ticket, step by step."""
    ticket, macro = looking_up.ticket_for(request.auth, number), _macro(request, macro_id)
    return [vars(each) for each in previews(stored(macro.steps), ticket, by=request.auth)]


@router.post(
    "/tickets/{int:number}/macros/{int:macro_id}", response=AppliedOut, summary="Apply a macro to a ticket"
)
@needs("desk.use")
@once
def apply_macro(request: AgentRequest, number: int, macro_id: int, body: ApplyIn) -> dict[str, Any]:
    """All of it or nothing; each step needs the caller's own permission for it."""
    ticket, macro = looking_up.ticket_for(request.auth, number), _macro(request, macro_id)
    steps = stored(macro.steps)
    refuse_missing(request, steps)
    run = run_on(ticket, steps, by=request.auth, macro=macro, version=body.version)
    row = run.tickets.get()
    return {"run": run.pk, "number": number, "changed": bool(run.done), "messages": row.messages}


def refuse_missing(request: AgentRequest, steps: list[Step]) -> None:
    """403 with the first permission that the caller lacks for these steps."""
    lacking = missing(steps, request.auth)
    if lacking:
        raise HttpError(403, lacking[0])
