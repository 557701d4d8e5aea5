"""The long runs that sayso is trusted for, and the page that tells what came of them.

    python benchmarks/trust.py run [PART …]     every long run, or some; hours
    python benchmarks/trust.py page             docs/trust.md, of what has been run

Each run leaves its results in build/trust/: what pytest counted (PART.xml), and when, where and on
which commit it was (PART.json). The page is written from these files and holds no number that is
not in them.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from xml.etree import ElementTree

from pythons import VERSIONS

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "build" / "trust"
PAGE = ROOT / "docs" / "trust.md"


@dataclass(frozen=True, slots=True)
class Part:
    """One long run: tests with a large budget."""

    title: str
    proves: str
    tests: tuple[str, ...]
    env: tuple[tuple[str, str], ...] = ()

    @property
    def command(self) -> str:
        """As one types it; what is set already in the environment stays."""
        settings = "".join(f"{n}={os.environ.get(n, value)} " for n, value in self.env)
        return f"{settings}pytest {' '.join(self.tests)}"


PARTS = {
    "kills": Part(
        "Killed at any instant",
        "A command is killed with its whole group of processes (SIGKILL), at a random instant of "
        "its run, once or twice, and then run again. Every time: the files of an undisturbed run, "
        "byte for byte; no temporary file, lock or process left, in the show, the cache or "
        "anywhere else; no edit of the script lost; nothing in the feed that is not there.",
        ("tests/resilience/test_kills.py",),
        (("SAYSO_INSTANTS", "100"),),
    ),
    "trouble": Part(
        "Full and read-only disks, clocks, several at once, power cuts",
        "A disk that is full at any point of a command, or read-only; a clock that goes back or "
        "jumps; builds, renderings, publications and the studio at once; and a trace of the system "
        "calls: every file is flushed to the disk before it gets its name. Errors name the file "
        "and the mend, and the same command goes on from there.",
        ("tests/resilience", "--ignore=tests/resilience/test_kills.py"),
        (("SAYSO_INSTANTS", "30"),),
    ),
    "interrupts": Part(
        "Ctrl-C at any instant",
        "Interrupted at its n-th step, a build ends with exit code 130, without a traceback, and "
        "the next one finishes.",
        ("tests/cli/test_interrupts.py",),
        (("SAYSO_INSTANTS", "100"),),
    ),
    "publishers": Part(
        "Publishers that are killed, and at the same time, on real servers",
        "A folder, S3 (Ceph), SFTP (OpenSSH) and WebDAV: what the feed announces is always there "
        "whole, and of publishers at once none loses an episode.",
        ("tests/publish/test_crashes.py", "tests/publish/targets"),
        (("SAYSO_SOAK", "1"),),
    ),
    "attacks": Part(
        "Attacks",
        "Templates, reviews, feeds and web pages that mean harm are refused or do none.",
        ("tests/attacks", "tests/script/test_sandbox.py", "tests/feed/validation/test_hostile.py"),
    ),
    "packaging": Part(
        "Installed elsewhere",
        "The wheel built from the sdist is the wheel built from the repository, holds every file "
        "and no other, and makes a show, an episode and a feed in a clean environment without a "
        "network.",
        ("tests/packaging",),
        (("SAYSO_SOAK", "1"),),
    ),
    "sentences": Part(
        "No sentence lost",
        "Every sentence of a review is in the script, whatever the template and the edit.",
        (
            "tests/script/test_coverage.py",
            "tests/script/test_weaving.py",
            "tests/build/test_script_file.py",
        ),
    ),
    "accessibility": Part(
        "Accessibility",
        "Pages and studio, held against axe-core's rules in Chromium, and used by keyboard.",
        ("tests/site/test_accessibility.py", "tests/studio/test_accessibility.py"),
    ),
}
MACHINES = """\
The same input gives the same bytes: on any x86-64 processor, on any Python from 3.10 to 3.13,
whether an episode is built at one go or bit by bit. Limiter and true peak are computed in whole
numbers; loudness is metered in float64, and the gains that follow from it are rounded to 0.1 dB. So
neither the order in which a processor adds nor the windows in which a long sound is cut make a
difference.
`tests/master/test_kernels.py` builds an episode with the instructions of four generations of
processors, and compares every file.

