"""Runs the studio: a server on this machine's loopback, until it is interrupted."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable

import uvicorn

from sayso.build.options import Options
from sayso.errors import EnvironmentProblem
from sayso.model import Show
from sayso.speech.workers import CALL_LIMIT_S, LocalWorkers
from sayso.studio.app import Studio, application
from sayso.studio.guard import Guard
from sayso.studio.listing import Reviews

HOST = "127.0.0.1"
_HOSTS = ("127.0.0.1", "localhost", "::1")
PORT = 8420


def serve(
    show: Show,
    reviews: Reviews,
    options: Options,
    *,
    port: int | None,
    ready: Callable[[str], None],
) -> None:
    """Serve until Ctrl-C. `ready` is told the address once it answers.

    Without a port it is 8420, or a free one where that is taken. Raises EnvironmentProblem where
    the port that was asked for is taken.
    """
    listening = _listen(port)
    address = f"http://{HOST}:{listening.getsockname()[1]}/"
    with LocalWorkers(options.jobs, limit_s=CALL_LIMIT_S) as workers:
        studio = Studio(show, reviews, options, workers)
        app = Guard(application(studio, token := secrets.token_urlsafe(24)), _HOSTS, token)
        config = uvicorn.Config(
            app, log_level="error", access_log=False, timeout_graceful_shutdown=1, lifespan="on"
        )
        server = _Server(config, lambda: ready(address), studio)
        try:
            server.run(sockets=[listening])
        finally:
            workers.stop()


class _Server(uvicorn.Server):
    """Tells when it answers, and ends the streams of events when it is to end."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], studio: Studio) -> None:
        super().__init__(config)
        self._ready = ready
        self._studio = studio

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._studio.close()  # open pages listen for ever
        await super().shutdown(sockets)


def _listen(port: int | None) -> socket.socket:
    for wanted in (PORT, 0) if port is None else (port,):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, wanted))
        except OSError:
            listening.close()
            continue
        return listening
    raise EnvironmentProblem(
        f"port {port} is taken",
        code="port-taken",
        hint="name another, or none: sayso preview finds a free one",
    )
