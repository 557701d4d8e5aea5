"""The steps before anything leaves the machine: look, choose, check, fix in the ledger, prepare."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from sayso._version import __version__
from sayso.errors import EnvironmentProblem, PublishError, SaysoError, raise_all
from sayso.feed.rss import ReadFeed, ReadItem, make_feed_guid, read_feed, walk_pages
from sayso.model import Channel, Show
from sayso.publish.feed_items import channel_of, item_of, page_url, required_url
from sayso.publish.ledger import FILE_NAME, RESTORE, Entry, Ledger, open_ledger, read_ledger
from sayso.publish.media import (
    FinishedEpisode,
    FinishedEpisodes,
    MediaFile,
    Page,
    named_after_content,
    read_finished,
)
from sayso.publish.selection import About, Choice, choose, withdraw
from sayso.publish.states import (
    Begun,
    Chosen,
    Context,
    Fixed,
    Found,
    Prepared,
    PreparedEpisode,
    Published,
    result,
)
from sayso.publish.targets import page_fetcher
from sayso.show.finding import sound_path
from sayso.show.paths import finished_episodes
from sayso.site import EpisodePage, assets, page_html, transcript_of
from sayso.system.atomic_files import explain_os_errors
from sayso.system.cache import Store, cache_folder, make_key

INDEX = "index.html"
WAVEFORM = "waveform.svg"


def read_feed_and_ledger(context: Context, begun: Begun) -> Found:
    """Read the ledger and the feed that is there."""
    show = context.show
    site_url = required_url(show)
    ledger = read_ledger(show.root / FILE_NAME)
    episodes = FinishedEpisodes(finished_episodes(show))
    stored = context.target.read(context.feed_name)
    if stored is not None and context.adopt is not None:
        raise PublishError(
            f"there is a feed already at {context.target.address}",
            code="other-feed",
            hint="--adopt is for the first publication: leave it away",
        )
    before = context.feed_before(stored)
    feed = None if before is None else read_feed(before, context.feed_name)
    if show.cover is None and feed is not None and feed.image_url:
        cover, image_url = [], feed.image_url  # it keeps the one it has
    else:
        cover = [named_after_content("media/cover", _cover(show), ".jpg", "image/jpeg")]
        image_url = site_url + cover[0].name
    guid = _feed_guid(ledger, feed) or make_feed_guid(site_url + context.feed_name)
    channel = channel_of(show, guid=guid, image_url=image_url)
    style = [
        MediaFile(asset.name, asset.mime, len(asset.data), asset.data)
        for asset in assets(context.folders)
    ]
    names = (file.name for file in style)
    return Found(
        ledger=ledger,
        stored=stored,
        feed=feed,
        channel=channel,
        episodes=episodes,
        common=(*style, *cover),
        site_key=make_key("site-1", channel, *names, *_templates(context.folders)),
    )


def choose_episodes(context: Context, found: Found) -> Chosen:
    """Decide what is published, and check every episode of it."""
    choice = _choose(context, found, found.ledger)
    errors: list[SaysoError] = []
    for done, (slug, entry) in enumerate(choice.now.items(), 1):
        try:
            item_of(found.episodes.checked(slug), entry, found.channel)
        except SaysoError as error:
            errors.append(error)
        context.reporter.progress(done, len(choice.now))
    raise_all(errors)
    return Chosen(found, choice)


def fix_in_ledger(context: Context, chosen: Chosen) -> Fixed | Published:
    """Write GUIDs and dates into the ledger: from here on they are permanent.

    The publication ends here if there is no feed yet and no episode for it: a feed begins with an
    episode.
    """
    found = chosen.found
    adopted = found.feed.items if context.adopt is not None and found.feed else ()
    with open_ledger(context.show.root) as file:
        choice = _choose(context, found, file.ledger)
        ledger = choice.ledger
        for item in adopted:
            if item.guid is not None and ledger.of_guid(item.guid) is None:
                date = item.date or datetime(1970, 1, 1, tzinfo=timezone.utc)
                title = item.title or item.guid
                ledger = ledger.with_entry(Entry(None, item.guid, date, "adopted", title))
        ledger = replace(ledger, feed_guid=found.channel.guid)
        file.write(ledger)
    return _fixed(context, found, replace(choice, ledger=ledger))


def plan_ledger(context: Context, chosen: Chosen) -> Fixed | Published:
    """What `fix_in_ledger` would give; the ledger stays as it is."""
    return _fixed(context, chosen.found, chosen.choice)


def prepare_episodes(context: Context, fixed: Fixed) -> Prepared:
    """Make the items of the feed and the pages of the episodes."""
    found = fixed.found
    ready = (
        _prepared(context, found.channel, found.episodes.checked(slug), entry)
        for slug, entry in fixed.choice.now.items()
    )
    return Prepared(fixed, tuple(ready))


def outdated_pages(context: Context, prepared: Prepared) -> Iterator[Page]:
    """The pages of the other published episodes, if templates or settings have changed since.

    An episode that was built again and not published since keeps its page: the new media is not
    there yet.
    """
    found, ledger = prepared.found, prepared.fixed.choice.ledger
    if found.site_key == ledger.site:
        return
    others = found.episodes.folders.keys() - prepared.fixed.choice.now.keys()
    for entry in ledger.entries:
        if entry.state != "published" or entry.slug not in others:
            continue
        if entry.manifest == found.episodes.digests[entry.slug]:
            episode = read_finished(found.episodes.folders[entry.slug])
            yield _prepared(context, found.channel, episode, entry).page


def _fixed(context: Context, found: Found, choice: Choice) -> Fixed | Published:
    # An episode withdrawn now may be in the feed without a manifest, left there by a killed run.
    removed = tuple(
        entry.guid
        for entry in choice.ledger.entries
        if entry.state == "withdrawn"
        and (entry.manifest is not None or entry.slug in context.withdrawn)
    )
    fixed = Fixed(found, choice, removed)
    return result(context, fixed) if found.feed is None and not choice.now else fixed


def _choose(context: Context, found: Found, ledger: Ledger) -> Choice:
    if context.withdrawn:
        return withdraw(context.withdrawn, ledger)

    def about(slug: str) -> About:
        manifest = found.episodes.read(slug).manifest
        return About(manifest.title, manifest.review.date or "")

    return choose(
        context.request,
        ledger,
        found.episodes.digests,
        _own_items(context, found, ledger),
        about,
        now=context.now,
        is_lost=found.feed is None,
    )


def _own_items(context: Context, found: Found, ledger: Ledger) -> dict[str, ReadItem]:
    """The items of the published feed whose pages belong to the show, by slug.

    Older pages of a long feed are read only if the ledger may have been lost: if it does not know
    an item of the newest page.
    """
    before = context.feed_before(found.stored)
    if found.feed is None or before is None:
        return {}
    site_url = found.channel.site_url
    items = dict(_by_slug(site_url, found.feed.items))
    guids = {entry.guid for entry in ledger.entries}
    if any(item.guid not in guids for item in items.values()):
        for page in walk_pages(before, page_fetcher(context.target)):
            older = read_feed(page.data, page.name).items
            items = {**dict(_by_slug(site_url, older)), **items}
    return items


def _by_slug(site_url: str, items: Iterable[ReadItem]) -> Iterator[tuple[str, ReadItem]]:
    for item in items:
        slug = (item.link or "").removeprefix(site_url).rstrip("/")
        if item.link == page_url(site_url, slug):
            yield slug, item


def _feed_guid(ledger: Ledger, feed: ReadFeed | None) -> str | None:
    """The show's GUID, by the ledger or the feed. Raises PublishError where they differ."""
    there = feed.guid if feed else None
    if ledger.feed_guid is not None and there is not None and ledger.feed_guid != there:
        raise PublishError(
            f"the feed that is there is another show's: its GUID is {there}, and the ledger has "
            f"{ledger.feed_guid}",
            code="other-feed",
            file=FILE_NAME,
            hint=f"publish elsewhere, or {RESTORE}",
        )
    return ledger.feed_guid or there


