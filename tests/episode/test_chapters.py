"""Chapters: one truth in chapters.json, in the tag, and as players read them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from building import Built, build_script
from hypothesis import given, settings
from hypothesis import strategies as st
from master.signals import run
from tools import need_package

from sayso.episode import Tags, chapters_json, tag_chapters, write_id3
from sayso.model import Chapter, Timeline

id3 = need_package("mutagen.id3")

RATE = 44_100


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Chapters of at least a frame, up to a day in all; a segment may come twice."""
    lengths = draw(st.lists(st.integers(1_152, 400_000_000), max_size=12))
    chapters, at = [], 0
    for length in lengths:
        title = draw(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
        chapters.append(Chapter(draw(st.sampled_from("abc")), title, at, at + length))
        at += length
    return Timeline(RATE, at or RATE, (), (), tuple(chapters), ())


def check_against_the_schema(document: object) -> None:
    """The JSON Chapters Format 1.2.0, as far as we write it."""
    assert isinstance(document, dict)
    assert set(document) <= {"version", "chapters", "author", "title", "podcastName", "description"}
    assert document["version"] == "1.2.0"
    assert isinstance(document["chapters"], list)
    for chapter in document["chapters"]:
        assert set(chapter) <= {"startTime", "endTime", "title", "img", "url", "toc"}
        assert isinstance(chapter["startTime"], int | float)
        assert isinstance(chapter["endTime"], int | float)
        assert 0 <= chapter["startTime"] < chapter["endTime"]
        assert isinstance(chapter["title"], str)


@settings(max_examples=100, deadline=None)
@given(timelines())
def test_chapters_json_and_tag_tell_the_chapters_of_any_timeline(timeline: Timeline) -> None:
    document = json.loads(chapters_json(timeline, "An episode"))
    check_against_the_schema(document)
    in_tag = tag_chapters(timeline)
    tag = id3.ID3(io.BytesIO(write_id3(Tags(title="An episode", chapters=in_tag))))
    assert sorted(frame.start_time for frame in tag.getall("CHAP")) == [
        timeline.ms(chapter.start) for chapter in timeline.chapters
    ]
    rows = document["chapters"]
    for row, told, placed in zip(rows, in_tag, timeline.chapters, strict=True):
        start_ms, end_ms = timeline.ms(placed.start), timeline.ms(placed.end)
        assert (row["title"], told.title) == (placed.title, placed.title)
        assert (row["startTime"], row["endTime"]) == (start_ms / 1000, end_ms / 1000)
        assert (told.start_ms, told.end_ms) == (start_ms, end_ms)
        assert start_ms == pytest.approx(placed.start * 1000 / RATE, abs=0.5)


SCRIPT = """\
{sting transition}

## Intro {#intro}

Good evening & <welcome>.

## Die Geschichte – 이야기 {#premise sting=transition}

It is about a ferry.

## Intro {#intro}

Good night.
"""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_script(tmp_path_factory.mktemp("chapters"), SCRIPT)


def expected(work: Built) -> list[tuple[str, int, int]]:
    timeline = work.timeline
    assert timeline is not None
    return [(c.title, timeline.ms(c.start), timeline.ms(c.end)) for c in timeline.chapters]


def mp3(work: Built) -> Path:
    return work.folder / "episode.mp3"


def test_there_are_three(work: Built) -> None:
    assert [title for title, *_ in expected(work)] == ["Intro", "Die Geschichte – 이야기", "Intro"]


def test_mutagen_reads_the_chapters_of_the_timeline(work: Built) -> None:
    tags = id3.ID3(mp3(work))
    (contents,) = tags.getall("CTOC")
    chapters = {chapter.element_id: chapter for chapter in tags.getall("CHAP")}
    found = [chapters[name] for name in contents.child_element_ids]
    assert [(str(c.sub_frames["TIT2"]), c.start_time, c.end_time) for c in found] == expected(work)


def test_ffprobe_reads_the_chapters_of_the_timeline(work: Built) -> None:
    done = run("ffprobe", "-v", "error", "-show_chapters", "-of", "json", mp3(work))
    found = json.loads(done.stdout)["chapters"]
    assert [
        (
            chapter["tags"]["title"],
            round(float(chapter["start_time"]) * 1000),
            round(float(chapter["end_time"]) * 1000),
        )
        for chapter in found
    ] == expected(work)


def test_the_file_agrees(work: Built) -> None:
    document = json.loads((work.folder / "chapters.json").read_text("utf-8"))
    check_against_the_schema(document)
    assert [
        (chapter["title"], round(chapter["startTime"] * 1000), round(chapter["endTime"] * 1000))
        for chapter in document["chapters"]
    ] == expected(work)
