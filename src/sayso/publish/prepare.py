"""Before anything leaves the machine: look, choose, check, fix in the ledger, make the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from sayso.errors import PublishError, SaysoError, raise_all
from sayso.feed.rss import ReadFeed, ReadItem, make_feed_guid, read_feed, walk_pages
from sayso.model import Channel, Show
from sayso.publish.feed_items import channel_of, item_of, page_url
from sayso.publish.ledger import FILE_NAME, RESTORE, Entry, Ledger, open_ledger, read_ledger
from sayso.publish.media import FinishedEpisode, MediaFile, named_after_content
from sayso.publish.selection import About, Choice, choose, withdraw
from sayso.publish.states import (
    INDEX,
    Begun,
    Chosen,
    Fixed,
    Found,
    Prepared,
    PreparedEpisode,
    Publication,
)
from sayso.site import EpisodePage, assets, page_html, transcript_of
from sayso.system.atomic_files import explain_os_errors
from sayso.system.cache import make_key

WAVEFORM = "waveform.svg"


def look(publication: Publication, begun: Begun) -> Found:
    """Read the ledger and the feed that is there."""
    show, target, name = publication.show, publication.target, publication.feed_name
    site_url = channel_of(show, guid="", image_url="").site_url  # what is missing is said at once
    ledger = read_ledger(show.root / FILE_NAME)
    stored = target.read(name)
    if stored is not None and publication.adopt is not None:
        raise PublishError(
            f"there is a feed already at {target.address}",
            code="other-feed",
            hint="--adopt is for the first publication: leave it away",
        )
    before = publication.adopt if stored is None else stored.data
    published = None if before is None else read_feed(before, name)
    style = [
        MediaFile(asset.name, asset.mime, len(asset.data), asset.data)
        for asset in assets(publication.folders)
    ]
    image_url, cover = _image(publication, site_url, published)
    guid = _feed_guid(show, f"{site_url}{name}", ledger, published)
    channel = channel_of(show, guid=guid, image_url=image_url)
    names = (file.name for file in style)
    site_key = make_key("site-1", channel, *names, *_templates(publication.folders))
    return Found(ledger, stored, before, published, channel, (*style, *cover), site_key)


def choose_episodes(publication: Publication, found: Found) -> Chosen:
    """Decide what is published, and check that all of it is sound."""
    choice = _choose(publication, found, found.ledger)
    to_publish = _to_publish(publication, choice)
    errors: list[SaysoError] = []
    for done, (slug, entry) in enumerate(to_publish.items(), 1):
        try:
            item_of(publication.library.check(slug), entry, publication.show)
        except SaysoError as error:
            errors.append(error)
        publication.reporter.progress(done, len(to_publish))
    raise_all(errors)
    return Chosen(found, choice)


def fix_in_ledger(publication: Publication, chosen: Chosen) -> Fixed:
    """Write GUIDs and dates into the ledger: from here on they are permanent."""
    found = chosen.found
    with open_ledger(publication.show.root) as file:
        choice = _choose(publication, found, file.ledger)
        ledger = choice.ledger
        is_adopted = publication.adopt is not None and found.published is not None
        for item in found.published.items if is_adopted and found.published else ():
            if item.guid is not None and ledger.of_guid(item.guid) is None:
                date = item.date or datetime(1970, 1, 1, tzinfo=timezone.utc)
                title = item.title or item.guid
                ledger = ledger.with_entry(Entry(None, item.guid, date, "adopted", title))
        file.write(replace(ledger, feed_guid=found.channel.guid))
        return _fixed(publication, found, choice, file.ledger)


def suppose_fixed(publication: Publication, chosen: Chosen) -> Fixed:
    """What `fix_in_ledger` would give; nothing is written."""
    return _fixed(publication, chosen.found, chosen.choice, chosen.choice.ledger)


def prepare(publication: Publication, fixed: Fixed) -> Prepared:
    """Make the items of the feed and the pages of the episodes."""
    return Prepared(
        fixed,
        tuple(
            _prepared(publication, fixed.found.channel, publication.library.check(slug), entry)
            for slug, entry in fixed.to_publish.items()
        ),
    )


def pages_again(publication: Publication, prepared: Prepared) -> Iterator[MediaFile]:
    """The pages of the other published episodes, if templates or settings have changed since.

    One that was built again and not published since keeps its page: its new media is not there.
    """
    fixed, library = prepared.fixed, publication.library
    if fixed.found.site_key == fixed.ledger.site:
        return
    done = {one.slug for one in prepared.episodes}
    for entry in fixed.ledger.entries:
        slug = entry.slug
        if entry.state != "published" or slug is None or slug in done:
            continue
        if entry.manifest is not None and entry.manifest == library.digests.get(slug):
            yield _prepared(publication, fixed.found.channel, library.read(slug), entry).page


def _fixed(publication: Publication, found: Found, choice: Choice, ledger: Ledger) -> Fixed:
    # What is withdrawn now may be in the feed without a manifest, left there by a killed run; what
    # has no manifest otherwise is known to be gone.
    to_remove = tuple(
        entry.guid
        for entry in ledger.entries
        if entry.state == "withdrawn"
        and (entry.manifest is not None or entry.slug in publication.withdrawn)
    )
    return Fixed(found, choice, ledger, _to_publish(publication, choice), to_remove)


def _to_publish(publication: Publication, choice: Choice) -> dict[str, Entry]:
    chosen = () if publication.withdrawn else choice.now
    return {entry.slug: entry for entry in chosen if entry.slug is not None}


def _choose(publication: Publication, found: Found, ledger: Ledger) -> Choice:
    if publication.withdrawn:
        return withdraw(publication.withdrawn, ledger)

    def about(slug: str) -> About:
        manifest = publication.library.read(slug).manifest
        return About(manifest.title, manifest.review.date or "")

    return choose(
        publication.request,
        ledger,
        publication.library.digests,
        _own_items(publication, found, ledger),
        about,
        now=publication.now,
        is_lost=found.before is None,
    )


def _own_items(publication: Publication, found: Found, ledger: Ledger) -> dict[str, ReadItem]:
    """The items of the feed that is there whose pages are the show's, by slug.

    The older pages of a long feed are read only where the ledger may have been lost: where it does
    not know an item of the newest one.
    """
    if found.before is None or found.published is None:
        return {}
    site_url = found.channel.site_url
    items = dict(_by_slug(site_url, found.published.items))
    guids = {entry.guid for entry in ledger.entries}
    if any(item.guid not in guids for item in items.values()):
        for page in walk_pages(found.before, publication.fetch):
            older = read_feed(page.data, page.name).items
            items = {**dict(_by_slug(site_url, older)), **items}
    return items


def _by_slug(site_url: str, items: tuple[ReadItem, ...]) -> Iterator[tuple[str, ReadItem]]:
    for item in items:
        slug = (item.link or "").removeprefix(site_url).rstrip("/")
        if item.link == page_url(site_url, slug):
            yield slug, item


def _feed_guid(show: Show, feed_url: str, ledger: Ledger, published: ReadFeed | None) -> str:
    """The show's GUID: the ledger's, the feed's, or made once from its address."""
    known, there = ledger.feed_guid, published.guid if published else None
    if known is not None and there is not None and known != there:
        raise PublishError(
            f"the feed that is there is another show's: its GUID is {there}, and the ledger has "
            f"{known}",
            code="other-feed",
            file=FILE_NAME,
            hint=f"publish elsewhere, or {RESTORE}",
        )
    return known or there or make_feed_guid(feed_url)


