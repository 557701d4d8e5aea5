"""The sections of a review: what its headings head, and what each heading is for."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from sayso.language.text import word_set
from sayso.model import Block, Review
from sayso.review.kind import Kind, segment_of_heading, segments_of_heading
from sayso.review.non_spoken import is_title
from sayso.review.rating import is_total, rating_of_block

Role = Literal["none", "segment", "several", "contrast", "rating", "name"]
"""What a heading is for: there is none; it names a segment, or several; it tells praise or blame;
it is a rating and nothing else; or it says something of its own."""

_CONTRASTS = word_set(
    "pros cons pro con likes dislikes liked disliked positives negatives positive negative plus "
    "minus pluses minuses plusses strengths weaknesses highs lows hits misses ups downs upsides "
    "downsides advantages disadvantages good bad ugly great meh better worse worst best praise "
    "criticism criticisms complaints nitpicks gripes niggles drawbacks"
)
_CONTRAST = re.compile(
    r"what (?:i|we) (?:really |most |didn't |did not |don't |do not )?(?:lov|lik|dislik|hat)ed?\b.*"
    r"|what (?:works?|worked|doesn'?t|does not|didn'?t|did not)(?: work)?(?: so)?(?: well)?"
    r"|what(?:'s| is| was) (?:so |not so |not )?(?:good|great|bad|hot|missing|wrong)(?: about it)?"
    r"|(?:things|stuff|reasons) (?:i|we|to|that) .*"
    r"|thumbs (?:up|down)|room for improvement|could be better|the rest",
    re.IGNORECASE,
)
_SUMMARY = re.compile(r"(?:in |my |the )*(?:summary|overview|recap|tl;?dr|in a nutshell)")
_FILLERS = word_set("the and & vs my our some a few things bits parts points stuff not so very")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the spoken blocks between it and the next; the first may have no heading."""

    heading: Block | None
    blocks: tuple[Block, ...]
    role: Role = "none"
    segment: str | None = None
    """The segment that the heading names, or that the nearest heading above it does."""
    owner: str | None = None
    """The id of the heading that names its segment: its own, or one above it."""
    breaks: tuple[int, ...] = ()
    """The numbers of the blocks, from 0, that a rule or the like parts from those before."""

    def is_above(self, other: Section) -> bool:
        """Whether the heading of `other` is that of a part of this section."""
        if self.heading is None or other.heading is None:
            return False
        return 0 < self.heading.level < (other.heading.level or 7)

    @property
    def name(self) -> str:
        """What the heading says, without its rating and the marks before that."""
        return heading_name(self.heading) if self.heading else ""


def heading_name(heading: Block) -> str:
    """A heading's words without the rating at its end: `Night Boat – 8/10` is `Night Boat`."""
    return heading.sentences[0].rstrip(" :–—-|,") or heading.text


def read_sections(
    review: Review, spoken: Collection[str], kind: Kind, silent: Collection[str] = ()
) -> list[Section]:
    """The sections of `review` in order; `spoken` are the ids of the blocks that are spoken.

    Headings that are the title, or without a word, or among the `silent`, head nothing.
    """
    last = next((b for b in reversed(review.blocks) if b.kind == "heading"), None)
    found: list[Section] = []
    begun = False
    above: list[Section] = []
    heading: Block | None = None
    role: Role = "none"
    segment: str | None = None
    blocks: list[Block] = []
    breaks: list[int] = []

    def finish() -> None:
        if blocks or heading is not None:
            own = heading.id if heading is not None else None
            section = Section(heading, tuple(blocks), role, segment, own, tuple(breaks))
            while above and not above[-1].is_above(section):
                above.pop()
            if segment is None and role != "none" and above and above[-1].segment is not None:
                section = replace(section, segment=above[-1].segment, owner=above[-1].owner)
            found.append(section)
            above.append(section)
        blocks.clear()
        breaks.clear()

    for block in review.blocks:
        if block.kind == "heading":
            finish()
            role, segment = _role(block, review.title, kind, begun)
            if block.id in silent:
                role, segment = "none", None
            if block is last and begun and _SUMMARY.fullmatch(heading_name(block).casefold()):
                # At the head of a review it tells the story, at the foot what to think of it.
                segment = next((one.id for one in kind.segments if one.closes), segment)
            elif role == "segment" and not found and _more_headings(review, block):
                closes = any(one.id == segment and one.closes for one in kind.segments)
                # What stands first introduces, whatever it is called: `TL;DR`, `Recommendation`.
                opening = next((one.id for one in kind.segments if one.opens), segment)
                role, segment = ("name", opening) if closes else (role, segment)
            # What follows the title has no heading.
            heading = None if role == "none" else block
        elif block.id in spoken:
            blocks.append(block)
            begun = True
        elif block.kind == "break":
            breaks.append(len(blocks))
    finish()
    return found


def _more_headings(review: Review, heading: Block) -> bool:
    """Whether two headings or more follow one."""
    after = review.blocks[review.blocks.index(heading) + 1 :]
    return sum(block.kind == "heading" for block in after) > 1


def _role(heading: Block, title: str, kind: Kind, begun: bool) -> tuple[Role, str | None]:
    """What a heading is for, and the segment that it names.

    A rating names none before all text, where it rates the whole: `Verdict: 8/10`.
    """
    if is_title(heading, title) or not any(char.isalnum() for char in heading.text):
        return "none", None
    segment = segment_of_heading(heading.text, kind)
    if rating_of_block(heading.text) is not None and len(heading.sentences) == 1:
        return "rating", segment if begun else None
    if len(heading.sentences) > 1 and is_total(heading.text):
        closes = any(one.id == segment and one.closes for one in kind.segments)
        return ("segment", segment) if closes and begun else ("rating", None)
    if is_contrast(heading.text):
        return "contrast", segment
    if len(segments_of_heading(heading.text, kind)) > 1:
        return "several", None
    if segment is not None:
        return ("segment", segment) if begun or len(heading.sentences) == 1 else ("rating", None)
    return "name", None


def is_contrast(heading: str) -> bool:
    """Whether a heading sets praise against blame: `Pros`, `The bad`, `What doesn't work`."""
    text = heading.casefold().replace("’", "'").strip(" :.!?-+–—")
    if _CONTRAST.fullmatch(text):
        return True
    words = [word for word in re.findall(r"[\w']+", text) if word not in _FILLERS]
    return bool(words) and len(words) <= 3 and all(word in _CONTRASTS for word in words)
