"""Database, files and keys into one archive that is checked before it counts as one (R35)."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from zaguan.conversations.models import Attachment, RawMessage
from zaguan.ops.archives import Gap, Manifest, Writer, verify

DATABASE = "database.sqlite3"
KEY = "secret.key"
# In the data folder, but not worth keeping: made again at every start, or copied in another way.
LEFT_OUT = {"cache", "run", "serve.lock", "prepare.lock", "prepared.json", KEY}


def back_up(target: Path) -> Manifest:
    """Write `target`; it appears only when it is complete and has been read back. Raises Gap otherwise."""
    manifest = Manifest(
        version=version("zaguan"), made_at=timezone.now().isoformat(), database=connection.vendor
    )
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        writer = Writer(part, manifest)
        wanted = _write_database(writer)
        _write_files(writer)
        writer.close()
        verify(part)
        for missing in sorted(wanted - set(manifest.members)):
            raise Gap(f"{missing} is gone from the data folder, though the database speaks of it.")
        part.rename(target)
    except OSError as error:
        raise Gap(f"The backup could not be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write_database(writer: Writer) -> set[str]:
    """Returns the names of the files that its rows speak of."""
    writer.manifest.migrations = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.DATA) as scratch:
        if connection.vendor == "sqlite":
            return _copy_sqlite(writer, Path(scratch) / DATABASE)
        return _copy_tables(writer, Path(scratch))


def _copy_sqlite(writer: Writer, path: Path) -> set[str]:
    """SQLite's own way of copying a database while others write."""
    source = str(settings.DATABASES["default"]["NAME"])
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(path)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        for table, columns in sqlite_tables(copy).items():
            rows = copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 (its own names)
            writer.manifest.tables[table] = {"columns": columns, "rows": rows}
        wanted = named_files(lambda query: copy.execute(query).fetchall())
    writer.add_file(DATABASE, path)
    return wanted


def sqlite_tables(link: sqlite3.Connection) -> dict[str, list[str]]:
    """Ordinary tables with their columns; the full-text index is part of the file, and made of these."""
    names = link.execute(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return {
        name: [row[1] for row in link.execute(f'PRAGMA table_info("{name}")')] for (name,) in names.fetchall()
    }


@transaction.atomic
def _copy_tables(writer: Writer, scratch: Path) -> set[str]:
    """PostgreSQL: every table by COPY, all of the same moment."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table, columns in postgresql_tables(cursor).items():
            path = scratch / "table"
            rows = _copy_out(cursor, table, columns, path)
            writer.manifest.tables[table] = {"columns": columns, "rows": rows}
            writer.add_file(f"tables/{table}", path)

        def ask(query: str) -> list[Any]:
            cursor.execute(query)
            return list(cursor.fetchall())

        return named_files(ask)


def postgresql_tables(cursor: Any) -> dict[str, list[str]]:
    """Tables of our schema with the columns that are stored, not computed."""
    cursor.execute(
        "SELECT c.table_name, c.column_name FROM information_schema.columns c"
        " JOIN information_schema.tables t USING (table_schema, table_name)"
        " WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'"
        " ORDER BY c.table_name, c.ordinal_position"
    )
    found: dict[str, list[str]] = {}
    for table, column in cursor.fetchall():
        found.setdefault(table, []).append(column)
    return found


def _copy_out(cursor: Any, table: str, columns: list[str], path: Path) -> int:
    """One line per row; returns how many."""
    quoted = ", ".join(f'"{column}"' for column in columns)
    rows = 0
    with path.open("wb") as file, cursor.copy(f'COPY "{table}" ({quoted}) TO STDOUT') as copy:
        for data in copy:
            file.write(data)
            rows += bytes(data).count(b"\n")
    return rows


def _write_files(writer: Writer) -> None:
    """Everything in the data folder that is not the database; and the key, wherever it comes from."""
    key = Path(settings.DATA) / KEY
    content = settings.SECRET_KEY.encode()
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        writer.add(KEY, file, len(content))
    for path, name in kept_files(key.parent):
        writer.add_file(f"data/{name}", path)


def kept_files(data: Path) -> Iterator[tuple[Path, str]]:
    """Files below the data folder with their names in the archive; links are followed."""
    database = str(settings.DATABASES["default"]["NAME"])
    for folder, folders, names in os.walk(data, followlinks=True):
        if Path(folder) == data:
            folders[:] = [
                each for each in folders if each not in LEFT_OUT and not each.startswith(".backup-")
            ]
        for name in sorted(names):
            path = Path(folder) / name
            if path.is_file() and not str(path).startswith(database) and not _is_left_out(path, data):
                yield path, str(path.relative_to(data))


def _is_left_out(path: Path, data: Path) -> bool:
    return path.parent == data and (
        path.name in LEFT_OUT or ".tar" in path.suffixes or path.suffix == ".part"
    )


def named_files(ask: Callable[[str], list[Any]]) -> set[str]:
    """Members that the rows of this moment speak of: attachments that lie here, and large received mails."""
    found = ask(f"SELECT file FROM {RawMessage._meta.db_table} WHERE file <> ''")  # noqa: S608 (our own names)
    wanted = {f"data/raw/{name}" for (name,) in found}
    if isinstance(default_storage, FileSystemStorage) or hasattr(default_storage, "location"):
        root = Path(default_storage.path("")).relative_to(settings.DATA)
        stored = ask(f"SELECT stored_as FROM {Attachment._meta.db_table}")  # noqa: S608 (the same)
        wanted |= {f"data/{root / name}" for (name,) in stored}
    return wanted
