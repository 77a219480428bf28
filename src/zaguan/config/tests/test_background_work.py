"""A worker knows every kind of background work, although it loads no page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
ASK = "import django, sys; django.setup(); print([name for name in {!r} if name not in sys.modules])"


def test_every_task_is_known_after_starting() -> None:
    paths = [path for path in PACKAGE.rglob("*.py") if "tests" not in path.parts]
    working = [path for path in paths if re.search(r"^@task\(", path.read_text(), re.MULTILINE)]
    names = [".".join(("zaguan", *path.relative_to(PACKAGE).with_suffix("").parts)) for path in working]
    assert len(names) > 5
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "zaguan.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(names)], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"
