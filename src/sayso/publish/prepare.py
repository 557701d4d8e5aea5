"""Before anything leaves the machine: look, choose, check, fix in the ledger, make the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from sayso.episode.checking import check_episode
from sayso.errors import PublishError, SaysoError, raise_all
from sayso.feed.rss import ReadItem, make_feed_guid, read_feed, walk_pages
from sayso.publish.feed_items import channel_of, item_of, page_url
from sayso.publish.ledger import FILE_NAME, RESTORE, Entry, Ledger, open_ledger, read_ledger
from sayso.publish.media import (
    FinishedEpisode,
    MediaFile,
    manifest_digest,
    named_after_content,
    read_finished,
)
from sayso.publish.selection import About, Choice, choose, withdraw
from sayso.publish.state import INDEX, Prepared, Publication
from sayso.site import EpisodePage, assets, page_html, transcript_of
from sayso.system.atomic_files import explain_os_errors
from sayso.system.cache import make_key

WAVEFORM = "waveform.svg"


def look(work: Publication) -> None:
    """Read the ledger and the feed that is there."""
    channel_of(work.show, guid="", image_url="")  # settings that are missing are said at once
    work.ledger = read_ledger(work.show.root / FILE_NAME)
    work.digests = {folder.name: manifest_digest(folder) for folder in work.episodes}
    work.stored = work.target.read(work.feed_name)
    if work.stored is not None and work.adopt is not None:
        raise PublishError(
            f"there is a feed already at {work.target.address}",
            code="other-feed",
            hint="--adopt is for the first publication: leave it away",
        )
    if work.before is not None:
        work.published = read_feed(work.before, work.feed_name)
    assert work.show.feed.url is not None
    cover = _cover(work)
    kept = work.published.image_url if work.published else None
    url = kept if cover is None else work.show.feed.url + cover.name
    assert url is not None
    work.channel = channel_of(work.show, guid=_feed_guid(work), image_url=url)
    style = [
        MediaFile(asset.name, asset.mime, len(asset.data), asset.data)
        for asset in assets(work.folders)
    ]
    work.common = (*style, *([] if cover is None else [cover]))
    names = (file.name for file in style)
    work.site_key = make_key("site-1", work.channel, *names, *_templates(work.folders))


def choose_episodes(work: Publication) -> None:
    """Decide what is published, and check that all of it is sound."""
    work.choice = _choose(work, work.ledger)
    errors: list[SaysoError] = []
    for done, entry in enumerate(work.to_publish, 1):
        try:
            episode = _sound(work, entry)
            item_of(episode, entry, work.show)
        except SaysoError as error:
            errors.append(error)
        work.reporter.progress(done, len(work.to_publish))
    raise_all(errors)


def fix_in_ledger(work: Publication) -> None:
    """Write GUIDs and dates into the ledger: from here on they are the episodes' for ever."""
    assert work.channel is not None
    with open_ledger(work.show.root) as file:
        work.choice = _choose(work, file.ledger)
        ledger = work.choice.ledger
        for item in work.published.items if work.adopt is not None and work.published else ():
            if item.guid is not None and ledger.of_guid(item.guid) is None:
                date = item.date or datetime(1970, 1, 1, tzinfo=timezone.utc)
                title = item.title or item.guid
                ledger = ledger.with_entry(Entry(None, item.guid, date, "adopted", title))
        file.write(replace(ledger, feed_guid=work.channel.guid))
        work.ledger = file.ledger


def prepare(work: Publication) -> None:
    """Make the items of the feed and the pages of the episodes."""
    work.prepared = tuple(_prepared(work, _sound(work, entry), entry) for entry in work.to_publish)


def pages_again(work: Publication) -> Iterator[MediaFile]:
    """The pages of the other published episodes, if templates or settings have changed since.

    One that was built anew and not published since keeps its page: the new media is not there yet.
    """
    if work.site_key == work.ledger.site:
        return
    done = {one.entry.slug for one in work.prepared}
    folders = {folder.name: folder for folder in work.episodes}
    for entry in work.ledger.entries:
        if entry.state != "published" or entry.slug in done or entry.slug not in folders:
            continue
        if entry.manifest == work.digests[entry.slug]:
            yield _prepared(work, read_finished(folders[entry.slug]), entry).page