def _image(
    publication: Publication, site_url: str, published: ReadFeed | None
) -> tuple[str, tuple[MediaFile, ...]]:
    """The address of the show's cover, and the cover to be published.

    A show that has none of its own keeps the one that its feed has.
    """
    kept = published.image_url if published else None
    if publication.show.cover is None and kept:
        return kept, ()
    cover = named_after_content("media/cover", publication.cover(), ".jpg", "image/jpeg")
    return site_url + cover.name, (cover,)


def _templates(folders: tuple[Path, ...]) -> Iterator[bytes]:
    """All that the pages are made from: templates may include one another."""
    for folder in folders:
        for path in sorted(folder.glob("*.html.j2")):
            with explain_os_errors(path):
                yield path.read_bytes()


def _prepared(
    publication: Publication, channel: Channel, episode: FinishedEpisode, entry: Entry
) -> PreparedEpisode:
    item = item_of(episode, entry, publication.show)
    with explain_os_errors(episode.folder / WAVEFORM):
        waveform = (episode.folder / WAVEFORM).read_text("utf-8")
    page = EpisodePage(channel, item, transcript_of(episode.manifest), waveform)
    html = page_html(page, publication.folders).encode("utf-8")
    file = MediaFile(f"{episode.slug}/{INDEX}", "text/html", len(html), html)
    return PreparedEpisode(episode.slug, entry, item, episode.media(), file)
