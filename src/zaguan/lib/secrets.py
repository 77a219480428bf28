"""Passwords and tokens at rest: encrypted with a key that is not in the database; signatures and random ids."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
# Random bytes as letters, without the last few, which would make some letters likelier.
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNEVEN = bytes(range(256 - 256 % len(ALPHABET), 256))


def random_id(length: int = 16) -> str:
    """An id that cannot be guessed and can be read aloud; 16 letters are about 78 bits."""
    letters = b""
    while len(letters) < length:
        letters += secrets.token_bytes(length + 8).translate(_LETTERS, _UNEVEN)
    return letters[:length].decode()


def _derive(key: str, purpose: str) -> bytes:
    return hmac.new(key.encode(), purpose.encode(), hashlib.sha256).digest()


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(key, "secrets at rest"))) for key in keys])


def seal(value: Any) -> str:
    """`value` as JSON, encrypted."""
    return _fernet().encrypt(json.dumps(value).encode()).decode()


def unseal(sealed: str) -> Any:
    """The value again; raises ValueError when the key is not the one that sealed it."""
    if not sealed:
        return {}
    try:
        return json.loads(_fernet().decrypt(sealed.encode()))
    except InvalidToken:
        raise ValueError("This secret was stored with another key. Enter it again.") from None


def sign(text: str, *, purpose: str, length: int = 26) -> str:
    """A signature of `text` for one purpose, base32 in lower case (mail addresses fold case); 26 letters are 130 bits."""
    digest = _derive(settings.SECRET_KEY, f"{purpose}:{text}")
    return base64.b32encode(digest).decode().lower().rstrip("=")[:length]


def signed(text: str, signature: str, *, purpose: str, length: int = 26) -> bool:
    """Whether `signature` is ours for `text`, in constant time; older keys count too."""
    given = signature.lower().encode(errors="replace")
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        good = base64.b32encode(_derive(key, f"{purpose}:{text}")).decode().lower().rstrip("=")[:length]
        if hmac.compare_digest(good.encode(), given):
            return True
    return False
