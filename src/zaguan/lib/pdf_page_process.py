"""The process that draws one page and ends: a PDF comes in, a PNG goes out; little memory, little time, no files."""

from __future__ import annotations

import resource
import struct
import sys
import zlib

import pypdfium2

MEMORY = 2 << 30
WIDTH, HIGHEST = 900, 2400


def main(seconds: int) -> None:
    """Draw the first page."""
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # From here on no file is opened, and none is written.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    page = pypdfium2.PdfDocument(content)[0]
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), HIGHEST / max(height, 1))
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
    sys.stdout.buffer.write(_png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride))


def _png(pixels: bytes, width: int, height: int, stride: int) -> bytes:
    rows = b"".join(b"\0" + pixels[line * stride : line * stride + width * 4] for line in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows, 6)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


if __name__ == "__main__":
    main(int(sys.argv[1]))
