"""After a flush the lists of a new desk come back as the migrations made them, all of them."""

from __future__ import annotations

import json
from typing import Any

from zaguan.testing.bare import bare_installation

# All our rows after migrating, after a flush, and after filling; without what differs each time: moments, made-up marks.
LOOK = """
    import json
    from django.apps import apps
    from django.core.management import call_command
    from django.db.models import DateTimeField
    from zaguan.testing.lists import fill_lists

    def is_new_each_time(field):
        return isinstance(field, DateTimeField) or (callable(field.default) and field.default() != field.default())

    def rows():
        found = {}
        for model in apps.get_models(include_auto_created=True):
            if not model.__module__.startswith("zaguan."):
                continue
            names = [f.attname for f in model._meta.concrete_fields if not is_new_each_time(f)]
            found[model._meta.label] = list(model._base_manager.order_by("pk").values_list(*names))
        return found

    migrated = rows()
    call_command("flush", interactive=False, verbosity=0)
    flushed = rows()
    fill_lists()
    print(json.dumps([migrated, flushed, rows()], default=str))
"""


def test_a_flushed_desk_is_filled_as_a_migrated_one() -> None:
    with bare_installation() as desk:
        migrated, flushed, filled = json.loads(desk.python(LOOK))
    assert lost(migrated, flushed) >= {"people.Role", "tickets.Status", "automation.Macro"}
    assert lost(migrated, filled) == set()


def lost(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The models whose rows are not what they were."""
    return {model for model, rows in before.items() if rows != after[model]}
