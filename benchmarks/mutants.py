"""Do the tests of a room notice when its code is changed? Its mutants, by mutmut.

    make mutants ROOM=master             every module of the room: hours
    make mutants ROOM=master OF=limiter  one module: minutes

mutmut changes the code in some hundred small ways, one at a time, and runs the tests that reach the
changed line. A mutant that no test notices survives: a test is missing, or the change makes no
difference. What is mutated is a fresh clone in build/mutants/, so that nothing here is touched.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "mutants"
SETTINGS = """

[tool.mutmut]
source_paths = ["src"]
only_mutate = {modules}
pytest_add_cli_args_test_selection = ["tests/{room}"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-x"]
also_copy = ["docs", "scripts", "audio", "reviews", "show.toml", "lexicon.toml"]
"""
CAUGHT = ("killed", "timeout", "suspicious", "segfault", "caught by type check")


def main() -> int:
    """Make the mutants, run the tests, and tell the score and the survivors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room", help="a package of src/sayso that has tests of its own")
    parser.add_argument("of", nargs="*", help="modules of it; all if not given")
    given = parser.parse_args()
    clone = FOLDER / given.room
    shutil.rmtree(clone, ignore_errors=True)
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
    modules = [f"src/sayso/{given.room}/{each}.py" for each in given.of or ["*"]]
    settings = SETTINGS.format(modules=json.dumps(modules), room=given.room)
    with (clone / "pyproject.toml").open("a", encoding="utf-8") as stream:
        stream.write(settings)
    mutmut = Path(sys.executable).with_name("mutmut")
    subprocess.run([mutmut, "run", "--max-children", "2"], cwd=clone, check=False)
    listed = subprocess.run(
        [mutmut, "results", "--all", "true"], cwd=clone, capture_output=True, text=True, check=True
    )
    verdicts = dict(
        line.strip().rsplit(": ", 1) for line in listed.stdout.splitlines() if ": " in line
    )
    tried = {name: verdict for name, verdict in verdicts.items() if verdict != "not checked"}
    caught = [name for name, verdict in tried.items() if verdict in CAUGHT]
    for name in sorted(tried.keys() - set(caught)):
        print(f"{tried[name]}: {name}  (in {clone.relative_to(ROOT)}: mutmut show {name})")
    print(f"{len(caught)} of {len(tried)} mutants caught: {len(caught) / max(len(tried), 1):.0%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
