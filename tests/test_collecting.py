"""The tests of a room need the packages of no other: without them, they are collected or skip."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

TESTS = Path(__file__).parent


def needed(*names: str) -> set[str]:
    """These distributions and all that they depend on, without extras."""
    found: set[str] = set()
    to_do = list(names)
    while to_do:
        name = to_do.pop()
        if name not in found:
            try:
                lines = distribution(name).requires or []
            except PackageNotFoundError:  # for another system or Python
                continue
            found.add(name)
            wanted = (re.match(r"[\w.-]+", line) for line in lines if "extra ==" not in line)
            to_do += [match[0] for match in wanted if match]
    return found


def test_all_rooms_are_collected_with_what_sayso_itself_needs(tmp_path: Path) -> None:
    for name in needed("sayso", "pytest", "hypothesis"):
        there = distribution(name)
        for path in {file.parts[0] for file in there.files or () if file.suffix != ".pth"} - {".."}:
            if not (tmp_path / path).exists():
                (tmp_path / path).symlink_to(Path(str(there.locate_file(path))))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(TESTS.parent / "src")]),
        "CI": "",
    }
    command = [sys.executable, "-S", "-m", "pytest", "--collect-only", "--assert=plain"]
    command += ["-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, str(TESTS)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr
    assert "tests/mix/" in done.stdout
    told = re.search(r"^skipped (.*)", done.stdout, re.MULTILINE)
    assert told
    assert "no feedparser" in told[1]
