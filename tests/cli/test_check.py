from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from finished_episode import SCRIPT, build, edit

Sayso = Callable[..., "Result"]  # type: ignore[name-defined]  # noqa: F821 - see conftest.py


@pytest.fixture
def show(here: Path) -> Path:
    """A show with one finished episode, and a review that is none yet."""
    build(here, SCRIPT)
    (here / "other.md").write_text("A review. It goes on.\n", "utf-8")
    return here


@pytest.mark.parametrize("named", ["episodes/pier", "pier", "pier.md", None])
def test_an_episode_is_found_by_folder_name_and_review(
    named: str | None, show: Path, sayso: Sayso
) -> None:
    result = sayso("check", *([named] if named else []))
    assert result.code == 0
    assert "in order: 0:" in result.out
    assert "-1" in result.out
    assert "4 chapters, " in result.out


def test_a_finding_names_file_time_problem_and_mend(show: Path, sayso: Sayso) -> None:
    edit(show / "episodes" / "pier", "transcript.vtt", lambda text: text.replace("superb", "bad"))
    result = sayso("check")
    assert result.code == 1
    where = str(Path("episodes/pier/transcript.vtt"))
    assert f"error: {where}: it has " in result.out
    assert f"error: {where} at 0:1" in result.out
    assert "  [transcript]\n" in result.out
    assert "'The cast is small and bad.' where the timeline has" in result.out
    assert "build the episode again" in result.out


def test_a_build_mends_what_a_check_finds(show: Path, sayso: Sayso) -> None:
    folder = show / "episodes" / "pier"
    (folder / "transcript.vtt").write_text("WEBVTT\n")
    (folder / "cover.jpg").unlink()
    assert sayso("check").code == 1
    assert sayso("build", "pier.md", "--engine", "tone").code == 0
    assert sayso("check").code == 0


def test_findings_for_programs(show: Path, sayso: Sayso) -> None:
    (show / "episodes" / "pier" / "notes.html").unlink()
    (show / "episodes" / "pier" / "ideas.txt").write_text("More bass.")
    result = sayso("check", "--json")
    document = json.loads(result.out)
    assert result.code == 1
    assert (document["schema"], document["command"], document["right"]) == (1, "check", False)
    assert [
        (finding["code"], finding["severity"], finding["file"])
        for finding in document["episodes"][0]["findings"]
    ] == [("missing", "error", "notes.html"), ("extra", "warning", "ideas.txt")]


def test_several_episodes_are_summed_up(show: Path, sayso: Sayso) -> None:
    (show / "episodes" / "broken").mkdir()
    (show / "episodes" / "broken" / "episode.json").write_text("{")
    result = sayso("check")
    assert result.code == 1
    assert "1 of 2 episodes in order" in result.out
    assert "not JSON" in result.out


@pytest.mark.parametrize(
    ("named", "problem", "hint"),
    [
        ("other.md", "not an episode yet", "sayso build other.md"),
        ("peir", "no episode, folder or review named 'peir'", "did you mean 'pier'?"),
        ("episodes", "no episode is in this folder", "name a folder"),
    ],
)
def test_what_is_no_episode_is_a_clear_error(
    named: str, problem: str, hint: str, show: Path, sayso: Sayso
) -> None:
    result = sayso("check", named)
    assert result.code == 1
    assert problem in result.err
    assert hint in result.err


def test_nothing_to_check_is_a_clear_error(here: Path, sayso: Sayso) -> None:
    result = sayso("check")
    assert result.code == 1
    assert "there is no finished episode here" in result.err