Three things are not sayso's, and may differ between machines:

- **A neural voice.** onnxruntime chooses its kernels by the processor, so hibari, kokoro and piper
  may give a sentence samples that differ in the last bits.
- **espeak-ng and the system's voices** depend on what they said before, and on their version.
- **FLAC and coded formats.** Their decoded sound is the same; libFLAC and ffmpeg may pack it into
  other bytes. Other versions of the libraries give other bytes in any case.

A take that was voiced is kept: so a show's own builds stay the same, and a cache that is carried to
another machine carries its voices along.
"""
NOT_PROVEN = """\
- Kills are not power cuts: that a disk keeps what it says it has flushed is the disk's promise.
  The order of the system calls is checked, on Linux.
- macOS, Windows and processors other than x86-64: nothing here was run there.
- An editor that saves the script in the millisecond between sayso's last look and its write: sayso
  holds its own processes apart, and cannot hold an editor.
- Real hosts and directories: the servers of these tests are real programs on this machine, and the
  rules of directories are held against their documents, not against the directories.
- That no input breaks a reader, other than those that fuzzing has tried.
- How natural a voice sounds: listen to it.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """When, where and on what a part was run."""

    command: str
    commit: str
    date: str
    machine: str
    python: str
    wall_s: float = 0.0
    cpu_s: float = 0.0
    """User and system seconds of all its processes."""


@dataclass(frozen=True, slots=True)
class Tested:
    """One test of a run."""

    file: str
    name: str
    outcome: str
    """passed, failed or skipped."""
    told: dict[str, str]
    """What it recorded: instants, seeds …"""


def run(name: str) -> int:
    """Run a part and keep what came of it; pytest's exit code."""
    part = PARTS[name]
    RESULTS.mkdir(parents=True, exist_ok=True)
    env = {**dict(part.env), **os.environ}
    begun, before = time.monotonic(), _cpu_s()
    date = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    told = Run(part.command, _commit(), date, _machine(), platform.python_version())
    words = [sys.executable, "-m", "pytest", *part.tests, f"--junitxml={RESULTS / name}.xml"]
    words += ["-o", "junit_family=xunit1"]  # which holds what tests record
    code = subprocess.run(words, cwd=ROOT, env=env, check=False).returncode
    told = Run(**{**asdict(told), "wall_s": time.monotonic() - begun, "cpu_s": _cpu_s() - before})
    (RESULTS / f"{name}.json").write_text(json.dumps(asdict(told), indent=1) + "\n", "utf-8")
    return code


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip() or "unknown"


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}"


# ----------------------------------------------------------------------------------- the page


def page() -> str:
    """The page, of all results that there are."""
    parts = [
        "# What sayso is trusted for",
        "These are figures of long runs, written by `make trust` from their results: no number is "
        "typed by hand. `make trust RUN=kills` repeats one of them.",
    ]
    parts += [_section(name, part) for name, part in PARTS.items()]
    parts += [
        _posts(),
        _fuzzing(),
        _pythons(),
        "## The same bytes on every machine",
        MACHINES.strip(),
    ]
    parts += ["## What is not proven", NOT_PROVEN.strip()]
    return "\n\n".join(parts) + "\n"


def _section(name: str, part: Part) -> str:
    lines = [f"## {part.title}", "", part.proves, ""]
    about = RESULTS / f"{name}.json"
    if not about.is_file():
        return "\n".join([*lines, f"Not run yet: `make trust RUN={name}`."])
    told = Run(**json.loads(about.read_text("utf-8")))
    tests = list(_tests(RESULTS / f"{name}.xml"))
    recorded = [test for test in tests if "instants" in test.told]
    if recorded:
        rows = [
            (t.name, t.told["instants"], t.told["killed"], t.outcome, t.told["seed"])
            for t in recorded
        ]
        lines += _table(("command", "instants", "kills", "outcome", "seed"), rows)
    else:
        lines += _table(("tests", "passed", "failed", "skipped", "tried"), _by_file(tests))
    lines += [
        "",
        f"`{told.command}`: {told.date}, commit {told.commit}, Python {told.python}, "
        f"{told.machine}; {told.cpu_s:,.0f} CPU seconds.",
    ]
    return "\n".join(lines)


