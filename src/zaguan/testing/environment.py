"""Loaded before everything else in a test run: its own data folder, and no way out of this machine."""

from __future__ import annotations

import atexit
import ipaddress
import os
import shutil
import sys
import tempfile
from typing import Any

FOLDER = tempfile.mkdtemp(prefix="zaguan-tests-")
LOCAL_NAMES = {None, "", "localhost", b"localhost", b""}


def prepare() -> None:
    """Point the settings at a throw-away folder and close the door to the network."""
    atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
    os.environ["ZAGUAN_DATA"] = FOLDER
    os.environ["ZAGUAN_FAST_PASSWORDS"] = "1"
    os.environ["DEMO"] = "0"
    os.environ.pop("ZAGUAN_URL", None)
    sys.addaudithook(stay_at_home)


def stay_at_home(event: str, args: tuple[Any, ...]) -> None:
    """Refuse every connection and every look-up of a name beyond the loopback."""
    if event == "socket.connect":
        address = args[1]
        if isinstance(address, tuple) and not is_local(address[0]):
            raise ConnectionRefusedError(f"A test tried to reach {address[0]}; tests stay on this machine.")
    elif event == "socket.getaddrinfo" and not is_local(args[0]):
        raise ConnectionRefusedError(f"A test tried to look up {args[0]!r}; tests stay on this machine.")


def is_local(host: str | bytes | None) -> bool:
    """Whether `host` is the loopback, written as an address or as its usual name."""
    if host in LOCAL_NAMES:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


prepare()
