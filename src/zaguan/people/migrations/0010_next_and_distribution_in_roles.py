"""Whoever may answer may ask for the next ticket; who keeps the lists keeps the distribution too."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("people", "Role").objects.all():
        more = ["automation.next"] if "conversations.reply" in role.permissions else []
        more += ["automation.manage_routing"] if "tickets.manage_lists" in role.permissions else []
        role.permissions = list(dict.fromkeys([*role.permissions, *more]))
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("people", "0009_skills_presence_and_capacity")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
