"""No room on the disk, at any point of a command: it says so, loses nothing, and goes on later.

A small disk of its own is filled so far that only a share of what the command writes finds room.
Where no disk may be mounted, a limit on the size of files stands for it. SAYSO_INSTANTS=30 tries
thirty shares.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from resilience.scenes import EDIT, INSTANTS, Scene
from resilience.test_kills import BUILD, CASES, PUBLISH, SCRIPT, Case, edited, finished, rebuilt

MB = 1 << 20
SHARES = [n / INSTANTS for n in range(INSTANTS)] if INSTANTS > 1 else [0.5]
COMMANDS = {
    "script": Case(SCRIPT, edited),
    "build": Case(BUILD, rebuilt),
    "spoken": CASES["build, spoken"],
    "publish": Case(PUBLISH, finished),
}
MESSAGE = r"(?P<file>\S+): the disk is full\W+free some space and run the same command again"
LIMIT = r"(?P<file>\S+): a file may not be so large here\W+raise the limit"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 48 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no disk can be mounted: {error}")
    if done.returncode != 0:
        pytest.skip(f"no right to mount a small disk: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def only(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        name in ("script", "spoken") and INSTANTS < 2, reason="SAYSO_INSTANTS=30 runs it"
    )


CASE = pytest.mark.parametrize("name", [pytest.param(name, marks=only(name)) for name in COMMANDS])


@CASE
def test_a_full_disk_at_any_point(
    name: str, disk: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    case = COMMANDS[name]
    before = Scene(tmp_path / "before").make()
    case.prepare(before)
    after = before.copy(tmp_path / "after")
    after.done(*case.command)
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
        expect_the_same_in_the_end(scene, case, after, told)
        shutil.rmtree(scene.root)
    assert n_full, "the disk was never full"
    record_property("shares", len(SHARES))
    record_property("full", n_full)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "spoken"])
def test_files_may_not_grow(
    name: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """By a limit of the account, at which writing fails as it does on a full disk.

    Not while espeak speaks: it writes into memory, which has no end on a full disk and has one here.
    """
    if name == "script" and INSTANTS < 2:
        pytest.skip("SAYSO_INSTANTS=30 runs it")
    if shutil.which("prlimit") is None:
        pytest.skip("no prlimit")
    case = COMMANDS[name]
    before = Scene(tmp_path / "before").make()
    case.prepare(before)
    after = before.copy(tmp_path / "after")
    after.done(*case.command)
    old, new = before.files(), after.files()
    written = sorted({len(raw) for path, raw in new.items() if raw != old.get(path)})
    n_refused = 0
    for share in SHARES:
        scene = before.copy(tmp_path / "scene")
        limit = written[int(share * len(written))] - 1
        ended = scene.run(*case.command, before=("prlimit", f"--fsize={limit}"))
        told = f"files of at most {limit} bytes: {ended.text}"
        assert ended.code in (0, 3), told
        if ended.code == 3:
            n_refused += 1
            match = re.search(LIMIT, ended.text)
            assert match, told
            assert scene.has_said(match["file"]), told
        expect_nothing_lost(scene, old, new, told)
        expect_the_same_in_the_end(scene, case, after, told)
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


def expect_the_same_in_the_end(scene: Scene, case: Case, after: Scene, told: str) -> None:
    ended = scene.run(*case.command)
    assert ended.code == 0, f"{told}\nthen: {ended.text}"
    there, new = scene.files(), after.files()
    assert there.keys() == new.keys(), told
    assert [name for name in new if there[name] != new[name]] == [], told
    assert (EDIT in scene.script.read_text("utf-8")) == (EDIT in after.script.read_text("utf-8"))
    assert scene.debris() == [], told
