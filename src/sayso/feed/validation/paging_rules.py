"""Rules about a feed in several documents: its links, and what stands on which page (RFC 5005)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sayso.feed.validation.feed import Feed, line_of
from sayso.feed.validation.rule import AnyRule, Fault, quoted, rule
from sayso.net.urls import ADDRESS_MEND, address_fault, bare

_RELATIONS = ("first", "next", "prev", "previous", "last")


@dataclass(frozen=True, slots=True)
class PagedFeed:
    """A feed, and the pages that came with it, by address."""

    feed: Feed
    pages: Mapping[str, Feed | None] | None
    """None where they are not known; None for a page that is no feed."""

    def chain(self) -> Iterator[tuple[str, Feed]]:
        """The pages in order of `next`, from the one after the feed's own."""
        seen: set[str] = set()
        feed: Feed | None = self.feed
        while feed is not None and (url := link(feed, "next")) is not None:
            if bare(url) in seen:
                return
            seen.add(bare(url))
            feed = (self.pages or {}).get(bare(url))
            if feed is not None:
                yield url, feed


def link(feed: Feed, relation: str) -> str | None:
    """The address of the first `atom:link` of a relation."""
    found = feed.links.get(relation, ())
    return found[0].get("href") if found else None


@rule("paging-links", "should", "RFC 5005 §3")
def paging_links(paged: PagedFeed) -> Iterator[Fault]:
    """Pages linked in one row, each there; a link back leads to the page before."""
    feed = paged.feed
    for relation in _RELATIONS:
        for element in feed.links.get(relation, ()):
            if fault := address_fault(element.get("href", "")):
                problem = f"the address of the {relation} page {fault}"
                yield Fault(problem, ADDRESS_MEND, line_of(element))
    own, following = link(feed, "self"), link(feed, "next")
    if following is None:
        return
    line = line_of(feed.links["next"][0])
    if own is not None and bare(own) == bare(following):
        yield Fault("the next page is the feed itself", "link the page that follows", line)
    if link(feed, "last") is None:
        yield Fault("a feed with a next page names no last one", "add an atom:link rel=last", line)
    if paged.pages is None:
        return
    before, onward = own, link(feed, "next")
    for url, page in paged.chain():
        back = link(page, "prev") or link(page, "previous")
        # A page may name none before it (RFC 5005 §3 asks for one link of any kind).
        if before is not None and back is not None and bare(back) != bare(before):
            hint = f"link it back to {before}"
            yield Fault(f"the page {quoted(url)} leads back to {quoted(back)}", hint, line)
        before, onward = url, link(page, "next")
    if onward is not None:
        missing = bare(onward) not in paged.pages
        problem = "is not there" if missing else "is linked in a circle, or is no feed"
        hint = "write the page, or end before it"
        yield Fault(f"the page {quoted(onward)} {problem}", hint, line)


@rule("paging-unique", "must", "RFC 5005 §3; RSS 2.0")
def paging_unique(paged: PagedFeed) -> Iterator[Fault]:
    """Each GUID on one page only."""
    seen = {guid: "the feed" for item in paged.feed.items if (guid := item.text("guid"))}
    for url, page in paged.chain():
        mine = [guid for item in page.items if (guid := item.text("guid"))]
        for guid in mine:
            if guid in seen:
                problem = f"the GUID {quoted(guid, 40)} stands on {quoted(url)} and on {seen[guid]}"
                yield Fault(problem, "keep it on one of them")
        for guid in mine:
            seen.setdefault(guid, quoted(url))


PAGING_RULES: tuple[AnyRule, ...] = (paging_links, paging_unique)
