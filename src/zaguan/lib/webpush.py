"""Web push: a message that only one browser can open (RFC 8188, 8291), and the proof of who sends it (RFC 8292)."""

from __future__ import annotations

import base64
import json
import os
import struct
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# One record holds everything: push services take no more than 4096 bytes anyway.
RECORD_SIZE = 4096
_TAG, _DELIMITER, _HEADER = 16, b"\x02", 86
MOST_TEXT = RECORD_SIZE - _TAG - len(_DELIMITER) - _HEADER
_CURVE = ec.SECP256R1()


def encode(data: bytes) -> str:
    """Base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    """The bytes again; ValueError for anything else."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def public_bytes(key: ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey) -> bytes:
    """The point, uncompressed: 65 bytes."""
    public = key.public_key() if isinstance(key, ec.EllipticCurvePrivateKey) else key
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def new_key() -> ec.EllipticCurvePrivateKey:
    """A key pair on P-256."""
    return ec.generate_private_key(_CURVE)


def key_from(number: str) -> ec.EllipticCurvePrivateKey:
    """A private key from its number, as `private_number` writes it."""
    return ec.derive_private_key(int.from_bytes(decode(number)), _CURVE)


def private_number(key: ec.EllipticCurvePrivateKey) -> str:
    """The secret part alone."""
    return encode(key.private_numbers().private_value.to_bytes(32))


def encrypt(
    text: bytes,
    p256dh: str,
    auth: str,
    *,
    salt: bytes | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """`text` for the browser with these keys, as aes128gcm; ValueError when the keys are none or the text is too long.

    Salt and key are new for each message; a test may give those of the RFC.
    """
    if len(text) > MOST_TEXT:
        raise ValueError("The text is too long for a push message.")
    theirs, secret = decode(p256dh), decode(auth)
    own, salt = key or new_key(), salt or os.urandom(16)
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, theirs)
    content_key, nonce = _keys(own.exchange(ec.ECDH(), receiver), secret, theirs, public_bytes(own), salt)
    sealed = AESGCM(content_key).encrypt(nonce, text + _DELIMITER, None)
    return salt + struct.pack(">IB", RECORD_SIZE, 65) + public_bytes(own) + sealed


def decrypt(body: bytes, receiver: ec.EllipticCurvePrivateKey, auth: str) -> bytes:
    """What a browser does with it; for tests."""
    salt, (length,) = body[:16], struct.unpack(">B", body[20:21])
    sender = body[21 : 21 + length]
    point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sender)
    shared = receiver.exchange(ec.ECDH(), point)
    content_key, nonce = _keys(shared, decode(auth), public_bytes(receiver), sender, salt)
    return AESGCM(content_key).decrypt(nonce, body[21 + length :], None).rstrip(b"\x00")[:-1]


def _keys(shared: bytes, auth: bytes, receiver: bytes, sender: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """Content key and nonce (RFC 8291, 3.4)."""
    seed = _derive(shared, auth, b"WebPush: info\x00" + receiver + sender, 32)
    key = _derive(seed, salt, b"Content-Encoding: aes128gcm\x00", 16)
    return key, _derive(seed, salt, b"Content-Encoding: nonce\x00", 12)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the key pair, and how the push service reaches a person (a mailto: or https: address)."""

    key: ec.EllipticCurvePrivateKey
    contact: str

    @property
    def public(self) -> str:
        return encode(public_bytes(self.key))

    def authorization(self, endpoint: str, expires: int) -> str:
        """The header that proves it to the push service of `endpoint` until `expires` (seconds since 1970)."""
        parts = urlsplit(endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": expires, "sub": self.contact}
        head = encode(json.dumps({"typ": "JWT", "alg": "ES256"}).encode())
        signed = f"{head}.{encode(json.dumps(claims).encode())}"
        r, s = decode_dss_signature(self.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"vapid t={signed}.{encode(r.to_bytes(32) + s.to_bytes(32))}, k={self.public}"


def claims_of(authorization: str) -> dict[str, object]:
    """What such a header claims; ValueError when the signature is not that of the key it names."""
    fields = dict(part.strip().split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
    signed, _, signature = fields["t"].rpartition(".")
    point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decode(fields["k"]))
    raw = decode(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    try:
        point.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise ValueError("The signature is not that of the key.") from None
    found: dict[str, object] = json.loads(decode(signed.partition(".")[2]))
    return found
