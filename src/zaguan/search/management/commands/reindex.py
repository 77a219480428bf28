"""zaguan reindex: build the search index anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from zaguan.search.indexing import reindex


class Command(BaseCommand):
    help = (
        "Build the search index anew, from tickets, messages and people. Search finds less until it is done."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for what, done, total in reindex():
            self.stderr.write(f"\r{what}: {done} of {total}" + ("\n" if done >= total else ""), ending="")
        self.stdout.write("The search index is complete.")
