"""Killed at any instant, with its whole group: the same command again ends as if undisturbed.

SAYSO_INSTANTS=100 kills each command at a hundred instants.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from resilience.scenes import EDIT, Scene
from resilience.stages import BUILD, PUBLISH, SCRIPT, SPOKEN, Case, Stages, expect_the_same
from tools import INSTANTS

from sayso.publish.ledger import FILE_NAME

pytestmark = pytest.mark.xdist_group("stages")
RARE = pytest.mark.rare
CASES = [
    pytest.param(Case(SCRIPT, "new"), id="script", marks=RARE),
    pytest.param(Case(SCRIPT, "script edited"), id="script, edited"),
    pytest.param(Case(BUILD, "new"), id="build", marks=RARE),
    pytest.param(Case(SPOKEN, "new"), id="build, spoken", marks=RARE),
    pytest.param(Case(BUILD, "edited since"), id="build, edited"),
    pytest.param(Case(PUBLISH, "two episodes"), id="publish"),
    pytest.param(Case(PUBLISH, "one published"), id="publish, again", marks=RARE),
]


@pytest.mark.parametrize("case", CASES)
def test_killed_at_any_instant(
    case: Case, stages: Stages, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    outcome = stages.outcome(case)
    assert outcome.after.debris() == []
    old, new = outcome.before.files(), outcome.after.files()
    seed = random.randrange(1 << 32)
    record_property("seed", seed)
    dice = random.Random(seed)
    n_killed = 0
    for number in range(INSTANTS):
        told = f"seed {seed}, number {number}"
        scene = outcome.before.copy(tmp_path / "scene")
        for _ in range(dice.choice((1, 1, 2))):
            n_killed += killed(scene, case.command, dice.uniform(0, outcome.took_s))
            for name, raw in scene.files().items():
                if not name.startswith(".") and "/." not in name and name != FILE_NAME:
                    assert raw in (old.get(name), new.get(name)), f"{told}: {name}"
            scene.expect_sound_feed()
        expect_the_same(scene, case, outcome, told)
        if case.stage in ("script edited", "edited since"):
            assert EDIT in scene.script.read_text("utf-8")
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
