"""Office hours, for a start: Monday to Friday, 9 to 18, in the installation's zone."""

from typing import Any

from django.conf import settings
from django.db import migrations

NAME = "Horario de oficina"
WEEK = {str(day): [["09:00", "18:00"]] for day in range(5)} | {"5": [], "6": []}


def fill(apps: Any, schema_editor: Any) -> None:
    calendar = apps.get_model("sla", "Calendar")
    calendar.objects.create(name=NAME, zone=settings.TIME_ZONE, week=WEEK, is_default=True)


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_calendars")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
