"""Every template compiles, and names only texts, macros and templates that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.sources import PACKAGE, name, with_suffix

TEMPLATES = [
    path
    for path in with_suffix(".html", ".jinja", ".txt")
    if "templates" in path.parts and PACKAGE in path.parents
]


def test_there_are_templates() -> None:
    assert TEMPLATES


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_compiles_and_finds_what_it_includes(path: Path) -> None:
    from jinja2 import meta

    environment = engines["jinja2"].env  # type: ignore[attr-defined]
    folder = next(parent for parent in path.parents if parent.name == "templates")
    source, _, _ = environment.loader.get_source(environment, path.relative_to(folder).as_posix())
    tree = environment.parse(source)
    environment.compile(source, filename=str(path))
    for other in meta.find_referenced_templates(tree):
        if other is not None:
            environment.loader.get_source(environment, other)
    unknown = meta.find_undeclared_variables(tree) & {"loop", "super"}
    assert not unknown, f"{unknown} stand outside of a loop or block"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text().lower()
    for mark in ("<style", " onclick=", " onload=", " onsubmit=", "javascript:"):
        assert mark not in text, f"the content security policy refuses {mark.strip()}"


# What draws a block; a paragraph ends where one begins, and its class and place are lost.
BLOCK = re.compile(
    r"<p\b[^>]*>(?:(?!</p>).)*?ui\.(?:checkbox|switch|field|\w+_field|form_errors|banner|empty)\(", re.DOTALL
)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_paragraph_holds_a_block(path: Path) -> None:
    assert not BLOCK.search(path.read_text())


# The same action on several pages, or in several forms.
SEVERAL = {"?", "mod+enter", "shift+f"}


def test_no_key_means_two_things() -> None:
    desk = PACKAGE / "desk"
    texts = [
        path.read_text() for end in (".jinja", ".py") for path in with_suffix(end) if desk in path.parents
    ]
    named = [key for text in texts for key in re.findall(r'(?<!aria-)keys="([^"{]+)"', text)]
    assert {key for key in named if named.count(key) > 1} == SEVERAL
