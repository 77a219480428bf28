"""Old ways inside plain text: lines made to flow, and files written as lines."""

from __future__ import annotations

import re

from zaguan.channels.email.transfer import uu_line

_BEGIN = re.compile(r"begin [0-7]{3,4} (\S.{0,200})")
_UU_LINE = re.compile(r"[ -`]{1,200}[ \t]*")
_FLOWED_QUOTE = re.compile(r"(>*)( ?)(.*)", re.DOTALL)


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Lines of format=flowed joined again (RFC 3676), quote by quote."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        found = _FLOWED_QUOTE.match(line)
        depth, rest = (len(found[1]), found[3] if found[1] or found[2] else line) if found else (0, line)
        flows = rest.endswith(" ") and rest != "-- "
        kept = rest[:-1] if flows and delete_space else rest
        if open_depth == depth and rest != "-- ":
            out[-1] += kept
        else:
            out.append(("> " if depth else "").join([">" * max(depth - 1, 0), kept]) if depth else kept)
        open_depth = depth if flows else -1
    return "\n".join(line.rstrip(" ") if line != "-- " else line for line in out)


def without_uu(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text without the files that stand uuencoded in it, and these files."""
    kept: list[str] = []
    inside: list[tuple[str, bytes]] = []
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        begin = _BEGIN.fullmatch(lines[place])
        stop = _stop(lines, place + 1) if begin else place + 1
        if begin and stop < len(lines) and lines[stop].strip() == "end":
            content = (uu_line(line.encode("latin-1", "replace")) for line in lines[place + 1 : stop])
            inside.append((begin[1].strip(), b"".join(content)))
            kept.append("")
            stop += 1
        else:
            kept += lines[place:stop]
        place = stop
    return "\n".join(kept), inside


def _stop(lines: list[str], place: int) -> int:
    """The first line from here on that cannot be part of a file."""
    while place < len(lines) and _UU_LINE.fullmatch(lines[place]):
        place += 1
    return place
