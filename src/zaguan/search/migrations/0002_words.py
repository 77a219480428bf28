"""Creates the full-text index, which is the database's own affair."""

from typing import Any

from django.db import migrations

from zaguan.search import postgres, sqlite


def create(apps: Any, schema_editor: Any) -> None:
    chosen = postgres if schema_editor.connection.vendor == "postgresql" else sqlite
    for sql in chosen.CREATE:
        schema_editor.execute(sql)


def drop(apps: Any, schema_editor: Any) -> None:
    chosen = postgres if schema_editor.connection.vendor == "postgresql" else sqlite
    for sql in chosen.DROP:
        schema_editor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
