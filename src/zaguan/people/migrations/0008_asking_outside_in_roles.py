"""Whoever answers customers may ask people outside for help."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("people", "Role").objects.all():
        if "conversations.reply" in role.permissions:
            role.permissions = list(dict.fromkeys([*role.permissions, "conversations.escalate"]))
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("people", "0007_merging_and_trash_in_roles")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
