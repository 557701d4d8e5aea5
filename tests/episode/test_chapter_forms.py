"""Chapters in their forms, all from one timeline: they tell the same titles and times."""

from __future__ import annotations

from episode.timelines import EVENING, spoken, timeline, timelines
from hypothesis import given

from sayso.episode import (
    timestamps,
)
from sayso.model import Timeline


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
