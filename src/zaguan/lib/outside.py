"""Which addresses belong to the internet, and which nobody is called at."""

from __future__ import annotations

import ipaddress
from typing import Any

# What IPv6 has given out so far; all else is old, special or for one house alone.
_GIVEN_OUT, _NAT64 = ipaddress.ip_network("2000::/3"), ipaddress.ip_network("64:ff9b::/96")
# Clouds tell their machines secrets there: closed also to names that are allowed.
_METADATA = [
    ipaddress.ip_network(each)
    for each in ("169.254.0.0/16", "100.100.100.200/32", "fe80::/10", "fd00:ec2::/32")
]


def _inner(address: str) -> tuple[Any, ...]:
    """An address, and those of the older kind that are written within it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv4Address):
        return (found,)
    within = [found.ipv4_mapped, found.sixtofour, found.teredo[1] if found.teredo else None]
    if found in _NAT64:
        within.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
    return (found, *(each for each in within if each is not None))


def tells_secrets(address: str) -> bool:
    """True where a cloud tells its machines their keys."""
    return any(each in network for each in _inner(address) for network in _METADATA)


def is_outside(address: str) -> bool:
    """True for an address of the internet, also when one of the older kind is written within it."""
    found, *within = _inner(address)
    if within:
        return all(is_outside(str(each)) for each in within) and (found in _GIVEN_OUT or found in _NAT64)
    if isinstance(found, ipaddress.IPv6Address) and found not in _GIVEN_OUT:
        return False
    return bool(found.is_global and not found.is_multicast and not tells_secrets(address))
