"""`zaguan mail receive [--inbox ADDRESS] < message`: hands a mail to the running `serve`, without starting Django.

Exit code 0: the mail is safely stored, whatever became of it. 75: it is not, try again. 64: used wrongly.
"""

from __future__ import annotations

import json
import os
import socket
import sys

STORED, WRONG_USE, TRY_AGAIN = 0, 64, 75
USAGE = "Usage: zaguan mail receive [--inbox ADDRESS] < message\n"
# The other side answers after at most half a minute of processing.
_SECONDS = 120


def main(words: list[str]) -> int:
    """Answer the words after `zaguan mail`."""
    inbox = _inbox(words)
    if inbox is None:
        sys.stderr.write(USAGE)
        return WRONG_USE
    content = sys.stdin.buffer.read()
    answer = _hand_over(content, inbox)
    if answer is None:
        return _by_itself(content, inbox)
    sys.stdout.write(answer)
    return STORED


def _inbox(words: list[str]) -> str | None:
    if words[:1] != ["receive"]:
        return None
    rest = words[1:]
    if not rest:
        return ""
    if len(rest) == 1 and rest[0].startswith("--inbox="):
        return rest[0].removeprefix("--inbox=")
    return rest[1] if len(rest) == 2 and rest[0] == "--inbox" else None


def _hand_over(content: bytes, inbox: str) -> str | None:
    """The answer of the running `serve`; None when there is none or it could not store the mail."""
    # Not pathlib: a mail costs a Python of its own, and most of that is importing.
    path = os.path.realpath(os.path.join(os.environ.get("ZAGUAN_DATA") or "data", "run", "mail.sock"))  # noqa: PTH118
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(_SECONDS)
            link.connect(path)
            link.sendall(json.dumps({"inbox": inbox}).encode() + b"\n" + content)
            link.shutdown(socket.SHUT_WR)
            with link.makefile("r", encoding="utf-8") as said:
                answer = said.read()
        return answer if "outcome" in json.loads(answer) else None
    except (OSError, ValueError):
        return None


def _by_itself(content: bytes, inbox: str) -> int:
    """Without `serve`, or when it broke off: handing the same mail in twice does no harm."""
    import io

    try:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaguan.config.settings")
        django.setup()
        from zaguan.channels.email.piping import receive_stdin
    except Exception as error:  # noqa: BLE001 (whatever keeps us from storing it: the mail server keeps the mail)
        sys.stderr.write(f"{error}\n")
        return TRY_AGAIN
    return receive_stdin(io.BytesIO(content), sys.stdout, inbox_address=inbox)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