def _choose(work: Publication, ledger: Ledger) -> Choice:
    if work.withdrawn:
        return withdraw(work.withdrawn, ledger)

    def about(slug: str) -> About:
        manifest = _finished(work, slug).manifest
        return About(manifest.title, manifest.review.date or "")

    return choose(
        work.request,
        ledger,
        work.digests,
        _own_items(work, ledger),
        about,
        now=work.now,
        is_lost=work.before is None,
    )


def _own_items(work: Publication, ledger: Ledger) -> dict[str, ReadItem]:
    """The items of the feed that is there whose pages are the show's, by slug.

    The older pages of a long feed are read only where the ledger may have been lost: where it does
    not know an item of the newest one.
    """
    if work.published is None:
        return {}
    found = dict(_by_slug(work, work.published.items))
    guids = {entry.guid for entry in ledger.entries}
    if any(item.guid not in guids for item in found.values()):
        assert work.before is not None
        for page in walk_pages(work.before, work.fetch):
            items = read_feed(page.data, page.name).items
            found = {**dict(_by_slug(work, items)), **found}
    return found


def _by_slug(work: Publication, items: tuple[ReadItem, ...]) -> Iterator[tuple[str, ReadItem]]:
    assert work.show.feed.url is not None
    for item in items:
        slug = (item.link or "").removeprefix(work.show.feed.url).rstrip("/")
        if item.link == page_url(work.show.feed.url, slug):
            yield slug, item


def _feed_guid(work: Publication) -> str:
    """The show's GUID: the ledger's, the feed's, or made once from its address."""
    known, there = work.ledger.feed_guid, work.published.guid if work.published else None
    if known is not None and there is not None and known != there:
        raise PublishError(
            f"the feed that is there is another show's: its GUID is {there}, and the ledger has "
            f"{known}",
            code="other-feed",
            file=FILE_NAME,
            hint=f"publish elsewhere, or {RESTORE}",
        )
    return known or there or make_feed_guid(f"{work.show.feed.url}{work.feed_name}")


def _cover(work: Publication) -> MediaFile | None:
    """The show's cover; None where it has none of its own and the feed has one already."""
    if work.show.cover is None and work.published is not None and work.published.image_url:
        return None
    return named_after_content("media/cover", work.cover(), ".jpg", "image/jpeg")


def _templates(folders: tuple[Path, ...]) -> Iterator[bytes]:
    """All that the pages are made from: templates may include one another."""
    for folder in folders:
        for path in sorted(folder.glob("*.html.j2")):
            with explain_os_errors(path):
                yield path.read_bytes()


def _finished(work: Publication, slug: str) -> FinishedEpisode:
    if slug not in work.finished:
        folder = next(folder for folder in work.episodes if folder.name == slug)
        work.finished[slug] = read_finished(folder)
    return work.finished[slug]


def _sound(work: Publication, entry: Entry) -> FinishedEpisode:
    """An episode whose every file has been decoded and held against its timeline.

    Raises PublishError where something is wrong with one.
    """
    assert entry.slug is not None
    episode = _finished(work, entry.slug)
    if entry.slug not in work.sound:
        checked = check_episode(episode.folder)
        errors = [finding for finding in checked.findings if finding.severity == "error"]
        if errors:
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            raise PublishError(
                f"the episode is not fit to be published: {errors[0].problem}{more}",
                code="unfit-episode",
                file=episode.folder / errors[0].file,
                hint=f"{errors[0].hint}; sayso check {entry.slug} tells all",
            )
        work.sound.add(entry.slug)
    return episode


def _prepared(work: Publication, episode: FinishedEpisode, entry: Entry) -> Prepared:
    assert work.channel is not None
    item = item_of(episode, entry, work.show)
    with explain_os_errors(episode.folder / WAVEFORM):
        waveform = (episode.folder / WAVEFORM).read_text("utf-8")
    page = EpisodePage(work.channel, item, transcript_of(episode.manifest), waveform)
    html = page_html(page, work.folders).encode("utf-8")
    name = f"{episode.slug}/{INDEX}"
    return Prepared(entry, item, episode.media(), MediaFile(name, "text/html", len(html), html))
