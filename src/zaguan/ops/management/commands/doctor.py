"""Look for what is wrong, and say what to do."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from zaguan.ops.doctor import examine


class Command(BaseCommand):
    help = "Look for what is wrong, and say what to do. Exit code 1 when something is."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        problems = 0
        for finding in examine():
            problems += not finding.fine
            self.stdout.write(f"{'✓' if finding.fine else '✗'} {finding.sentence}")
        if problems:
            sys.exit(1)
