"""Who wrote a forwarded mail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conformance.tally import Tally
from zaguan.channels.email.forwards import original_sender


def run(data: Path) -> list[Tally]:
    """The one source with expectations about forwards."""
    folder = data / "mail" / "crisp-email-forward-parser"
    tally = Tally("forward crisp")
    for name, wanted in json.loads((folder / "forward-expected.json").read_text())["files"].items():
        tally.cases += 1
        subject = _subject(folder, wanted)
        found = original_sender((folder / name).read_text(), subject)
        tally.check(
            "is forward", name, (found is not None) is wanted["forwarded"], found, wanted["forwarded"]
        )
        if wanted["forwarded"] and "from" in wanted:
            address = (wanted["from"].get("address") or "").lower()
            tally.check(
                "original sender", name, found is not None and found.email == address, found, wanted["from"]
            )
            stated = wanted["from"].get("name")
            tally.check(
                "original name", name, found is not None and (found.name or None) == stated, found, stated
            )
    return [tally]


def _subject(folder: Path, wanted: dict[str, Any]) -> str:
    """The subject of the forwarding mail; some of the subject files did not come with the source."""
    name = wanted.get("subject_file")
    if not name:
        return ""
    return (
        (folder / name).read_text().strip() if (folder / name).exists() else f"Fwd: {wanted.get('subject')}"
    )
