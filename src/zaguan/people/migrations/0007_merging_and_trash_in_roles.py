"""Whoever may edit tickets may merge, split and schedule them; leads delete, and share templates."""

from typing import Any

from django.db import migrations

EDITORS = ["tickets.merge", "tickets.schedule"]
LEADS = ["tickets.delete", "tickets.share_templates"]


def fill(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("people", "Role").objects.all():
        more = EDITORS if "tickets.edit" in role.permissions else []
        more = [*more, *(LEADS if "tickets.manage_lists" in role.permissions else [])]
        role.permissions = list(dict.fromkeys([*role.permissions, *more]))
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("people", "0006_time_and_plans_in_roles")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
