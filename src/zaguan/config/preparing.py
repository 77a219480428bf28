"""`zaguan prepare`: database up to date, demo desk on an empty folder. Quick, and without Django, when nothing is to do."""

from __future__ import annotations

from zaguan.config.facts import read_facts
from zaguan.config.forking import end_with_parent
from zaguan.config.stamp import up_to_date


def prepare(words: list[str]) -> int:
    """Migrate and load the demo where needed; the number is the exit code."""
    end_with_parent()
    facts = read_facts()
    if not up_to_date(facts):
        from zaguan.config.migrating import bring_up_to_date

        return bring_up_to_date(facts)
    return 0
