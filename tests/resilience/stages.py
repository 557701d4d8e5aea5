"""Shows at some point of their life, each made once for all tests of a session."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from resilience.scenes import REVIEW_CHANGED, Scene

BUILD = ("build", "glass-ferry.md", "--engine", "tone", "-q")
SPOKEN = ("build", "glass-ferry.md", "--engine", "pyttsx3", "-q", "--format", "flac", "--stems")
SCRIPT = ("script", "glass-ferry.md")
PUBLISH = ("publish", "--quiet")


def _script_edited(scene: Scene) -> None:
    """A script that was edited; then its review was changed."""
    scene.done(*SCRIPT)
    scene.edit()
    scene.review.write_text(REVIEW_CHANGED, "utf-8")


def _two_episodes(scene: Scene) -> None:
    episodes = scene.show / "episodes"
    shutil.copytree(episodes / "glass-ferry", episodes / "the-pier")


def _one_published(scene: Scene) -> None:
    """It is published, and has been built anew since; another one is new."""
    scene.done(*PUBLISH)
    scene.edit()
    scene.done(*BUILD)
    _two_episodes(scene)


@dataclass(frozen=True)
class Stage:
    after: str | None
    do: Callable[[Scene], object]


STAGES = {
    "new": Stage(None, lambda scene: scene.make()),
    "script edited": Stage("new", _script_edited),
    "built": Stage("new", lambda scene: scene.done(*BUILD)),
    "edited since": Stage("built", lambda scene: scene.edit()),
    "two episodes": Stage("built", _two_episodes),
    "one published": Stage("built", _one_published),
}


@dataclass(frozen=True)
class Case:
    """A command and the stage that it begins at."""

    command: tuple[str, ...]
    stage: str


@dataclass
class Outcome:
    """What comes of a case where nothing disturbs it."""

    before: Scene
    after: Scene
    took_s: float


class Stages:
    """The scenes of a session: to be copied, not to be changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._outcomes: dict[Case, Outcome] = {}

    def __getitem__(self, name: str) -> Scene:
        scene = Scene(self._folder / name.replace(" ", "-"))
        if not scene.root.is_dir():
            stage = STAGES[name]
            if stage.after is not None:
                self[stage.after].copy(scene.root)
            stage.do(scene)
        return scene

    def outcome(self, case: Case) -> Outcome:
        """Run a case once, undisturbed."""
        if case not in self._outcomes:
            before = self[case.stage]
            after = before.copy(self._folder / f"outcome-{len(self._outcomes)}")
            start = time.monotonic()
            after.done(*case.command)
            self._outcomes[case] = Outcome(before, after, time.monotonic() - start)
        return self._outcomes[case]


def expect_the_same(scene: Scene, case: Case, outcome: Outcome, told: str) -> None:
    """The case's command ends well, with the files of one that nothing disturbed."""
    ended = scene.run(*case.command)
    assert ended.code == 0, f"{told}\nthen: {ended.text}"
    there, new = scene.files(), outcome.after.files()
    assert there.keys() == new.keys(), told
    assert [name for name in new if there[name] != new[name]] == [], told
    assert scene.debris() == [], told
