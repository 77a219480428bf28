"""Delivery notices of some sixty mail systems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conformance.tally import Tally
from zaguan.channels.email.parsing import parse
from zaguan.conversations.incoming import Incoming


def run(data: Path) -> list[Tally]:
    """The decode results that Sisimai's authors expect, and the few bounces among other mails."""
    folder = data / "mail" / "sisimai-set-of-emails"
    tally = Tally("bounces sisimai")
    for name, wanted in json.loads((folder / "expected-bounces.json").read_text())["files"].items():
        tally.cases += 1
        _judge(tally, name, parse((folder / name).read_bytes()), wanted["bounces"])
    others = Tally("bounces flanker")
    for path in sorted((data / "mail" / "flanker" / "messages" / "bounce").glob("*.eml")):
        others.cases += 1
        got = parse(path.read_bytes())
        others.check("bounce class", path.name, any(b.kind == "failed" for b in got.bounces), got.bounces)
    return [tally, others]


def _judge(tally: Tally, name: str, got: Incoming, wanted: list[dict[str, Any]]) -> None:
    if wanted[0]["reason"] == "vacation":
        tally.check("bounce class", name, got.machine.any and not got.bounces, got.bounces, "vacation")
        return
    tally.check("bounce found", name, bool(got.bounces), got.machine, wanted)
    for number, bounce in enumerate(wanted):
        mine = got.bounces[number] if number < len(got.bounces) else None
        case = f"{name}#{number + 1}"
        if mine is None:
            tally.check("bounce class", case, False, None, bounce)
            continue
        tally.check("bounce class", case, mine.kind in _kinds(bounce), mine, bounce)
        if bounce["reason"] not in ("feedback", "delivered"):
            tally.check("for good", case, mine.permanent is bounce["hardbounce"], mine, bounce)
            if bounce["status"] and ".0.9" not in bounce["status"]:
                tally.check("status", case, mine.status == bounce["status"], mine, bounce)


def _kinds(bounce: dict[str, Any]) -> tuple[str, ...]:
    if bounce["reason"] == "feedback":
        return ("complaint",)
    if bounce["reason"] == "delivered" or bounce["status"][:1] == "2":
        return ("delivered",)
    return ("failed",) if bounce["status"][:1] == "5" else ("delayed", "failed")
