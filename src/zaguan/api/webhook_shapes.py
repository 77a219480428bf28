"""The addresses that rules call, and how the calls went, as the API reads them."""

from datetime import datetime

from ninja import Schema


class AttemptOut(Schema):
    """`status` 0: there was no answer, and `error` says why."""

    at: datetime
    status: int
    milliseconds: int
    error: str


class CallOut(Schema):
    """`state`: waiting, done or failed. `id` is what X-Zaguan-Delivery says."""

    id: int
    ticket_id: int
    state: str
    created_at: datetime
    attempts: list[AttemptOut]


class WebhookOut(Schema):
    """X-Zaguan-Signature is t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>" with `secret`, in hex>."""

    url: str
    secret: str
    calls: list[CallOut]
