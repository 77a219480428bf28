"""An archive back into an empty installation; mail stays paused until somebody says that all looks right (R35)."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from zaguan.events.models import EventRecord
from zaguan.events.pausing import pause
from zaguan.ops.archives import Gap, Manifest, extract, verify
from zaguan.ops.backups import DATABASE, KEY, postgresql_tables
from zaguan.ops.copying import copy_in, copy_in_from_sqlite
from zaguan.people.models import Agent

DERIVED = ("search_",)


def restore(source: Path, *, replace: bool = False, say: Callable[[str], object] = print) -> Manifest:
    """Put an archive in place of an empty desk (`replace`: of any). Raises Gap, having changed nothing, when it cannot."""
    say("Checking the archive …")
    manifest = verify(source)
    refuse_newer(manifest)
    data = Path(settings.DATA)
    with nobody_serves(data), tempfile.TemporaryDirectory(prefix=".backup-", dir=data) as scratch:
        refuse_in_use(replace=replace)
        extract(source, Path(scratch))
        refuse_other_key(Path(scratch))
        say("Putting the database back …")
        _put_database(manifest, Path(scratch))
        say("Putting files and key back …")
        _put_files(Path(scratch), data)
        pause()
        (data / "prepared.json").unlink(missing_ok=True)
    return manifest


def refuse_newer(manifest: Manifest) -> None:
    """What a newer version wrote, this one cannot read."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("zaguan.")}
    known = set(MigrationLoader(None).disk_migrations)
    for app, name in manifest.migrations:
        if app in ours and (app, name) not in known:
            raise Gap(
                f"This backup was made by version {manifest.version}, which is newer. Install that one first."
            )


@contextmanager
def nobody_serves(data: Path) -> Iterator[None]:
    """Nothing may run on these data meanwhile."""
    with (data / "serve.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Gap("Zaguán is running on this data folder. Stop it first.") from None
        yield


def refuse_in_use(*, replace: bool) -> None:
    """Not over the work of others, unless asked to."""
    in_use = Agent._meta.db_table in connection.introspection.table_names() and Agent.objects.exists()
    if in_use and not replace:
        raise Gap("This desk is in use. Restore into an empty one, or say --replace to throw its data away.")


def refuse_other_key(scratch: Path) -> None:
    """Passwords and tokens in the archive can be read with its own key only."""
    given = os.environ.get("SECRET_KEY", "")
    if (
        given
        and given != (scratch / KEY).read_text()
        and (scratch / KEY).read_text() not in settings.SECRET_KEY_FALLBACKS
    ):
        raise Gap(
            "SECRET_KEY in the environment is not the key of this backup. Use the backup's, or unset it."
        )


def _put_database(manifest: Manifest, scratch: Path) -> None:
    if connection.vendor == "sqlite":
        if manifest.database != "sqlite":
            raise Gap("This backup is of a PostgreSQL database; restore it with DATABASE_URL set to one.")
        _put_sqlite(scratch / DATABASE, manifest)
    else:
        _put_postgresql(manifest, scratch)
    call_command("migrate", interactive=False, verbosity=0)


def _put_sqlite(copy: Path, manifest: Manifest) -> None:
    with closing(sqlite3.connect(copy)) as link:
        if (answer := link.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise Gap(f"The database in the archive is damaged: {answer}")
        for table, what in manifest.tables.items():
            count = link.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 (from the manifest)
            if count != what["rows"]:
                raise Gap(f"{table} has {count} rows in the archive instead of {what['rows']}.")
    connection.close()
    target = Path(str(settings.DATABASES["default"]["NAME"]))
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    shutil.move(copy, target)


def _put_postgresql(manifest: Manifest, scratch: Path) -> None:
    """Make the tables as they were, fill them in one transaction, and count."""
    _migrate_to(manifest)
    with transaction.atomic(), connection.cursor() as cursor:
        here = postgresql_tables(cursor)
        wanted = {table: what for table, what in manifest.tables.items() if not _is_derived(table, manifest)}
        if missing := sorted(set(wanted) - set(here)):
            raise Gap(f"This version has no table {missing[0]}, which the backup holds.")
        names = ", ".join(f'"{table}"' for table in here)
        cursor.execute(f"TRUNCATE {names} CASCADE")
        for table, what in wanted.items():
            if manifest.database == "sqlite":
                copy_in_from_sqlite(cursor, scratch / DATABASE, table, what["columns"])
            else:
                copy_in(cursor, scratch / "tables" / table, table, what["columns"])
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 (checked against our own tables)
            if (count := cursor.fetchone()[0]) != what["rows"]:
                raise Gap(f"{table} has {count} rows now instead of {what['rows']}.")
        _set_sequences(cursor)
        # Transaction numbers of another server would make followers tell old news again.
        EventRecord.objects.exclude(tx=0).update(tx=0)
    if manifest.database == "sqlite":
        call_command("reindex")


def _is_derived(table: str, manifest: Manifest) -> bool:
    """Search indexes differ between the databases, and are made again."""
    return manifest.database == "sqlite" and table.startswith(DERIVED)


def _migrate_to(manifest: Manifest) -> None:
    """The tables of the archive's own time; newer changes follow when its rows are in."""
    loader = MigrationLoader(connection)
    stored = {(app, name) for app, name in manifest.migrations}
    for app in sorted({app for app, _name in stored & set(loader.disk_migrations)}):
        last = max(name for label, name in stored if label == app)
        call_command("migrate", app, last, interactive=False, verbosity=0)


def _set_sequences(cursor: Any) -> None:
    """New rows go on after the restored ones."""
    cursor.execute(
        "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)"
        " FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
    )
    for table, column, sequence in cursor.fetchall():
        cursor.execute(
            f'SELECT setval(%s, coalesce(max("{column}"), 1), max("{column}") IS NOT NULL) FROM "{table}"',  # noqa: S608
            [sequence],
        )


def _put_files(scratch: Path, data: Path) -> None:
    for path in sorted((scratch / "data").rglob("*")) if (scratch / "data").exists() else []:
        if path.is_file():
            target = data / path.relative_to(scratch / "data")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
    with suppress(FileNotFoundError):
        (data / KEY).unlink()
    shutil.copyfile(scratch / KEY, data / KEY)
    (data / KEY).chmod(0o600)
