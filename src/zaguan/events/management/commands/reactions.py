"""Print "when this happens, then …"."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from zaguan.events.listing import reactions_as_text


class Command(BaseCommand):
    help = "Print every event and what follows from it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(reactions_as_text())
