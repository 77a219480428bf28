"""Whoever may edit tickets may log time and plan activities; leads see and approve everybody's time."""

from typing import Any

from django.db import migrations

EDITORS = ["tickets.log_time", "tickets.plan_activities"]
LEADS = ["tickets.see_all_time", "tickets.approve_time"]


def fill(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("people", "Role").objects.all():
        more = EDITORS if "tickets.edit" in role.permissions else []
        more = [*more, *(LEADS if "tickets.manage_lists" in role.permissions else [])]
        role.permissions = list(dict.fromkeys([*role.permissions, *more]))
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("people", "0005_profile_fields")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
