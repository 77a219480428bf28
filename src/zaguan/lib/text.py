"""Short forms of texts."""


def excerpt(text: str, length: int = 160) -> str:
    """The beginning of a text on one line, cut at a word with "…" when it is longer than `length`."""
    # Only the beginning is looked at: a text may have megabytes.
    line = " ".join(text[: length * 8].split())
    if len(line) <= length:
        return line
    cut = line[: length - 1].rsplit(" ", 1)[0]
    return (cut if len(cut) > length // 2 else line[: length - 1]) + "…"
