"""How large a picture says it is, read from its first bytes without drawing it: PNG, JPEG, GIF and WebP."""

from __future__ import annotations

import struct

# Markers of JPEG that carry the size: all "start of frame" but the tables in between.
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def size_of(content: bytes) -> tuple[int, int] | None:
    """Width and height, or None for what is no picture of these kinds."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack(">II", content[16:24])
        if content[:6] in (b"GIF87a", b"GIF89a"):
            return struct.unpack("<HH", content[6:10])
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        return None
    return None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    place = 2
    while content[place] == 0xFF:
        marker = content[place + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        # Fill bytes, and markers without content, stand alone.
        alone = marker == 0xFF or marker in range(0xD0, 0xDA) or marker == 0x01
        place += (
            1
            if marker == 0xFF
            else 2
            if alone
            else 2 + struct.unpack(">H", content[place + 2 : place + 4])[0]
        )
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    kind = content[12:16]
    if kind == b"VP8X":
        wide, high = content[24:27], content[27:30]
        return int.from_bytes(wide, "little") + 1, int.from_bytes(high, "little") + 1
    if kind == b"VP8L":
        bits = struct.unpack("<I", content[21:25])[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def placeholder() -> bytes:
    """A grey square for a picture that cannot be shown."""
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><path fill="#ccc" d="M0 0h40v40H0z"/></svg>'
