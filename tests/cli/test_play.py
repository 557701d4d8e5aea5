from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sayso.cli.play import PLAYERS

Sayso = Callable[..., "Result"]  # type: ignore[name-defined]  # noqa: F821 - see conftest.py

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the players here are scripts")


@pytest.fixture
def show(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A show with one episode, on a machine without a player."""
    folder = here / "episodes" / "pier"
    folder.mkdir(parents=True)
    (folder / "episode.mp3").write_bytes(b"")
    document = {
        "title": "The Pier",
        "audio": {"sample_rate": 44_100},
        "chapters": [
            {"id": "intro", "title": "Introduction", "start": 0},
            {"id": "verdict", "title": "The verdict", "start": 44_100 * 90},
        ],
    }
    (folder / "episode.json").write_text(json.dumps(document))
    (here / "bin").mkdir()
    monkeypatch.setenv("PATH", str(here / "bin"))
    return here


def install(show: Path, *names: str, code: int = 0) -> None:
    """Put players on the path that write down what they are called with."""
    for name in names:
        path = show / "bin" / name
        path.write_text(f'#!/bin/sh\nprintf "%s\\n" {name} "$@" > "{show}/called"\nexit {code}\n')
        path.chmod(0o755)


def called(show: Path) -> list[str]:
    return (show / "called").read_text().splitlines()


def mp3(show: Path) -> str:
    return str((show / "episodes" / "pier" / "episode.mp3").resolve())


def test_the_first_player_that_is_installed_plays_from_the_start(show: Path, sayso: Sayso) -> None:
    install(show, "mpg123", "ffplay")
    result = sayso("play", "pier.md")
    assert result.code == 0
    assert result.out == ""
    assert "playing The Pier from 0:00 with ffplay" in result.err
    assert called(show)[0] == "ffplay"
    assert called(show)[-2:] == ["-i", mp3(show)]


STARTS = {
    "mpv": "--start=90.000",
    "ffplay": "90.000",
    "mpg123": "3445",  # frames of 1,152 samples
    "cvlc": "--start-time=90.000",
    "play": "90.000",
}


@pytest.mark.parametrize("player", STARTS)
@pytest.mark.parametrize("segment", ["verdict", "The Verdict"])
def test_a_segment_starts_where_its_chapter_does(
    player: str, segment: str, show: Path, sayso: Sayso
) -> None:
    install(show, player)
    result = sayso("play", "pier", "--segment", segment)
    assert result.code == 0
    assert "The Pier: The verdict from 1:30" in result.err
    assert STARTS[player] in called(show)
    assert mp3(show) in called(show)


def test_every_player_is_tried(show: Path, sayso: Sayso) -> None:
    assert {*STARTS, "afplay"} == {player.program for player in PLAYERS}
    install(show, "afplay")
    assert sayso("play", "pier").code == 0
    assert called(show) == ["afplay", mp3(show)]
    assert sayso("play", "pier", "--segment", "verdict").code == 3  # it cannot start within


def test_no_player_is_the_machines_fault_and_names_some(show: Path, sayso: Sayso) -> None:
    result = sayso("play", "pier")
    assert result.code == 3
    assert "no player for sound files is installed" in result.err
    assert "install one of mpv, ffplay, mpg123" in result.err
    named = sayso("play", "pier", "--player", "mpv")
    assert named.code == 3
    assert "mpv is not installed" in named.err


def test_a_player_that_gives_up_is_told(show: Path, sayso: Sayso) -> None:
    install(show, "mpv", code=2)
    result = sayso("play", "pier")
    assert result.code == 3
    assert "mpv gave up with code 2" in result.err


def test_an_unknown_segment_is_met_with_the_right_one(show: Path, sayso: Sayso) -> None:
    install(show, "mpv")
    result = sayso("play", "pier", "--segment", "verdikt")
    assert result.code == 1
    assert "did you mean 'verdict'?" in result.err


def test_an_episode_without_sound_or_with_a_broken_manifest_is_a_clear_error(
    show: Path, sayso: Sayso
) -> None:
    folder = show / "episodes" / "pier"
    (folder / "episode.mp3").unlink()
    assert "the episode has no sound" in sayso("play", "pier").err
    (folder / "episode.mp3").write_bytes(b"")
    manifest = json.loads((folder / "episode.json").read_bytes())
    for broken in ("[]", json.dumps({**manifest, "audio": {"sample_rate": 0}})):
        (folder / "episode.json").write_text(broken)
        result = sayso("play", "pier", "--segment", "verdict")
        assert "the manifest cannot be read" in result.err


def test_ctrl_c_ends_it_without_a_word(show: Path, sayso: Sayso) -> None:
    install(show, "mpv")
    player = show / "bin" / "mpv"
    player.write_text(f"#!/bin/sh\nkill -INT {os.getpid()}\nexec /bin/sleep 20\n")
    result = sayso("play", "pier")
    assert result.code == 130
    assert result.err == "playing The Pier from 0:00 with mpv; Ctrl-C stops\n"


def test_say_plays_by_a_player_that_takes_wav(show: Path, sayso: Sayso) -> None:
    install(show, "mpg123", "play")
    result = sayso("say", "Eight out of ten.", "--engine", "tone", "--play")
    assert result.code == 0
    assert called(show)[0] == "play"
    assert called(show)[2].endswith("said.wav")
