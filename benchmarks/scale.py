"""What a network of a thousand shows with ten episodes a day needs, from what is measured here.

    python benchmarks/scale.py [--write]

Measured, each with the whole program: the processor seconds of an episode by engine, what Dask's
scheduler spends on it, the bytes that it leaves, and the cost of one more episode on a feed that
has run for a year. A day of 10,000 episodes is then played through with these costs, reviews coming
in by a daily rhythm. Prints the page; --write puts it into docs/scale.md. Linux only; all cores
should be free.
"""

from __future__ import annotations

import argparse
import heapq
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import feed
from episodes import processor_s
from performance import REPOSITORY, Show
from workers import cluster, written

SHOWS, A_DAY, DAYS = 1_000, 10, 365
N_REVIEWS = 4
PAGE = REPOSITORY / "docs" / "scale.md"
DAY_S = 86_400.0
BUSY_HOURS = (6, 9)
"""Morning: half of the day's reviews come in these hours."""


@dataclass(frozen=True)
class Costs:
    """Processor seconds, and bytes, for an episode of some five minutes."""

    speech_s: dict[str, float]
    """Saying it, by engine."""
    rest_s: float
    """Script, mix, master and files: on the machine that builds."""
    scheduler_s: float
    episode_bytes: int
    cache_bytes: int
    public_bytes: int


@dataclass(frozen=True)
class YearOld:
    """A feed with a year's episodes of one show."""

    publish_s: float
    head_bytes: int
    feed_bytes: int


def measure_costs(root: Path) -> Costs:
    """Build the same reviews with each engine, and once more on a cluster."""
    reviews = written(root, N_REVIEWS)
    whole = {engine: built(root, engine, reviews) for engine in ("tone", "pyttsx3", "hibari")}
    show = root / "hibari"
    with cluster(root) as (address, pids):
        before, scheduler = processor_s(pids[:1]), Show(root / "clustered", "hibari")
        for path in reviews:
            shutil.copy(path, scheduler.root)
        ours = processor_s()
        command = scheduler.command("--workers", address, *(path.name for path in reviews))
        subprocess.run(
            command, cwd=scheduler.root, env=scheduler.env, check=True, stdout=subprocess.DEVNULL
        )
        spent = processor_s(pids[:1]) - before - (processor_s() - ours)
    settings = (show / "show.toml").read_text("utf-8")
    with_url = settings.replace("[feed]\n", '[feed]\nurl = "https://network.example/show"\n')
    (show / "show.toml").write_text(with_url, "utf-8")
    feed.publish(show)
    return Costs(
        {engine: whole[engine] - whole["tone"] for engine in ("pyttsx3", "hibari")},
        whole["tone"],
        max(spent, 0.0) / N_REVIEWS,
        size_of(show / "episodes") // N_REVIEWS,
        size_of(show / "cache") // N_REVIEWS,
        size_of(show / "public") // N_REVIEWS,
    )


def built(root: Path, engine: str, reviews: Sequence[Path]) -> float:
    """Processor seconds an episode, by one job, with nothing kept."""
    show = Show(root / engine, engine)
    for path in reviews:
        shutil.copy(path, show.root)
    before = processor_s()
    show.build("--jobs", "1", *(path.name for path in reviews))
    return (processor_s() - before) / len(reviews)


