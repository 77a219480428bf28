"""The kit offers every macro, and what it draws keeps what people typed harmless."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.template import engines

from zaguan.ui.rows import Clock, Mark, TicketRow

TEMPLATES = Path(__file__).parents[1] / "templates" / "ui"
# Used by other files of the kit only.
INNER = {"draw", "notes", "said", "options_of"}
NASTY = '"><script>alert(1)</script>'
WHEN = datetime(2026, 5, 12, 14, 32, tzinfo=UTC)


def _draw(source: str, **context: Any) -> str:
    return str(engines["jinja2"].from_string('{% import "ui/kit.jinja" as ui %}' + source).render(context))


def test_the_kit_holds_every_macro() -> None:
    environment = engines["jinja2"].env  # type: ignore[attr-defined]
    kit = environment.get_template("ui/kit.jinja").module
    macros = {
        name
        for path in TEMPLATES.glob("*.jinja")
        for name in re.findall(r"{% macro (\w+)\(", path.read_text())
        if not name.startswith("_") and name not in INNER
    }
    assert {name for name in macros if not hasattr(kit, name)} == set()


class _Starts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append(dict(attrs))


def test_a_row_shows_what_it_is_given_and_no_more() -> None:
    row = TicketRow(
        url="/desk/tickets/7/", number=7, subject=NASTY, name=NASTY, moment=WHEN, status="Open", phase="open",
        channel_icon="mail", excerpt=NASTY, excerpt_by="you", is_unread=True, has_draft=True,
        clock=Clock(state="risk", left=900, used=80, label="First answer"), marks=[Mark(icon="lock", label=NASTY)],
        tags=[NASTY, "two", "three"], assignee=NASTY,
    )  # fmt: skip
    page = _draw("{{ ui.ticket_row(row, True, pick=True) }}", row=row)
    starts = _Starts()
    starts.feed(page)
    assert "script" not in starts.tags
    for words in ("15 min", "+2", "First answer"):
        assert words in page
    box = next(each for each in starts.attributes if each.get("type") == "checkbox")
    assert box["aria-labelledby"] in {each.get("id") for each in starts.attributes}


def test_attributes_of_a_button_are_escaped() -> None:
    page = _draw('{{ ui.icon_button(text, "x", attrs={"hx-post": text}) }}', text=NASTY)
    starts = _Starts()
    starts.feed(page)
    assert starts.tags == ["button", "svg", "use"]
    assert starts.attributes[0]["hx-post"] == NASTY


def test_a_field_tells_its_error_to_a_screen_reader() -> None:
    page = _draw('{{ ui.text_field("host", "Server", "x", hint="Where", error="Not found") }}')
    starts = _Starts()
    starts.feed(page)
    field = next(each for each in starts.attributes if each.get("name") == "host")
    assert field["aria-invalid"] == "true"
    ids = {each.get("id") for each in starts.attributes}
    assert set((field["aria-describedby"] or "").split()) <= ids


def test_a_select_keeps_a_number_chosen_though_forms_send_text() -> None:
    page = _draw('{{ ui.select_field("team", "Team", [(1, "One"), (2, "Two")], "2") }}')
    assert re.search(r'<option value="2" selected>', page)
    assert page.count("selected") == 1


def test_macros_are_translated_when_drawn_not_when_loaded() -> None:
    from django.utils import translation

    with translation.override("en"):
        english = _draw('{{ ui.form_actions("Save", "/x") }}')
    assert "Cancel" in english
    top_level = re.compile(r"^{% set [^%]*_\(", re.MULTILINE)
    assert [path.name for path in TEMPLATES.glob("*.jinja") if top_level.search(path.read_text())] == []
