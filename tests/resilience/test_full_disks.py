"""No room on the disk, at any point of a command: it says so, loses nothing, and goes on later.

A small disk of its own is filled so far that only a share of what the command writes finds room.
Where no disk may be mounted, a limit on the size of files stands for it. SAYSO_INSTANTS=30 tries
thirty shares.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from resilience.scenes import Scene
from resilience.stages import BUILD, PUBLISH, SCRIPT, SPOKEN, Case, Stages, expect_the_same
from tools import INSTANTS, need, small_disk

pytestmark = pytest.mark.xdist_group("stages")
RARE = pytest.mark.rare
SHARES = [n / INSTANTS for n in range(INSTANTS)] if INSTANTS > 1 else [0.5]
WITH_SCRIPT = Case(SCRIPT, "script edited")
WITH_BUILD = Case(BUILD, "edited since")
SPEAKING = Case(SPOKEN, "new")
PUBLISHING = Case(PUBLISH, "two episodes")
MESSAGE = r"(?P<file>\S+): the disk is full(?: +\[no-space\])?\W+free some space and run the same command again"
LIMIT = r"(?P<file>\S+): a file may not be so large here(?: +\[[a-z-]+\])?\W+raise the limit"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 48 MB."""
    with small_disk(tmp_path / "disk", "48m") as folder:
        yield folder


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(WITH_SCRIPT, id="script", marks=RARE),
        pytest.param(WITH_BUILD, id="build"),
        pytest.param(SPEAKING, id="build, spoken", marks=RARE),
        pytest.param(PUBLISHING, id="publish", marks=RARE),
    ],
)
def test_a_full_disk_at_any_point(
    case: Case, stages: Stages, disk: Path, record_property: Callable[[str, object], None]
) -> None:
    outcome = stages.outcome(case)
    before, after = outcome.before, outcome.after
    old, new = before.files(), after.files()
    needed = used(after.root) - used(before.root)
    n_full = 0
    for share in SHARES:
        scene = before.copy(disk / "scene")
        filler = disk / "filler"
        fill(filler, keep=int(share * needed))
        ended = scene.run(*case.command)
        told = f"{share:.0%} of {needed} bytes: {ended.text}"
        assert ended.code in (0, 3), told
        if ended.code == 3:
            n_full += 1
            match = re.search(MESSAGE, ended.text)
            assert match, told
            assert scene.has_said(match["file"]), told
        expect_nothing_lost(scene, old, new, told)
        filler.unlink()
        expect_the_same(scene, case, outcome, told)
        shutil.rmtree(scene.root)
    assert n_full, "the disk was never full"
    record_property("shares", len(SHARES))
    record_property("full", n_full)


@RARE
@pytest.mark.parametrize(
    "case", [WITH_SCRIPT, WITH_BUILD, PUBLISHING], ids=["script", "build", "publish"]
)
def test_files_may_not_grow(
    case: Case, stages: Stages, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """By a limit of the account, at which writing fails as it does on a full disk.

    Not while espeak speaks: it writes into memory, which has no end on a full disk and has one here.
    """
    prlimit = need("prlimit")
    outcome = stages.outcome(case)
    before, after = outcome.before, outcome.after
    old, new = before.files(), after.files()
    written = sorted({len(raw) for path, raw in new.items() if raw != old.get(path)})
    n_refused = 0
    for share in SHARES:
        scene = before.copy(tmp_path / "scene")
        limit = written[int(share * len(written))] - 1
        ended = scene.run(*case.command, before=(prlimit, f"--fsize={limit}"))
        told = f"files of at most {limit} bytes: {ended.text}"
        assert ended.code in (0, 3), told
        if ended.code == 3:
            n_refused += 1
            match = re.search(LIMIT, ended.text)
            assert match, told
            assert scene.has_said(match["file"]), told
        expect_nothing_lost(scene, old, new, told)
        expect_the_same(scene, case, outcome, told)
        shutil.rmtree(scene.root)
    assert n_refused
    record_property("shares", len(SHARES))
    record_property("full", n_refused)


def used(folder: Path) -> int:
    """The bytes of a folder, in blocks."""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*"))


def fill(filler: Path, *, keep: int) -> None:
    """Leave `keep` bytes of a disk, in whole blocks."""
    stat = os.statvfs(filler.parent)
    n_bytes = (stat.f_bavail - keep // stat.f_frsize) * stat.f_frsize
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, n_bytes)


def expect_nothing_lost(
    scene: Scene, old: dict[str, bytes], new: dict[str, bytes], told: str
) -> None:
    there = scene.files()
    assert old.keys() <= there.keys(), told
    for name, raw in there.items():
        if name != "feed.lock.json":
            assert raw in (old.get(name), new.get(name)) or ".rendered" in name, f"{name}: {told}"
    scene.expect_sound_feed()
    assert scene.debris() in ([], ["show/episodes/glass-ferry/.rendered.next.md"]), told
