"""Every text of the product is there in Spanish and in Brazilian Portuguese; English stands in the code."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.sources import ROOT, name, with_suffix

LOCALES = ("es", "pt_BR")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|{(\w*)}")


@functools.cache
def used() -> Any:
    """All texts that the code asks for, collected as bin/messages does."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    template = build / "test-messages.pot"
    keywords = ["gettext_lazy", "ngettext_lazy:1,2", "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3"]
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml"]
    for keyword in keywords:
        command += ["-k", keyword]
    subprocess.run([*command, "-o", str(template), "src/zaguan"], cwd=ROOT, check=True)
    with template.open("rb") as file:
        return read_po(file)


def catalogue(locale: str) -> Any:
    path = Path(ROOT, "locale", locale, "LC_MESSAGES", "django.po")
    if not path.exists():
        return Catalog(locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def texts(message: Any) -> list[str]:
    """The translations of one message: one, or one for each plural form."""
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_translated(locale: str) -> None:
    known = catalogue(locale)
    missing = []
    for message in used():
        if not message.id:
            continue
        there = known.get(message.id, message.context)
        if there is None or there.fuzzy or not all(texts(there)):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    assert not missing, (
        f"{len(missing)} texts are not translated; run bin/messages, then translate: {missing[:20]}"
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_placeholders_survive_translation(locale: str) -> None:
    wrong = []
    for message in catalogue(locale):
        if message.id and isinstance(message.id, str) and message.string:
            wanted, there = PLACEHOLDER.findall(message.id), PLACEHOLDER.findall(message.string)
            if sorted(wanted) != sorted(there):
                wrong.append(message.id)
    assert not wrong, f"other placeholders than in English: {wrong}"


def test_no_text_with_a_plural_is_asked_for_alone() -> None:
    """It would stay English: a text with a plural form is found only by the call that counts."""
    plurals = [message.id[0] for message in used() if isinstance(message.id, list | tuple)]
    alone = re.compile(
        r"""(?<!\w)(?:_|gettext|gettext_lazy)\(\s*"({})"\s*\)""".format("|".join(map(re.escape, plurals)))
    )
    # The names of a model's columns are shown nowhere.
    sources = [p for p in with_suffix(".py", ".jinja") if "models" not in p.parts and "src" in p.parts]
    found = [f"{name(p)}: {text}" for p in sources for text in alone.findall(p.read_text("utf-8"))]
    assert found == []
