"""Gives an empty installation its four roles."""

from typing import Any

from django.db import migrations

AGENT = [
    "desk.use", "people.view", "people.edit",
    "tickets.create", "tickets.edit", "tickets.assign", "tickets.set_status",
    "conversations.reply", "conversations.note",
]  # fmt: skip
LEAD = [*AGENT, "tickets.share_views", "tickets.manage_lists", "conversations.failed_mail"]
ROLES: list[tuple[str, bool, str, list[str]]] = [
    ("Administración", True, "all", []),
    ("Jefatura de equipo", False, "all", LEAD),
    ("Agente", False, "team", AGENT),
    ("Consulta", False, "team", ["desk.use", "people.view"]),
]


def fill(apps: Any, schema_editor: Any) -> None:
    role = apps.get_model("people", "Role")
    for name, is_admin, scope, permissions in ROLES:
        role.objects.create(name=name, is_admin=is_admin, ticket_scope=scope, permissions=permissions)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
