"""What browsers load is built anew under a running server: what it names stays, what nobody names any more goes."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.sources import ROOT

pytestmark = pytest.mark.skipif(
    not (ROOT / "node_modules").exists(), reason="The build of the pages is not set up."
)


def build(folder: Path) -> dict[str, str]:
    """One build into `folder`; returns its list."""
    environment = {**os.environ, "ZAGUAN_ASSETS": str(folder)}
    subprocess.run([str(ROOT / "bin" / "assets")], env=environment, check=True, capture_output=True)
    names: dict[str, str] = json.loads((folder / "manifest.json").read_text())
    return names


def days_old(path: Path, days: int) -> None:
    """A file that was written some days ago."""
    path.write_text("old")
    then = time.time() - days * 86400
    os.utime(path, (then, then))


def test_files_of_the_build_before_stay_for_a_while_and_older_ones_go(tmp_path: Path) -> None:
    in_use, forgotten = tmp_path / "desk.INUSE.js", tmp_path / "desk.FORGOTTEN.js"
    days_old(in_use, 9)
    days_old(forgotten, 9)
    (tmp_path / "manifest.json").write_text(json.dumps({"desk.js": in_use.name}))

    names = build(tmp_path)

    assert (tmp_path / names["desk.js"]).exists()
    assert in_use.exists()
    assert not forgotten.exists()
