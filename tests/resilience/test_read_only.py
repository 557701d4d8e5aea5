"""Folders that may only be read: what must write says so, what need not works."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from resilience.scenes import Scene
from resilience.stages import BUILD, PUBLISH, SCRIPT, Stages
from tools import need_right

pytestmark = pytest.mark.xdist_group("stages")
RARE = pytest.mark.rare

READ_ONLY = (
    'for each in "$0"; do mount --bind "$each" "$each"; mount -o remount,ro,bind "$each"; done'
)
"""A name space of mounts of the command's own: nothing of it is left when it ends."""


def on_read_only(folder: Path) -> tuple[str, ...]:
    """What stands before a command that finds `folder` read-only."""
    rights = "-m" if os.geteuid() == 0 else "-rm"
    program = f'{READ_ONLY}; exec "$@"'
    return ("unshare", rights, "sh", "-ec", program, str(folder))


@pytest.fixture
def two(stages: Stages, tmp_path: Path) -> Scene:
    """Two finished episodes."""
    need_right("mount read-only", *on_read_only(tmp_path), "true")
    return stages["two episodes"].copy(tmp_path / "scene")


@pytest.mark.parametrize(
    ("command", "folder", "named"),
    [
        (SCRIPT, "show/episodes", "episodes/glass-ferry/"),
        pytest.param(BUILD, "show/episodes/glass-ferry", "episodes/glass-ferry/", marks=RARE),
        pytest.param(BUILD, "cache", "cache/", marks=RARE),
        pytest.param(PUBLISH, "show", "feed.lock.json", marks=RARE),
        pytest.param(PUBLISH, "show/public", "public/", marks=RARE),
    ],
)
def test_what_must_write_says_where_it_cannot(
    two: Scene, command: tuple[str, ...], folder: str, named: str
) -> None:
    scene = two
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
    [
        pytest.param(BUILD, marks=RARE),
        pytest.param(("build", "glass-ferry.md", "--dry-run"), marks=RARE),
        pytest.param(("check",), marks=RARE),
        ("publish", "--dry-run"),
    ],
)
def test_what_need_not_write_works(two: Scene, command: tuple[str, ...]) -> None:
    if command == BUILD:
        two.done(*BUILD)  # here, so that it knows the files
    before = two.files()
    two.done(*command, before=on_read_only(two.root))
    assert two.files() == before
