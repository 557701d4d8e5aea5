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

FIRST_SENTENCE = 1.25
"""What a cue in the first sentence counts for: it often says what the paragraph is about."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The cues of one passage, and their sum for each segment."""

    scores: tuple[float, ...]
    hits: tuple[CueHit, ...]
    """Strongest first."""


def evidence(sentences: Sequence[str], kind: Kind) -> Evidence:
    """Weigh the cues in a passage of `sentences` for every segment of `kind`.

    Within a segment the longer of two cues on the same words counts, each cue once, a little more
    if it recurs or stands in the first sentence. The sums are divided by a root of the length,
    since long passages hold more.
    """
    text = " ".join(sentences)
    words = tokens(text)
    first_end = len(sentences[0]) if len(sentences) > 1 else 0
    by_segment: list[list[Found[tuple[int, Cue]]]] = [[] for _ in kind.segments]
    for found in kind.index.find(words):
        by_segment[found.target[0]].append(found)
    scale = 1 / math.sqrt(1 + 0.5 * len(sentences))
    scores: list[float] = []
    hits: list[CueHit] = []
    for segment, found_cues in zip(kind.segments, by_segment, strict=True):
        total = 0.0
        for said, at, points, n in _weigh(text, words, found_cues):
            score = points * (1 + REPEAT * math.log2(n)) * scale
            score *= FIRST_SENTENCE if at < first_end else 1.0
            total += score
            hits.append(CueHit(segment.id, said, round(score, 3)))
        scores.append(total)
    hits.sort(key=lambda hit: (-abs(hit.score), hit.segment, hit.words))
    return Evidence(tuple(scores), tuple(hits))


def _weigh(
    text: str, words: Sequence[Token], found: Sequence[Found[tuple[int, Cue]]]
) -> list[tuple[str, int, float, int]]:
    """Each thing said: its words, where it is first, points, and how often; longer cues first."""
    taken: set[int] = set()
    weighed: dict[str, tuple[str, int, float, int]] = {}
    for cue in sorted(found, key=lambda f: (f.first - f.last, -abs(f.target[1].points), f.first)):
        span = range(cue.first, cue.last)
        if not taken.isdisjoint(span):
            continue
        taken.update(span)
        at = words[cue.first].start
        said = text[at : words[cue.last - 1].end]
        before = weighed.get(said.casefold(), (said, at, cue.target[1].points, 0))
        weighed[said.casefold()] = (before[0], min(before[1], at), before[2], before[3] + 1)
    return list(weighed.values())
