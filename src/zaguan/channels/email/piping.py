"""`zaguan mail receive` without a running `serve`: one mail from standard input, processed in this process."""

from __future__ import annotations

import json
import logging
from typing import BinaryIO, TextIO

from zaguan.channels.email.receiving_mail import receive_bytes

log = logging.getLogger(__name__)

STORED, TRY_AGAIN = 0, 75


def receive_stdin(given: BinaryIO, out: TextIO, *, inbox_address: str = "") -> int:
    """Take in the mail in `given` and print what became of it; 75 (a mail server tries again) when it is not stored."""
    try:
        outcome = receive_bytes(given.read(), inbox_address=inbox_address, source="pipe")
    except Exception:
        log.exception("The mail could not be stored")
        return TRY_AGAIN
    out.write(json.dumps(outcome.as_json()) + "\n")
    return STORED
