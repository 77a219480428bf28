"""Migrates under a lock, refuses data of a newer version, and fills an empty desk with the demo."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from zaguan.config.facts import Facts
from zaguan.config.stamp import write_stamp
from zaguan.config.welcome import _, remembered, say

# PostgreSQL's lock that keeps two machines from migrating at once.
MIGRATING = 7_213_011


def bring_up_to_date(facts: Facts) -> int:
    """The long way: with Django, saying what happens."""
    django.setup()
    with one_at_a_time(facts):
        loader = MigrationLoader(connection)
        if newer := unknown_migrations(loader):
            say(
                _("These data were written by a newer version of Zaguán (%(names)s). Install that one.")
                % {"names": newer}
            )
            return 1
        if set(loader.disk_migrations) - set(loader.applied_migrations):
            say(_("Bringing the database up to date …"))
            call_command("migrate", interactive=False, verbosity=0)
        welcome = fill_if_empty(facts)
    write_stamp(facts, sorted(MigrationLoader(connection).disk_migrations), welcome)
    return 0


def unknown_migrations(loader: MigrationLoader) -> str:
    """Migrations of ours that the database has and this code does not."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("zaguan.")}
    known = set(loader.disk_migrations) | set(loader.replacements)
    return ", ".join(
        f"{app}.{name}"
        for app, name in sorted(loader.applied_migrations)
        if app in ours and (app, name) not in known
    )


@contextlib.contextmanager
def one_at_a_time(facts: Facts) -> Iterator[None]:
    """Two that start together, on this machine or on two, migrate one after the other (R33)."""
    with (facts.data / "prepare.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def fill_if_empty(facts: Facts) -> dict[str, Any]:
    """Load the demo on a desk without agents; returns what the greeting needs to know."""
    from zaguan.conversations.models import Inbox
    from zaguan.people.models import Agent

    if Agent.objects.exists():
        return {**remembered(facts), "has_agents": True}
    if not facts.demo:
        return {}
    say(_("Furnishing the demo desk …"))
    from zaguan.ops.demo.loading import load_demo, read

    load_demo(lambda step: say(f"  {step}"))
    cast = read("cast.toml")
    inbox = Inbox.objects.filter(kind="email").order_by("pk").values_list("address", flat=True).first()
    sign_in = {"email": cast["agents"][0]["email"], "password": cast["password"]}
    return {**sign_in, "inbox": inbox or "", "has_agents": True}
