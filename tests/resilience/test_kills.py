"""Killed at any instant, with its whole group: the same command again ends as if undisturbed.

SAYSO_INSTANTS=100 kills each command at a hundred instants.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from resilience.scenes import EDIT, INSTANTS, REVIEW_CHANGED, Scene

from sayso.feed.ledger import FILE_NAME

BUILD = ("build", "glass-ferry.md", "--engine", "tone", "-q")
SPOKEN = ("build", "glass-ferry.md", "--engine", "pyttsx3", "-q", "--format", "flac", "--stems")
SCRIPT = ("script", "glass-ferry.md")
PUBLISH = ("publish", "--quiet")


def edited(scene: Scene) -> None:
    """A script that was edited; then its review was changed."""
    scene.done(*SCRIPT)
    scene.edit()
    scene.review.write_text(REVIEW_CHANGED, "utf-8")


def rebuilt(scene: Scene) -> None:
    """An episode that was built, and whose script was edited since."""
    scene.done(*BUILD)
    scene.edit()


def finished(scene: Scene) -> None:
    """Two finished episodes."""
    scene.done(*BUILD)
    episodes = scene.show / "episodes"
    shutil.copytree(episodes / "glass-ferry", episodes / "the-pier")


def published(scene: Scene) -> None:
    """One that is published, and has been built anew since, and a new one."""
    scene.done(*BUILD)
    scene.done(*PUBLISH)
    scene.edit()
    scene.done(*BUILD)
    episodes = scene.show / "episodes"
    shutil.copytree(episodes / "glass-ferry", episodes / "the-pier")


def nothing(scene: Scene) -> None:
    """A new show."""


@dataclass(frozen=True)
class Case:
    command: tuple[str, ...]
    prepare: Callable[[Scene], None]
    rare: bool = False
    """Whether it is left for the long run."""


CASES = {
    "script": Case(SCRIPT, nothing, rare=True),
    "script, edited": Case(SCRIPT, edited),
    "build": Case(BUILD, nothing, rare=True),
    "build, spoken": Case(SPOKEN, nothing, rare=True),
    "build, edited": Case(BUILD, rebuilt),
    "publish": Case(PUBLISH, finished),
    "publish, again": Case(PUBLISH, published, rare=True),
}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(
            name,
            marks=pytest.mark.skipif(
                case.rare and INSTANTS < 2, reason="minutes; SAYSO_INSTANTS=100 runs it"
            ),
        )
        for name, case in CASES.items()
    ],
)
def staged(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Case, Scene, Scene, float]]:
    """A case, the scene before its command, the one after it, and how long it took in seconds."""
    case = CASES[request.param]
    folder = tmp_path_factory.mktemp("scenes")
    before = Scene(folder / "before").make()
    case.prepare(before)
    after = before.copy(folder / "after")
    start = time.monotonic()
    after.done(*case.command)
    yield case, before, after, time.monotonic() - start
    shutil.rmtree(folder)


def test_killed_at_any_instant(
    staged: tuple[Case, Scene, Scene, float],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    case, before, after, whole_s = staged
    assert after.debris() == []
    old, new = before.files(), after.files()
    seed = random.randrange(1 << 32)
    record_property("seed", seed)
    dice = random.Random(seed)
    n_killed = 0
    for number in range(INSTANTS):
        told = f"seed {seed}, number {number}"
        scene = before.copy(tmp_path / "scene")
        for instant_s in (dice.uniform(0, whole_s) for _ in range(dice.choice((1, 1, 2)))):
            n_killed += killed(scene, case.command, instant_s)
            for name, raw in scene.files().items():
                if not name.startswith(".") and "/." not in name and name != FILE_NAME:
                    assert raw in (old.get(name), new.get(name)), f"{told}: {name}"
            scene.expect_sound_feed()
        ended = scene.run(*case.command)
        assert ended.code == 0, f"{told}: {ended.text}"
        there = scene.files()
        assert there.keys() == new.keys(), told
        assert [name for name in new if there[name] != new[name]] == [], told
        assert (EDIT in scene.script.read_text("utf-8")) == (
            EDIT in after.script.read_text("utf-8")
        )
        assert scene.debris() == [], told
        shutil.rmtree(scene.root)
    record_property("instants", INSTANTS)
    record_property("killed", n_killed)


def killed(scene: Scene, command: tuple[str, ...], instant_s: float) -> bool:
    """Whether a command had to be killed after so many seconds, or was done before."""
    process = scene.start(*command)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(instant_s)
        process.communicate()
        return False
    scene.kill(process)
    return True
