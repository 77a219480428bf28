"""Forms of texts: cut short, or within a sentence."""


def excerpt(text: str, length: int = 160) -> str:
    """The beginning of a text on one line, cut at a word with "…" when it is longer than `length`."""
    # Only the beginning is looked at: a text may have megabytes.
    line = " ".join(text[: length * 8].split())
    if len(line) <= length:
        return line
    cut = line[: length - 1].rsplit(" ", 1)[0]
    return (cut if len(cut) > length // 2 else line[: length - 1]) + "…"


def mid_sentence(text: str) -> str:
    """A text of our own as it stands within a sentence: “A ticket is opened” after “When”. “SLA” stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
