"""A connection to a server that breaks: a forwarder on the loopback that cuts it where it is told.

What is behind it is the real server; what fails is what fails on a real line.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


class BrokenLine:
    """Forwards to `port`, and cuts as many connections as `cuts` says, then none."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.cuts = 0
        """How many more connections will be cut."""
        self.after_sent = 1 << 62
        """Cut once so many bytes have been sent to the server …"""
        self.at_answer = False
        """… or, then, as soon as it answers: what was asked is done, and nobody hears of it."""

    @contextlib.contextmanager
    def forwarding(self) -> Iterator[BrokenLine]:
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            line = _Line(self, near, far)
            for forward in (line.send, line.answer):
                threading.Thread(target=forward, daemon=True).start()


class _Line:
    def __init__(self, broken: BrokenLine, near: socket.socket, far: socket.socket) -> None:
        self._broken, self._near, self._far = broken, near, far
        self._n_sent = 0

    def send(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._near.recv(1 << 16):
                self._n_sent += len(data)
                if self._is_due() and not self._broken.at_answer:
                    self._cut()
                self._far.sendall(data)
        self._end()

    def answer(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._far.recv(1 << 16):
                if self._is_due() and self._broken.at_answer:
                    self._cut()
                self._near.sendall(data)
        self._end()

    def _is_due(self) -> bool:
        return self._broken.cuts > 0 and self._n_sent >= self._broken.after_sent

    def _cut(self) -> None:
        self._broken.cuts -= 1
        self._end()
        raise OSError("cut")

    def _end(self) -> None:
        for end in (self._near, self._far):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
