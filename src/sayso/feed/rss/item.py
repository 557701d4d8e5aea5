"""What a feed says of an episode: a `FeedItem` as an element, alone or in place of an older one."""

from __future__ import annotations

from typing import Any

from lxml import etree

from sayso.feed.rss.channel import add_persons, scratch
from sayso.feed.rss.dates import write_date
from sayso.feed.rss.description import allowed_html, fit_description
from sayso.feed.rss.editing import all_same, append, replace
from sayso.feed.rss.namespaces import add, name_of
from sayso.feed.rss.wording import address, one_line
from sayso.model import FeedItem

CHAPTERS_MIME = "application/json+chapters"
AI_CONTENT = "ai-content"
"""The purpose of the record that says whether computer voices speak (docs/tags/txt.md)."""

_MAX_SEASON_NAME = 128  # podcast namespace, docs/tags/season.md
_MAX_SOUNDBITE_TITLE = 128  # podcast namespace, docs/tags/soundbite.md

# What an item of ours says, or would say again in other words: of an item that is replaced, all
# else stays.
_GOVERNED = frozenset(
    {
        "title", "link", "guid", "pubDate", "enclosure", "description", "content:encoded",
        "itunes:title", "itunes:summary", "itunes:subtitle", "itunes:author", "itunes:duration",
        "itunes:explicit", "itunes:image", "itunes:season", "itunes:episode", "itunes:episodeType",
        "podcast:season", "podcast:episode", "podcast:transcript", "podcast:chapters",
        "podcast:person", "podcast:soundbite", "psc:chapters",
    }
)  # fmt: skip


def make_item(channel: Any, item: FeedItem) -> Any:
    """The element of an item, in the prefixes of the feed that `channel` belongs to."""
    made = add(scratch(channel), "item")
    add(made, "title", one_line(item.title))
    add(made, "link", address(item.link))
    add(made, "guid", item.guid, isPermaLink="false")
    add(made, "pubDate", write_date(item.date))
    enclosure = item.enclosure
    url, n_bytes = address(enclosure.url), str(enclosure.n_bytes)
    add(made, "enclosure", url=url, length=n_bytes, type=enclosure.mime)
    description = fit_description(item.description)
    if description:
        add(made, "description").text = etree.CDATA(description)
    notes = allowed_html(item.notes)
    if notes:
        add(made, "content:encoded").text = etree.CDATA(notes)
    _add_itunes(made, item)
    _add_podcasting(made, item)
    _add_chapters(made, item)
    return made


def says_the_same(old: Any, made: Any) -> bool:
    """Whether an item says already what `made` says."""
    return all_same([one for one in old if _is_governed(one)], list(made))


def replace_item(old: Any, made: Any) -> None:
    """Put `made` where `old` is; what `old` held that a `FeedItem` does not govern, stays in it."""
    foreign = [one for one in old if not _is_governed(one)]
    for key, value in old.attrib.items():
        made.set(key, value)
    replace(old, made)
    for one in foreign:
        append(made, one, fresh=False)


def is_ai_content(element: Any) -> bool:
    """Whether an element is the record that says if computer voices speak."""
    return name_of(element) == "podcast:txt" and element.get("purpose") == AI_CONTENT


def _is_governed(element: Any) -> bool:
    return name_of(element) in _GOVERNED or is_ai_content(element)


def _add_itunes(made: Any, item: FeedItem) -> None:
    if item.author:
        add(made, "itunes:author", one_line(item.author))
    add(made, "itunes:duration", str(item.duration_s))
    add(made, "itunes:explicit", "true" if item.explicit else "false")
    if item.image_url:
        add(made, "itunes:image", href=address(item.image_url))
    if item.season is not None:
        add(made, "itunes:season", str(item.season))
    if item.episode is not None:
        add(made, "itunes:episode", str(item.episode))
    add(made, "itunes:episodeType", item.episode_type)


def _add_podcasting(made: Any, item: FeedItem) -> None:
    if item.season is not None:
        name = one_line(item.season_name, _MAX_SEASON_NAME) if item.season_name else None
        season = add(made, "podcast:season", str(item.season))
        if name:
            season.set("name", name)
    if item.episode is not None:
        add(made, "podcast:episode", str(item.episode))
    for transcript in item.transcripts:
        add(
            made,
            "podcast:transcript",
            url=address(transcript.url),
            type=transcript.mime,
            language=transcript.language,
            rel="captions" if transcript.captions else None,
        )
    if item.chapters_url:
        add(made, "podcast:chapters", url=address(item.chapters_url), type=CHAPTERS_MIME)
    add_persons(made, item.persons)
    for bite in item.soundbites:
        start, duration = _seconds(bite.start_s), _seconds(bite.duration_s)
        title = one_line(bite.title, _MAX_SOUNDBITE_TITLE) if bite.title else None
        add(made, "podcast:soundbite", title, startTime=start, duration=duration)
    synthetic = "true" if item.synthetic_voice else "false"
    add(made, "podcast:txt", synthetic, purpose=AI_CONTENT)


def _add_chapters(made: Any, item: FeedItem) -> None:
    """Podlove Simple Chapters 1.2; times are Normal Play Time to the millisecond."""
    if not item.chapters:
        return
    chapters = add(made, "psc:chapters", version="1.2")
    for chapter in item.chapters:
        add(
            chapters,
            "psc:chapter",
            start=_play_time(chapter.start_ms),
            title=one_line(chapter.title),
        )


def _play_time(ms: int) -> str:
    s = ms // 1000
    return f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}.{ms % 1000:03}"


def _seconds(value: float) -> str:
    """`73` or `73.25`, never an exponent."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
