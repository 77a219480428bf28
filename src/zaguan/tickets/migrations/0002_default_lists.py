"""Fills an empty installation with statuses, categories and urgencies."""

from typing import Any

from django.db import migrations

from zaguan.tickets.defaults import CATEGORIES, STATUSES, URGENCIES, names


def fill(apps: Any, schema_editor: Any) -> None:
    status = apps.get_model("tickets", "Status")
    for position, (phase, is_default, *labels) in enumerate(STATUSES):
        reason = labels[1] == "Cancelled"
        status.objects.create(
            phase=phase, is_default=is_default, position=position, asks_reason=reason, **names(*labels)
        )
    category = apps.get_model("tickets", "Category")
    for position, category_labels in enumerate(CATEGORIES):
        category.objects.create(position=position, **names(*category_labels))
    urgency = apps.get_model("tickets", "Urgency")
    for position, (rank, *urgency_labels) in enumerate(URGENCIES):
        urgency.objects.create(rank=rank, position=position, **names(*urgency_labels))
    apps.get_model("tickets", "Rule").objects.create()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
