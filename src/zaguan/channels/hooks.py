"""How a channel says that a hook's request is not believed."""

from __future__ import annotations


class HookRefused(Exception):  # noqa: N818 (it is an answer)
    """Nothing is read from this request: wrong or missing proof (401), or too large (413)."""

    def __init__(self, sentence: str, *, status: int = 401) -> None:
        super().__init__(sentence)
        self.status = status
