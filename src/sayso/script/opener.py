"""Which sentence of a review opens the episode."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sayso.language.sentences import dependent_opening
from sayso.model import Placement
from sayso.review.rating import find_ratings

_WORDS = range(4, 17)
"""A cold open is one sentence for one breath: sixteen words take six seconds."""
_PREFACES = 3
"""So many paragraphs may come before the one that opens: warnings, updates and the like."""
_SPOILERS = re.compile(r"\bspoil", re.IGNORECASE)
_PREFACE = re.compile(
    r"\W*(?:(?:minor |major |mild |full |no |some |content |trigger |spoiler )*"
    r"(?:spoilers?|warnings?)\b|updated?\b|edit(?:ed|or)?\b|disclaimer|disclosure|correction|caveat"
    r"|(?:please |quick |a )*note\b|ps\b|p\.s|tl;?dr|caution|beware|posted\b|published\b"
    r"|first published|originally (?:posted|published)|this (?:post|review|article)\b"
    r"|(?:written|reviewed|directed|words|photos?|images?) by\b|by [A-Z])"
    r"|[\w' ]{1,30}[:：]\s|[\[({<]",
    re.IGNORECASE,
)
"""Openings of what stands before a review: warnings, updates, labels, credits."""


def find_opener(placements: Sequence[Placement]) -> int | None:
    """The number of the placement whose first sentence can open the episode; None if none can.

    It is prose that is no preface, with a sentence of one breath that gives no rating, and a second
    one that does not depend on it.
    """
    for at, placement in enumerate(placements[: _PREFACES + 1]):
        if placement.block.kind != "paragraph" or placement.block.spoiler or placement.first != 0:
            return None
        if _SPOILERS.search(placement.text) and len(placement.text.split()) <= 30:
            return None  # what stands behind a warning is for those who go on
        if placement.reason == "warning" or _PREFACE.match(placement.text):
            continue
        if len(placement.sentences) < 2:
            return None
        sentence, following = placement.sentences[:2]
        fits = len(sentence.split()) in _WORDS and not dependent_opening(following)
        return at if fits and next(find_ratings(sentence), None) is None else None
    return None
