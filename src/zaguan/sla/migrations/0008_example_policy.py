"""One policy as an example, off."""

from typing import Any

from django.db import migrations
from django.utils import timezone

from zaguan.sla.defaults import DESCRIPTION, NAME, QUERY, TARGETS


def fill(apps: Any, schema_editor: Any) -> None:
    policy = apps.get_model("sla", "Policy").objects.create(name=NAME, description=DESCRIPTION, position=1)
    apps.get_model("sla", "PolicyVersion").objects.create(
        policy=policy, number=1, name=NAME, query=QUERY, targets=TARGETS, made_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("sla", "0007_since_when_a_policy_is_active")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
