"""The process that draws one PDF and ends: little memory, little time, one folder."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import typst

MEMORY = 4 << 30
LARGEST = 256 << 20
PROBE = b'#image("%s", width: 1cm)'
GREY = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><path fill="#ccc" d="M0 0h40v40H0z"/></svg>'


def main(folder: str, seconds: int) -> None:
    """Draw main.typ of the folder as out.pdf."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds * 2, seconds * 2))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    root = Path(folder)
    try:
        _compile(root)
    except typst.TypstError:
        # Most often a broken picture: find which, and try once more.
        if not _replace_broken(root):
            raise
        _compile(root)


def _compile(root: Path) -> None:
    nothing = root / "packages"
    (root / "out.pdf").write_bytes(
        typst.compile(root / "main.typ", root=root, package_path=nothing, package_cache_path=nothing)
    )


def _replace_broken(root: Path) -> int:
    broken = 0
    for picture in root.glob("*.img"):
        probe = root / "probe.typ"
        probe.write_bytes(PROBE % picture.name.encode())
        try:
            typst.compile(probe, root=root)
        except typst.TypstError:
            picture.write_bytes(GREY)
            broken += 1
    return broken


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
