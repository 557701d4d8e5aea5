from __future__ import annotations

from pathlib import Path

import pytest

from sayso import Options, Show
from sayso.errors import ReviewError, ShowError

REVIEW = "A ferry comes back empty. Nobody asks why.\n\nThe cast is superb. Overall, see it. 4/5.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "show.toml").write_text('title = "Late Seats"\n')
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / "ferry.md").write_text(REVIEW)
    return tmp_path


def test_a_program_makes_an_episode_and_publishes_it_without_a_word_printed(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAYSO_CACHE", str(folder / "cache"))
    settings = '\n[feed]\nurl = "https://late.example"\ncategory = "TV Reviews"\n'
    (folder / "show.toml").write_text('title = "Late Seats"\n' + settings)
    show = Show.open(folder)
    episode = show.build("reviews/ferry.md", Options(engine="tone", kind="tv"))
    assert episode.mp3.stat().st_size > 100_000
    assert episode.script == folder / "episodes" / "ferry" / "script.md"
    assert episode.timeline.chapters[0].start == 0
    assert episode.n_voiced == len({line.take for line in episode.timeline.lines})
    done = show.publish("ferry")
    assert [entry.slug for entry in done.published] == ["ferry"]
    assert done.feed_url == "https://late.example/feed.xml"
    assert (folder / "public" / "feed.xml").is_file()
    assert capfd.readouterr() == ("", "")


def test_outline_writes_nothing_and_script_only_the_script(folder: Path) -> None:
    show = Show.open(folder)
    assert show.outline("reviews/ferry.md").kind_reason == "guess"
    assert not (folder / "episodes").exists()
    script = show.script("reviews/ferry.md")
    assert script.get("review") == "reviews/ferry.md"
    assert {p.name for p in (folder / "episodes/ferry").iterdir()} == {"script.md", ".rendered.md"}


def test_errors_are_raised(folder: Path) -> None:
    with pytest.raises(ReviewError, match="no such review"):
        Show.open(folder).build("reviews/nowhere.md")
    (folder / "show.toml").write_text("title = 3\n")
    with pytest.raises(ShowError, match="title"):
        Show.open(folder)
