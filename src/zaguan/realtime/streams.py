"""Server-sent events: one stream per browser, all fed by one follower of this process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from django.contrib.sessions.models import Session
from django.db import Error, close_old_connections
from django.utils import timezone

from zaguan.events.following import Follower, News, is_ahead, recent
from zaguan.events.waking import Watch
from zaguan.people.events import AgentChanged, SettingChanged
from zaguan.realtime.hints import Hint, hints_of
from zaguan.realtime.presence import PresenceFollower
from zaguan.realtime.viewers import Viewer, load_viewers

log = logging.getLogger("zaguan.live")

# A proxy may cut what is silent for a minute; the id lets a browser resume close to where it was.
HEARTBEAT = 20.0
# A new page was made up to this long before its stream begins: what happened since is told again.
PAGE_AGE = 10.0
# A browser that was away longer than this many events reloads instead of being told each.
MOST_REPLAYED = 500
MOST_WAITING = 300
# Roles, teams and sessions are looked at again this often, and whenever an agent or a setting changed.
LOOK_AGAIN = 30.0
RELOAD = '{"reload":true}'
AFFECT_VIEWERS = {AgentChanged.kind, SettingChanged.kind}


@dataclass(eq=False)
class Stream:
    """One browser. Hints wait by key, so that a slow one gets each only once."""

    viewer: Viewer
    session_key: str
    position: int
    waiting: dict[str, str] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    def push(self, hint: Hint) -> None:
        """Let the hint wait for this browser, if it may hear it."""
        if text := hint.text(self.viewer):
            self.waiting[hint.key] = text
            self.news.set()

    def close(self) -> None:
        """End the stream; the browser comes again and is told whether it may."""
        self.closed = True
        self.news.set()

    async def chunks(self) -> AsyncIterator[bytes]:
        """What goes over the wire, until closed."""
        yield b"retry: 2000\n" + self._taken()
        while not self.closed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT):
                    await self.news.wait()
            self.news.clear()
            yield self._taken()

    def _taken(self) -> bytes:
        texts = list(self.waiting.values()) if len(self.waiting) <= MOST_WAITING else [RELOAD]
        self.waiting.clear()
        # The position goes with the last one only: cut before it, the browser is told all of them again.
        lines = "\n\n".join(f"data: {text}" for text in texts) + ("\n" if texts else "")
        return f"{lines}id: {self.position}\n\n".encode()


class Hub:
    """All streams of this process, and the thread that follows the database for them."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._started = threading.Lock()
        self._look_again_at = 0.0
        self.position = 0

    def open(self, agent_id: int, session_key: str, position: int | None) -> Stream | None:
        """A stream for a signed-in agent, with what it missed since `position`. Blocking: call it in a thread."""
        viewer = load_viewers([agent_id]).get(agent_id)
        if viewer is None:
            return None
        self._start()
        stream = Stream(viewer, session_key, 0)
        self.streams.add(stream)
        # Only now: what was told before this position must have been told to this stream too.
        stream.position = self.position
        if position is None:
            self._replay(stream, recent(PAGE_AGE))
        elif is_ahead(position):
            stream.push(Hint("reload", lambda viewer: RELOAD))
        else:
            self._replay(stream, Follower(position).news(MOST_REPLAYED))
        return stream

    def discard(self, stream: Stream) -> None:
        """The browser is gone."""
        self.streams.discard(stream)

    def close(self) -> None:
        """End all streams: this process stops."""
        for stream in tuple(self.streams):
            stream.close()

    def _start(self) -> None:
        with self._started:
            if self._thread is None:
                follower = Follower()
                self.position = follower.position
                self._thread = threading.Thread(
                    target=self._follow, args=(follower,), name="live", daemon=True
                )
                self._thread.start()

    def _replay(self, stream: Stream, missed: list[News]) -> None:
        if len(missed) >= MOST_REPLAYED:
            stream.push(Hint("reload", lambda viewer: RELOAD))
            return
        for hint in hints_of(missed):
            stream.push(hint)

    def _follow(self, follower: Follower) -> None:
        """For the thread: look at every commit, and once a second in any case."""
        watch, present = Watch(), PresenceFollower()
        while True:
            watch.wait(1.0)
            try:
                self._tell(follower, present)
            except Error:
                log.warning("The database does not answer; live updates wait.", exc_info=True)
                close_old_connections()
                self._reload_all()
                time.sleep(1)
            except Exception:
                log.exception("A live update failed.")
                self._reload_all()
                time.sleep(1)

    def _reload_all(self) -> None:
        """What was read and could not be told is lost to the open pages: they ask again for everything."""
        reload = [Hint("reload", lambda viewer: RELOAD)]
        self._in_loop(lambda: self._push(reload, self.position))

    def _tell(self, follower: Follower, present: PresenceFollower) -> None:
        rows = follower.news()
        there = present.changed()
        self.position = follower.position
        if not self.streams:
            return
        if time.monotonic() > self._look_again_at or any(row.kind in AFFECT_VIEWERS for row in rows):
            self._look_again()
        hints = hints_of(rows, there)
        if hints:
            self._in_loop(lambda: self._push(hints, follower.position))

    def _push(self, hints: list[Hint], position: int) -> None:
        for stream in tuple(self.streams):
            stream.position = position
            for hint in hints:
                stream.push(hint)

    def _look_again(self) -> None:
        """Roles and teams as they are now; whoever signed out or may no longer use the desk is cut off."""
        streams = tuple(self.streams)
        viewers = load_viewers({stream.viewer.agent_id for stream in streams})
        keys = {stream.session_key for stream in streams}
        alive = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        valid = set(alive.values_list("session_key", flat=True))
        self._look_again_at = time.monotonic() + LOOK_AGAIN

        def apply() -> None:
            for stream in streams:
                viewer = viewers.get(stream.viewer.agent_id)
                if viewer is None or stream.session_key not in valid:
                    stream.close()
                else:
                    stream.viewer = viewer

        self._in_loop(apply)

    def _in_loop(self, call: Callable[[], None]) -> None:
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(call)


hub = Hub()
