"""The pages of docs/ and the description of the API that follow from the code. `make docs` writes them; test_docs.py keeps them true."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.sources import PACKAGE, ROOT, name

NOTE = "<!-- Written by `make docs`; edit the code instead. -->\n"
READER = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"(?:,\s*([^()]+|[^()]*\([^()]*\)[^()]*))?\)')


def settings_page() -> str:
    """Every environment variable: the comment above it in settings.py says what it is for."""
    rows = ["| variable | default | what it is for |", "|---|---|---|"]
    rows += [f"| `{variable}` | {default} | {why} |" for variable, default, why in variables()]
    head = "# Settings\n\nFacts of the installation, from the environment. Everything else is chosen in the desk.\n"
    return f"{head}{NOTE}\n" + "\n".join(rows) + "\n"


def variables() -> Iterator[tuple[str, str, str]]:
    """Name, default and purpose, in the order of the file."""
    lines = (PACKAGE / "config" / "settings.py").read_text().splitlines()
    for number, line in enumerate(lines):
        for variable, default in READER.findall(line):
            yield variable, shown(default.strip()), comment_above(lines, number)


def comment_above(lines: list[str], number: int) -> str:
    """The comment that stands right above a line."""
    words: list[str] = []
    while number > 0 and lines[number - 1].strip().startswith("#"):
        number -= 1
        words.insert(0, lines[number].strip().removeprefix("# "))
    return " ".join(words)


def shown(default: str) -> str:
    """A default as a reader understands it."""
    if folder := re.fullmatch(r"str\(ROOT / (.*)\)", default):
        return f"`{folder[1].replace(' / ', '/').replace(chr(34), '')}`"
    if not default or default in {'""', "[]"}:
        return ""
    if default in {"True", "False"}:
        return str(int(default == "True"))
    value = eval(default, {"PORT": "PORT"}) if "(" not in default else default
    return f"`{', '.join(value) if isinstance(value, list) else value}`"


def events_page() -> str:
    """Every kind of event with its fields, and what follows from it; the same as `zaguan reactions` prints."""
    from zaguan.events.listing import reactions_as_text

    return reactions_as_text(NOTE)


def permissions_page() -> str:
    """Every permission, what it is called in the desk, and the routes that need it."""
    from django.utils import translation

    from zaguan.people.permissions import all_permissions
    from zaguan.testing.routes import all_routes

    lines = ["# Permissions\n", "Roles hold a choice of these; every route names one.\n", NOTE]
    with translation.override("en"):
        known = {permission: str(label) for permission, label in all_permissions().items()}
    for permission, label in {**known, "public": "For everybody"}.items():
        lines.append(f"## {permission}\n\n{label}.\n")
        lines += [
            f"- {' '.join((*r.methods, r.path))}".replace("<", r"\<")
            for r in all_routes()
            if r.permission == permission
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def openapi_document() -> str:
    """What the API offers, as machines read it; a change of it is seen in a review."""
    from django.utils import translation

    from zaguan.api.describing import document
    from zaguan.api.urls import api

    with translation.override("en"):
        return json.dumps(document(api), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


PAGES: dict[Path, Callable[[], str]] = {
    ROOT / "docs" / "settings.md": settings_page,
    ROOT / "docs" / "events.md": events_page,
    ROOT / "docs" / "permissions.md": permissions_page,
    PACKAGE / "api" / "openapi.json": openapi_document,
}


def main() -> None:
    """Write all of them, and say which."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaguan.config.settings")
    django.setup()
    for path, write in PAGES.items():
        path.write_text(write())
        sys.stdout.write(f"{name(path)}\n")


if __name__ == "__main__":
    main()
