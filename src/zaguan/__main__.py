"""The `zaguan` command. Each word is answered by one function; Django is imported only where it is needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module

# Words that start without Django, each with the function that answers it.
LIGHT = {
    "serve": "zaguan.config.serving:serve",
    "prepare": "zaguan.config.preparing:prepare",
    "web": "zaguan.config.parts:web",
    "live": "zaguan.config.parts:live",
    "worker": "zaguan.config.parts:worker",
    "mail": "zaguan.pipe_client:main",
}
# Words that are management commands of the same name.
COMMANDS = (
    "migrate",
    "demo",
    "createadmin",
    "token",
    "doctor",
    "backup",
    "restore",
    "resume",
    "reindex",
    "clocks",
    "reactions",
)

HELP = """\
zaguan serve                       everything in one command: pages, live updates, worker, mail receiver
zaguan web | live | worker         one part alone, to spread over machines
zaguan migrate                     bring the database up to date
zaguan demo                        fill an empty desk with a lively sample
zaguan createadmin                 make somebody an administrator
zaguan token create --agent EMAIL  a bearer token for the API
zaguan mail receive < message      take in one message, for a mail server's pipe
zaguan doctor                      look for what is wrong, and say what to do
zaguan backup FILE                 database, files and keys in one archive
zaguan restore FILE                the same, back; mail stays paused until `zaguan resume`
zaguan reindex                     build the search index anew
zaguan clocks [--repair]           compare whose turn it was with what happened, and repair it
zaguan reactions                   print "when this happens, then …"
zaguan manage …                    Django's own commands

Settings come from the environment; docs/settings.md lists them.
"""


def main(arguments: list[str] | None = None) -> int:
    """Answer one command line; the number is the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaguan.config.settings")
    word, rest = (words[0], words[1:]) if words else ("help", [])
    if word in LIGHT:
        return _function(LIGHT[word])(rest)
    if word in COMMANDS:
        return _manage(words)
    if word == "manage":
        return _manage(rest)
    wanted = word in ("help", "--help", "-h")
    (sys.stdout if wanted else sys.stderr).write(HELP if wanted else f"There is no “{word}”.\n\n{HELP}")
    return 0 if wanted else 2


def _function(place: str) -> Callable[[list[str]], int]:
    module, name = place.split(":")
    found: Callable[[list[str]], int] = getattr(import_module(module), name)
    return found


def _manage(words: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["zaguan", *words])
    return 0


if __name__ == "__main__":
    sys.exit(main())
