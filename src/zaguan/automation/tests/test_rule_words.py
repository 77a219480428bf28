"""A rule reads as a sentence, in every language of the desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from zaguan.automation.rule_words import words_of
from zaguan.automation.triggers import all_triggers
from zaguan.lib.text import mid_sentence

pytestmark = pytest.mark.django_db
TIME = {"amount": 3, "unit": "days", "side": "after", "base": "last_answer"}


def _sentence(*when: Any) -> str:
    steps = [{"action": "add_tags", "values": {"tags": ["Feria"]}}]
    with translation.override("en"):
        return str(words_of({"when": list(when), "query": "is:open", "steps": steps}))


def _time(**more: Any) -> dict[str, Any]:
    return {"trigger": "time_passed", "values": TIME | more}


def test_what_starts_a_rule_goes_on_after_when() -> None:
    said = _sentence({"trigger": "ticket_opened"}, {"trigger": "message_received"})
    assert said.startswith("When a ticket is opened or the customer writes, if is:open: ")
    assert "Feria" in said


@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
def test_no_trigger_begins_with_a_capital_within_the_sentence(language: str) -> None:
    with translation.override(language):
        for trigger in all_triggers():
            assert mid_sentence(str(trigger.label))[0].islower()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "When 3 days have passed since our last answer"),
        ({"amount": 1}, "When 1 day has passed since our last answer"),
        ({"working": True}, "When 3 days of working time have passed since our last answer"),
        ({"side": "before", "base": "due"}, "When 3 days are left until the SLA deadline"),
        (
            {"side": "before", "base": "due", "working": True, "amount": 1},
            "When 1 day of working time is left until the SLA deadline",
        ),
    ],
)
def test_time_that_passes_reads_as_a_sentence(values: dict[str, Any], said: str) -> None:
    assert _sentence(_time(**values)).startswith(f"{said}, if is:open: ")


def test_names_and_acronyms_keep_their_letters() -> None:
    assert [mid_sentence(each) for each in ("SLA is near", "“Ana” writes", "")] == [
        "SLA is near",
        "“Ana” writes",
        "",
    ]