def _posts() -> str:
    lines = [
        "## Posts as people write them",
        "",
        "Whole posts of public blogs (written for Hugo, Jekyll, Eleventy, Astro, Zola, Metalsmith, "
        "Obsidian, Pelican, Nikola, WordPress, Substack and in Org; none is part of sayso), "
        "labelled before sayso read them. None was used to write cues; faults that were heard in "
        "them, as in the noticing of several things, were mended as kinds, so those counts are not "
        "blind.",
        "",
    ]
    about = RESULTS / "posts.json"
    if not about.is_file():
        return "\n".join([*lines, "Not run yet: `python benchmarks/posts.py FOLDER LABELS.json`."])
    told = json.loads(about.read_text("utf-8"))
    lines += _table(("what", "count"), [(what, str(n)) for what, n in told["counts"].items()])
    return "\n".join(
        [*lines, "", f"`python benchmarks/posts.py FOLDER LABELS.json`: {told['date']}."]
    )


def _by_file(tests: Sequence[Tested]) -> Iterator[tuple[str, ...]]:
    files: dict[str, list[Tested]] = defaultdict(list)
    for test in tests:
        files[test.file].append(test)
    for file, those in files.items():
        counts = (str(sum(t.outcome == o for t in those)) for o in ("passed", "failed", "skipped"))
        sums: dict[str, int] = defaultdict(int)
        for test in those:
            for what, value in test.told.items():
                sums[what] += int(value) if value.isdigit() and what != "seed" else 0
        tried = ", ".join(f"{n} {what}" for what, n in sums.items() if n)
        yield (file, *counts, tried)


def _fuzzing() -> str:
    lines = ["## Broken inputs", ""]
    path = RESULTS / "fuzz.json"
    if not path.is_file():
        return "\n".join([*lines, "Not run yet: `make fuzz`."])
    told = json.loads(path.read_text("utf-8"))
    limits = told["limits"]
    n_inputs = sum(sum(one["crashes"].values()) for one in told["targets"])
    lines += [
        f"{told['inputs']:,} inputs by `make fuzz`, each with {limits['seconds']:g} s and "
        f"{limits['mebibytes']:g} MiB to be read or refused with an error of sayso's. Kinds of "
        f"fault found: {told['crashes']:,}, by {n_inputs:,} inputs. Python {told['python']}.",
        "",
    ]
    rows = [
        (
            one["target"], one["led_by"], f"{one['inputs']:,}", f"{one['refused']:,}",
            f"{one['worst_s']:.2f}", f"{one['peak_mib']:.0f}", str(sum(one["crashes"].values())),
        )
        for one in told["targets"]
    ]  # fmt: skip
    head = ("reader", "led by", "inputs", "refused", "slowest, s", "most, MiB", "faults")
    return "\n".join([*lines, *_table(head, rows)])


def _pythons() -> str:
    rows = []
    for version in VERSIONS:
        path = RESULTS / f"python-{version}.xml"
        if path.is_file():
            outcomes = [test.outcome for test in _tests(path)]
            counts = (str(outcomes.count(o)) for o in ("passed", "failed", "skipped"))
            rows.append((version, *counts))
        else:
            rows.append((version, "not run", "", ""))
    lines = ["## Versions of Python", "", "All tests, by `make pythons`.", ""]
    return "\n".join([*lines, *_table(("Python", "passed", "failed", "skipped"), rows)])


def _tests(path: Path) -> Iterator[Tested]:
    """What pytest has written of its tests: our own file, so it is read as it is."""
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        outcome = "failed" if kinds & {"failure", "error"} else "passed"
        told = {str(p.get("name")): str(p.get("value")) for p in case.iter("property")}
        name = case.get("name", "").partition("[")[2].rstrip("]") or case.get("name", "")
        file = case.get("classname", "").replace(".", "/") + ".py"
        yield Tested(file, name, "skipped" if "skipped" in kinds else outcome, told)


def _table(
    head: Sequence[str], rows: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]
) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def main(words: Sequence[str]) -> int:
    """Run parts, or write the page."""
    if words[:1] == ["run"]:
        return max(run(name) for name in words[1:] or PARTS)
    PAGE.write_text(page(), "utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
