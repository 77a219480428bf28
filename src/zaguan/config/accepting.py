"""Processes that share one door take turns: whoever has fewer guests lets the next one in."""

from __future__ import annotations

import asyncio
import mmap
import socket
import struct
from collections.abc import Callable, Sized

# What a fuller process waits before it opens after all; the freer one may be busy.
PATIENCE = 0.003
SLOT = struct.Struct("<i")
SLOTS = 64


class Board:
    """How many connections each process holds, in memory that all of them see."""

    def __init__(self, handle: int, own: int) -> None:
        self._memory = mmap.mmap(handle, SLOTS * SLOT.size)
        self._own = own % SLOTS
        self._count = 0
        self.write(0)

    def write(self, count: int) -> None:
        """Tell the others."""
        self._count = count
        SLOT.pack_into(self._memory, self._own * SLOT.size, count)

    def somebody_is_freer(self, processes: int) -> bool:
        """Whether another process has fewer connections."""
        counts = (SLOT.unpack_from(self._memory, slot * SLOT.size)[0] for slot in range(processes))
        return any(count < self._count for slot, count in enumerate(counts) if slot != self._own)


class Door:
    """Accepts connections for one server. The kernel alone would let one process have them all."""

    def __init__(
        self,
        listener: socket.socket,
        protocol: Callable[[], asyncio.Protocol],
        guests: Sized,
        turns: Callable[[int], bool],
    ) -> None:
        listener.setblocking(False)
        self._listener, self._protocol, self._guests, self._turns = listener, protocol, guests, turns
        self._arriving: set[asyncio.Task[object]] = set()
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.TimerHandle | None = None
        self._loop.add_reader(listener.fileno(), self._knock)

    def _knock(self) -> None:
        if self._turns(len(self._guests) + len(self._arriving)):
            self._accept()
        else:
            self._loop.remove_reader(self._listener.fileno())
            self._waiting = self._loop.call_later(PATIENCE, self._open_after_all)

    def _open_after_all(self) -> None:
        self._waiting = None
        self._accept()
        self._loop.add_reader(self._listener.fileno(), self._knock)

    def _accept(self) -> None:
        try:
            guest, _address = self._listener.accept()
        except OSError:
            # Another process was quicker, or they have left again.
            return
        guest.setblocking(False)
        task: asyncio.Task[object] = self._loop.create_task(
            self._loop.connect_accepted_socket(self._protocol, guest)
        )
        self._arriving.add(task)
        task.add_done_callback(self._arriving.discard)

    def close(self) -> None:
        """Let nobody in any more."""
        if self._waiting:
            self._waiting.cancel()
        self._loop.remove_reader(self._listener.fileno())

    async def wait_closed(self) -> None:
        """For uvicorn, which expects a server here."""


def alone(_count: int) -> bool:
    """There is no other process."""
    return True


def in_turns(board: Board, processes: int) -> Callable[[int], bool]:
    """Tell the board, and ask it whether it is our turn."""

    def turn(count: int) -> bool:
        board.write(count)
        return not board.somebody_is_freer(processes)

    return turn
