"""Messages for one browser, and the sender's proof; against the example of RFC 8291."""

from __future__ import annotations

import time

import pytest
from cryptography.exceptions import InvalidTag

from zaguan.lib import webpush

# RFC 8291, appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_rfc_comes_out_byte_for_byte() -> None:
    key = webpush.key_from(SENDER)
    body = webpush.encrypt(TEXT, P256DH, AUTH, salt=webpush.decode(SALT), key=key)
    assert webpush.encode(body) == BODY


def test_the_browser_of_the_rfc_can_open_it() -> None:
    receiver = webpush.key_from(RECEIVER)
    assert webpush.encode(webpush.public_bytes(receiver)) == P256DH
    assert webpush.decrypt(webpush.decode(BODY), receiver, AUTH) == TEXT


def test_each_message_is_another_one_and_only_its_browser_opens_it() -> None:
    one, two = (webpush.encrypt(TEXT, P256DH, AUTH) for _ in range(2))
    assert one != two
    with pytest.raises(InvalidTag):
        webpush.decrypt(one, webpush.new_key(), AUTH)


@pytest.mark.parametrize("p256dh", ["", "AAAA", "no base64!", P256DH[:-4]])
def test_keys_that_are_none_are_refused(p256dh: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        webpush.encrypt(TEXT, p256dh, AUTH)


def test_a_text_that_no_push_service_takes_is_refused() -> None:
    assert len(webpush.encrypt(b"x" * webpush.MOST_TEXT, P256DH, AUTH)) == webpush.RECORD_SIZE
    with pytest.raises(ValueError, match="too long"):
        webpush.encrypt(b"x" * (webpush.MOST_TEXT + 1), P256DH, AUTH)


def test_the_proof_names_the_service_and_ends() -> None:
    sender = webpush.Sender(webpush.key_from(SENDER), "https://desk.example")
    until = int(time.time()) + 3600
    header = sender.authorization("https://push.example:8443/send/1?x=2", until)
    claims = webpush.claims_of(header)
    assert claims == {"aud": "https://push.example:8443", "exp": until, "sub": "https://desk.example"}


def test_a_forged_proof_is_seen() -> None:
    header = webpush.Sender(webpush.new_key(), "https://desk.example").authorization("https://a.example/", 1)
    other = webpush.encode(webpush.public_bytes(webpush.new_key()))
    forged = header.partition(", k=")[0] + f", k={other}"
    with pytest.raises(ValueError, match="signature"):
        webpush.claims_of(forged)


def test_a_key_is_kept_as_its_number() -> None:
    key = webpush.new_key()
    again = webpush.key_from(webpush.private_number(key))
    assert webpush.public_bytes(again) == webpush.public_bytes(key)
