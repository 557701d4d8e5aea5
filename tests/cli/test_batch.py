"""Several reviews in one build: shared workers, one table, and nothing lost at Ctrl-C."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tools import need_package

Sayso = Callable[..., "Result"]  # type: ignore[name-defined]  # noqa: F821 - see conftest.py


@pytest.fixture
def reviews(here: Path) -> list[str]:
    text = (here / "pier.md").read_text("utf-8")
    names = [f"pier-{n}.md" for n in (1, 2, 3)]
    for name in names:
        (here / name).write_text(text.replace("The Pier", f"The Pier {name[5]}"), "utf-8")
    return names


def made(here: Path) -> list[Path]:
    """All files of all episodes but the reports, which tell of their builds."""
    files = (here / "episodes").rglob("*")
    return [path for path in files if path.is_file() and path.name != "report.html"]


def test_a_batch_makes_the_bytes_of_single_builds(
    here: Path, reviews: list[str], sayso: Sayso
) -> None:
    result = sayso("build", *reviews, "--engine", "tone")
    assert result.code == 0
    assert result.out.splitlines()[-1].startswith("3 of 3 reviews built in ")
    assert [line.split()[0] for line in result.out.splitlines()[:3]] == [n[:-3] for n in reviews]
    together = {p: p.read_bytes() for p in made(here)}
    for path in together:
        path.unlink()
    for name in reviews:
        assert sayso("build", name, "--engine", "tone").code == 0
    assert together == {p: p.read_bytes() for p in made(here)}


def test_a_failure_stands_in_the_table_and_the_others_go_on(
    here: Path, reviews: list[str], sayso: Sayso
) -> None:
    (here / "empty.md").write_text("")
    result = sayso("build", reviews[0], "empty.md", reviews[1], "--engine", "tone")
    assert result.code == 1
    first, second, third, last = result.out.splitlines()
    assert first.startswith("pier-1")
    assert second.startswith("empty   failed: empty.md: ")
    assert third.startswith("pier-2")
    assert last.startswith("2 of 3 reviews built")
    assert "empty.md" in result.err


def test_the_same_review_twice_is_built_once(reviews: list[str], sayso: Sayso) -> None:
    result = sayso("build", reviews[0], reviews[1], reviews[0], "--engine", "tone", "--json")
    assert len(json.loads(result.out)["episodes"]) == 2


def test_a_batch_can_be_tried_dry(here: Path, reviews: list[str], sayso: Sayso) -> None:
    result = sayso("build", *reviews, "--engine", "tone", "--dry-run")
    assert result.code == 0
    assert result.out.count("would voice") == 3
    assert not (here / "episodes").exists()


def test_a_cluster_that_is_not_there_is_said_once(
    here: Path, reviews: list[str], sayso: Sayso
) -> None:
    need_package("distributed")
    result = sayso("build", *reviews, "--workers", "nowhere://127.0.0.1:9")
    assert result.code == 3
    assert result.err.count("error: ") == 1


# --------------------------------------------------------------------------------- Ctrl-C

SLOW = """
import time
from sayso.speech.engines.tone import ToneEngine
class Plugin(ToneEngine):
    name = "slow"
    in_process = False
    def speak(self, text, voice, speed):
        if "radio" in text:
            time.sleep(3600)
        return super().speak(text, voice, speed)
"""


def children(pid: int) -> list[int]:
    """The children of all threads of a process."""
    found: set[str] = set()
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # the thread has ended since it was listed
            found |= set((thread / "children").read_text().split())
    return sorted(int(each) for each in found)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[-1].startswith("Z")
    except OSError:
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("n_reviews", [1, 3])
def test_an_interrupt_ends_the_build_keeps_takes_and_leaves_no_process(
    here: Path, reviews: list[str], sayso: Sayso, n_reviews: int
) -> None:
    plugins = here / "plugins"
    info = plugins / "slow_engine-1.0.dist-info"
    info.mkdir(parents=True)
    (plugins / "slow_engine.py").write_text(SLOW)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-engine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[sayso.engines]\nslow = slow_engine:Plugin\n")
    cache = here / "cache"
    build = subprocess.Popen(
        [sys.executable, "-m", "sayso", "build", *reviews[:n_reviews], "--engine", "slow", "-q"],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(plugins), *sys.path]),
            "SAYSO_CACHE": str(cache),
        },
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    takes: list[Path] = []
    while len(takes) < 4:  # the others hang at the line with the radio
        assert time.monotonic() < end, build.communicate()
        assert build.poll() is None, build.communicate()
        takes = [p for p in cache.glob("takes/??/*") if not p.name.endswith(".sayso-tmp")]
        time.sleep(0.02)
    workers = children(build.pid)
    assert workers
    build.send_signal(signal.SIGINT)
    _, err = build.communicate(timeout=30)
    assert build.returncode == 130, err
    assert "finished takes are kept" in err
    assert "Traceback" not in err, err
    end = time.monotonic() + 5  # the system takes a moment to bury a process
    while not all(gone(pid) for pid in workers):
        assert time.monotonic() < end, f"still there: {workers}"
        time.sleep(0.02)
    assert all(path.is_file() for path in takes)


# ------------------------------------------------------------------------- the cache's bound


def test_a_build_bounds_the_cache_by_what_was_used_longest_ago(
    here: Path, reviews: list[str], sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = here / "cache"
    monkeypatch.setenv("SAYSO_CACHE", str(cache))
    assert sayso("build", reviews[0], "--engine", "tone").code == 0
    first = [path for path in cache.glob("*/??/*") if path.is_file()]
    old = time.time() - 100_000
    for path in first:
        os.utime(path, (old, old))
    assert sayso("build", reviews[1], "--engine", "tone").code == 0
    assert all(path.is_file() for path in first)  # far below the default bound
    monkeypatch.setenv("SAYSO_CACHE_MB", "0.1")
    text = (here / "pier-2.md").read_text("utf-8").replace("small and superb", "vast and superb")
    (here / "pier-2.md").write_text(text, "utf-8")
    assert sayso("build", reviews[1], "--engine", "tone").code == 0
    gone = [path for path in first if not path.is_file()]
    assert gone
    again = json.loads(sayso("build", reviews[1], "--engine", "tone", "--json").out)
    assert again["episodes"][0]["voiced"] == 0  # what was used in the last hour has stayed
