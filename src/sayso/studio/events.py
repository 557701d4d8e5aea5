"""Server-sent events: what happens in a session, told to every page that is open on it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

_PING_S = 15.0  # so that a connection that is gone is noticed
_MOST_WAITING = 64


class Events:
    """One session's events. `tell` may be called in any thread, the rest in the server's loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._listeners: set[asyncio.Queue[str | None]] = set()

    def tell(self, name: str, data: dict[str, object]) -> None:
        """Send an event to all pages."""
        text = f"event: {name}\ndata: {json.dumps(data)}\n\n"
        with contextlib.suppress(RuntimeError):  # the server is closing
            self._loop.call_soon_threadsafe(self._put, text)

    def close(self) -> None:
        """End all streams."""
        self._put(None)

    async def listen(self) -> AsyncIterator[str]:
        """The stream for one page."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), _PING_S)
                except asyncio.TimeoutError:
                    text = ": still here\n\n"
                if text is None:
                    return
                yield text
        finally:
            self._listeners.discard(queue)

    def _put(self, text: str | None) -> None:
        for queue in self._listeners:
            if queue.qsize() < _MOST_WAITING or text is None:  # a page that sleeps asks anew later
                queue.put_nowait(text)
