"""Chapters in their forms, all from one timeline: they tell the same titles and times."""

from __future__ import annotations

import io
import json
import re
from typing import Any

from episode.timelines import EVENING, spoken, timeline, timelines
from hypothesis import given
from mutagen.id3 import ID3

from sayso.episode import (
    Tags,
    chapters_json,
    tag_chapters,
    timestamps,
    write_id3,
)
from sayso.model import Timeline


def valid_chapters_json(document: Any) -> bool:
    """Podcasting 2.0 JSON chapters 1.2.0 as its specification has it: keys, types, order."""
    assert set(document) <= {
        *("version", "chapters", "author", "title", "podcastName", "description", "fileName"),
        "waypoints",
    }
    assert re.fullmatch(r"1\.2\.\d+", document["version"])
    starts = []
    for chapter in document["chapters"]:
        assert set(chapter) <= {"startTime", "title", "img", "url", "toc", "endTime", "location"}
        assert isinstance(chapter["startTime"], (int, float))
        assert isinstance(chapter.get("title", ""), str)
        assert chapter["startTime"] >= 0
        assert chapter.get("endTime", 1e9) >= chapter["startTime"]
        starts.append(chapter["startTime"])
    assert starts == sorted(starts)
    return True


def test_timestamps_read_as_players_want_them() -> None:
    assert [str(stamp) for stamp in timestamps(EVENING)] == [
        "00:00:00 Intro",
        '00:01:03 The "cast" & <co>',
        "01:01:40 Verdict",
    ]


def test_fewer_than_three_timestamps_are_none() -> None:
    two = timeline([spoken("Hello.", 0.1, 1)], [("A", 0.0), ("B", 30.0)], 60.0)
    assert timestamps(two) == ()


@given(timelines())
def test_all_forms_agree(any_timeline: Timeline) -> None:
    document = json.loads(chapters_json(any_timeline, "T"))
    assert valid_chapters_json(document)
    in_json = [round(chapter["startTime"] * 1000) for chapter in document["chapters"]]
    tag = ID3(io.BytesIO(write_id3(Tags("T", chapters=tag_chapters(any_timeline)))))
    in_tag = sorted(frame.start_time for frame in tag.getall("CHAP"))
    assert in_json == in_tag
    assert in_json[0] == 0


@given(timelines())
def test_timestamps_ascend_from_zero_and_lie_inside_the_sound(any_timeline: Timeline) -> None:
    stamps = timestamps(any_timeline)
    seconds = [stamp.start_s for stamp in stamps]
    assert len(stamps) != 1
    assert len(stamps) != 2
    assert seconds == sorted(set(seconds))
    assert all(second * any_timeline.sample_rate < any_timeline.n_samples for second in seconds)
    if stamps:
        assert stamps[0].time == "00:00:00"
    assert all("\n" not in str(stamp) for stamp in stamps)
