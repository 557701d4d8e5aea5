"""What a page tells search engines: schema.org in JSON-LD, a block of data that no browser runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sayso.episode.notes import http_address
from sayso.model import Channel, FeedItem
from sayso.script.template_context import Markup

_CONTEXT = "https://schema.org"
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
"""In JSON these occur in strings only; as escapes, none of them can end the element."""


def series_data(channel: Channel) -> Markup:
    """The show (https://schema.org/PodcastSeries)."""
    return _element({"@context": _CONTEXT, **_series(channel)})


def episode_data(channel: Channel, item: FeedItem, description: str) -> Markup:
    """An episode (https://schema.org/PodcastEpisode)."""
    return _element(
        {
            "@context": _CONTEXT,
            "@type": "PodcastEpisode",
            "url": item.link,
            "identifier": item.guid,
            "name": item.title,
            "datePublished": item.date.isoformat(),
            "timeRequired": f"PT{item.duration_s}S",
            "description": description,
            "image": item.image_url or channel.image_url,
            "inLanguage": channel.language,
            "isFamilyFriendly": not item.explicit,
            "episodeNumber": item.episode,
            "partOfSeason": item.season
            and {"@type": "PodcastSeason", "seasonNumber": item.season, "name": item.season_name},
            "author": _people(item.author or channel.author),
            "associatedMedia": {
                "@type": "AudioObject",
                "contentUrl": item.enclosure.url,
                "encodingFormat": item.enclosure.mime,
                "contentSize": str(item.enclosure.n_bytes),
                "duration": f"PT{item.duration_s}S",
            },
            "hasPart": [
                {
                    "@type": "Clip",
                    "name": chapter.title,
                    "startOffset": chapter.start_ms // 1000,
                    "endOffset": end_s,
                    "url": f"{item.link}#t={chapter.start_ms // 1000}",
                }
                for chapter, end_s in zip(item.chapters, _ends(item), strict=True)
            ],
            "isBasedOn": _review(item, item.author or channel.author),
            "partOfSeries": _series(channel),
        }
    )


def _review(item: FeedItem, author: str | None) -> dict[str, Any] | None:
    """The review that is read (https://schema.org/Review), where its score is a number."""
    reviewed = item.reviewed
    if reviewed is None or reviewed.rating.value is None or not reviewed.rating.best:
        return None
    value = reviewed.rating.value
    return {
        "@type": "Review",
        "name": item.title,
        "url": http_address(reviewed.link),
        "author": _people(author),
        "itemReviewed": {"@type": "Thing", "name": reviewed.name},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": value,
            "bestRating": reviewed.rating.best,
            "worstRating": 0 if value < 1 else None,  # 1 where it is not said
        },
    }


def _series(channel: Channel) -> dict[str, Any]:
    return {
        "@type": "PodcastSeries",
        "url": channel.site_url,
        "name": channel.title,
        "description": channel.description,
        "image": channel.image_url,
        "inLanguage": channel.language,
        "author": _people(channel.author),
        "license": channel.license_url,
        "webFeed": channel.feed_url,
    }


def _people(name: str | None) -> dict[str, str] | None:
    return {"@type": "Person", "name": name} if name else None


def _ends(item: FeedItem) -> Sequence[int]:
    starts = [chapter.start_ms // 1000 for chapter in item.chapters]
    return [*starts[1:], item.duration_s] if starts else []


def _element(data: Mapping[str, Any]) -> Markup:
    text = json.dumps(_without_gaps(data), ensure_ascii=False, indent=1).translate(_ESCAPES)
    return Markup(f'<script type="application/ld+json">\n{text}\n</script>')


def _without_gaps(value: Any) -> Any:
    """The data without empty values."""
    if isinstance(value, Mapping):
        return {k: _without_gaps(v) for k, v in value.items() if v not in (None, [], "")}
    if isinstance(value, list):
        return [_without_gaps(each) for each in value]
    return value
