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
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "build" / "trust"


@dataclass(frozen=True, slots=True)
class Part:
    """One long run: tests with a large budget."""

    tests: tuple[str, ...]
    env: tuple[tuple[str, str], ...] = ()

    @property
    def command(self) -> str:
        """As one types it."""
        settings = "".join(f"{n}={os.environ.get(n, value)} " for n, value in self.env)
        return f"{settings}pytest {' '.join(self.tests)}"


PARTS = {
    "kills": Part(("tests/resilience/test_kills.py",), (("SAYSO_INSTANTS", "100"),)),
    "trouble": Part(
        ("tests/resilience", "--ignore=tests/resilience/test_kills.py"),
        (("SAYSO_INSTANTS", "30"),),
    ),
    "interrupts": Part(("tests/cli/test_interrupts.py",), (("SAYSO_INSTANTS", "100"),)),
    "publishers": Part(
        ("tests/feed/publishing/test_crashes.py", "tests/feed/targets"), (("SAYSO_SOAK", "1"),)
    ),
}


@dataclass(frozen=True, slots=True)
class Run:
    """When, where and on what a part was run."""

    command: str
    commit: str
    date: str
    machine: str
    python: str
    wall_s: float
    cpu_s: float
    """User and system seconds of all its processes."""


def run(name: str) -> int:
    """Run a part and keep what came of it; pytest's exit code."""
    part = PARTS[name]
    RESULTS.mkdir(parents=True, exist_ok=True)
    env = {**dict(part.env), **os.environ}
    begun, before = time.monotonic(), _cpu_s()
    told = Run(
        part.command, _commit(), datetime.now(timezone.utc).isoformat(timespec="minutes"),
        _machine(), platform.python_version(), 0.0, 0.0,
    )  # fmt: skip
    words = [sys.executable, "-m", "pytest", *part.tests, f"--junitxml={RESULTS / name}.xml"]
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


if __name__ == "__main__":
    sys.exit(max(run(name) for name in sys.argv[2:] or PARTS))
