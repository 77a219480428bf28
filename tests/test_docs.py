"""The documents say what is true: written pages are up to date, links lead somewhere, commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.documents import PAGES, variables
from tests.sources import PACKAGE, ROOT, name, with_suffix

DOCUMENTS = [path for path in with_suffix(".md") if PACKAGE not in path.parents]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_written_pages_are_up_to_date(path: Path) -> None:
    assert path.exists(), "run make docs"
    assert path.read_text() == PAGES[path](), "run make docs"


def test_every_setting_says_what_it_is_for() -> None:
    silent = [variable for variable, _, why in variables() if not why]
    assert not silent, f"a comment above each in settings.py, please: {silent}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text()
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text) + re.findall(r'src(?:set)?="([^"]+)"', text)
    dead = [target for target in targets if "://" not in target and not (path.parent / target).exists()]
    assert not dead, f"{name(path)} links to what is not there: {dead}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_named_scripts_exist(path: Path) -> None:
    named = set(re.findall(r"`(?:DB=\w+ )?(bin/[a-z]+)", path.read_text()))
    assert not [script for script in named if not (ROOT / script).exists()]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_named_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", path.read_text())) <= targets


def test_both_readmes_tell_the_same() -> None:
    english, spanish = ((ROOT / file).read_text() for file in ("README.md", "README.es.md"))
    assert english.count("\n## ") == spanish.count("\n## ")
    assert re.findall(r"```sh\n(.*?)```", english, re.DOTALL) == re.findall(
        r"```sh\n(.*?)```", spanish, re.DOTALL
    )


def test_the_map_draws_the_ladder_of_the_contracts() -> None:
    contracts = (ROOT / "pyproject.toml").read_text()
    layers = re.search(r"^layers = \[(.*?)^\]", contracts, re.MULTILINE | re.DOTALL)
    assert layers is not None
    ladder = [re.findall(r"\w+", line) for line in layers[1].splitlines() if line.strip()]
    drawn = (ROOT / "docs" / "map.md").read_text().split("```")[1].strip().splitlines()
    assert [re.findall(r"\w+", re.split(r"\s{3,}", line)[0]) for line in drawn] == ladder
