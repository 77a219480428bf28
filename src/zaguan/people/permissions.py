"""The register of permissions: every app names its own at start-up; roles hold a choice of them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

_labels: dict[str, Any] = {}


def register(name: str, label: Any) -> str:
    """Make a permission known under `name` ("tickets.reply"); `label` is what an admin reads."""
    if name in _labels:
        raise ValueError(f"{name} is registered twice")
    _labels[name] = label
    return name


def all_permissions() -> dict[str, Any]:
    """Every permission with its label, sorted by name."""
    return dict(sorted(_labels.items()))


DESK = register("desk.use", _("Use the desk"))
VIEW_PEOPLE = register("people.view", _("See contacts and organisations"))
EDIT_PEOPLE = register("people.edit", _("Edit contacts and organisations"))
MANAGE_AGENTS = register("people.manage_agents", _("Manage agents, teams and roles"))
BACKGROUND_WORK = register("desk.background_work", _("See and repair what failed in the background"))
