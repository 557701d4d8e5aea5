from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tools import need_package

import sayso
from sayso import BuildFailure, BuildResult, Options, Reporter, SaysoError, Show, Timeline
from sayso.build.api import build_episode
from sayso.cli import run
from sayso.errors import PublishError, ReviewError, ShowError, SpeechError
from sayso.speech.engines import Engine, EngineVoice, Speech

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


HUM = Options(engine="tone", kind="tv", jobs=1)


class Buzz(Engine):
    """An engine that no package declares."""

    name = "buzz"
    version = "1"
    spoken: list[str]

    def __init__(self) -> None:
        self.spoken = []

    def voices(self) -> tuple[EngineVoice, ...]:
        return (EngineVoice("low", "Low", "en-US"),)

    def speak(self, text: str, voice: str, speed: float) -> Speech:
        self.spoken.append(text)
        wave = 8_000 * np.sin(np.arange(1_500 * len(text.split())) * 0.05)
        return Speech(wave.astype(np.int16), 24_000)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    """What the command line tells programs."""
    run([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def test_all_names_are_there_and_on_the_page() -> None:
    page = (Path(__file__).parents[1] / "docs" / "api.md").read_text("utf-8")
    for name in sayso.__all__:
        assert getattr(sayso, name) is not None
        if name not in ("__version__", "SaysoError", "ErrorGroup"):
            assert f"::: sayso.{name}\n" in page
    assert Timeline.__module__ == "sayso.model.timeline"
    assert Reporter.__module__ == "sayso.reporter"


def test_a_text_becomes_a_review(folder: Path) -> None:
    show = Show.open(folder)
    episode = show.build(text=REVIEW, name="The Pier!", options=HUM)
    assert (folder / "reviews" / "the-pier.txt").read_text("utf-8") == REVIEW
    assert episode.folder == folder / "episodes" / "the-pier"
    assert show.build(text=REVIEW, name="the-pier", options=HUM).unchanged
    with pytest.raises(ReviewError, match="a different review of this name"):
        show.build(text=REVIEW + "More.", name="the-pier", options=HUM)
    with pytest.raises(TypeError):
        show.build(text=REVIEW)


def test_a_path_that_is_there_is_taken_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Show.open(folder)
    (found,) = folder.glob("reviews/*.md")
    monkeypatch.chdir(folder / "reviews")
    names = {show.plan(named, HUM).script for named in (found, "ferry.md", "reviews/ferry.md")}
    assert names == {folder / "episodes" / "ferry" / "script.md"}


def test_nothing_is_built_twice_whoever_asks(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    show = Show.open(folder)
    first = show.build("reviews/ferry.md", HUM)
    again = show.build("reviews/ferry.md", HUM)
    assert not first.unchanged
    assert (again.unchanged, again.n_voiced, again.seconds < 5) == (True, 0, True)
    assert again.timeline == first.timeline
    (document,) = told(capsys, "build", "reviews/ferry.md", "--engine", "tone", "--kind", "tv")[
        "episodes"
    ]  # type: ignore[misc]
    assert document["unchanged"] is True
    assert document["mp3"] == str(again.mp3)
    assert document["duration_s"] == again.duration_s
    quieter = replace_loudness(show)
    assert not quieter.build("reviews/ferry.md", HUM).unchanged  # not what the files say


def replace_loudness(show: Show) -> Show:
    audio = replace(show.settings.audio, target_lufs=-20.0)
    return Show(replace(show.settings, audio=audio))


def test_a_batch_goes_on_where_a_review_fails(folder: Path) -> None:
    (folder / "reviews" / "empty.md").write_text("")
    (folder / "reviews" / "pier.md").write_text(REVIEW.replace("ferry", "pier"))
    done = Show.open(folder).build_all(sorted((folder / "reviews").glob("*.md")), HUM)
    assert [type(one) for one in done] == [BuildFailure, BuildResult, BuildResult]
    assert [one.review.stem for one in done] == ["empty", "ferry", "pier"]


def test_a_plan_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_CACHE", str(folder / "cache"))
    plan = Show.open(folder).plan("reviews/ferry.md", HUM)
    assert len(plan.to_voice) == plan.n_sentences > 3
    assert not (folder / "episodes").exists()


def test_episodes_are_listed_checked_published_and_taken_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    settings = '\n[feed]\nurl = "https://late.example"\ncategory = "TV Reviews"\n'
    (folder / "show.toml").write_text('title = "Late Seats"\n' + settings)
    show = Show.open(folder)
    assert show.episodes() == ()
    built = show.build("reviews/ferry.md", HUM)
    episode = show.episode("ferry")
    assert show.episodes() == (episode,)
    assert (episode.mp3, episode.script, episode.title) == (built.mp3, built.script, built.title)
    assert episode.chapters == built.timeline.chapters
    assert episode.duration_s == pytest.approx(built.duration_s, abs=0.001)
    with pytest.raises(ReviewError, match="did you mean 'ferry'"):
        show.episode("fery")
    (checked,) = show.check("ferry")
    assert checked.is_right
    assert told(capsys, "check", "ferry")["right"] is True
    with pytest.raises(PublishError, match="there is no feed yet"):
        show.check_feed()
    planned = show.publish(dry_run=True)
    assert [entry.slug for entry in planned.published] == ["ferry"]
    assert not (folder / "public").exists()
    assert show.publish().feed_changed
    assert [one for one in show.check_feed() if one.severity == "error"] == []
    gone = show.unpublish("ferry")
    assert [entry.slug for entry in gone.withdrawn] == ["ferry"]
    assert "<item>" not in (folder / "public" / "feed.xml").read_text("utf-8")


def test_how_a_text_is_said_and_by_whom(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    show = Show.open(folder)
    said = show.say("It cost $20 million in 1999.")
    document = told(capsys, "say", "It cost $20 million in 1999.")
    assert (
        said.text == document["text"] == "It cost twenty million dollars in nineteen ninety-nine."
    )
    listed = {one.engine: one for one in show.voices()}
    assert listed["tone"].installed
    (tone,) = show.voices("tone")
    assert tone == listed["tone"]
    assert [one.name for one in show.unknown_names("reviews/ferry.md")] == []


def test_a_program_s_own_engine_speaks(folder: Path) -> None:
    buzz = Buzz()
    show = Show.open(folder)
    plan = show.plan("reviews/ferry.md", Options(engine=buzz, kind="tv"))
    assert (len(plan.to_voice), buzz.spoken) == (plan.n_sentences, [])
    episode = show.build("reviews/ferry.md", Options(engine=buzz, kind="tv"))
    assert episode.engines == ("buzz",)
    assert len(buzz.spoken) == episode.n_voiced > 3
    again = show.build("reviews/ferry.md", Options(engine=buzz, kind="tv"))
    assert (again.n_voiced, again.unchanged) == (0, False)

    class Tone(Buzz):
        name = "tone"

    with pytest.raises(SpeechError, match="is declared by a package"):
        show.build("reviews/ferry.md", Options(engine=Tone()))


def test_a_program_s_own_functions_work_in_templates(folder: Path) -> None:
    (folder / "scripts").mkdir()
    (folder / "scripts" / "mine.md.j2").write_text(
        '{% extends "base.md.j2" %}{% block outro %}{{ "from " ~ city() | shout }}{% endblock %}'
    )
    show = Show.open(folder, filters={"shout": str.upper}, functions={"city": lambda: "Leeds"})
    script = show.script("reviews/ferry.md", Options(template="mine"))
    assert "from LEEDS" in "".join(getattr(item, "text", "") for item in script.items)
    mine = Options(template="mine", engine="tone")
    assert not show.build("reviews/ferry.md", mine).unchanged
    assert not show.build("reviews/ferry.md", mine).unchanged  # who knows what the functions do
    with pytest.raises(SaysoError, match=r"city|shout"):
        Show.open(folder).script("reviews/ferry.md", Options(template="mine", force=True))


def test_a_show_that_was_read_is_the_one_that_is_built(folder: Path) -> None:
    review = folder / "reviews" / "ferry.md"
    assert build_episode(review, HUM).title
    renamed = replace(Show.open(folder).settings, title="Early Seats")
    built = build_episode(review, HUM, show=renamed)
    mp3 = need_package("mutagen.mp3").MP3(built.mp3)
    assert mp3["TALB"].text == ["Early Seats"]
