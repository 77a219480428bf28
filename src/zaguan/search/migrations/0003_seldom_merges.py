"""Lets the full-text index of SQLite merge its pieces less often."""

from typing import Any

from django.db import migrations

from zaguan.search import sqlite


def tune(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for sql in sqlite.TUNE:
            schema_editor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_words")]
    operations = [migrations.RunPython(tune, migrations.RunPython.noop)]
