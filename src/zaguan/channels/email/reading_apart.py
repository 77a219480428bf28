"""Large mails are read in a process of its own, which is ended when one takes too long: no mail stops the intake."""

from __future__ import annotations

import atexit
import logging
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from zaguan.channels.email.parsing import parse
from zaguan.conversations.incoming import Incoming

log = logging.getLogger(__name__)

# What is smaller cannot take long, and a process costs 30 MB and a quarter of a second to start.
SMALL = 16 * 1024
# It ends by itself when it had nothing to do for so long.
_IDLE_SECONDS = 120
_MOST_MEMORY = 2 * 1024 * 1024 * 1024
COMMAND = [sys.executable, "-m", "zaguan.channels.email.reading_apart"]


class NotRead(Exception):  # noqa: N818 (a sentence for the list of failed mail)
    """This mail cannot be read; its text says why."""


def read_mail(
    content: bytes, *, instance: str = "", spam_headers: Mapping[str, str] | None = None
) -> Incoming:
    """The same as `parse`, within the limit of time. Raises NotRead when reading had to be ended."""
    if len(content) <= SMALL:
        return parse(content, instance=instance, spam_headers=spam_headers)
    return _reader.read((content, instance, dict(spam_headers or {}), get_language() or ""))


class Reader:
    """Our side: one process, one mail at a time; one that hangs is ended, and the next mail gets a new one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, asked: tuple[Any, ...]) -> Incoming:
        """What the process made of it."""
        with self._lock:
            # The first try may meet a process that is just ending because it had nothing to do.
            for _try in range(2):
                if (found := self._ask(asked)) is not None:
                    return found
        raise NotRead(_("The program that reads mail broke down over this one. The original is kept."))

    def _ask(self, asked: tuple[Any, ...]) -> Incoming | None:
        process = self._process = self._running() or _start()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()
        clock = threading.Timer(settings.MAIL_TIME_LIMIT, _end, (process, late))
        clock.daemon = True
        clock.start()
        try:
            pickle.dump(asked, process.stdin)
            process.stdin.flush()
            found: Incoming = pickle.load(process.stdout)  # noqa: S301 (written by our own program)
        except (OSError, EOFError, pickle.UnpicklingError):
            self._forget()
            if late.is_set():
                raise NotRead(_too_long()) from None
            log.warning("The program that reads mail ended by itself")
            return None
        finally:
            clock.cancel()
        return found

    def _running(self) -> subprocess.Popen[bytes] | None:
        if self._process is not None and self._process.poll() is not None:
            self._forget()
        return self._process

    def _forget(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                log.debug("The line was cut already")
        process.wait()

    def end(self) -> None:
        """Let the process go."""
        with self._lock:
            self._forget()


_reader = Reader()
atexit.register(_reader.end)


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 (our own program)


def _too_long() -> str:
    said = _("Reading this mail took longer than %(seconds)s seconds and was ended. The original is kept.")
    return said % {"seconds": settings.MAIL_TIME_LIMIT}


def serve(reading: Callable[..., Incoming] = parse) -> None:
    """The other side: a mail in, what was read out; until the input ends or nothing comes for long."""
    import resource
    import select
    import signal

    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaguan.config.settings")
    # Texts of files need translations, and those a list of apps; reading mail needs none of them.
    apps.populate(())
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while select.select([asked], [], [], _IDLE_SECONDS)[0]:
        try:
            content, instance, spam_headers, language = pickle.load(asked)  # noqa: S301 (from our own program)
        except EOFError:
            return
        # Who asked may be dead by then; nobody else would end us in the middle of a mail.
        signal.setitimer(signal.ITIMER_REAL, settings.MAIL_TIME_LIMIT + 5)
        with override(language or None):
            found = reading(content, instance=instance, spam_headers=spam_headers)
        signal.setitimer(signal.ITIMER_REAL, 0)
        pickle.dump(found, answers)
        answers.flush()


if __name__ == "__main__":
    serve()
