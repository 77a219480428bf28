"""How the addresses of rules and of ways between statuses are called, and what they are about."""

from __future__ import annotations

from typing import Any

from tests.walk.entries import Entry, button, form, page
from zaguan.automation.rules import save_rule
from zaguan.automation.trying import begin_trial
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status

_ONE = "/rules/<int:rule_id>"
_NEW = {
    "name": "Nueva",
    "when": [{"trigger": "ticket_opened"}],
    "steps": [{"action": "set_important", "values": {"important": True}}],
}
_WAYS = "/statuses/<int:status_id>"

_RULE = {
    "name": "Marcar", "when-0-key": "ticket_opened", "step-0-key": "add_tags", "step-0-tags": "uno", "do": "",
}  # fmt: skip

DESK: dict[str, Entry] = {
    "desk:settings-transitions": form(post={"column": "{left-status}"}),
    "desk:edit-transitions": form("left-status", post={"fields": ["category"]}),
    "desk:edit-way-from-any": form("left-status", post={"who": "nobody"}),
    "desk:edit-way": form("left-status", "entered-status", post={"who": "nobody"}),
    "desk:ask-for-status": Entry(on=("ticket",), hidden=True, get={"status": "{status}"}, post={"status": "{status}", "reason": "x"}),
    "desk:settings-automation": page(),
    "desk:order-rules": button(post={"order": ""}),
    "desk:rule-words": button(post=_RULE, good=(200,)),
    "desk:new-rule": form(post=_RULE),
    "desk:edit-rule": form("rule", post=_RULE),
    "desk:move-rule": button("rule", post={"do": "off"}),
    "desk:rule-versions": page("rule"),
    "desk:restore-rule": button("rule", post={"version": "1"}),
    "desk:rule-runs": page("rule"),
    "desk:try-rule": form("rule", post={"last": "100"}),
    "desk:trial": page("trial", only=("bo",)),
    "desk:stop-trial": button("trial", only=("bo",)),
    "desk:why": page("ticket", hidden=True),
}  # fmt: skip

API: dict[str, Entry] = {
    f"GET {_WAYS}/ways": Entry(on=("left-status",), get={}),
    f"PUT {_WAYS}/ways": Entry(on=("left-status",), body={"who": "nobody"}),
    f"PUT {_WAYS}/needs": Entry(on=("left-status",), body={"fields": ["category"]}),
    "GET /rules": Entry(get={}),
    "GET /rules/parts": Entry(get={}),
    "POST /rules": Entry(body=_NEW, also=("tickets.edit",)),
    "PUT /rules/order": Entry(body={"ids": []}),
    "POST /rules/trials": Entry(body=_NEW | {"last": 5}, also=("tickets.edit",), good=(202,)),
    "GET /rules/trials/<int:trial_id>": Entry(on=("trial",), get={}, only=("bo",)),
    "DELETE /rules/trials/<int:trial_id>": Entry(on=("trial",), only=("bo",)),
    f"GET {_ONE}": Entry(on=("rule",), get={}),
    f"PATCH {_ONE}": Entry(on=("rule",), body={"name": "Otra"}, also=("tickets.edit",)),
    f"DELETE {_ONE}": Entry(on=("rule",)),
    f"GET {_ONE}/versions": Entry(on=("rule",), get={}),
    f"POST {_ONE}/versions/<int:number>/restore": Entry(
        on=("rule", "rule-version"), body={}, also=("tickets.edit",), good=(200,)
    ),
    f"POST {_ONE}/trials": Entry(on=("rule",), body={"last": 5}, good=(202,)),
    f"GET {_ONE}/runs": Entry(on=("rule",), get={}),
    f"GET {_ONE}/webhooks": Entry(on=("rule",), get={}),
    "GET /tickets/<int:number>/why": Entry(on=("ticket",), get={}, hidden=True),
    "GET /tickets/<int:number>/statuses": Entry(on=("ticket",), get={}, hidden=True),
}


def scene_of_rules(world: World, ticket: Ticket) -> dict[str, Any]:
    """A rule that is off, a dry run of it, and two statuses: what is said about them holds up nothing else of the walk."""
    steps = [{"action": "add_tags", "values": {"tags": ["uno"]}}]
    rule = save_rule(
        world.bo, None, name="Marcar", when=[{"trigger": "ticket_opened"}], steps=steps, by=world.bo
    )
    return {
        "rule": rule.pk,
        "rule-version": rule.version,
        "trial": begin_trial(world.bo, rule).pk,
        "left-status": default_status(Phase.SNOOZED).pk,
        "entered-status": default_status(Phase.WAITING_THIRD).pk,
    }
