"""Headings that name a segment."""

from __future__ import annotations

import re

from sayso.review.kind import Kind

_LEAD = re.compile(r"^(?:the|a|an|our|my|its|on|about|part \d+|chapter \d+|\d+[.):]?)\s+")
_PARTS = re.compile(r"\s*(?:&|/|,|\+|\(|\band\b|:|\s[–—-]\s|\bvs\b)\s*")


def named_segment(heading: str, kind: Kind) -> str | None:
    """The segment that a heading names: by id, title, spoken name or one of its other names.

    Capitals, articles and signs do not count; of a heading with several parts, as 'Story and
    setting' or 'The cast: old and new', the first part that names one does.
    """
    names: dict[str, str] = {}
    for segment in kind.segments:
        for name in (segment.id, segment.title, segment.spoken, *segment.also):
            names.setdefault(_bare(name), segment.id)
    text = heading.casefold().replace("’", "'")
    for part in (text, *_PARTS.split(text)):
        bare = _bare(part)
        if bare and bare in names:
            return names[bare]
    return None


def _bare(text: str) -> str:
    words = " ".join(re.findall(r"[\w']+", text.casefold().replace("-", " ")))
    while (shorter := _LEAD.sub("", words)) != words:
        words = shorter
    return words
