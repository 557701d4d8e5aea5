"""A build with nothing to do finds that out at once, and is never wrong about it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from cli.conftest import REVIEW

from sayso.build import record
from sayso.build.record import snapshot, unchanged_state
from sayso.cli import run

pytestmark = pytest.mark.xdist_group("unchanged")  # `warm` is built once then

Sayso = Callable[..., "Result"]  # type: ignore[name-defined]  # noqa: F821 - see conftest.py

SHOW = """\
title = "Pier Pressure"
[sounds.intro]
file = "a.wav"
[sounds.transition]
file = "a.wav"
[sounds.outro]
file = "a.wav"
"""


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache after one build of the show."""
    root = tmp_path_factory.mktemp("warm")
    (root / "pier.md").write_text(REVIEW, "utf-8")
    lay_out(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("SAYSO_CACHE", str(root / "cache"))
        assert run(["build", "pier.md", "--engine", "tone", "--quiet"]) == 0
    return root / "cache"


@pytest.fixture
def show(here: Path, warm: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A show with everything that a build may read, and a cache of its own."""
    shutil.copytree(warm, here / "cache")
    monkeypatch.setenv("SAYSO_CACHE", str(here / "cache"))
    return lay_out(here)


def lay_out(here: Path) -> Path:
    (here / "show.toml").write_text(SHOW)
    (here / "lexicon.toml").write_text('[words]\nBrill = "brill"\n')
    (here / "scripts").mkdir()
    (here / "scripts" / "notes.md.j2").write_text("{{ episode.title }}\n")
    soundfile.write(here / "a.wav", np.linspace(0.3, -0.3, 4_410), 44_100)
    return here


def build(sayso: Sayso, *more: str) -> dict:
    result = sayso("build", "pier.md", "--engine", "tone", "--json", *more)
    assert result.code == 0, result.err
    (episode,) = json.loads(result.out)["episodes"]
    return episode


def folder(show: Path) -> Path:
    return show / "episodes" / "pier"


def test_nothing_to_do_needs_no_numpy_and_tells_the_same(show: Path, sayso: Sayso) -> None:
    first = build(sayso)
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder(show).iterdir()}
    code = (
        "import sys; from sayso.cli import run; "
        "code = run(['build', 'pier.md', '--engine', 'tone', '--json']); "
        "heavy = {'numpy', 'pydub', 'jinja2', 'PIL', 'markdown_it'} & set(sys.modules); "
        "sys.exit(code or ','.join(heavy) or 0)"
    )
    for _ in range(2):  # with times that are too young to be trusted, then with settled ones
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        (again,) = json.loads(done.stdout)["episodes"]
        assert again["unchanged"]
        same = ("title", "folder", "duration_s", "integrated_lufs", "sentences", "stretches")
        assert {key: again[key] for key in same} == {key: first[key] for key in same}
        assert (again["voiced"], again["encoded"]) == (0, 0)
    assert before == {
        p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder(show).iterdir()
    }


def edit(path: Path, old: str, new: str) -> None:
    """Change a file and keep its size and its time, as a hurried copy may."""
    stat = path.stat()
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "review": (lambda show: edit(show / "pier.md", "superb", "subdue"), "voiced"),
    "script": (lambda show: edit(folder(show) / "script.md", "superb", "subdue"), "voiced"),
    "lexicon": (lambda show: edit(show / "lexicon.toml", '"brill"', '"bryll"'), "voiced"),
    "settings": (lambda show: edit(show / "show.toml", "Pressure", "Presence"), "voiced"),
    "loudness": (
        lambda show: (show / "show.toml").write_text(SHOW + "[audio]\nloudness = -20\n"),
        "encoded",
    ),
    "a sound": (
        lambda show: soundfile.write(show / "a.wav", np.linspace(-0.3, 0.3, 4_410), 44_100),
        "encoded",
    ),
    "a new template": (
        lambda show: (show / "scripts" / "base.md.j2").write_text(
            '{% extends "base.md.j2" %}{% block cold_open %}Hello.\n\n{% endblock %}'
        ),
        "voiced",
    ),
    "notes": (lambda show: edit(show / "scripts" / "notes.md.j2", "title", "about"), ""),
    "a kind": (
        lambda show: (
            (show / "kinds").mkdir(),
            shutil.copy(
                Path(record.__file__).parents[1] / "review" / "kinds" / "book.toml", show / "kinds"
            ),
        ),
        "",
    ),
    "no lexicon": (lambda show: (show / "lexicon.toml").unlink(), ""),
    "a damaged file": (lambda show: edit(folder(show) / "transcript.vtt", "superb", "subdue"), ""),
    "a damaged episode": (
        lambda show: (folder(show) / "episode.mp3").write_bytes(
            (folder(show) / "episode.mp3").read_bytes()[:-1] + b"\0"
        ),
        "",
    ),
    "a file gone": (lambda show: (folder(show) / "cover.jpg").unlink(), ""),
    "a report gone": (lambda show: (folder(show) / "report.html").unlink(), ""),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_is_noticed_and_named(name: str, show: Path, sayso: Sayso) -> None:
    build(sayso)
    before = {p.name: p.read_bytes() for p in folder(show).iterdir()}
    assert build(sayso)["unchanged"]
    change, redone = CHANGES[name]
    change(show)
    try:
        again = build(sayso)
    except AssertionError:
        assert name == "notes"  # the template has lost its sense, and says so
        return
    assert not again["unchanged"]
    if redone:
        assert again["because"][redone]
    if "damaged" in name or "gone" in name:
        assert {p.name: p.read_bytes() for p in folder(show).iterdir() if p.name in before} == {
            **before,
            "report.html": (folder(show) / "report.html").read_bytes(),
        }
    assert build(sayso)["unchanged"]


def test_other_options_are_another_build(show: Path, sayso: Sayso) -> None:
    build(sayso)
    assert not build(sayso, "--kind", "book")["unchanged"]
    assert build(sayso, "--kind", "book", "--jobs", "1")["unchanged"]
    assert not build(sayso, "--kind", "book", "--draft")["unchanged"]
    assert build(sayso, "--kind", "book")["unchanged"]


def test_another_version_or_package_is_noticed(
    show: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    build(sayso)
    assert build(sayso)["unchanged"]
    with monkeypatch.context() as patch:
        patch.setattr(record, "__version__", "99")
        assert not build(sayso)["unchanged"]
    packages = tmp_path / "other" / "site-packages"
    (packages / "beep-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(packages))
    assert not build(sayso)["unchanged"]
    assert build(sayso)["unchanged"]
    (packages / "beep-1.0.dist-info").rename(packages / "beep-1.1.dist-info")
    assert not build(sayso)["unchanged"]


def test_a_file_that_was_only_touched_has_not_changed(show: Path, sayso: Sayso) -> None:
    build(sayso)
    for path in (*show.glob("*.*"), *folder(show).iterdir()):
        os.utime(path)
    assert build(sayso)["unchanged"]


def test_the_reasons_are_named(show: Path, sayso: Sayso) -> None:
    first = sayso("build", "pier.md", "--engine", "tone").out
    assert "again" not in first
    assert "nothing changed since" in sayso("build", "pier.md", "--engine", "tone").out
    edit(show / "pier.md", "superb", "subdue")
    one = sayso("build", "pier.md", "--engine", "tone").out
    assert "1 sentence voiced" in one
    assert "voiced and encoded again: pier.md changed" in one
    soundfile.write(show / "a.wav", np.linspace(-0.3, 0.3, 4_410), 44_100)
    music = build(sayso)
    assert music["voiced"] == 0
    assert music["because"] == {"encoded": ["a.wav"]}
    (show / "show.toml").write_text(SHOW + "[audio]\nloudness = -20\n")
    assert build(sayso)["because"] == {"encoded": ["show.toml [audio]"]}


def test_several_reviews_are_passed_over_too(show: Path, sayso: Sayso) -> None:
    shutil.copy(show / "pier.md", show / "quay.md")
    arguments = ("build", "pier.md", "quay.md", "--engine", "tone", "--json")
    sayso(*arguments)
    edit(show / "quay.md", "superb", "subdue")
    told = json.loads(sayso(*arguments).out)["episodes"]
    assert [each["unchanged"] for each in told] == [True, False]


def test_notes_are_told_each_time(show: Path, sayso: Sayso) -> None:
    first = sayso("build", "pier.md", "--engine", "tone")
    assert "note: " in first.err
    assert sayso("build", "pier.md", "--engine", "tone").err == first.err


def test_a_file_is_taken_as_it_was_only_by_all_its_times(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("one")
    young = snapshot(path)
    assert (young.mtime_ns, young.inode) == (0, 0)  # may change within a step of its clock
    os.utime(path, ns=(0, 0))
    assert unchanged_state(young) is not None
    path.write_text("two")
    assert unchanged_state(young) is None
    absent = snapshot(tmp_path / "b")
    assert unchanged_state(absent) == absent
    (tmp_path / "b").mkdir()
    assert unchanged_state(absent) is None
    names = snapshot(tmp_path / "b")
    assert unchanged_state(names) == names
    (tmp_path / "b" / "c").touch()
    assert unchanged_state(names) is None


def test_a_format_that_is_asked_for_now_is_something_to_do(show: Path, sayso: Sayso) -> None:
    assert not build(sayso)["unchanged"]
    with_flac = build(sayso, "--format", "flac", "--stems")
    assert not with_flac["unchanged"]
    assert (with_flac["voiced"], with_flac["encoded"], with_flac["because"]) == (0, 0, {})
    flac = folder(show) / "episode.flac"
    assert [Path(path) for path in with_flac["formats"]] == [flac]
    assert Path(with_flac["stems"]) == folder(show) / "stems"
    assert build(sayso, "--format", "flac", "--stems")["unchanged"]
    assert build(sayso)["unchanged"]  # they are there, and right
    for path in (flac, folder(show) / "stems" / "music.flac"):
        before = path.read_bytes()
        path.unlink()
        assert not build(sayso, "--format", "flac", "--stems")["unchanged"]
        assert path.read_bytes() == before
    edit(show / "pier.md", "superb", "subdue")
    assert build(sayso)["voiced"] == 1
    assert build(sayso, "--format", "flac")["unchanged"]
    assert sayso("check").code == 0


def test_a_missing_ffmpeg_is_told(
    show: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(show))
    result = sayso("build", "pier.md", "--engine", "tone", "--format", "opus")
    assert result.code == 3
    assert "install ffmpeg" in result.err
    assert not (show / "episodes").exists()
