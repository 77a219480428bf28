"""An archive back into an empty desk."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zaguan.ops.archives import Gap
from zaguan.ops.restoring import restore


class Command(BaseCommand):
    help = "Put an archive of `zaguan backup` into an empty desk. Mail stays paused until `zaguan resume`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="throw away what this desk holds now")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["file"], replace=options["replace"], say=self.stdout.write)
        except (Gap, FileNotFoundError) as gap:
            raise CommandError(str(gap)) from None
        self.stdout.write(f"Restored as of {manifest.made_at}, every count and hash compared.")
        self.stdout.write("Mail is paused: nothing is sent or fetched. Look around, then run: zaguan resume")
