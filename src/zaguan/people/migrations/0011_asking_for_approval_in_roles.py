"""Whoever may write notes may ask colleagues for approval."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("people", "Role").objects.all():
        more = ["tickets.ask_approval"] if "conversations.note" in role.permissions else []
        role.permissions = list(dict.fromkeys([*role.permissions, *more]))
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("people", "0010_next_and_distribution_in_roles")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
