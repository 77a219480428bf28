"""The roles in which people take part, for a start."""

from typing import Any

from django.db import migrations

from zaguan.tickets.defaults import PARTY_ROLES, names


def fill(apps: Any, schema_editor: Any) -> None:
    role = apps.get_model("tickets", "PartyRole")
    for position, labels in enumerate(PARTY_ROLES):
        role.objects.create(position=position, **names(*labels))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0009_parties_and_followers")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
