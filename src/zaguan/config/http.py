"""Runs uvicorn for one process of pages and streams."""

from __future__ import annotations

import asyncio
import os
import socket
from types import FrameType

import uvicorn

from zaguan.config.accepting import Board, Door, alone, in_turns
from zaguan.config.asgi import application
from zaguan.config.warming import warm_up
from zaguan.realtime.streams import hub

# Pages that are being made may finish; streams are ended at once.
SECONDS_TO_FINISH = 5


class Server(uvicorn.Server):
    """With a door of our own, and an end for streams, which would never end by themselves."""

    def __init__(self, config: uvicorn.Config, board: tuple[int, int, int] | None) -> None:
        super().__init__(config)
        self.turns = in_turns(Board(board[0], board[1]), board[2]) if board and board[2] > 1 else alone

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        for listener in sockets or []:
            door = Door(listener, self._guest, self.server_state.connections, self.turns)
            self.servers.append(door)  # type: ignore[arg-type]

    def _guest(self) -> asyncio.Protocol:
        protocol = self.config.http_protocol_class
        return protocol(config=self.config, server_state=self.server_state, app_state={})  # type: ignore[call-arg]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called in the main thread when a signal came."""
        hub.close()
        super().handle_exit(sig, frame)


def run(listener: socket.socket, board: tuple[int, int, int] | None) -> int:
    """Serve until SIGTERM."""
    config = uvicorn.Config(
        application,
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        proxy_headers=bool(os.environ.get("BEHIND_PROXY")),
    )
    warm_up()
    Server(config, board).run([listener])
    return 0
