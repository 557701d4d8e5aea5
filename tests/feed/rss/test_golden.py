"""Feeds side by side with what they were made from, as files that a person can read."""

from __future__ import annotations

from pathlib import Path

import pytest
from feed.rss.adopted import ADOPTED, DATA, channel_of
from feed.rss.shows import BUILT, FULL_EPISODE, FULL_SHOW, SHOW, episode

from sayso import __version__
from sayso.errors import PublishError
from sayso.feed.rss import ReadFeed, diff, make_feed_guid, read_feed, update_feed


def compare(path: Path, text: str) -> None:
    """Hold `text` against a file; a missing file is written, to be read and committed."""
    text = text.replace(f"sayso {__version__}<", "sayso VERSION<")
    if not path.exists():
        path.write_text(text, "utf-8")
        pytest.fail(f"{path.name} was written: read it, and run again")
    assert text == path.read_text("utf-8")


def described(feed: ReadFeed) -> str:
    lines = [f"{key} = {getattr(feed, key)!r}" for key in ("title", "guid", "self_url", "next_url")]
    for item in feed.items:
        lines.append(f"item {item.guid!r}")
        lines += [
            f"    {name} = {str(value) if name == 'date' else repr(value)}"
            for name in item.__slots__
            if name != "guid" and (value := getattr(item, name)) is not None
        ]
    return "\n".join(lines) + "\n"


def test_a_new_feed_with_what_it_must_have() -> None:
    feed = update_feed(None, SHOW, [episode(1), episode(2)], built=BUILT)
    compare(DATA / "new" / "least.rss", feed.decode())


def test_a_new_feed_with_everything() -> None:
    feed = update_feed(None, FULL_SHOW, [FULL_EPISODE], built=BUILT)
    compare(DATA / "new" / "full.rss", feed.decode())


@pytest.mark.parametrize("path", ADOPTED, ids=lambda p: p.stem)
def test_a_feed_of_another_publisher_is_read(path: Path) -> None:
    compare(path.with_suffix(".items"), described(read_feed(path.read_bytes(), path.name)))


@pytest.mark.parametrize("path", ADOPTED, ids=lambda p: p.stem)
def test_a_feed_of_another_publisher_goes_on(path: Path) -> None:
    raw = path.read_bytes()
    after = update_feed(raw, channel_of(raw), [episode(1)], built=BUILT)
    compare(path.with_suffix(".updated.rss"), after.decode())


def test_differences_as_a_person_reads_them() -> None:
    before = update_feed(None, SHOW, [episode(1), episode(2)], built=BUILT)
    after = update_feed(
        before, FULL_SHOW, [FULL_EPISODE, episode(3)], [episode(2).guid], built=BUILT
    )
    lines: list[str] = []
    for change in diff(before, after):
        lines.append(
            f"{change.kind} {'show' if change.is_channel else change.guid} {change.title!r}"
        )
        lines += [f"    {e.name}: {e.before!r} -> {e.after!r}" for e in change.elements]
    compare(DATA / "new" / "least-to-full.changes", "\n".join(lines) + "\n")


@pytest.mark.parametrize("path", sorted((DATA / "broken").glob("*.rss")), ids=lambda p: p.stem)
def test_what_is_no_feed_is_refused_with_place_and_mend(path: Path) -> None:
    with pytest.raises(PublishError) as caught:
        read_feed(path.read_bytes(), path.name)
    assert caught.value.hint
    compare(path.with_suffix(".error"), f"{caught.value}\n")
    with pytest.raises(PublishError):
        update_feed(path.read_bytes(), SHOW, [episode(1)], built=BUILT)


def test_a_feed_beyond_all_measure_is_refused() -> None:
    with pytest.raises(PublishError, match="too large"):
        read_feed(b" " * (64 * 1024 * 1024 + 1), "big.rss")


def test_nested_entities_are_refused_before_they_grow() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]><rss version="2.0"><channel>&e11;</channel></rss>'
    with pytest.raises(PublishError):
        read_feed(bomb.encode(), "bomb.rss")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        # The two that the podcast namespace gives as examples.
        ("https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
        ("http://podnews.net/rss//", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
    ],
)
def test_the_guid_of_a_show(url: str, expected: str) -> None:
    assert make_feed_guid(url) == expected
