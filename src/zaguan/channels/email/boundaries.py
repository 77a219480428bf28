"""Where the parts of a mail begin and end."""

from __future__ import annotations

import re

_BOUNDARY_ENDS = re.compile(rb"(--)?[ \t]*(?=\r?\n|\Z)(?:\r?\n)?")


def cut_pieces(body: bytes, boundary: bytes, most: int) -> list[bytes]:
    """The bodies between the boundary lines; without a closing one the last reaches to the end."""
    if not boundary:
        return []
    found: list[bytes] = []
    start = -1
    position = 0
    while (line := _next_boundary(body, b"--" + boundary.strip(), position)) is not None:
        before, after, closes = line
        if start >= 0:
            found.append(body[start:before] if before >= start else b"")
        start = after
        # The line end before a boundary belongs to it, also right behind another boundary.
        position = max(start - 1, before + 2) if start < len(body) else len(body)
        if closes or len(found) > most:
            return found
        if start >= len(body):
            break
    if 0 <= start < len(body):
        found.append(body[start:])
    return found


def _next_boundary(body: bytes, mark: bytes, position: int) -> tuple[int, int, bool] | None:
    """Where the next line with this mark begins and ends, with the line end before it, and whether it is the last.

    Looked for by hand: each mail has a mark of its own, and compiling a pattern costs more than reading most mails.
    """
    at = body.find(mark, position)
    while at >= 0:
        begins = at if at == 0 else at - 1 if body[at - 1] == 10 and at - 1 >= position else -1
        if begins > position and body[begins - 1] == 13 and at > 0:
            begins -= 1
        ends = _BOUNDARY_ENDS.match(body, at + len(mark)) if begins >= 0 else None
        if ends is not None:
            return begins, ends.end(), ends[1] is not None
        at = body.find(mark, at + 1)
    return None
