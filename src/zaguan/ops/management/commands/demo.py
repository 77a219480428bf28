"""Fill an empty desk."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zaguan.ops.demo.loading import load_demo


class Command(BaseCommand):
    help = "Fill an empty desk with a lively sample; does nothing to one that has agents."

    def handle(self, *args: Any, **options: Any) -> None:
        if not load_demo(self.stdout.write):
            raise CommandError("This desk is already in use; the demo needs an empty one.")
