"""Draw a PDF from a template of ours and data of anybody's: in a process of its own that can reach nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from zaguan.lib.pictures import placeholder, size_of

SECONDS = 30
# Larger pictures are replaced: a few bytes can claim to be a picture of many gigabytes.
MOST_PIXELS = 50_000_000
MOST_PAGES_OF_TEXT = 20_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
_BASE = Path(__file__).with_name("pdf.typ")


class PdfError(Exception):
    """The document could not be drawn: too large, too slow, or a template that does not fit its data."""


def render(
    template: str, data: dict[str, Any], images: dict[str, bytes] | None = None, *, seconds: float = SECONDS
) -> bytes:
    """The PDF of a typst template.

    The template begins with `#import "base.typ": *`, then `#show: sheet`; there `data` holds what is given here,
    and `picture("name", width: …)` shows an image. Data are strings, numbers and lists and never become markup.
    Images that cannot be read become a grey square. Raises PdfError.
    """
    text = json.dumps(data, ensure_ascii=False)
    if len(text) > MOST_PAGES_OF_TEXT:
        raise PdfError("More text than fits into a PDF.")
    with tempfile.TemporaryDirectory(prefix="zaguan-pdf-") as folder:
        root = Path(folder)
        (root / "main.typ").write_text(template)
        (root / "base.typ").write_text(_BASE.read_text())
        (root / "data.json").write_text(text)
        _write(root, images or {})
        return _drawn(root, seconds)


def _write(root: Path, images: dict[str, bytes]) -> None:
    for name, content in images.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a picture: small letters, digits, - and _")
        size = size_of(content)
        good = size is not None and 0 < size[0] * size[1] <= MOST_PIXELS
        (root / f"{name}.img").write_bytes(content if good else placeholder())


def _drawn(root: Path, seconds: float) -> bytes:
    # Nothing of our environment: no secrets, and no way out even if a template asked for a package.
    environment = {"PATH": os.defpath, "HOME": str(root), "LANG": "C.UTF-8"}
    environment |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    command = [
        sys.executable,
        "-I",
        str(Path(__file__).with_name("pdf_process.py")),
        str(root),
        str(int(seconds)),
    ]
    try:
        done = subprocess.run(  # noqa: S603 (our own program; its arguments are a folder and a number)
            command, cwd=root, env=environment, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise PdfError("The document took too long to draw.") from None
    made = root / "out.pdf"
    if done.returncode or not made.exists():
        raise PdfError(done.stderr.decode(errors="replace")[-2000:] or "The document could not be drawn.")
    return made.read_bytes()
