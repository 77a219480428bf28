"""Rules: what happens by itself, when, on which tickets, and why it did."""

from typing import Any

from django.db import transaction
from ninja import Router, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.lists import OrderIn
from zaguan.api.macros import steps_out
from zaguan.api.paging import Paged, newest_first
from zaguan.api.rule_shapes import (
    DraftTrialIn,
    PartsOut,
    RuleChange,
    RuleIn,
    RuleOut,
    RunOut,
    TrialIn,
    TrialOut,
    VersionOut,
)
from zaguan.api.webhook_shapes import WebhookOut
from zaguan.automation.conditions import all_conditions
from zaguan.automation.models import Rule, RuleRun, RuleTrial, RuleVersion
from zaguan.automation.rule_log import run_behind, runs_of, runs_on, told
from zaguan.automation.rule_words import differences, in_words, problems_of
from zaguan.automation.rules import (
    checked_definition,
    delete_rule,
    reorder_rules,
    restore_version,
    save_rule,
    set_active,
)
from zaguan.automation.steps import stored
from zaguan.automation.triggers import all_triggers
from zaguan.automation.trying import begin_trial, stop_trial
from zaguan.automation.webhook_log import webhooks_of

router = Router(tags=["rules"])
MANAGE = "automation.manage_rules"
_PLAIN = ("name", "names", "description", "when", "query", "conditions", "stops", "catches_up", "version")


def _out(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.pk,
        "active": rule.is_active,
        "braked_at": rule.braked_at,
        "brake_reason": rule.why_braked,
        "steps": steps_out(stored(rule.steps)),
        "sentence": str(in_words(rule)),
        "problems": problems_of(rule),
    } | {name: getattr(rule, name) for name in _PLAIN}


def _rule(request: AgentRequest, rule_id: int) -> Rule:
    return looking_up.found(Rule.objects.visible_to(request.auth).kept(), pk=rule_id)


EDITION = Edition(_rule)


def _all(request: AgentRequest) -> list[dict[str, Any]]:
    return [_out(rule) for rule in Rule.objects.visible_to(request.auth).kept()]


def _run(run: RuleRun) -> dict[str, Any]:
    words = told(run)
    plain = ("id", "version", "at", "outcome", "reason", "trigger", "moment", "depth")
    return {
        "rule": words.rule.pk,
        "name": words.rule.label,
        "ticket": words.ticket_id,
        "event": words.event_id,
        "applied": words.applied_id,
        "conditions": [vars(each) for each in words.conditions],
        "actions": [vars(each) for each in words.actions],
    } | {name: getattr(words, name) for name in plain}


def _trial(trial: RuleTrial) -> dict[str, Any]:
    names = ("state", "total", "seen", "matched", "found")
    return {"id": trial.pk} | {name: getattr(trial, name) for name in names}


def _part(part: Any) -> dict[str, Any]:
    fields = {name: str(field.label) for name, field in part.form.base_fields.items()}
    return {"key": part.key, "label": str(part.label), "kinds": list(part.kinds), "fields": fields}


@router.get("/rules", response=list[RuleOut], summary="List rules")
@needs(MANAGE)
def list_rules(request: AgentRequest) -> list[dict[str, Any]]:
    """In the order in which they act."""
    return _all(request)


@router.get("/rules/parts", response=PartsOut, summary="List the triggers and conditions of rules")
@needs(MANAGE)
def list_parts(request: AgentRequest) -> dict[str, Any]:
    """Actions are those of macros: /actions."""
    return {
        "triggers": [_part(each) for each in all_triggers()],
        "conditions": [_part(each) for each in all_conditions()],
    }


@router.post("/rules", response={201: RuleOut}, summary="Make a rule")
@needs(MANAGE)
@once
def create_rule(request: AgentRequest, body: RuleIn) -> Status[Any]:
    """It begins switched off. Each action needs the caller's own permission for it."""
    made = save_rule(request.auth, None, by=request.auth, **body.model_dump(by_alias=True))
    return Status(201, _out(made))


@router.put("/rules/order", response=list[RuleOut], summary="Put rules into an order")
@needs(MANAGE)
@once
def order_rules(request: AgentRequest, body: OrderIn) -> list[dict[str, Any]]:
    reorder_rules(body.ids, by=request.auth)
    return _all(request)


@router.post("/rules/trials", response={202: TrialOut}, summary="Try a rule that is not saved")
@needs(MANAGE)
@once
def try_draft(request: AgentRequest, body: DraftTrialIn) -> Status[Any]:
    """In the background; nothing is changed."""
    given = body.model_dump(by_alias=True)
    last = given.pop("last")
    values = checked_definition(request.auth, **given)
    return Status(202, _trial(begin_trial(request.auth, None, values, last=last)))


@router.get("/rules/trials/{int:trial_id}", response=TrialOut, summary="Read what a rule would have done")
@needs(MANAGE)
def read_trial(request: AgentRequest, trial_id: int) -> dict[str, Any]:
    return _trial(looking_up.found(RuleTrial.objects.visible_to(request.auth), pk=trial_id))


