"""What `zaguan serve` says: where the desk is, how to sign in, how to send a first mail."""

from __future__ import annotations

import gettext
import json
import socket
import sys
from functools import lru_cache
from pathlib import Path

from zaguan.config.facts import Facts, read_facts

LOCALES = Path(__file__).resolve().parents[3] / "locale"


@lru_cache(maxsize=1)
def _catalogue() -> gettext.NullTranslations:
    """The same translations as the pages', read without Django."""
    return gettext.translation("django", LOCALES, [read_facts().language.replace("-", "_")], fallback=True)


def _(sentence: str) -> str:
    return _catalogue().gettext(sentence)


def say(sentence: str, *, error: bool = False) -> None:
    """One line for the person at the terminal."""
    stream = sys.stderr if error else sys.stdout
    stream.write(sentence + "\n")
    stream.flush()


def welcome(facts: Facts) -> bool:
    """Greet once the desk answers; says whether it did."""
    if not is_ready(facts):
        return False
    say("\n  " + _("Zaguán is ready: %(url)s") % {"url": facts.base_url + "/desk/"})
    say("  " + sign_in(facts))
    if facts.smtp_port:
        say("  " + _("Send a first mail from another terminal:") + "\n" + first_mail(facts))
    say("  " + _("Stop with Ctrl+C.") + "\n")
    return True


def is_ready(facts: Facts) -> bool:
    """Whether the door answers that everything runs; over a plain socket, since an HTTP client would double our memory."""
    host = "127.0.0.1" if facts.host in ("0.0.0.0", "") else facts.host  # noqa: S104 (comparing, not binding)
    try:
        with socket.create_connection((host, facts.port), timeout=2) as link:
            link.sendall(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return b" 200 " in link.recv(100).split(b"\r\n")[0]
    except OSError:
        return False


def remembered(facts: Facts) -> dict[str, str]:
    """What `prepare` wrote down about this desk."""
    try:
        found: dict[str, str] = json.loads((facts.data / "prepared.json").read_text())["welcome"]
    except (OSError, ValueError, KeyError):
        return {}
    return found


def sign_in(facts: Facts) -> str:
    """How to get in: the demo's agent, or how to make the first one."""
    known = remembered(facts)
    if known.get("email"):
        text = _("Sign in as %(email)s with the password %(password)s")
        return text % {"email": known["email"], "password": known["password"]}
    if known.get("has_agents"):
        return _("Sign in with your address and password.")
    return _("Make the first administrator: %(command)s") % {
        "command": "zaguan createadmin --email YOU@EXAMPLE.COM"
    }


def first_mail(facts: Facts) -> str:
    """A line that any machine with Python can run."""
    to = remembered(facts).get("inbox") or "help@zaguan.example"
    text = "Subject: Hola\\n\\n¿Me pueden ayudar?"
    return (
        f"    python3 -c \"import smtplib; smtplib.SMTP('{facts.smtp_host}', {facts.smtp_port})"
        f".sendmail('lucia@cliente.example', ['{to}'], 'From: lucia@cliente.example\\nTo: {to}\\n{text}'.encode())\""
    )
