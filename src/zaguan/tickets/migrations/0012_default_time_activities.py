"""What an hour of work is called, for a start."""

from typing import Any

from django.db import migrations

from zaguan.tickets.defaults import TIME_ACTIVITIES, names


def fill(apps: Any, schema_editor: Any) -> None:
    activity = apps.get_model("tickets", "TimeActivity")
    for position, labels in enumerate(TIME_ACTIVITIES):
        activity.objects.create(position=position, **names(*labels))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0011_time_activities_products_promises")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
