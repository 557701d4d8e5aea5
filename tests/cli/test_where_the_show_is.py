"""Every command that takes a review finds the same show for it, and tells where it may surprise."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.conftest import REVIEW

from sayso import Show
from sayso.cli import run

Sayso = Callable[..., "Result"]  # type: ignore[name-defined]  # noqa: F821 - see conftest.py

OUTSIDE = 'the review lies outside of your show: its episode is one of "Late Seats"'


@pytest.fixture
def show(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A show that one stands in; the review is beside it, and a link to it in the show."""
    root = here / "late"
    (root / "reviews").mkdir(parents=True)
    (root / "show.toml").write_text('title = "Late Seats"\n')
    (root / "lexicon.toml").write_text("[words]\n")
    (root / "reviews" / "linked.md").symlink_to(here / "pier.md")
    monkeypatch.chdir(root)
    return root


COMMANDS = {
    "build": ("build", "{}", "--engine", "tone"),
    "dry-run": ("build", "{}", "--engine", "tone", "--dry-run"),
    "script": ("script", "{}"),
    "explain": ("script", "{}", "--explain"),
    "script --check": ("script", "{}", "--check"),
    "lexicon": ("lexicon", "{}"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("review", ["../pier.md", "{here}/pier.md"])
def test_a_review_outside_belongs_to_the_show_one_is_in(
    here: Path, show: Path, sayso: Sayso, command: str, review: str
) -> None:
    named = review.format(here=here)
    result = sayso(*(each.format(named) for each in COMMANDS[command]))
    assert result.code == 0, result.err
    assert f"note: {OUTSIDE}" in result.err
    assert not (here / "episodes").exists()
    if command in ("build", "script"):
        assert "review: ../pier.md" in (show / "episodes/pier/script.md").read_text("utf-8")


def test_a_link_belongs_to_the_show_that_it_is_in(here: Path, show: Path, sayso: Sayso) -> None:
    for folder, review in ((show, "reviews/linked.md"), (here, "late/reviews/linked.md")):
        os.chdir(folder)
        result = sayso("script", review)
        assert result.code == 0
        assert "Late Seats" not in result.err
        script = (show / "episodes" / "linked" / "script.md").read_text("utf-8")
        assert "review: reviews/linked.md" in script
        assert "This is Late Seats." in script


def test_all_commands_mean_the_same_episode(here: Path, show: Path, sayso: Sayso) -> None:
    told = json.loads(sayso("build", "../pier.md", "--engine", "tone", "--json").out)["episodes"][0]
    assert Path(told["folder"]) == show / "episodes" / "pier"
    assert any(OUTSIDE in note for note in told["notes"])
    again = sayso("build", "../pier.md", "--engine", "tone")
    assert "nothing changed since the last build" in again.out
    assert again.err.count(OUTSIDE) == 1
    assert sayso("check", "../pier.md").code == 0
    assert sayso("check", "pier").code == 0
    os.chdir(here)  # the built-in show has no such episode
    assert "this review is not an episode yet" in sayso("check", "pier.md").err
    assert "note: " not in sayso("build", "pier.md", "--engine", "tone", "--kind", "tv").err
    assert (here / "episodes" / "pier" / "episode.mp3").is_file()
    (here / "deep").mkdir()
    os.chdir(here / "deep")
    result = sayso("script", "../pier.md")
    assert (
        'note: no show.toml is here or above the review: its episode is one of "The Review Desk"'
        in result.err
    )


def test_the_studio_is_of_the_same_show(
    here: Path, show: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = pytest.importorskip("sayso.studio.serving")
    from sayso.build.options import Options
    from sayso.reporter import Silent
    from sayso.studio.episode_text import read

    opened = []
    monkeypatch.setattr(serving, "serve", lambda *given, **named: opened.append(given))
    assert OUTSIDE in sayso("preview", "../pier.md", "--no-browser").err
    ((studio_s_show, reviews, *_),) = opened
    assert (studio_s_show.title, list(reviews.sources)) == ("Late Seats", ["pier"])
    os.chdir(here)  # wherever the server runs
    source = reviews.sources["pier"]
    found = read(source, studio_s_show.root, Options(engine="tone"), None, Silent())
    assert found.reading is not None
    assert found.reading.show.title == "Late Seats"
    assert (show / "episodes" / "pier" / "script.md").is_file()
    assert not (here / "episodes").exists()


def test_a_batch_tells_for_each_review(here: Path, show: Path, sayso: Sayso) -> None:
    (show / "reviews" / "quay.md").write_text(REVIEW, "utf-8")
    result = sayso("build", "../pier.md", "reviews/quay.md", "--engine", "tone")
    assert result.code == 0
    assert f"note: pier: {OUTSIDE}" in result.err
    assert f"note: quay: {OUTSIDE}" not in result.err
    assert {path.name for path in (show / "episodes").iterdir()} == {"pier", "quay"}


def test_a_review_of_another_show_stays_there(here: Path, show: Path, sayso: Sayso) -> None:
    (here / "early").mkdir()
    (here / "early" / "show.toml").write_text('title = "Early Seats"\n')
    (here / "early" / "quay.md").write_text(REVIEW, "utf-8")
    result = sayso("script", "../early/quay.md")
    assert 'its episode is one of "Early Seats"' in result.err
    assert "not of the show that you are in" in result.err
    assert (here / "early" / "episodes" / "quay" / "script.md").is_file()
    assert not (show / "episodes").exists()


def test_two_reviews_outside_of_one_name_do_not_share_an_episode(
    here: Path, show: Path, sayso: Sayso
) -> None:
    (here / "other").mkdir()
    (here / "other" / "pier.md").write_text("The pier is another one. " * 9, "utf-8")
    assert sayso("script", "../pier.md").code == 0
    result = sayso("script", "../other/pier.md")
    assert result.code == 1
    assert "the episode 'pier' belongs to ../pier.md" in result.err


@pytest.mark.parametrize("names", [("Über.md", "uber.md"), ("a.b.md", "a-b.md"), ("a.md", "a.txt")])
@pytest.mark.parametrize("dry_run", [False, True])
def test_names_that_are_alike_share_no_folder(
    show: Path, sayso: Sayso, names: tuple[str, str], dry_run: bool
) -> None:
    for number, name in enumerate(names):
        (show / name).write_text(f"{REVIEW}\nThat was part {number}.\n", "utf-8")
    result = sayso("build", *names, "--engine", "tone", *(["--dry-run"] if dry_run else []))
    assert result.code == 1
    assert f"belongs to {names[0]}" in result.err
    assert "1 of 2 reviews" in result.out


@pytest.mark.parametrize("name", ["声", "رأي", "🎬", "!!!", "Ужас"])
def test_a_review_with_a_name_in_other_letters(show: Path, sayso: Sayso, name: str) -> None:
    (show / "reviews" / f"{name}.md").write_text(REVIEW, "utf-8")
    result = sayso("build", f"reviews/{name}.md", "--engine", "tone")
    assert result.code == 0
    (folder,) = (show / "episodes").iterdir()
    assert folder.name.isascii()
    assert sayso("check", f"reviews/{name}.md").code == 0
    assert sayso("publish", f"reviews/{name}.md", "--dry-run").code in (0, 1)


def test_a_program_s_show_is_the_one_it_opened(here: Path, show: Path) -> None:
    os.chdir(here)
    opened = Show.open(show)
    script = opened.script(here / "pier.md")
    assert script.get("review") == "../pier.md"
    assert (show / "episodes" / "pier" / "script.md").is_file()
    assert not (here / "episodes").exists()


# -------------------------------------------------------------------------------------- sayso new


@pytest.mark.parametrize("folder", ["other", "reviews/other", "reviews", "../late/deep/er"])
def test_no_show_within_a_show(show: Path, sayso: Sayso, folder: str) -> None:
    result = sayso("new", folder)
    assert result.code == 1
    assert f"this is within the show {show}" in result.err
    assert "--inside" in result.err
    assert not (Path(folder) / "show.toml").exists()
    assert sayso("new", folder, "--inside").code == 0
    assert (Path(folder) / "show.toml").is_file()


def test_a_show_beside_a_show(show: Path, sayso: Sayso) -> None:
    assert sayso("new", "../other").code == 0
    assert run(["new", "../other"]) == 1
