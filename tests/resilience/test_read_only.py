"""Folders that may only be read: what must write says so, what need not works."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from resilience.scenes import Scene
from resilience.test_kills import BUILD, PUBLISH, SCRIPT, finished

READ_ONLY = (
    'for each in "$0"; do mount --bind "$each" "$each"; mount -o remount,ro,bind "$each"; done'
)
"""A name space of mounts of the command's own: nothing of it is left when it ends."""


def on_read_only(folder: Path) -> tuple[str, ...]:
    """What stands before a command that finds `folder` read-only."""
    rights = "-m" if os.geteuid() == 0 else "-rm"
    program = f'{READ_ONLY}; exec "$@"'
    return ("unshare", rights, "sh", "-ec", program, str(folder))


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Two finished episodes."""
    folder = tmp_path_factory.mktemp("scene")
    if shutil.which("unshare") is None:
        pytest.skip("no unshare")
    probe = [*on_read_only(folder), "true"]
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no right to mount read-only: {done.stderr.strip()}")
    scene = Scene(folder / "scene").make()
    finished(scene)
    return scene


@pytest.mark.parametrize(
    ("command", "folder", "named"),
    [
        (SCRIPT, "show/episodes", "episodes/glass-ferry/"),
        (BUILD, "show/episodes/glass-ferry", "episodes/glass-ferry/"),
        (BUILD, "cache", "cache/"),
        (PUBLISH, "show", "feed.lock.json"),
        (PUBLISH, "show/public", "public/"),
    ],
)
def test_what_must_write_says_where_it_cannot(
    show: Scene, command: tuple[str, ...], folder: str, named: str, tmp_path: Path
) -> None:
    scene = show.copy(tmp_path / "scene")
    scene.edit()
    scene.review.write_text(scene.review.read_text("utf-8").replace("fog", "mist"), "utf-8")
    (scene.root / folder).mkdir(exist_ok=True)
    before = scene.files()
    ended = scene.run(*command, before=on_read_only(scene.root / folder))
    assert ended.code == 3, ended.text
    assert "the file system is read-only" in ended.text
    assert "choose a folder that can be written" in ended.text
    assert f"error: {named}" in ended.text.replace("../", "")
    there = scene.files()
    changed = [name for name in before if there.get(name) != before[name]]
    assert all(
        command == BUILD and name.endswith(("script.md", ".rendered.md")) for name in changed
    )
    scene.done(*command)
    assert scene.debris() == []


@pytest.mark.parametrize(
    "command",
    [BUILD, ("build", "glass-ferry.md", "--dry-run"), ("check",), ("publish", "--dry-run")],
)
def test_what_need_not_write_works(show: Scene, command: tuple[str, ...]) -> None:
    before = show.files()
    show.done(*command, before=on_read_only(show.root))
    assert show.files() == before
