"""The template engine behind a page, for drawing parts of it."""

from __future__ import annotations

from typing import Any

from django.template import engines
from jinja2 import Template


def template(name: str) -> Template:
    """The compiled template; Jinja2 keeps it."""
    engine: Any = engines["jinja2"]
    found: Template = engine.env.get_template(name)
    return found


def asset(name: str) -> str:
    """The address of a built file, as templates write it."""
    engine: Any = engines["jinja2"]
    return str(engine.env.globals["asset"](name))
