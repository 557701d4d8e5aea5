"""Reviews of any length to measure with, and what a build costs in memory."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso.build import pipeline
from sayso.build.options import Options
from sayso.build.states import Build, Lined
from sayso.model import Line
from sayso.show.finding import find_show

SAMPLE = Path(__file__).resolve().parents[1] / "reviews" / "the-long-tide.md"
_LOOK_S = 0.1


def lines_of(review: Path, engine: str) -> tuple[Line, ...]:
    """The sentences that an episode of a review says, as sayso reads them."""
    build = Build(review, find_show(review), Options(engine=engine), write=False)
    return pipeline.run(build, Lined).lines


def write_review(path: Path, n_paragraphs: int, *, first: int = 1) -> None:
    """The sample review's paragraphs over and over, with a number in each sentence from `first` on.

    So no sentence is like another, and each must be voiced. 24 paragraphs make about 12 minutes.
    """
    front = SAMPLE.read_text("utf-8").split("\n---\n")[0] + "\n---\n"
    sample: dict[str, list[str]] = {}
    for line in lines_of(SAMPLE, "tone"):
        if line.origin is not None:
            sample.setdefault(line.origin.partition(".")[0], []).append(line.written)
    paragraphs = list(sample.values())
    text = front
    for index in range(n_paragraphs):
        round_, which = divmod(index, len(paragraphs))
        numbered = (f"On tide {first + round_}, {each}" for each in paragraphs[which])
        text += "\n" + " ".join(numbered) + "\n"
    path.write_text(text, "utf-8")


@dataclass(frozen=True)
class Memory:
    """The most that a tree of processes held at one time, in MiB."""

    resident: float
    """Each process for itself (RSS), added up: pages that they share count in each."""
    proportional: float
    """Shared pages divided among those that share them (PSS)."""
    largest: float
    """The largest process (RSS)."""


def run_and_weigh(command: Sequence[str], cwd: Path, env: dict[str, str]) -> tuple[float, Memory]:
    """Run a command; seconds, and its memory with all its children's. Linux only."""
    start = time.monotonic()
    with subprocess.Popen(command, cwd=cwd, env=env) as child:
        peaks = [0.0, 0.0, 0.0]
        over = threading.Event()

        def look() -> None:
            while not over.wait(_LOOK_S):
                held = [_held_kib(pid) for pid in _tree(child.pid)]
                rss, pss = [each[0] for each in held], [each[1] for each in held]
                for index, now in enumerate((sum(rss), sum(pss), max(rss, default=0))):
                    peaks[index] = max(peaks[index], now / 1024)

        looking = threading.Thread(target=look)
        looking.start()
        try:
            code = child.wait()
        finally:
            over.set()
            looking.join()
    if code:
        raise subprocess.CalledProcessError(code, command)
    return time.monotonic() - start, Memory(*peaks)


def processor_s(others: Sequence[int] = ()) -> float:
    """Processor seconds so far of this process and its children that have ended; and, on Linux, of
    the trees of processes below `others`."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    ours = sum(usage.ru_utime + usage.ru_stime for usage in both)
    ticks = sum(_ticks(pid) for root in others for pid in _tree(root))
    return ours + ticks / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    """Processor time of a process and of its children that have ended (proc(5), stat)."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15]))
    return 0


def _tree(root: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            pid = int(entry.name)
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(pid)
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _held_kib(pid: int) -> tuple[int, int]:
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        found = dict(re.findall(r"^(Rss|Pss):\s+(\d+) kB", text, re.MULTILINE))
        return int(found.get("Rss", 0)), int(found.get("Pss", 0))
    return 0, 0
