"""Who gets an answer: a table of cases (R07)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from zaguan.conversations.addressing import is_address, key, outside, recipients
from zaguan.conversations.models import Message

OWN = ["help@zaguan.example", "ayuda@zaguan.example", "sales@zaguan.example", "hilfe@münchen.example"]
DAN, EVA, SUP = "dan@customer.example", "eva@partner.example", "sup@supplier.example"
HELP = "help@zaguan.example"


@dataclass
class Case:
    name: str
    mode: str = "reply"
    sender: str = DAN
    out: bool = False
    to: list[str] = field(default_factory=lambda: [HELP])
    cc: list[str] = field(default_factory=list)
    reply_to: list[str] = field(default_factory=list)
    bulk: bool = False
    answers: bool = True
    requester: str = DAN
    customers: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    then_to: list[str] = field(default_factory=lambda: [DAN])
    then_cc: list[str] = field(default_factory=list)
    then_outside: list[str] = field(default_factory=list)


LIST = "list@groups.example"
CASES = [
    Case("plain answer"),
    Case("to everybody, nobody else there", mode="reply_all"),
    Case("reply leaves others out", cc=[EVA]),
    Case("reply all keeps Cc", mode="reply_all", cc=[EVA], then_cc=[EVA]),
    Case("reply all keeps other To", mode="reply_all", to=[HELP, EVA], then_cc=[EVA]),
    Case("reply all keeps both, once each", mode="reply_all", to=[HELP, EVA], cc=[EVA, SUP], then_cc=[EVA, SUP]),
    Case("sender also in Cc", mode="reply_all", cc=[DAN, EVA], then_cc=[EVA]),
    Case("sender in another case", mode="reply_all", cc=["DAN@Customer.example"]),
    Case("Reply-To wins", reply_to=["office@customer.example"], then_to=["office@customer.example"]),
    Case("several Reply-To", reply_to=["a@customer.example", "b@customer.example"],
         then_to=["a@customer.example", "b@customer.example"]),
    Case("Reply-To is ours: the sender", reply_to=[HELP]),
    Case("Reply-To with our token is ours", reply_to=["help+token.sig@zaguan.example"]),
    Case("Reply-To ours and theirs", reply_to=[HELP, "office@customer.example"], then_to=["office@customer.example"]),
    Case("Reply-To is no address", reply_to=["not an address"]),
    Case("reply all with Reply-To leaves the From address out", mode="reply_all",
         reply_to=["office@customer.example"], cc=[EVA], then_to=["office@customer.example"], then_cc=[EVA]),
    Case("alias of ours in Cc", mode="reply_all", cc=["ayuda@zaguan.example"]),
    Case("another inbox of ours in To", mode="reply_all", to=[HELP, "sales@zaguan.example"]),
    Case("our plus address in Cc", mode="reply_all", cc=["help+abc@zaguan.example"]),
    Case("our address in another case", mode="reply_all", cc=["Ayuda@ZAGUAN.example"]),
    Case("our address in its other spelling", mode="reply_all", cc=["hilfe@xn--mnchen-3ya.example"]),
    Case("somebody at our domain is not us", mode="reply_all", cc=["ana@zaguan.example"],
         then_cc=["ana@zaguan.example"]),
    Case("list: Reply-To redirected to the list", to=[LIST], reply_to=[LIST], bulk=True),
    Case("list: reply all goes to the list too", mode="reply_all", to=[LIST], reply_to=[LIST], bulk=True,
         then_cc=[LIST]),
    Case("list: the author's own Reply-To", to=[LIST], reply_to=["office@customer.example"], bulk=True,
         then_to=["office@customer.example"]),
    Case("not a list: Reply-To that is in To stands", to=[HELP, EVA], reply_to=[EVA], then_to=[EVA]),
    Case("third party is answered alone", sender=SUP, then_to=[SUP]),
    Case("third party: requester is not added", mode="reply_all", sender=SUP, then_to=[SUP]),
    Case("third party: copies are not added", sender=SUP, copies=[EVA], then_to=[SUP]),
    Case("third party who wrote to the customer too", mode="reply_all", sender=SUP, to=[HELP, DAN], then_to=[SUP],
         then_cc=[DAN]),
    Case("third party with the customer in copy: copies follow", sender=SUP, cc=[DAN], copies=[EVA], then_to=[SUP],
         then_cc=[EVA], then_outside=[EVA]),
    Case("copies follow the customer's ticket", copies=[EVA], then_cc=[EVA], then_outside=[EVA]),
    Case("copies who are in Cc anyway", mode="reply_all", cc=[EVA], copies=[EVA], then_cc=[EVA]),
    Case("a copy that is the sender", sender=EVA, copies=[EVA], then_to=[EVA]),
    Case("a copy that is ours", copies=[HELP]),
    Case("customer's second address", sender="dan@home.example", customers=["dan@home.example"], copies=[EVA],
         then_to=["dan@home.example"], then_cc=[EVA], then_outside=[EVA]),
    Case("forward starts empty", mode="forward", cc=[EVA], copies=[EVA], then_to=[]),
    Case("new mail to the requester", mode="new", answers=False),
    Case("new mail with copies", mode="new", answers=False, copies=[EVA], then_cc=[EVA]),
    Case("nothing to answer yet", answers=False),
    Case("nobody known", answers=False, requester="", then_to=[]),
    Case("our own message goes where it went", out=True, sender=HELP, to=[DAN, EVA], then_to=[DAN, EVA]),
    Case("our own message, all", mode="reply_all", out=True, sender=HELP, to=[DAN], cc=[EVA], then_cc=[EVA]),
    Case("our own message to a supplier", out=True, sender=HELP, to=[SUP], then_to=[SUP]),
    Case("form on our site: we are the sender, Reply-To the customer", sender=HELP, to=[HELP],
         reply_to=["form@customer.example"], then_to=["form@customer.example"]),
    Case("we are the sender and nobody else is there", sender=HELP, to=[HELP], then_outside=[DAN]),
    Case("empty sender", sender="", then_outside=[DAN]),
    Case("undisclosed recipients", mode="reply_all", to=[""], cc=["undisclosed-recipients:;"]),
    Case("nonsense in Cc", mode="reply_all", cc=["x", "a b@c.example", "@c.example", EVA], then_cc=[EVA]),
    Case("the requester is somebody else than the sender", requester="chef@customer.example"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_recipients(case: Case) -> None:
    details: dict[str, Any] = {"reply_to": [[each, ""] for each in case.reply_to], "bulk": case.bulk}
    message = Message(
        direction="out" if case.out else "in",
        sender_address=case.sender,
        to=[[each, ""] for each in case.to],
        cc=[[each, ""] for each in case.cc],
        details=details | {"bcc": [["secret@zaguan.example", ""]]},
    )
    found = recipients(
        message if case.answers else None,
        case.mode,
        OWN,
        requester=(case.requester, "Dan") if case.requester else None,
        customers=[*case.customers, case.requester],
        copies=[(each, "") for each in case.copies],
    )
    assert [address for address, _name in found.to] == case.then_to
    assert [address for address, _name in found.cc] == case.then_cc
    assert found.outside == case.then_outside


def test_there_are_at_least_forty_cases() -> None:
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)


def test_names_are_kept() -> None:
    message = Message(
        direction="in", sender_address=DAN, sender_name="Dan  Díaz", to=[[HELP, ""]], cc=[[EVA, "Eva"]]
    )
    found = recipients(message, "reply_all", OWN)
    assert (found.to, found.cc) == ([(DAN, "Dan Díaz")], [(EVA, "Eva")])


def test_whoever_was_not_on_the_message_is_outside() -> None:
    message = Message(direction="in", sender_address=DAN, to=[[HELP, ""]], cc=[[EVA, ""]])
    people = [(DAN, ""), ("EVA@partner.example", ""), (SUP, "")]
    assert outside(message, people) == [SUP]
    assert outside(None, people, known=[(DAN, "")]) == ["EVA@partner.example", SUP]


@pytest.mark.parametrize(
    "address",
    [
        "dan@customer.example",
        "o'neil@x.example",
        "a+b@x.example",
        "jörg@münchen.example",
        "x@localhost",
        "x@sub.x-y.example",
    ],
)
def test_addresses(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "x", "@x.example", "x@", "a b@x.example", "a@b@c", "a@x..example", "a..b@x.example", ".a@x.example", "a@-x.example",
     "a@x.example\r\nBcc: b@x.example", "a@x.example,b@x.example", "<a@x.example>", "a" * 65 + "@x.example"],
)  # fmt: skip
def test_no_addresses(address: str) -> None:
    assert not is_address(address)


def test_two_spellings_of_one_domain_are_one_address() -> None:
    assert key(" Jörg@MÜNCHEN.example ") == key("jörg@xn--mnchen-3ya.example")
