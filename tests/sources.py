"""What the house rules look at: the files of the repository, and the syntax trees of its Python."""

from __future__ import annotations

import ast
import functools
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "zaguan"
LEFT_OUT = {".git", ".venv", "node_modules", "build", "data", "__pycache__"}


@functools.cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the repository; without git (an unpacked archive), every file that looks so."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
        paths = [ROOT / name for name in listed.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not LEFT_OUT & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def name(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()


def with_suffix(*suffixes: str) -> list[Path]:
    """The repository's files of some kinds."""
    return [path for path in files() if path.suffix in suffixes]


@dataclass(frozen=True)
class Module:
    """A Python file of the product, read once."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        return name(self.path)

    @property
    def app(self) -> str:
        """The first folder below the package."""
        parts = self.path.relative_to(PACKAGE).parts
        return parts[0] if len(parts) > 1 else ""

    def is_product(self) -> bool:
        """Neither a test, nor something for tests, nor a migration."""
        return not {"tests", "migrations", "testing"} & set(self.path.parts)


@functools.cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the package, tests included, migrations too."""
    found = [path for path in with_suffix(".py") if PACKAGE in path.parents]
    return tuple(Module(path, ast.parse(path.read_text(), str(path))) for path in found)


def product() -> list[Module]:
    """What runs at a customer's."""
    return [module for module in modules() if module.is_product()]


def functions(module: Module) -> Iterator[tuple[str, int, int]]:
    """Each function with its line and its length, decorators and docstring not counted."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            says = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            described = (first.end_lineno or 0) - first.lineno + 1 if says else 0
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1 - described
