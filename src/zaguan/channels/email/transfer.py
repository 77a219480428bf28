"""What stands behind base64, quoted-printable and uuencode, however damaged."""

from __future__ import annotations

import binascii
import re

_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)


def decode_base64(data: bytes) -> bytes:
    """Base64 with whatever strange characters, missing padding or several padded pieces."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        pass
    data = data.translate(None, _NOT_BASE64)
    pieces = [piece for piece in re.split(rb"=+", data) if piece]
    return b"".join(_piece(piece) for piece in pieces)


def _piece(piece: bytes) -> bytes:
    if len(piece) % 4 == 1:
        piece = piece[:-1]
    return binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """The bytes behind a transfer encoding; unknown ones are left as they are."""
    if encoding in ("", "7bit", "8bit", "binary", "7-bit", "8-bit"):
        return body
    if encoding.startswith("base64") or encoding == "b":
        return decode_base64(body)
    if encoding.replace("_", "-").startswith(("quoted-printable", "quotedprintable")) or encoding == "q":
        return binascii.a2b_qp(body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return decode_uu(body)
    return body


def decode_uu(body: bytes) -> bytes:
    """What stands between "begin" and "end" of a uuencoded body."""
    out: list[bytes] = []
    started = False
    for line in body.splitlines():
        if not started:
            started = line.startswith(b"begin ")
        elif line.strip() in (b"end", b"`"):
            break
        else:
            out.append(uu_line(line))
    return b"".join(out) if started else body


def uu_line(line: bytes) -> bytes:
    """One uuencoded line; a damaged one gives what can be read."""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        length = ((line[0] - 32) & 63) if line else 0
        try:
            return binascii.a2b_uu(line[: ((length * 4 + 5) // 3) + 1])
        except binascii.Error:
            return b""
