"""Dates of episodes stay as they are and in order, whatever the clock does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from publish.show_folder import NOW, ShowFolder

from sayso.errors import PublishError
from sayso.publish.feed_items import channel_of, item_of
from sayso.publish.ledger import Entry
from sayso.publish.media import read_finished
from sayso.show.show_file import load_show


def test_an_episode_of_tomorrow_is_published_again_today(show: ShowFolder) -> None:
    show.publish("the-pier", now=NOW + timedelta(hours=20))
    before = show.items["the-pier"]
    show.build("the-pier", sentence="Everything is new.")
    done = show.publish("the-pier", now=NOW)
    assert [entry.slug for entry in done.published] == ["the-pier"]
    after = show.items["the-pier"]
    assert (after.guid, after.date) == (before.guid, before.date)
    assert after.enclosure_url != before.enclosure_url


def test_a_new_episode_is_dated_after_those_of_an_hour_to_come(show: ShowFolder) -> None:
    """A clock that is set right by an hour does not turn the order of episodes round."""
    show.publish("the-pier", now=NOW + timedelta(hours=1))
    show.publish("the-ferry", "the-lighthouse", now=NOW)
    assert list(show.items) == ["the-lighthouse", "the-ferry", "the-pier"]
    dates = [item.date for item in show.items.values() if item.date]
    assert dates == sorted(set(dates), reverse=True)
    assert max(dates) < NOW + timedelta(hours=1, minutes=1)
    assert {entry.state for entry in show.ledger.entries} == {"published"}


def test_a_clock_that_was_years_ahead_moves_nothing_else(show: ShowFolder) -> None:
    show.publish("the-pier", now=NOW + timedelta(days=900))
    show.publish("the-ferry", at=NOW + timedelta(days=30), now=NOW)
    show.publish("the-lighthouse", now=NOW)
    states = {entry.slug: (entry.state, entry.date) for entry in show.ledger.entries}
    assert states["the-ferry"] == ("scheduled", NOW + timedelta(days=30))
    assert states["the-lighthouse"] == ("published", NOW)


def test_a_date_to_come_is_refused_for_what_is_published(show: ShowFolder) -> None:
    show.publish("the-pier", now=NOW)
    with pytest.raises(PublishError, match="cannot be scheduled"):
        show.publish("the-pier", at=NOW + timedelta(days=3), redate=True, now=NOW)


def test_a_scheduled_episode_is_due_at_its_second(show: ShowFolder) -> None:
    at, second = NOW + timedelta(hours=1), timedelta(seconds=1)
    show.publish("the-pier", at=at, now=NOW)
    assert not show.publish(due=True, now=at - timedelta(microseconds=1)).published
    assert show.ledger.entries[0].state == "scheduled"
    done = show.publish(due=True, now=at)
    assert [(entry.slug, entry.date) for entry in done.published] == [("the-pier", at)]
    assert show.items["the-pier"].date == at
    # A date that is now, to the second, schedules nothing; a second more does.
    soon = timedelta(microseconds=999_999)
    assert show.publish("the-ferry", at=at + soon, now=at).published
    assert show.items["the-ferry"].date == at
    assert show.publish("the-lighthouse", at=at + second, now=at).scheduled


@pytest.mark.parametrize(("n_samples", "duration_s"), [(25.4, 25), (25.6, 26), (0.2, 1)])
def test_a_length_is_rounded_and_never_nothing(
    show: ShowFolder, n_samples: float, duration_s: int
) -> None:
    episode = read_finished(show.root / "episodes" / "the-pier")
    rate = episode.manifest.sample_rate
    short = replace(episode.manifest, n_samples=round(n_samples * rate), chapters=())
    entry = Entry("the-pier", "guid", NOW, "pending", "The Pier")
    channel = channel_of(
        load_show(show.root / "show.toml"), guid="guid", image_url="https://example.org/cover.jpg"
    )
    assert item_of(replace(episode, manifest=short), entry, channel).duration_s == duration_s
