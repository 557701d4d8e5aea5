"""`sayso preview` as a process, and what its page would send."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import httpx

REVIEW = """\
---
title: The Slow Ferry
kind: film
---

The Slow Ferry is a quiet film about a loud man. It takes its time, and yours.

The story begins on a pier, where a pilot named Siobhan Ngata waits for a boat that never comes.

Anna Lind plays her with great care. The supporting cast has little to do.

In the end it is worth your evening. Watch it with somebody who can keep still.
"""
SHOW = """\
title = "Small Hours"
language = "en-GB"

[voices.host]
engine = "tone"

[voices.guest]
engine = "tone"
speed = 1.2
"""


def write_show(root: Path) -> Path:
    """A small show with one review, voiced by the tone engine; the review's file."""
    (root / "reviews").mkdir(parents=True)
    (root / "show.toml").write_text(SHOW, "utf-8")
    review = root / "reviews" / "ferry.md"
    review.write_text(REVIEW, "utf-8")
    return review


class Preview:
    """The server, as a context manager."""

    def __init__(self, root: Path, *arguments: str, cache: Path | None = None) -> None:
        self.root = root
        environment = {**os.environ, "SAYSO_CACHE": str(cache or root.parent / "cache")}
        command = [sys.executable, "-m", "sayso", "preview", "--no-browser", *arguments]
        self.process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().decode().strip()
        assert self.address, self.process.stderr.read().decode() if self.process.stderr else ""
        self.client = httpx.Client(base_url=self.address, timeout=20)
        self.token = ""

    def __enter__(self) -> Preview:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    @property
    def script(self) -> Path:
        return self.root / "episodes" / "ferry" / "script.md"

    def state(self) -> str:
        return self.client.get("state").text

    def open(self) -> str:
        """Load the page, as a browser does."""
        page = self.client.get("")
        assert page.status_code == 200, page.text
        found = re.search(r'name="sayso-token" content="([^"]+)"', page.text)
        assert found
        self.token = found[1]
        return page.text

    def seen(self) -> str:
        found = re.search(r'data-seen="(\w+)"', self.state())
        assert found
        return found[1]

    def post(self, asked: str, /, **fields: object) -> httpx.Response:
        """What the page sends; `seen` is the state now where it is not given."""
        fields.setdefault("seen", self.seen())
        return self.client.post(
            asked,
            data={key: str(value) for key, value in fields.items()},
            headers={"x-sayso-token": self.token},
        )

    def wait(self, holds: Callable[[str], object], limit_s: float = 20.0) -> str:
        """Wait until the state is so; the state."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            state = self.state()
            if holds(state):
                return state
            time.sleep(0.05)
        raise AssertionError(f"it never was so:\n{state[:4000]}")

    def sound(self, state: str) -> str:
        """The address of the sound."""
        found = re.search(r'data-url="([^"]+)"', state)
        assert found
        return found[1]

    def wait_for_sound(self, other_than: str = "") -> str:
        """Wait for the sound of the script as it is; its address."""

        def there(state: str) -> bool:
            found = re.search(r'data-url="([^"]+)"', state)
            return bool(found and found[1] != other_than and "sound stale" not in state)

        return self.sound(self.wait(there))


def item_of(script: str, words: str) -> int:
    """The number of the script's item that holds some words."""
    from sayso.script import parse_script

    items = parse_script(script).items
    return next(n for n, item in enumerate(items) if words in item.source)