def measure_year(root: Path) -> YearOld:
    """Publish one more to a feed of a year."""
    feed.make_show(root, A_DAY * DAYS)
    new = root / "episodes" / "new"
    new.rename(root / "new")
    feed.publish(root)
    (root / "new").rename(new)
    before = processor_s()
    feed.publish(root)
    feeds = [path.stat().st_size for path in (root / "public").glob("feed*.xml")]
    return YearOld(
        processor_s() - before, (root / "public" / "feed.xml").stat().st_size, sum(feeds)
    )


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def play_a_day(n_cores: int, episode_s: float, *, seed: int = 1) -> tuple[float, float]:
    """Median and worst hundredth of the seconds from review to episode, in a day of all shows.

    Half of the reviews come in the busy hours, the others at any time; each takes a core for
    `episode_s`, first come, first served.
    """
    chance = random.Random(seed)
    n = SHOWS * A_DAY
    first, last = (hour * 3600.0 for hour in BUSY_HOURS)
    comes = [chance.uniform(first, last) for _ in range(n // 2)]
    comes += [chance.uniform(0, DAY_S) for _ in range(n - n // 2)]
    free = [0.0] * n_cores
    took = []
    for came in sorted(comes):
        done = max(came, heapq.heappop(free)) + episode_s
        heapq.heappush(free, done)
        took.append(done - came)
    return statistics.median(took), statistics.quantiles(took, n=100)[98]


def page(costs: Costs, year: YearOld) -> str:
    """The page, of what was measured."""
    n = SHOWS * A_DAY
    lines = [
        "# A network of a thousand shows",
        "",
        f"{SHOWS:,} shows with {A_DAY} episodes a day each are {n:,} episodes a day. What that "
        "takes, by `benchmarks/scale.py --write`: the costs of one episode of about five minutes "
        f"are measured (here: {os.cpu_count()} cores), the rest is multiplied, or played through.",
        "",
        "## One episode",
        "",
        "| | processor seconds |",
        "|---|---:|",
        *(f"| voices, {engine} | {cost:.2f} |" for engine, cost in costs.speech_s.items()),
        f"| script, mix, master, files | {costs.rest_s:.2f} |",
        f"| Dask's scheduler | {costs.scheduler_s:.3f} |",
        f"| publishing, on a feed of {A_DAY * DAYS:,} episodes | {year.publish_s:.2f} |",
        "",
        "| | bytes |",
        "|---|---:|",
        f"| the episode's folder | {costs.episode_bytes:,} |",
        f"| what is kept to build it again faster | {costs.cache_bytes:,} |",
        f"| published media and page | {costs.public_bytes:,} |",
        f"| the feed's first page, written anew each time | {year.head_bytes:,} |",
        "",
        "## A day",
        "",
        f"Half of the reviews come between {BUSY_HOURS[0]} and {BUSY_HOURS[1]} in the morning. "
        "Seconds from a review to its episode, one core for each:",
        "",
        "| engine | cores | busy all day | median | worst hundredth |",
        "|---|---:|---:|---:|---:|",
    ]
    for engine, speech_s in costs.speech_s.items():
        episode_s = speech_s + costs.rest_s
        for n_cores in sizes(episode_s):
            median, worst = play_a_day(n_cores, episode_s)
            share = n * episode_s / (n_cores * DAY_S)
            lines.append(
                f"| {engine} | {n_cores} | {share:.0%} | {median:,.0f} s | {worst:,.0f} s |"
            )
    day_gb = n * (costs.public_bytes + year.head_bytes) / 1e9
    lines += [
        "",
        "## What is full first",
        "",
        *sorted_limits(costs, year),
        "",
        "## Storage and feeds",
        "",
        f"- Published: {n * costs.public_bytes / 1e9:,.0f} GB a day, "
        f"{n * DAYS * costs.public_bytes / 1e12:,.1f} TB a year. Media are named by their content "
        "and never rewritten.",
        f"- Uploaded: {day_gb:,.0f} GB a day, the feeds' first pages among them "
        f"({n * year.head_bytes / 1e9:,.1f} GB).",
        f"- A show's feed after a year: {year.feed_bytes / 1e6:,.1f} MB in pages; an app fetches "
        f"the first, {year.head_bytes / 1024:,.0f} KiB, and only where it has changed.",
        "- The cache of a building machine is bounded by `$SAYSO_CACHE_MB`; what it loses is built "
        "again from the review, with the same bytes.",
    ]
    return "\n".join([*lines, "", HOW])


def sizes(episode_s: float) -> list[int]:
    """Numbers of cores worth playing through: just enough for the day, and for its busy hours."""
    n = SHOWS * A_DAY
    busy_s = (BUSY_HOURS[1] - BUSY_HOURS[0]) * 3600
    enough = max(1, -(-int(n * episode_s) // int(DAY_S)))
    in_time = max(enough, -(-int(n * episode_s * 0.57) // busy_s))
    return sorted({enough, in_time, in_time + 1, 2 * in_time})


def sorted_limits(costs: Costs, year: YearOld) -> list[str]:
    """How many episodes a day each part bears, the least first."""
    limits = {
        "one core that voices with hibari and builds": DAY_S
        / (costs.speech_s["hibari"] + costs.rest_s),
        "one core that builds, with the voices on other machines": DAY_S / costs.rest_s,
        "one core that publishes to a folder": DAY_S / year.publish_s,
        "a line of 100 Mbit/s to the web server": DAY_S
        * 100e6
        / 8
        / (costs.public_bytes + year.head_bytes),
        "one scheduler of Dask": DAY_S / max(costs.scheduler_s, 1e-4),
    }
    rows = sorted(limits.items(), key=lambda item: item[1])
    return [
        "| part | episodes a day |",
        "|---|---:|",
        *(f"| {part} | {bears:,.0f} |" for part, bears in rows),
    ]


HOW = """\
## How to run it

- One `dask scheduler`, and on each machine
  `dask worker tcp://HOST:8786 --nthreads 1 --nworkers CORES`, with the same versions of sayso and
  its engine: a take is named by what made it.
- Machines that build run one `sayso build reviews/*.md --workers tcp://HOST:8786` a show. Shows do
  not know of one another: give each machine its share of them, and its own `$SAYSO_CACHE` on a disk
  of its own.
- Without a cluster the same machines do as well: `sayso build` uses all cores of its own. The
  cluster pays where voicing costs more than all else, or where few machines can speak.
- `sayso publish` a show, by `cron` or after its build. Two at once on one show wait for each other;
  two shows never meet. Commit each show's `feed.lock.json`.
- Watch the exit codes: 1 is for the author of the review, 3 for whoever runs the machine. `--json`
  names the code of each error.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--write", action="store_true", help="write docs/scale.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        costs = measure_costs(root)
        (root / "year").mkdir()
        text = page(costs, measure_year(root / "year"))
    if asked.write:
        PAGE.write_text(text, "utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
