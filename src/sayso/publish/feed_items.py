"""A finished episode and its ledger entry → `FeedItem`; a show's settings → `Channel`.

Times come from the timeline: chapters, duration and transcripts were made from the same samples.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast, get_args

from sayso.errors import PublishError, SaysoError, ShowError, did_you_mean, raise_all
from sayso.feed.rss import fit_description
from sayso.model import (
    Channel,
    ChapterMark,
    Enclosure,
    EpisodeType,
    FeedItem,
    Person,
    Reviewed,
    Show,
    Soundbite,
    TranscriptLink,
)
from sayso.publish.ledger import Entry
from sayso.publish.media import AUDIO, CAPTIONS, CHAPTERS, COVER, TRANSCRIPTS, FinishedEpisode

_SOUNDBITE_S = (15, 120)  # podcast namespace: docs/tags/soundbite.md
_KEYS = ("season", "season_name", "episode", "type", "explicit", "soundbite")
_PREFIX = "podcast_"
"""Before each of these keys in a review's front matter: `season` alone would be that of the series
reviewed."""


_REQUIRED = {
    "url": (
        "the feed has no address",
        'write url = "https://example.com/show" under [feed]: where the site will be',
    ),
    "categories": (
        "the feed has no category",
        'write category = "TV & Film > TV Reviews" under [feed], or another of Apple\'s',
    ),
}
"""What [feed] must have: what to say if it has not, and a hint."""


def required_url(show: Show) -> str:
    """The address of a show's site.

    Raises ShowError (or ErrorGroup) for a show that lacks it, or anything else that a feed needs.
    """
    file = show.path or show.root / "show.toml"
    raise_all(
        [
            ShowError(problem, code="missing-setting", file=file, hint=hint)
            for setting, (problem, hint) in _REQUIRED.items()
            if not getattr(show.feed, setting)
        ]
    )
    return show.feed.url or ""


def channel_of(show: Show, *, guid: str, image_url: str) -> Channel:
    """What the feed says of a show. Raises as `required_url` does."""
    feed, site_url = show.feed, required_url(show)
    people = feed.people or ((Person(show.author),) if show.author else ())
    return Channel(
        title=show.title,
        site_url=site_url,
        feed_url=site_url + feed.file,
        guid=guid,
        description=show.description or show.title,
        language=show.language,
        image_url=image_url,
        categories=feed.categories,
        explicit=feed.explicit,
        author=show.author,
        serial=feed.type == "serial",
        locked=feed.locked,
        owner_name=feed.owner_name or (show.author if feed.owner_email else None),
        owner_email=feed.owner_email,
        copyright=feed.copyright,
        license=feed.license,
        license_url=feed.license_url,
        medium=feed.medium,
        funding=feed.funding,
        persons=people,
        update_frequency=feed.update_frequency,
        update_rrule=feed.update_rrule,
        podroll=feed.podroll,
        verify=feed.verify,
        directories=feed.directories,
        hub=feed.hub,
        new_url=feed.new_url,
        complete=feed.complete,
        block=feed.block,
    )


def item_of(episode: FinishedEpisode, entry: Entry, channel: Channel) -> FeedItem:
    """What the feed says of an episode.

    Raises PublishError (or ErrorGroup) for a key or value in the review's front matter that is not
    valid.
    """
    manifest, review = episode.manifest, episode.manifest.review
    site_url = channel.site_url
    own = _Own(episode, dict(review.extra))
    audio = episode.media_of(AUDIO)

    def url(name: str) -> str:
        return site_url + name

    persons = [Person(review.author, "author", "writing")] if review.author else []
    if channel.author and channel.author != review.author:
        persons.append(Person(channel.author))
    item = FeedItem(
        guid=entry.guid,
        title=manifest.title,
        link=page_url(site_url, episode.slug),
        date=entry.date,
        description=fit_description(episode.notes),
        notes=episode.notes,
        enclosure=Enclosure(url(audio.name), audio.n_bytes, audio.mime),
        duration_s=max(1, round(manifest.n_samples / manifest.sample_rate)),
        explicit=own.flag("explicit", channel.explicit),
        author=review.author or channel.author,
        image_url=url(episode.media_of(COVER).name),
        season=own.number("season"),
        season_name=own.get("season_name"),
        episode=own.number("episode"),
        episode_type=own.episode_type(),
        chapters_url=url(episode.media_of(CHAPTERS).name) if manifest.chapters else None,
        chapters=tuple(
            ChapterMark(manifest.ms(chapter.start), chapter.title) for chapter in manifest.chapters
        ),
        transcripts=tuple(
            TranscriptLink(
                url(episode.media_of(kind).name), kind.mime, manifest.language, kind in CAPTIONS
            )
            for kind in TRANSCRIPTS
        ),
        persons=tuple(persons),
        soundbites=own.soundbites(),
        reviewed=(
            Reviewed(review.subject or review.title, review.rating, review.link)
            if review.rating
            else None
        ),
    )
    raise_all(own.errors)
    return item


def page_url(site_url: str, slug: str) -> str:
    """The address of an episode's page."""
    return f"{site_url}{slug}/"


