"""How much a passage speaks for each segment: the sum of its cues."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sayso.model import CueHit
from sayso.review.cues import Found, Token, tokens
from sayso.review.kind import Cue, Kind

REPEAT = 0.25
"""What a cue adds, of its points, for each doubling of how often it is found."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The cues of one passage, and their sum for each segment."""

    scores: tuple[float, ...]
    hits: tuple[CueHit, ...]
    """Strongest first."""


def evidence(text: str, kind: Kind, *, n_sentences: int) -> Evidence:
    """Weigh the cues in `text` for every segment of `kind`.

    Within a segment the longer of two cues on the same words counts, each cue once, and a little
    more if it recurs. The sums are divided by a root of the length, since long passages hold more.
    """
    words = tokens(text)
    by_segment: list[list[Found[tuple[int, Cue]]]] = [[] for _ in kind.segments]
    for found in kind.index.find(words):
        by_segment[found.target[0]].append(found)
    scale = 1 / math.sqrt(1 + 0.5 * n_sentences)
    scores: list[float] = []
    hits: list[CueHit] = []
    for segment, found_cues in zip(kind.segments, by_segment, strict=True):
        total = 0.0
        for said, points, n in _weigh(text, words, found_cues):
            score = points * (1 + REPEAT * math.log2(n)) * scale
            total += score
            hits.append(CueHit(segment.id, said, round(score, 3)))
        scores.append(total)
    hits.sort(key=lambda hit: (-abs(hit.score), hit.segment, hit.words))
    return Evidence(tuple(scores), tuple(hits))


def _weigh(
    text: str, words: Sequence[Token], found: Sequence[Found[tuple[int, Cue]]]
) -> list[tuple[str, float, int]]:
    """Each thing said, its points, and how often: overlapping cues settled, longest first."""
    taken: set[int] = set()
    weighed: dict[str, tuple[str, float, int]] = {}
    for cue in sorted(found, key=lambda f: (f.first - f.last, -abs(f.target[1].points), f.first)):
        span = range(cue.first, cue.last)
        if not taken.isdisjoint(span):
            continue
        taken.update(span)
        said = text[words[cue.first].start : words[cue.last - 1].end]
        key = said.casefold()
        points = cue.target[1].points
        before = weighed.get(key)
        weighed[key] = (said, points, 1) if before is None else (before[0], points, before[2] + 1)
    return list(weighed.values())
