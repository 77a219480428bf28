"""A reader for tests: it sleeps over one mail and breaks down over another, and reads the rest as ours does."""

from __future__ import annotations

import os
import time
from typing import Any

from zaguan.channels.email.parsing import parse
from zaguan.channels.email.reading_apart import serve
from zaguan.conversations.incoming import Incoming


def read(content: bytes, **more: Any) -> Incoming:
    """As `parse`, but for the two."""
    if b"X-Hangs: yes" in content:
        time.sleep(600)
    if b"X-Kills: yes" in content:
        os._exit(3)
    return parse(content, **more)


if __name__ == "__main__":
    serve(read)
