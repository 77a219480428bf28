"""Gives every installation the rules that the product comes with, switched off."""

from django.db import migrations

from zaguan.automation.rule_defaults import fill


class Migration(migrations.Migration):
    dependencies = [
        ("automation", "0005_distribution"),
        ("conversations", "0007_canned_messages"),
        ("tickets", "0002_default_lists"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
