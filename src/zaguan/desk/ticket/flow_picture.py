"""The document flow as a picture: columns from what came before to what followed, made on the server."""

from __future__ import annotations

from dataclasses import dataclass, field

from zaguan.lib.text import excerpt
from zaguan.tickets.flow import Document, Flow, Node
from zaguan.tickets.link_words import role_of_other

WIDE, GAP, APART, EDGE = 216, 96, 20, 12
HEAD, LINE, FOOT = 46, 22, 8
SUBJECT, WORDS = 25, 26


@dataclass(frozen=True)
class Line:
    """One document in a box."""

    y: int
    document: Document
    text: str


@dataclass(frozen=True)
class Box:
    """One ticket with its documents."""

    x: int
    y: int
    height: int
    node: Node
    subject: str
    is_center: bool
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Arrow:
    """A link between two tickets, named by what its target is."""

    path: str
    label: str
    x: int
    y: int


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    boxes: list[Box]
    arrows: list[Arrow]


def picture_of(flow: Flow) -> Picture:
    """Place every ticket in the column of its distance, one below the other, and draw the links."""
    first = min((node.step for node in flow.nodes.values()), default=0)
    filled: dict[int, int] = {}
    boxes: dict[int, Box] = {}
    for node in sorted(flow.nodes.values(), key=lambda n: (n.step, n.number != flow.center, n.number)):
        column = node.step - first
        box = _box(node, EDGE + column * (WIDE + GAP), filled.get(column, EDGE), node.number == flow.center)
        filled[column] = box.y + box.height + APART
        boxes[node.number] = box
    arrows = [_arrow(boxes[source], boxes[target], kind) for source, target, kind in flow.links]
    width = max((box.x + WIDE for box in boxes.values()), default=0) + EDGE
    return Picture(width, max(filled.values(), default=0) + EDGE, list(boxes.values()), arrows)


def _box(node: Node, x: int, y: int, is_center: bool) -> Box:
    lines = [
        Line(y + HEAD + place * LINE + 15, document, excerpt(document.label, WORDS))
        for place, document in enumerate(node.documents)
    ]
    rest = 1 if node.more_documents or node.more_tickets or node.hidden else 0
    height = HEAD + (len(lines) + rest) * LINE + FOOT
    return Box(x, y, height, node, excerpt(node.row.subject, SUBJECT), is_center, lines)


def _arrow(source: Box, target: Box, kind: str) -> Arrow:
    """From side to side; within one column round the left of both."""
    y1, y2 = source.y + 23, target.y + 23
    label = role_of_other(kind, True)
    if source.x == target.x:
        x1 = x2 = source.x
        bow = x1 - GAP // 3
        return Arrow(f"M{x1} {y1} C{bow} {y1} {bow} {y2} {x2} {y2}", label, bow, (y1 + y2) // 2)
    x1, x2 = (source.x + WIDE, target.x) if source.x < target.x else (source.x, target.x + WIDE)
    middle = (x1 + x2) // 2
    return Arrow(f"M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}", label, middle, (y1 + y2) // 2 - 5)
