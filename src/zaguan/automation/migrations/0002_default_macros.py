"""Gives every installation the macros that the product comes with."""

from django.db import migrations

from zaguan.automation.defaults import fill


class Migration(migrations.Migration):
    dependencies = [
        ("automation", "0001_macros_and_runs"),
        ("conversations", "0007_canned_messages"),
        ("people", "0001_initial"),
        ("tickets", "0002_default_lists"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
