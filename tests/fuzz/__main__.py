"""`make fuzz`: many inputs for every target, and a summary in build/trust/fuzz.json.

    RUNS=1000000     inputs in all, shared among the targets
    TARGETS=feed,id3 only these
    SEED=1           of chance

Targets follow one another, each in a process of its own. The summary tells of the last run of each
target, so that the work can be done in pieces. Exits with 1 where anything was found.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from fuzz.session import Tally, fuzz_target

ROOT = Path(__file__).parents[2]
TRUST = ROOT / "build" / "trust"
FOUND = ROOT / "build" / "fuzz"
SCHEMA = 1


def main() -> int:
    """Fuzz all targets, or be the process of one."""
    seed = int(os.environ.get("SEED", "1"))
    if len(sys.argv) == 3:
        fuzz_target(sys.argv[1], int(sys.argv[2]), seed, FOUND)
    from fuzz.targets import TARGETS  # not above: instruments must be in place before sayso is read

    runs = int(os.environ.get("RUNS", "1000000"))
    names = [name for name in os.environ.get("TARGETS", "").split(",") if name] or list(TARGETS)
    if unknown := sorted(set(names) - set(TARGETS)):
        sys.exit(f"no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    total = sum(TARGETS[name].share for name in names)
    rows = []
    for name in names:
        rows.append(_fuzz(name, max(1, runs * TARGETS[name].share // total)))
        _write_summary()
        row = rows[-1]
        print(
            f"{name}: {row['inputs']:,} inputs in {row['seconds']:.0f} s, the worst "
            f"{row['worst_s']:.3f} s, {row['peak_mib']:.0f} MiB, faults: {row['crashes'] or 'none'}",
            flush=True,
        )
    return int(any(row["crashes"] for row in rows))


def _fuzz(name: str, n_inputs: int) -> dict[str, Any]:
    """The row of a target in the summary."""
    from fuzz.guard import SECONDS, run_one
    from fuzz.targets import TARGETS

    shutil.rmtree(FOUND / name, ignore_errors=True)
    (FOUND / f"{name}.json").unlink(missing_ok=True)
    FOUND.mkdir(parents=True, exist_ok=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (FOUND / f"{name}.log").open("wb") as log:
        command = [sys.executable, "-m", "fuzz", name, str(n_inputs)]
        ended = subprocess.run(command, stdout=log, stderr=log, check=False).returncode
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    path = FOUND / f"{name}.json"
    row = json.loads(path.read_text()) if path.exists() else vars(Tally(name, "nothing"))
    row["seconds"] = round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1)
    if ended:
        row["crashes"] = {**row["crashes"], f"the process ended with {ended}": 1}
    worst = FOUND / name / "worst"
    if worst.exists():
        # Once more without instruments, which make Python several times slower.
        row["worst_s"] = round(run_one(TARGETS[name], worst.read_bytes()).seconds, 4)
        if row["worst_s"] < SECONDS:
            row["crashes"].pop(f"takes over {SECONDS:.0f} s", None)
    path.write_text(json.dumps(row, indent=1) + "\n")
    return row


def _write_summary() -> None:
    from fuzz.guard import MEBIBYTES, SECONDS
    from fuzz.targets import TARGETS

    paths = [FOUND / f"{name}.json" for name in TARGETS]
    rows = [json.loads(path.read_text()) for path in paths if path.exists()]
    summary = {
        "schema": SCHEMA,
        "python": platform.python_version(),
        "limits": {"seconds": SECONDS, "mebibytes": MEBIBYTES},
        "inputs": sum(row["inputs"] for row in rows),
        "crashes": sum(len(row["crashes"]) for row in rows),
        "targets": rows,
    }
    TRUST.mkdir(parents=True, exist_ok=True)
    path = TRUST / "fuzz.json"
    path.with_suffix(".new").write_text(json.dumps(summary, indent=1) + "\n")
    path.with_suffix(".new").replace(path)


if __name__ == "__main__":
    sys.exit(main())
