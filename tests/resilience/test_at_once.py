"""Several at once on one show: all end well, and the files are those of one after the other.

SAYSO_INSTANTS=30 has thirty rounds of each.
"""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from resilience.scenes import PATIENCE_S, REVIEW, REVIEW_CHANGED
from resilience.stages import BUILD, PUBLISH, SCRIPT, Case, Stages
from tools import INSTANTS

from sayso.studio.changes import Changes
from sayso.system.atomic_files import exclusive

pytestmark = pytest.mark.xdist_group("stages")
rare = pytest.mark.rare


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    text = process.communicate(timeout=PATIENCE_S)[0].decode()
    assert "Traceback" not in text, text
    return process.returncode, text


@pytest.mark.parametrize(
    "commands",
    [
        pytest.param((BUILD, BUILD), id="two builds"),
        pytest.param((BUILD, SCRIPT), id="build and script", marks=rare),
        pytest.param((BUILD, BUILD, SCRIPT, BUILD), id="four", marks=rare),
    ],
)
def test_builds_at_once(
    commands: tuple[tuple[str, ...], ...],
    stages: Stages,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    outcome = stages.outcome(Case(BUILD, "edited since"))
    before, alone = outcome.before, outcome.after
    for _ in range(INSTANTS):
        scene = before.copy(tmp_path / "scene")
        running = []
        for command in commands:
            running.append(scene.start(*command))
            time.sleep(random.uniform(0, 0.3))
        for process in running:
            code, text = ended(process)
            assert code == 0, text
        assert scene.files() == alone.files()
        assert scene.debris() == []
        shutil.rmtree(scene.root)
    record_property("rounds", INSTANTS)


@rare
def test_a_build_beside_a_publication(
    stages: Stages, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """What is published is one build's: every file has the bytes that its name tells of."""
    before = stages["one published"].copy(tmp_path / "before")
    before.script.write_text(before.script.read_text("utf-8") + "\nAnd this one too.\n", "utf-8")
    alone = before.copy(tmp_path / "alone")
    alone.done(*BUILD)
    alone.done(*PUBLISH)
    for _ in range(INSTANTS):
        scene = before.copy(tmp_path / "scene")
        running = []
        for command in random.sample((BUILD, PUBLISH), 2):
            running.append(scene.start(*command))
            time.sleep(random.uniform(0, 0.8))
        for process in running:
            code, text = ended(process)
            assert code == 0, text
        for media in (scene.show / "public" / "media").iterdir():
            named = re.search(r"-([0-9a-f]{12})\.", media.name)
            assert named
            assert hashlib.sha256(media.read_bytes()).hexdigest().startswith(named[1])
        scene.expect_sound_feed()
        scene.done(*PUBLISH)
        there, expected = scene.files(), alone.files()
        assert expected.keys() <= there.keys()
        assert [name for name in expected if there[name] != expected[name]] == []
        assert scene.debris() == []
        shutil.rmtree(scene.root)
    record_property("rounds", INSTANTS)


def test_edits_in_the_studio_beside_renderings(
    stages: Stages, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """While commands bring a changing review into the script, no edit of the page is lost."""
    scene = stages["script edited"].copy(tmp_path / "scene")
    over = threading.Event()
    failures: list[str] = []

    def render() -> None:
        try:
            for number in range(1 + INSTANTS // 3):
                scene.review.write_text((REVIEW, REVIEW_CHANGED)[number % 2], "utf-8")
                scene.done(*SCRIPT)
        except AssertionError as error:
            failures.append(str(error))
        over.set()

    rendering = threading.Thread(target=render)
    rendering.start()
    changes, n_edits = Changes(), 0
    while not over.is_set():
        seen = scene.script.read_text("utf-8")
        changes.make(
            scene.script, seen, lambda text, n=n_edits: f"{text}\nEdit number {n}.\n", "an edit"
        )
        n_edits += 1
        time.sleep(0.005)
    rendering.join()
    assert failures == []
    text = scene.script.read_text("utf-8")
    assert [n for n in range(n_edits) if f"\nEdit number {n}.\n" not in text] == []
    record_property("edits", n_edits)


def test_who_waits_for_a_folder_says_so(tmp_path: Path) -> None:
    told: list[str] = []

    def hold(*, shared: bool) -> None:
        with exclusive(tmp_path, shared=shared, waits=lambda: told.append("waits")):
            told.append("held")

    with exclusive(tmp_path, shared=True):
        hold(shared=True)
        waiting = threading.Thread(target=hold, kwargs={"shared": False})
        waiting.start()
        while len(told) < 2:
            time.sleep(0.001)
        told.append("free")
    waiting.join()
    assert told == ["held", "waits", "free", "held"]
