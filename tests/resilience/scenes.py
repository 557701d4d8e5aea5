"""Commands as a person runs them, each in a folder that holds all that sayso may write to."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from publish.show_folder import SETTINGS, SITE

from sayso.feed.rss import read_feed
from sayso.publish.ledger import FILE_NAME, read_ledger

PATIENCE_S = 120.0

SOUNDS = "".join(f'[sounds.{n}]\nfile = "a.wav"\n' for n in ("intro", "transition", "outro"))
REVIEW = """\
---
title: The Glass Ferry
subject: The Glass Ferry
author: Ada Quill
kind: tv
date: 2026-03-01
rating: 8/10
---

Nobody warns you about the fog. The Glass Ferry opens in it, and for ten minutes there is little.

The story follows a pilot who hears her dead brother on the radio. She steers by his voice.

It is worth every minute, and I give it 8/10.
"""
REVIEW_CHANGED = REVIEW.replace("every minute", "every single minute")
EDIT = "I wrote this sentence myself."


@dataclass(frozen=True)
class Ended:
    """What a command has come to."""

    code: int
    text: str
    """What it has printed, on either stream."""


@dataclass(frozen=True)
class Scene:
    """A folder with a show, a cache, a home and a folder for temporary files."""

    root: Path

    @property
    def show(self) -> Path:
        return self.root / "show"

    @property
    def script(self) -> Path:
        return self.show / "episodes" / "glass-ferry" / "script.md"

    @property
    def review(self) -> Path:
        return self.show / "glass-ferry.md"

    def make(self, more: str = "") -> Scene:
        """A show with one review and three short pieces of music."""
        for name in ("show", "cache", "home", "tmp"):
            (self.root / name).mkdir(parents=True)
        settings = SETTINGS.format(url=SITE, target="public", top="", feed="", publish="")
        (self.show / "show.toml").write_text(settings + SOUNDS + more, "utf-8")
        self.review.write_text(REVIEW, "utf-8")
        rate = 44_100
        fade = np.linspace(0.3, -0.3, rate // 10)
        soundfile.write(self.show / "a.wav", fade, rate)
        return self

    def copy(self, to: Path) -> Scene:
        """The same, elsewhere: times are kept, so that nothing looks changed."""
        shutil.copytree(self.root, to, symlinks=True)
        return Scene(to)

    def edit(self) -> None:
        """As an author does it: a sentence more in the script."""
        text = self.script.read_text("utf-8")
        self.script.write_text(text.rstrip("\n") + f"\n\n{EDIT}\n", "utf-8")

    def env(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        own = {
            "SAYSO_CACHE": str(self.root / "cache"),
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "XDG_CACHE_HOME": str(self.root / "home"),
        }
        return {**os.environ, **own, **(more or {})}

    def start(
        self, *words: str, before: Sequence[str] = (), env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start `sayso`, as the leader of a group of processes; `before` stands before it."""
        return subprocess.Popen(
            [*before, sys.executable, "-m", "sayso", *words],
            cwd=self.show,
            env=self.env(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def run(
        self, *words: str, before: Sequence[str] = (), env: Mapping[str, str] | None = None
    ) -> Ended:
        """Run it to its end; a traceback is never right."""
        process = self.start(*words, before=before, env=env)
        text = process.communicate(timeout=PATIENCE_S)[0].decode("utf-8", "replace")
        assert "Traceback" not in text, text
        return Ended(process.returncode, text)

    def done(self, *words: str, **more: object) -> str:
        """Run what must come to a good end; what it printed."""
        ended = self.run(*words, **more)  # type: ignore[arg-type]
        assert ended.code == 0, ended.text
        return ended.text

    def processes(self) -> list[int]:
        """The processes that live with this scene's cache in their environment."""
        mark = f"SAYSO_CACHE={self.root / 'cache'}\0".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in path.read_bytes() + b"\0":
                    found.append(int(path.parent.name))
            except OSError:  # it has just ended, or is not ours
                continue
        return found

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a command with its whole group; nothing of it may live on."""
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE_S)
        deadline = time.monotonic() + PATIENCE_S
        while left := self.processes():
            assert time.monotonic() < deadline, left
            time.sleep(0.01)

    def files(self) -> dict[str, bytes]:
        """Every file of the show, as it is on any machine and at any time.

        The report tells how long a build took; GUIDs are random, and feeds tell when they were
        written: these have their episode's name and a word in their place.
        """
        found = {
            path.relative_to(self.show).as_posix(): path.read_bytes()
            for path in self.show.rglob("*")
            if path.is_file() and path.name != "report.html"
        }
        return {name: _timeless(name, raw) for name, raw in found.items()}

    def has_said(self, file: str) -> bool:
        """Whether a file that a message names is one of this scene."""
        return (self.show / file).is_relative_to(self.root)

    def expect_sound_feed(self) -> None:
        """What the feed announces is there, and is in the ledger."""
        ledger = read_ledger(self.show / FILE_NAME)
        feed = self.show / "public" / "feed.xml"
        for item in read_feed(feed.read_bytes(), "feed.xml").items if feed.is_file() else ():
            media = self.show / "public" / str(item.enclosure_url).removeprefix(SITE)
            assert media.stat().st_size == item.n_bytes
            assert ledger.of_guid(str(item.guid)) is not None

    def debris(self) -> list[str]:
        """What must not be there when nothing runs."""
        found = [path for path in self.root.rglob("*") if _is_debris(path)]
        found += [*(self.root / "tmp").iterdir(), *(self.root / "home").iterdir()]
        return sorted({path.relative_to(self.root).as_posix() for path in found})


_GUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(
    rb"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000|\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\+00:00|Z)?"
)
_DAY = re.compile(
    rb"\d{1,2} (January|February|March|April|May|June|July|August|September|October|November|December) \d{4}"
)


def _timeless(name: str, raw: bytes) -> bytes:
    if name.startswith(("public/", "feed.lock")) and not name.startswith("public/media/"):
        for pattern, word in ((_GUID, b"GUID"), (_TIME, b"TIME"), (_DAY, b"DAY")):
            raw = pattern.sub(word, raw)
    return raw


def _is_debris(path: Path) -> bool:
    """Temporary files, locks, and what no store has named."""
    if path.name.endswith((".sayso-tmp", ".rendered.next.md")) or "lock" in path.name.split("."):
        return path.name != "feed.lock.json"
    parts = path.parts
    return "espeak" in parts and parts[-2] == "espeak" and len(path.name) != 16
