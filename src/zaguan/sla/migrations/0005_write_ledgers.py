"""Tickets from before the ledger get theirs in the background: this only asks for it."""

from typing import Any

from django.db import migrations
from django.utils import timezone


def ask(apps: Any, schema_editor: Any) -> None:
    if apps.get_model("tickets", "Ticket").objects.exists():
        job = apps.get_model("events", "Job")
        job.objects.create(task="sla.write_ledgers", priority=9, run_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("sla", "0004_intervals"), ("events", "0002_turns_and_following")]
    operations = [migrations.RunPython(ask, migrations.RunPython.noop, elidable=True)]
