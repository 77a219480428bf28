"""What our own mail server found out about a sender (RFC 8601). Other servers' findings prove nothing."""

from __future__ import annotations

import re

from zaguan.channels.email.headers import Headers

_DMARC = re.compile(r"\bdmarc\s*=\s*pass\b")
_FROM = re.compile(r"\bheader\.from\s*=\s*\"?([^\s;\"()]+)")


def passes_dmarc(headers: Headers, own_mx: str, sender: str) -> bool:
    """Whether `own_mx` says in its own, topmost result that the domain of `sender` itself sent the mail."""
    domain = sender.rpartition("@")[2].lower()
    if not own_mx or not domain:
        return False
    for value in headers.all("authentication-results"):
        server, _, results = value.lower().partition(";")
        words = server.split()
        if not words or words[0] != own_mx.strip().lower():
            continue
        # A sender may have written further ones below it.
        return any(_passed(result, domain) for result in results.split(";"))
    return False


def _passed(result: str, domain: str) -> bool:
    found = _FROM.search(result)
    return _DMARC.search(result) is not None and found is not None and found[1].rpartition("@")[2] == domain