def _cover(show: Show) -> bytes:
    """The show's cover as a JPEG: its own, or one generated from its title."""
    from sayso.episode.cover import draw_cover, folder_cover, read_cover

    if show.cover is not None:
        return folder_cover(read_cover(sound_path(show, show.cover)))
    store = Store(cache_folder() / "covers")
    key = make_key("show-cover-1", __version__, show.title, show.author)
    found = store.get(key)
    if found is None:
        found = draw_cover(show.title, show.author)
        with contextlib.suppress(EnvironmentProblem):  # the next run draws it again
            store.put(key, found)
    return found


def _templates(folders: tuple[Path, ...]) -> Iterator[bytes]:
    """All templates: each may include any other."""
    for folder in folders:
        for path in sorted(folder.glob("*.html.j2")):
            with explain_os_errors(path):
                yield path.read_bytes()


def _prepared(
    context: Context, channel: Channel, episode: FinishedEpisode, entry: Entry
) -> PreparedEpisode:
    item = item_of(episode, entry, channel)
    with explain_os_errors(episode.folder / WAVEFORM):
        waveform = (episode.folder / WAVEFORM).read_text("utf-8")
    page = EpisodePage(channel, item, transcript_of(episode.manifest), waveform)
    html = page_html(page, context.folders).encode("utf-8")
    return PreparedEpisode(
        item, episode.digest, episode.media(), Page(f"{episode.slug}/{INDEX}", html)
    )
