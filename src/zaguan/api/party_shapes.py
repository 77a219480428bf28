"""The shapes of who takes part in a ticket, in the API."""

from __future__ import annotations

from ninja import Schema


class PartyIn(Schema):
    """Somebody in a role: a contact (its id), an agent (id or name), or a name with an address."""

    role: int | str
    contact: str | None = None
    agent: int | str | None = None
    name: str = ""
    email: str = ""


class PartyChange(Schema):
    """`copied`: whether they get a copy of every answer to the customer. `role`: the new one. What is left out stays."""

    role: int | str | None = None
    copied: bool | None = None


class PartyOut(Schema):
    id: int
    role: str
    name: str
    email: str
    contact: str | None
    agent: int | None
    copied: bool


class FollowerOut(Schema):
    id: int
    name: str


class TransferIn(Schema):
    """To another team, with an internal note for them."""

    team: int | str
    text: str = ""
    html: str = ""
