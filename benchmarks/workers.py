"""What two cores, and two Dask workers, make of many reviews that one core builds one by one.

    python benchmarks/workers.py [--engine NAME] [--reviews N] [--rounds N] [REVIEW …]

Three ways, in turn, each with an empty cache:

- one by one: a `sayso build` a review, held on one core;
- two cores: one `sayso build` of all of them;
- Dask: the same with `--workers`, on a scheduler and two `dask worker` of one thread. They are
  running when the clock starts, and no engine is warm in them.

Prints the seconds of each round, the processor seconds of all processes, and the ratios to one by
one. Other work on the machine spoils the seconds, so each ratio is that of one round, and the
median over the rounds is given. Processor seconds stand it better: their quotient says what the
ratio could be at most. Linux only; Dask is left out where the extra `cluster` is not installed.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from episodes import processor_s, write_review
from performance import Show

from sayso.speech.workers import usable_cores

_PARAGRAPHS = 10  # about five minutes, as long as the reviews that people write
_N_WORKERS = 2


@dataclass(frozen=True)
class Took:
    """One way, once, in seconds."""

    wall_s: float
    processor_s: float


def build(show: Show, *arguments: str, cores: set[int] | None = None) -> None:
    """Run `sayso build` in a show, on `cores`."""
    subprocess.run(
        show.command(*arguments),
        cwd=show.root,
        env=show.env,
        stdout=subprocess.DEVNULL,
        check=True,
        preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
    )


def one_by_one(show: Show, names: Sequence[str]) -> Took:
    core = {min(os.sched_getaffinity(0))}

    def each() -> None:
        for name in names:
            build(show, name, cores=core)

    return timed(each)


def together(show: Show, names: Sequence[str]) -> Took:
    return timed(lambda: build(show, "--jobs", str(_N_WORKERS), *names))


def on_dask(show: Show, names: Sequence[str]) -> Took:
    with cluster(show.root) as (address, pids):
        return timed(lambda: build(show, "--workers", address, *names), pids)


def timed(work: Callable[[], None], others: Sequence[int] = ()) -> Took:
    """`others` are processes, not children of the work, that work for it too."""
    processors, start = processor_s(others), time.monotonic()
    work()
    return Took(time.monotonic() - start, processor_s(others) - processors)


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """The address of a Dask scheduler with two workers, and the process ids of all three."""
    from distributed import Client

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    commands = {
        "dask_scheduler": ["--host", address],
        "dask_worker": [address, "--nthreads", "1", "--local-directory", str(folder / "dask")],
    }
    started = []
    try:
        for name in ("dask_scheduler", *["dask_worker"] * _N_WORKERS):
            command = [sys.executable, "-m", f"distributed.cli.{name}", *commands[name]]
            silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            started.append(subprocess.Popen([*command, "--no-dashboard"], **silent))
        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(_N_WORKERS, timeout=60)
        yield address, [each.pid for each in started]
    finally:
        for each in reversed(started):
            each.send_signal(signal.SIGINT)
        for each in started:
            each.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("reviews", nargs="*", type=Path)
    parser.add_argument("--engine", default="hibari")
    parser.add_argument("--reviews", dest="n_reviews", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if usable_cores() < _N_WORKERS:
        sys.exit("this needs two cores")
    ways: dict[str, Callable[[Show, Sequence[str]], Took]]
    ways = {"one by one": one_by_one, "two cores": together}
    if importlib.util.find_spec("distributed") is not None:
        ways["Dask"] = on_dask
    took: dict[str, list[Took]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        reviews = asked.reviews or written(root, asked.n_reviews)
        print(f"{len(reviews)} reviews with {asked.engine}; seconds (processor seconds)")
        for number in range(asked.rounds):
            for name, way in ways.items():
                show = Show(root / f"{name}{number}", asked.engine)
                for path in reviews:
                    shutil.copy(path, show.root)
                took[name].append(way(show, [path.name for path in reviews]))
                shutil.rmtree(show.root)
            print("   ".join(told(name, took[name][-1]) for name in ways), flush=True)
    alone = took["one by one"]
    for name, ours in list(took.items())[1:]:
        walls = [one.wall_s / each.wall_s for one, each in zip(alone, ours, strict=True)]
        work = [one.processor_s / each.processor_s for one, each in zip(alone, ours, strict=True)]
        print(
            f"{name}: {statistics.median(walls):.2f} times as fast "
            f"({min(walls):.2f} to {max(walls):.2f}); "
            f"by processor seconds at most {_N_WORKERS * statistics.median(work):.2f}"
        )


def written(root: Path, n_reviews: int) -> list[Path]:
    paths = [root / f"r{number:02}.md" for number in range(n_reviews)]
    for number, path in enumerate(paths):
        write_review(path, _PARAGRAPHS, first=_PARAGRAPHS * number + 1)
    return paths


def told(name: str, took: Took) -> str:
    return f"{name} {took.wall_s:.1f} ({took.processor_s:.1f})"


if __name__ == "__main__":
    main()
