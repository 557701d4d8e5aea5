"""Long feeds: no item is lost on its way to a page, and each is found where it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from feed.rss.adopted import DATA, canonical_parts, channel_of
from feed.rss.shows import BUILT, FIRST, SHOW, SITE, episode, guid

from sayso.errors import PublishError
from sayso.feed.rss import (
    MAX_PAGE_BYTES,
    FeedPage,
    Paged,
    diff,
    paginate,
    read_feed,
    update_feed,
    update_paged_feed,
    walk_pages,
)
from sayso.feed.rss.feed_reader import link_of
from sayso.model import Channel, FeedItem

MAX_BYTES = 12_000
"""A feed of a few episodes is too long for this, so that small tests have many pages."""


@dataclass
class Shelf:
    """Where a feed and its pages lie, as a server would keep them."""

    channel: Channel = SHOW
    head: bytes | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    max_bytes: int = MAX_BYTES

    def update(self, put: Sequence[FeedItem] = (), remove: Collection[str] = ()) -> Paged:
        paged = update_paged_feed(
            self.head, self.channel, put, remove,
            built=BUILT, fetch=self.fetch, max_bytes=self.max_bytes,
        )  # fmt: skip
        self.keep(paged.pages)
        self.head = paged.head
        return paged

    def keep(self, pages: Sequence[FeedPage]) -> None:
        for page in pages:
            assert self.files.get(page.name, page.data) == page.data  # a name tells its content
            assert len(page.data) <= self.max_bytes or len(read_feed(page.data, "p").items) == 1
            self.files[page.name] = page.data

    def fetch(self, name: str) -> bytes:
        if name not in self.files:
            raise PublishError("the page is not there", file=name)
        return self.files[name]

    def pages(self) -> list[FeedPage]:
        assert self.head is not None
        return list(walk_pages(self.head, self.fetch))

    def place(self, wanted: str) -> str:
        """The name of the page that holds an item; nothing for the feed itself."""
        parts = [("", self.head or b""), *((page.name, page.data) for page in self.pages())]
        return next(
            name for name, raw in parts if wanted in {i.guid for i in read_feed(raw, "f").items}
        )

    def titles(self) -> list[tuple[str | None, str]]:
        """GUID and title of every item, from the feed to the oldest page."""
        assert self.head is not None
        every = [self.head, *(page.data for page in self.pages())]
        return [(i.guid, i.title) for raw in every for i in read_feed(raw, "f").items]


def shelf(n: int = 40) -> Shelf:
    made = Shelf()
    made.update([episode(k) for k in range(1, n + 1)])
    return made


def links(raw: bytes) -> dict[str, str | None]:
    from feed.rss.adopted import channel_element

    channel = channel_element(raw)
    return {rel: link_of(channel, rel) for rel in ("self", "first", "next", "previous", "last")}


def test_a_long_feed_is_parted_into_pages_that_hold_everything_in_order() -> None:
    long = shelf()
    assert long.titles() == [(guid(n), f"Film number {n}") for n in range(40, 0, -1)]
    assert long.head is not None
    assert len(long.head) <= MAX_BYTES // 2
    assert len(long.pages()) >= 3


def test_pages_lead_to_one_another_and_name_themselves() -> None:
    long = shelf()
    pages = long.pages()
    addresses = [SITE + page.name for page in pages]
    assert long.head is not None
    assert links(long.head) == {
        "self": SHOW.feed_url, "first": SHOW.feed_url, "previous": None,
        "next": addresses[0], "last": addresses[-1],
    }  # fmt: skip
    for page, older in zip(pages, [*addresses[1:], None], strict=True):
        assert links(page.data) == {
            "self": SITE + page.name, "first": SHOW.feed_url, "previous": None,
            "next": older, "last": addresses[-1],
        }  # fmt: skip
    assert [page.name.split("-")[1] for page in pages] == [str(n) for n in range(len(pages), 0, -1)]


def test_a_page_says_of_the_show_what_a_feed_must() -> None:
    long = shelf()
    assert long.head is not None
    of_pages = [
        {e.name for e in change.elements}
        for page in long.pages()
        for change in diff(long.head, page.data)
        if change.is_channel
    ]
    assert all(names <= {"atom:link self", "atom:link first", "atom:link next", "pubDate", "atom:link last"} for names in of_pages)  # fmt: skip


def test_a_short_feed_is_left_alone() -> None:
    feed = update_feed(None, SHOW, [episode(1)], built=BUILT)
    assert paginate(feed, SHOW) == Paged(feed)
    assert len(feed) < MAX_PAGE_BYTES


def test_one_episode_too_long_for_a_page_stays_in_the_feed() -> None:
    feed = update_feed(None, SHOW, [episode(1, notes="<p>" + "word " * 5000)], built=BUILT)
    assert paginate(feed, SHOW, max_bytes=MAX_BYTES) == Paged(feed)


def test_one_more_episode_writes_no_page() -> None:
    long = shelf()
    before = list(long.files)
    assert long.update([episode(41)]).pages == ()
    assert list(long.files) == before
    head = long.head
    assert long.update([episode(41)]) == Paged(head or b"")


def test_publishing_everything_again_changes_nothing() -> None:
    long = shelf()
    head = long.head
    assert long.update([episode(n) for n in range(1, 41)]).head is head


@pytest.mark.parametrize("n", [1, 20, 39])
def test_an_item_is_found_and_changed_where_it_is(n: int) -> None:
    long = shelf()
    was_in_feed = not long.place(guid(n))
    long.update([episode(n, title="Changed")])
    assert (not long.place(guid(n))) == was_in_feed
    assert len(long.titles()) == 40
    assert [one for one in long.titles() if one[1] == "Changed"] == [(guid(n), "Changed")]


def test_a_change_in_a_page_renames_it_and_the_newer_ones_alone() -> None:
    long = shelf()
    before = [page.name for page in long.pages()]
    at = before.index(long.place(guid(20)))
    long.update([episode(20, title="Changed")])
    after = [page.name for page in long.pages()]
    assert after[at + 1 :] == before[at + 1 :]
    assert not set(after[: at + 1]) & set(before[: at + 1])


def test_an_item_is_removed_wherever_it_is_and_empty_pages_go() -> None:
    long = shelf()
    last_page = {i.guid for i in read_feed(long.pages()[-1].data, "p").items}
    n_pages = len(long.pages())
    long.update(remove=[*sorted(filter(None, last_page)), guid(30)])
    assert len(long.pages()) == n_pages - 1
    kept = [guid(n) for n in range(40, 0, -1) if guid(n) not in last_page and n != 30]
    assert [one for one, _ in long.titles()] == kept
    long.update(remove=kept[1:])
    assert long.pages() == []
    assert links(long.head or b"") == {
        "self": SHOW.feed_url, "first": None, "next": None, "previous": None, "last": None,
    }  # fmt: skip


def test_an_item_with_a_new_date_comes_back_into_the_feed() -> None:
    long = shelf()
    long.update([episode(3, date=FIRST + timedelta(days=50))])
    assert long.titles()[0] == (guid(3), "Film number 3")
    assert len(long.titles()) == 40


def test_an_item_of_another_publisher_keeps_what_it_holds_in_a_page() -> None:
    raw = (DATA / "adopted" / "wordpress.rss").read_bytes()
    channel = channel_of(raw)
    there = Shelf(channel, raw)
    there.update([episode(n) for n in range(1, 41)])
    parts = [
        part
        for page in (there.head, *(p.data for p in there.pages()))
        for part in canonical_parts(page or b"")
    ]
    items = [part for part in canonical_parts(raw) if part.startswith(b"<item")]
    assert [part for part in parts if part in items] == items
    assert len(there.titles()) == 42


def test_older_pages_of_another_publisher_stay_linked() -> None:
    raw = (DATA / "adopted" / "podlove.rss").read_bytes()
    theirs = links(raw)
    there = Shelf(channel_of(raw), raw)
    there.update([episode(n) for n in range(1, 41)])
    assert links(there.pages()[-1].data)["next"] == theirs["next"]
    assert links(there.head or b"")["last"] == theirs["last"]
    there.update([episode(1, title="Changed")])
    assert links(there.pages()[-1].data)["next"] == theirs["next"]
    assert len(there.titles()) == 41


def test_a_feed_that_moves_takes_its_pages_along() -> None:
    long = shelf()
    titles = long.titles()
    site = "https://new.example/show/"
    long.channel = replace(SHOW, site_url=site, feed_url=f"{site}feed.xml")
    long.update()
    assert long.titles() == titles
    for raw in (long.head or b"", *(page.data for page in long.pages())):
        assert all(url is None or url.startswith(site) for url in links(raw).values())


def test_a_page_that_grows_too_long_is_parted() -> None:
    long = shelf()
    n_pages = len(long.pages())
    long.update([episode(3, notes="<p>" + "word " * 1500)])
    assert len(long.pages()) > n_pages
    assert len(long.titles()) == 40


def test_a_page_that_is_missing_is_an_error_and_no_loss() -> None:
    long = shelf()
    gone = long.pages()[0].name
    data = long.files.pop(gone)
    with pytest.raises(PublishError, match=gone):
        long.update([episode(41)])
    long.files[gone] = data
    long.update([episode(41)])
    assert len(long.titles()) == 41


def test_what_differs_in_a_page_is_told_and_nothing_else() -> None:
    long = shelf()
    before = long.head
    paged = long.update([episode(20, title="Changed")], remove=[guid(3)])
    changes = diff(
        before,
        paged.head,
        pages_before=paged.replaced,
        pages_after=[page.data for page in paged.pages],
    )
    assert {(c.kind, c.guid) for c in changes if not c.is_channel} == {
        ("changed", guid(20)),
        ("removed", guid(3)),
    }


def test_a_move_to_a_page_is_no_difference() -> None:
    before = update_feed(None, SHOW, [episode(n) for n in range(1, 41)], built=BUILT)
    paged = paginate(before, SHOW, max_bytes=MAX_BYTES)
    pages: list[Any] = [page.data for page in paged.pages]
    changes = diff(before, paged.head, pages_after=pages)
    assert [(c.kind, c.is_channel) for c in changes] == [("changed", True)]
    assert {e.name for e in changes[0].elements} == {
        f"atom:link {r}" for r in ("first", "next", "last")
    }
