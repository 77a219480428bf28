"""How the addresses of promised times are called, and what they are about."""

from __future__ import annotations

from typing import Any

from tests.walk.entries import Entry, button, form, page
from zaguan.sla.models import Policy, Rerun
from zaguan.sla.policies import save_policy
from zaguan.sla.rerunning import start_preview
from zaguan.testing.world import World

_TARGET = {"kind": "first", "seconds": 3600}
_POLICY, _RERUN = "/sla/policies/<int:policy_id>", "/sla/reruns/<int:rerun_id>"
_FORM = {"name": "Nueva", "first_time": "4 h", "first_business": "on"}
DESK: dict[str, Entry] = {
    "desk:settings-policies": page(),
    "desk:order-policies": button(post={"order": "{policy}"}),
    "desk:new-policy": form(post=_FORM),
    "desk:edit-policy": form("policy", post=_FORM),
    "desk:change-policy": button("policy", post={"do": "on"}),
    "desk:begin-rerun": button(post={"policy": "{policy}"}),
    "desk:rerun": page("rerun"),
    "desk:change-rerun": button("ready-rerun", post={"do": "apply"}),
}


def _read(*on: str, **more: Any) -> Entry:
    return Entry(on=on, get=more.pop("get", {}), **more)


API: dict[str, Entry] = {
    "GET /sla/policies": _read(),
    "POST /sla/policies": Entry(body={"name": "Nueva", "targets": [_TARGET]}),
    "PUT /sla/policies/order": Entry(body={"ids": ["{policy}"]}),
    f"GET {_POLICY}": _read("policy"),
    f"PATCH {_POLICY}": Entry(on=("policy",), body={"name": "Otra"}),
    f"DELETE {_POLICY}": Entry(on=("other-policy",)),
    f"GET {_POLICY}/versions": _read("policy"),
    f"GET {_POLICY}/changes": _read("policy"),
    "GET /tickets/<int:number>/sla": _read("ticket", hidden=True),
    "GET /sla/reruns": _read(),
    "POST /sla/reruns": Entry(body={}, good=(202,)),
    f"GET {_RERUN}": _read("rerun"),
    f"GET {_RERUN}/differences": _read("rerun"),
    f"POST {_RERUN}/apply": Entry(on=("ready-rerun",), body={}, good=(200,)),
    f"POST {_RERUN}/stop": Entry(on=("rerun",), body={}, good=(200,)),
}


def scene_of_promises(world: World) -> dict[str, Any]:
    """Two policies, a comparison that runs, and one that is ready to be applied."""
    policy, other = (
        save_policy(None, by=world.bo, name=name, targets=[_TARGET]) for name in ("Patio", "Zaguán")
    )
    ready = Rerun.objects.create(state=Rerun.State.READY)
    return {
        "policy": policy.pk,
        "other-policy": other.pk,
        "rerun": start_preview(Policy.objects.get(pk=policy.pk), by=world.bo).pk,
        "ready-rerun": ready.pk,
    }
