"""zaguan clocks: compare the ledger of whose turn it was with the events, and repair it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from zaguan.sla.filling import differences, repair

SHOWN = 20


class Command(BaseCommand):
    help = "Compare the ledger of whose turn it was with what happened; --repair makes them agree."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write what is missing or wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = missing = 0
        for found in differences():
            missing += found.is_missing
            wrong += not found.is_missing
            if not found.is_missing and wrong <= SHOWN:
                self.stdout.write(
                    f"Ticket {found.ticket_id}: {found.rows} stretches differ, from {found.since} on."
                )
            if options["repair"]:
                repair(found.ticket_id)
        done = "repaired" if options["repair"] else "run: zaguan clocks --repair"
        if wrong or missing:
            self.stdout.write(f"{wrong} ledgers differ from the events, {missing} are missing: {done}.")
        else:
            self.stdout.write("The ledger says what the events say.")
