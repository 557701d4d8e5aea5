"""Which kind a review is of, where nobody says it: by its words, title, front matter and links."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sayso.model import Review
from sayso.review.cues import Cue, CueIndex, Token, tokenize
from sayso.review.kind import Kind, Kinds, segment_of_heading

NEUTRAL = "general"
"""The kind of whatever no other kind is sure of: its words fit anything."""

_MAX_CHARS = 60_000
"""Enough to tell the kind; a book then takes no longer than an article."""

_IN_TITLE = 2.0
"""How many times the points of a sign count that is in the title."""
_NAMED = 24.0
"""Points for a kind that a category in the front matter names, or its layout, or its section."""
_TAGGED = 8.0
"""Points for a kind that a tag or the title names, and for a key that only it has."""
_LINK = 6.0
"""Points for a link to a site about one kind of thing."""
_HEADING = 12.0
"""Points for a heading that names a segment, shared by the kinds that have such a segment."""
_CATEGORIES = frozenset(["category", "categories", "type", "section", "layout", "media", "format"])
_TAGS = frozenset(["tag", "tags", "keywords"])

_POINTED_AT = 1.0
"""What is added to the factor of the signs of a kind whose things alone the review points at."""
_NOT_POINTED_AT = 0.7
"""What is taken off that factor where it points at the things of other kinds alone."""
_FEW_POINTS = 8.0
"""Below this sum of pointing, the factors are nearly alike."""

_SURE_SHARE = 0.22
"""How far the best kind must be ahead of the next one, as a share of its own points."""
_SURE_POINTS = 1.2
"""How many points it must have at least, times the logarithm of the number of words."""
_SURE_UNPOINTED = 2.0
"""The same for a kind whose things the review never points at."""
_LONG = 1000
"""A review of so many words points at what it is about; a text that does not is about another."""


@dataclass(frozen=True, slots=True)
class KindGuess:
    """Which kind a review seems to be of."""

    kind: str
    """The id of the likeliest kind; `general` where the review shows no sign of any."""
    runner_up: str | None
    """The next best kind; None where the review shows no sign of a second one."""
    margin: float
    """How far the likeliest is ahead: from 0 (no difference) to 1 (nothing speaks for another)."""
    sure: bool
    """Whether that is far enough, and there are enough signs, to say so with certainty."""

    @property
    def used(self) -> str:
        """The kind to go by: the likeliest where that is sure, else `general`."""
        return self.kind if self.sure else NEUTRAL


def guess_kind(review: Review, kinds: Kinds) -> KindGuess:
    """Guess the kind of `review`.

    A sign adds its points, times the logarithm of how often it is found; in the title it counts
    more. A book on music is full of the words of music, but what it points at is "this book": so
    signs count for more the more a review points at the things of their kind. Front matter, names
    of kinds in the title and links to sites that are about one kind of thing add to both.
    """
    text = "\n".join([review.title, *(b.text for b in review.blocks if b.kind != "html")])
    words = tokenize(text[:_MAX_CHARS])
    scores = dict.fromkeys((kind.id for kind in kinds), 0.0)
    for found in kinds.signs.find(tokenize(review.title)):
        scores[found.target[0]] += _IN_TITLE * found.target[1].points
    for kind_id, more in _sum_found(kinds.signs, words):
        scores[kind_id] += more
    pointing = dict.fromkeys(scores, 0.0)
    for kind_id, more in (*_sum_found(kinds.pointers, words), *_told_outside_text(review, kinds)):
        pointing[kind_id] += more
    for kind_id, more in (*_told_by_headings(review, kinds), *_told_by_links(review, kinds)):
        scores[kind_id] += more
    total = sum(pointing.values()) + _FEW_POINTS
    for kind_id, points in pointing.items():
        others = total - _FEW_POINTS - points
        scores[kind_id] *= 1 + (_POINTED_AT * points - _NOT_POINTED_AT * others) / total
        scores[kind_id] += points
    best, *rest = sorted(scores, key=lambda kind_id: (-scores[kind_id], kind_id != NEUTRAL))
    if not scores[best]:
        return KindGuess(NEUTRAL, None, 0.0, sure=False)
    second = rest[0] if rest and scores[rest[0]] else None
    margin = 1 - scores[second] / scores[best] if second else 1.0
    pointed = pointing[best] > 0
    least = _SURE_POINTS if pointed else _SURE_UNPOINTED
    enough = scores[best] >= least * math.log2(2 + len(words)) and (pointed or len(words) < _LONG)
    return KindGuess(best, second, round(margin, 3), enough and margin >= _SURE_SHARE)


def _sum_found(index: CueIndex[tuple[str, Cue]], words: list[Token]) -> Iterator[tuple[str, float]]:
    """For each cue of `index` in `words`, its kind and its points, more where it recurs."""
    counts = Counter((found.target[0], found.target[1]) for found in index.find(words))
    for (kind_id, cue), n in counts.items():
        yield kind_id, cue.points * math.log2(1 + n)


def _told_outside_text(review: Review, kinds: Kinds) -> Iterator[tuple[str, float]]:
    """The points that front matter and the title's names of kinds give to kinds."""
    keys = {key.casefold().replace("-", "_") for key, _ in review.extra}
    for kind in kinds:
        yield kind.id, _TAGGED * len(keys.intersection(kind.fields))
    for key, value in review.extra:
        folded = key.casefold()
        if folded in _CATEGORIES | _TAGS:
            worth = _NAMED if folded in _CATEGORIES else _TAGGED
            for kind in _kinds_named(re.split(r"[,;/|\[\]\"']", value), kinds):
                yield kind.id, worth
    for kind in _kinds_named(
        re.split(r"[:–—|()\[\]]|\breviews?\b", review.title.casefold()), kinds
    ):
        yield kind.id, _TAGGED
    for found in kinds.title_signs.find(tokenize(review.title)):
        yield found.target[0], _TAGGED


def _told_by_headings(review: Review, kinds: Kinds) -> Iterator[tuple[str, float]]:
    """The points for kinds that have a segment of a heading's name, as few others have."""
    for heading in {b.text for b in review.blocks if b.kind == "heading"}:
        known = [kind.id for kind in kinds if segment_of_heading(heading, kind)]
        for kind_id in known:
            if kind_id != NEUTRAL:
                yield kind_id, _HEADING / len(known)


def _told_by_links(review: Review, kinds: Kinds) -> Iterator[tuple[str, float]]:
    """The points for kinds whose sites the review links to: it may do so in passing."""
    hosts = {host for block in review.blocks for link in block.links if (host := _host(link.url))}
    for kind in kinds:
        seen = {site for site in kind.sites if any(_is_of(host, site) for host in hosts)}
        yield kind.id, _LINK * len(seen)


def _kinds_named(names: Iterable[str], kinds: Kinds) -> list[Kind]:
    """The kinds, each once, that `names` are names of, in the singular or plural."""
    found: dict[str, Kind] = {}
    for name in names:
        bare = name.replace("-", " ").strip().removesuffix(" reviews").removesuffix(" review")
        kind = kinds.find(bare) or kinds.find(bare.removesuffix("s"))
        if kind is not None and kind.id != NEUTRAL:
            found[kind.id] = kind
    return list(found.values())


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").casefold()
    except ValueError:
        return ""


def _is_of(host: str, site: str) -> bool:
    """Whether `host` is `site` or a part of it; `yelp.*` is any country's."""
    if site.endswith(".*"):
        return f".{site[:-2]}." in f".{host}"
    return host == site or host.endswith("." + site)
