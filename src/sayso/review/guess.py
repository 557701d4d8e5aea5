"""What kind of review a text is, where nothing says so."""

from __future__ import annotations

import math
from collections import Counter

from sayso.model import Review
from sayso.review.cues import tokens
from sayso.review.kind import Kinds

NEUTRAL = "tv"
"""Its template says nothing of the thing that only some things are: neither "book" nor "game"."""
_MAX_CHARS = 60_000
"""Enough to tell, and the same time for a book as for an article."""


def guess_kind(review: Review, kinds: Kinds) -> str:
    """The kind whose signs the review shows most; NEUTRAL where it shows none.

    A sign counts by its points and, less and less, by how often it stands in the text.
    """
    text = "\n".join([review.title, *(b.text for b in review.blocks if b.kind != "html")])
    words = tokens(text[:_MAX_CHARS])
    counts: dict[str, Counter[str]] = {kind.id: Counter() for kind in kinds}
    points: dict[str, dict[str, float]] = {kind.id: {} for kind in kinds}
    for found in kinds.signs.find(words):
        kind_id, cue = found.target
        counts[kind_id][cue.phrase] += 1
        points[kind_id][cue.phrase] = cue.points
    scores = {
        kind_id: sum(
            points[kind_id][phrase] * math.log2(1 + n) for phrase, n in found_signs.items()
        )
        for kind_id, found_signs in counts.items()
    }
    return max(scores, key=lambda kind_id: (scores[kind_id], kind_id == NEUTRAL))
