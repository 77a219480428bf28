"""Database, files and keys in one archive."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zaguan.ops.archives import Gap
from zaguan.ops.backups import back_up


class Command(BaseCommand):
    help = "Save database, files and keys in one archive, and read it back. Exit code 1 when anything is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].absolute()
        if target.exists():
            raise CommandError(f"{target} exists already; a backup never replaces another.")
        try:
            manifest = back_up(target)
        except Gap as gap:
            raise CommandError(str(gap)) from None
        rows = sum(what["rows"] for what in manifest.tables.values())
        self.stdout.write(
            f"{target}: {len(manifest.tables)} tables with {rows} rows, {len(manifest.members)} files, checked. "
            "It holds the keys, so keep it as safe as the desk."
        )