class _Own:
    """What a review's front matter says of its episode; errors are collected."""

    def __init__(self, episode: FinishedEpisode, extra: Mapping[str, str]) -> None:
        self.episode = episode
        self.errors: list[SaysoError] = []
        names = {key: key.casefold().replace("-", "_") for key in extra}
        self.values = {
            name.removeprefix(_PREFIX): extra[key].strip()
            for key, name in names.items()
            if name.startswith(_PREFIX)
        }
        for key in self.values:
            if key not in _KEYS:
                known = [_PREFIX + name for name in _KEYS]
                self._fail(f"unknown key {_PREFIX + key!r}", did_you_mean(_PREFIX + key, known))

    def get(self, key: str) -> str | None:
        return self.values.get(key) or None

    def number(self, key: str) -> int | None:
        value = self.get(key)
        if value is None:
            return None
        if not re.fullmatch(r"\d{1,6}", value, re.ASCII) or int(value) == 0:
            self._fail(f"{_PREFIX}{key} cannot be {value!r}", "write a whole number from 1 on")
            return None
        return int(value)

    def flag(self, key: str, default: bool) -> bool:
        value = (self.get(key) or "").casefold()
        if value not in ("", "true", "false", "yes", "no"):
            self._fail(f"{_PREFIX}{key} cannot be {value!r}", "write true or false")
        return value in ("true", "yes") if value else default

    def episode_type(self) -> EpisodeType:
        value = self.get("type") or "full"
        if value not in get_args(EpisodeType):
            self._fail(f"{_PREFIX}type cannot be {value!r}", "write full, trailer or bonus")
            return "full"
        return cast(EpisodeType, value)

    def soundbites(self) -> tuple[Soundbite, ...]:
        """The opening of a segment, whole sentences of at least 15 and at most 120 seconds."""
        wanted = self.get("soundbite")
        if wanted is None:
            return ()
        manifest = self.episode.manifest
        spoken = [line for line in manifest.lines if line.segment == wanted]
        if not spoken:
            ids = dict.fromkeys(line.segment for line in manifest.lines)
            self._fail(f"no segment {wanted!r} for {_PREFIX}soundbite", did_you_mean(wanted, ids))
            return ()
        start = manifest.seconds(spoken[0].start)
        ends = [manifest.seconds(line.end) - start for line in spoken]
        fitting = [end for end in ends if _SOUNDBITE_S[0] <= end <= _SOUNDBITE_S[1]]
        if not fitting:
            self._fail(
                f"the segment {wanted!r} has no opening of {_SOUNDBITE_S[0]} to "
                f"{_SOUNDBITE_S[1]} seconds for {_PREFIX}soundbite",
                "name a longer segment",
            )
            return ()
        duration_s = next((end for end in fitting if end >= 2 * _SOUNDBITE_S[0]), fitting[-1])
        return (Soundbite(round(start, 3), round(duration_s, 3), manifest.title),)

    def _fail(self, problem: str, hint: str | None) -> None:
        self.errors.append(
            PublishError(
                f"front matter: {problem}",
                code="front-matter-value",
                file=self.episode.slug,
                hint=hint,
            )
        )
