"""The nesting of cleaned HTML, known without a parser: it is well-formed."""

from __future__ import annotations

import re

_VOID = frozenset("br hr img wbr col".split())


# Between the rows of a table or the items of a list there is no place for <details>.
_NO_PLACE = frozenset("table tbody thead tfoot tr ul ol dl colgroup".split())


_NAME = re.compile(r"</?([a-z0-9]+)")


class Tree:
    """Which tag closes which, for cleaned (so well-formed) tokens."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.close: dict[int, int] = {}
        self.parent: dict[int, int] = {}
        stack: list[int] = [-1]
        for place in range(1, len(tokens), 2):
            tag = tokens[place]
            if tag[1] == "/":
                if len(stack) > 1:
                    self.close[stack.pop()] = place
                continue
            self.parent[place] = stack[-1]
            if self.name(place) not in _VOID:
                stack.append(place)
        for place in stack[1:]:
            self.close[place] = len(tokens) - 1

    def name(self, place: int) -> str:
        """The name of the tag at this place."""
        found = _NAME.match(self.tokens[place])
        return found[1] if found else ""

    def wraps(self, start: int, stop: int) -> list[tuple[int, int]]:
        """The first and last tokens of the runs of whole siblings that cover start up to stop."""
        first = self._highest(start, stop)
        found: list[tuple[int, int]] = []
        place = first
        while place < stop:
            last = self._last_sibling(place, stop)
            if last < place:
                break
            if self._has_words(place, last) and not self._inside(place, _NO_PLACE):
                found.append((place, last))
            parent = self._parent(place)
            if parent < 0:
                break
            place = self.close.get(parent, len(self.tokens)) + 1
        return found

    def _highest(self, start: int, stop: int) -> int:
        """The outermost element that begins with the text at start and ends before stop."""
        best = start
        place = self._parent(start)
        while place > 0 and self.close.get(place, stop) < stop and not self._text_between(place, start):
            best = place
            place = self._parent(place)
        return best

    def _parent(self, place: int) -> int:
        """The tag around a token."""
        if place in self.parent:
            return self.parent[place]
        before = place - 1
        while before > 0:
            if before % 2 and before in self.parent:
                inside = before in self.close and self.close[before] > place
                return before if inside else self.parent[before]
            if before % 2 and self.tokens[before].startswith("</"):
                return self.parent.get(self._opener(before), -1)
            before -= 1
        return -1

    def _opener(self, closing: int) -> int:
        if not hasattr(self, "_openers"):
            self._openers = {close: place for place, close in self.close.items()}
        return self._openers.get(closing, -1)

    def _last_sibling(self, place: int, stop: int) -> int:
        """The last token of the run of siblings from place on that ends before stop."""
        parent = self._parent(place)
        limit = min(self.close.get(parent, len(self.tokens)), stop)
        last = place - 1
        while place < limit:
            end = self.close.get(place, place) if place in self.parent else place
            if end >= limit:
                break
            last = end
            place = end + 1
        return last

    def _text_between(self, start: int, stop: int) -> bool:
        return any(
            token.strip() if place % 2 == 0 else token.startswith("<img")
            for place, token in enumerate(self.tokens[start:stop], start)
        )

    def _has_words(self, first: int, last: int) -> bool:
        return self._text_between(first, last + 1)

    def _inside(self, place: int, names: frozenset[str]) -> bool:
        parent = self._parent(place)
        return parent > 0 and self.name(parent) in names
