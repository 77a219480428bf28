"""Old ways inside plain text: lines made to flow, and files written as lines."""

from __future__ import annotations

import re

from zaguan.channels.email.transfer import uu_line

_UU = re.compile(
    r"^begin(?:-base64)? [0-7]{3,4} ([^\n]{1,200})\n(.*?)\n(?:end|====)[ \t]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)


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
    inside: list[tuple[str, bytes]] = []

    def taken(match: re.Match[str]) -> str:
        lines = match[2].encode("latin-1", "replace").split(b"\n")
        if not all(32 <= line[0] <= 96 for line in lines if line):
            return match[0]
        inside.append((match[1].strip(), b"".join(uu_line(line) for line in lines if line)))
        return "\n"

    return _UU.sub(taken, text), inside