@router.delete("/rules/trials/{int:trial_id}", response={204: None}, summary="Stop trying a rule")
@needs(MANAGE)
def end_trial(request: AgentRequest, trial_id: int) -> None:
    stop_trial(looking_up.found(RuleTrial.objects.visible_to(request.auth), pk=trial_id))


@router.get("/rules/{int:rule_id}", response=RuleOut, summary="Read a rule")
@needs(MANAGE)
@EDITION
def read_rule(request: AgentRequest, rule_id: int) -> dict[str, Any]:
    return _out(_rule(request, rule_id))


@router.patch("/rules/{int:rule_id}", response=RuleOut, summary="Change a rule, or switch it on or off")
@needs(MANAGE)
@once
@EDITION
def patch_rule(request: AgentRequest, rule_id: int, body: RuleChange) -> dict[str, Any]:
    """Switching on takes the brake off. 422 with the field `loop` for a rule that would go round in circles."""
    rule = _rule(request, rule_id)
    given = body.model_dump(by_alias=True, exclude_unset=True, exclude_none=True)
    active, despite = given.pop("active", None), given.pop("despite_loops", False)
    version = given.pop("version", None)
    with transaction.atomic():
        if given or version is not None:
            now = {name: getattr(rule, name) for name in (*_PLAIN, "steps") if name != "version"}
            rule = save_rule(
                request.auth, rule, version=version, despite_loops=despite, by=request.auth, **now | given
            )
        if active is not None:
            rule = set_active(request.auth, rule, active, despite_loops=despite, by=request.auth)
    return _out(rule)


@router.delete("/rules/{int:rule_id}", response={204: None}, summary="Delete a rule")
@needs(MANAGE)
@EDITION
def remove_rule(request: AgentRequest, rule_id: int) -> None:
    """What it did stays told."""
    delete_rule(_rule(request, rule_id), by=request.auth)


@router.get("/rules/{int:rule_id}/versions", response=list[VersionOut], summary="List a rule's versions")
@needs(MANAGE)
def list_versions(request: AgentRequest, rule_id: int) -> list[dict[str, Any]]:
    """The latest first, each with what it changed of the one before."""
    versions = list(RuleVersion.objects.visible_to(request.auth).filter(rule=_rule(request, rule_id)))
    before = [version.snapshot for version in versions[1:]] + [{}]
    plain = ("number", "at", "restored_from")
    return [
        {"agent": version.agent_id, "changes": [vars(each) for each in differences(old, version.snapshot)]}
        | {name: getattr(version, name) for name in plain}
        for version, old in zip(versions, before, strict=True)
    ]


@router.post(
    "/rules/{int:rule_id}/versions/{int:number}/restore", response=RuleOut, summary="Bring back a version"
)
@needs(MANAGE)
@once
def bring_back(request: AgentRequest, rule_id: int, number: int) -> dict[str, Any]:
    """As a new version; whether the rule is active stays."""
    return _out(restore_version(request.auth, _rule(request, rule_id), number, by=request.auth))


@router.post(
    "/rules/{int:rule_id}/trials", response={202: TrialOut}, summary="Try a rule on the last tickets"
)
@needs(MANAGE)
@once
def try_rule(request: AgentRequest, rule_id: int, body: TrialIn) -> Status[Any]:
    """In the background; nothing is changed."""
    return Status(202, _trial(begin_trial(request.auth, _rule(request, rule_id), last=body.last)))


@router.get("/rules/{int:rule_id}/runs", response=Paged[RunOut], summary="List what a rule did")
@needs(MANAGE)
def list_runs(request: AgentRequest, rule_id: int, cursor: str = "", size: int = 50) -> dict[str, Any]:
    """On tickets that the caller may know of, the latest first."""
    page, after = newest_first(runs_of(_rule(request, rule_id), request.auth), cursor, size)
    return {"items": [_run(run) for run in page], "next_cursor": after}


@router.get("/rules/{int:rule_id}/webhooks", response=list[WebhookOut], summary="List what a rule calls")
@needs(MANAGE)
def list_webhooks(request: AgentRequest, rule_id: int) -> list[Any]:
    """Each address with the secret that signs its calls, and the last of them on tickets that the caller may know of."""
    return webhooks_of(_rule(request, rule_id), request.auth)


@router.get("/tickets/{int:number}/why", response=Paged[RunOut], summary="Read why rules changed a ticket")
@needs("desk.use")
def read_why(
    request: AgentRequest, number: int, event: int | None = None, cursor: str = "", size: int = 50
) -> dict[str, Any]:
    """Each rule that fitted, with its conditions and actions; with `event`, only the one behind that event."""
    ticket = looking_up.ticket_for(request.auth, number)
    if event is not None:
        behind = run_behind(event, request.auth)
        items = [_run(behind)] if behind is not None and behind.ticket_id == ticket.pk else []
        return {"items": items, "next_cursor": None}
    page, after = newest_first(runs_on(ticket.pk, request.auth), cursor, size)
    return {"items": [_run(run) for run in page], "next_cursor": after}
