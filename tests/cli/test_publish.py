"""`sayso publish`, `unpublish` and `check --feed`, as a person reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.conftest import Result

Sayso = Callable[..., Result]

SETTINGS = """
title = "Late Seats"
author = "Ada Quill"
description = "From the back row."

[feed]
url = "https://late-seats.example"
category = "TV Reviews"
"""


@pytest.fixture
def show(here: Path, sayso: Sayso) -> Path:
    (here / "show.toml").write_text(SETTINGS, "utf-8")
    assert sayso("build", "pier.md", "--engine", "tone", "-q").code == 0
    return here


def test_the_first_publication(show: Path, sayso: Sayso) -> None:
    result = sayso("publish")
    assert result.code == 0
    assert "GUID" in result.out
    assert "https://late-seats.example/feed.xml is up to date" in result.out
    assert result.err.endswith("next: sayso check --feed\n")
    assert "commit feed.lock.json" in result.err
    again = sayso("publish")
    assert "nothing to change" in again.out
    assert "sayso build REVIEW" in again.err


def test_a_rehearsal_shows_the_difference(show: Path, sayso: Sayso) -> None:
    result = sayso("publish", "pier", "--dry-run")
    assert result.code == 0
    assert "would be published" in result.out
    assert "  + Pier" in result.out
    assert ".mp3" in result.out
    assert not (show / "public").exists()
    assert sayso("publish", "pier.md").code == 0
    (show / "show.toml").write_text(SETTINGS.replace("From the", "Out of the"), "utf-8")
    assert "From the back row. → Out of the back row." in sayso("publish", "--dry-run").out


def test_for_programs(show: Path, sayso: Sayso) -> None:
    document = json.loads(sayso("publish", "--json").out)
    assert document["schema"] == 1
    (published,) = document["published"]
    assert published["slug"] == "pier"
    assert document["feed_changed"] is True
    document = json.loads(sayso("check", "--feed", "--json").out)
    assert document["right"] is True
    assert document["episodes"] == []


def test_it_is_scheduled_and_unpublished(show: Path, sayso: Sayso) -> None:
    result = sayso("publish", "pier", "--at", "2999-01-01T07:00")
    assert "scheduled for 2999-01-01" in result.out
    assert "sayso publish --due" in result.err
    assert "nothing to change" in sayso("publish", "--due").out
    assert sayso("publish", "pier", "--at", "now").code == 0
    result = sayso("unpublish", "reviews/Pier.txt")
    assert result.code == 0
    assert "taken out of the feed" in result.out
    assert "<item>" not in (show / "public" / "feed.xml").read_text("utf-8")


def test_what_cannot_be_asked_for(show: Path, sayso: Sayso) -> None:
    assert sayso("publish", "--due", "pier").code == 2
    assert sayso("publish", "--at", "now").code == 2
    assert "2026-12-01T07:00" in sayso("publish", "pier", "--at", "yesterday").err
    assert sayso("check", "--feed", "public/feed.xml", "pier").code == 2
    assert "there is no feed yet" in sayso("check", "--feed").err
    other = show / "other"
    (other / "episodes").mkdir(parents=True)
    (other / "show.toml").write_text(SETTINGS, "utf-8")
    (other / "episodes" / "pier").symlink_to(show / "episodes" / "pier")
    mixed = sayso("publish", "episodes/pier", "other/episodes/pier")
    assert mixed.code == 1
    assert "other/episodes/pier: is no episode of Late Seats" in mixed.err
    missing = sayso("publish", "peer")
    assert missing.code == 1
    assert "did you mean 'pier'?" in missing.err


def test_a_check_covers_the_feed(show: Path, sayso: Sayso) -> None:
    sayso("publish")
    result = sayso("check")
    assert result.code == 0
    assert "the feed\n  in order" in result.out
    feed = show / "public" / "feed.xml"
    feed.write_text(feed.read_text("utf-8").replace("<guid", "<gid").replace("</guid", "</gid"))
    result = sayso("check")
    assert result.code == 1
    assert "psp-guid" in result.out
    assert "ledger-missing" in result.out
