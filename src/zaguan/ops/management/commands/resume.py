"""After a restore: let mail flow again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from zaguan.channels.pausing import resume


class Command(BaseCommand):
    help = "After a restore: send and fetch mail again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Mail is sent and fetched again." if resume() else "Mail was not paused.")
