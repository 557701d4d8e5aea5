"""The passages of a review: what is placed and moved as one, and never cut.

A passage is a paragraph; a lead-in with its list; a quote with what introduces it; a heading with
the first thing that it heads; and a paragraph that leans on the one before together with that one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sayso.model import Block
from sayso.review.kind import Kind, segment_of_heading
from sayso.review.rating import rating_of_block
from sayso.review.sections import Section

_QUOTES = r"[\"“‘'(\[*]*"
_LEANS = re.compile(
    rf"{_QUOTES}(?:"
    r"but|yet|however|nevertheless|nonetheless|and(?! (?:now|so|then|finally)\b)|or|nor|instead"
    r"|otherwise|therefore|thus|hence|conversely|likewise|accordingly|consequently"
    r"|even so|even then|as such|that (?:all )?(?:being )?said|having said that|that aside"
    r"|now that [^.,]{0,40}out of the way|before moving on"
    r"|in (?:addition|contrast|comparison|turn|that case)|by (?:contrast|comparison)"
    r"|(?:(?:un)?(?:fortunately|luckily)|sadly|thankfully),? (?:it|this|that|they|he|she|we|i)"
    r"|speaking of\b[^.,]{0,40}"
    r"|on the (?:other hand|contrary)|as a (?:result|consequence)|for (?:example|instance)"
    r"|having (?:got|gotten|said|established|cleared|finished|done)\b[^.]{0,40}"
    r"|with (?:that|this|all that|all this|those)\b[^.,]{0,40}"
    r"|(?:all|none|some|most|much|both|each|either|neither|many|few|half|part|because|instead) of"
    r" (?:this|that|these|those|which|them)"
    r"|of (?:these|those|the (?:two|three|four|five|lot|former|latter))"
    r"|(?:the (?:former|latter|same goes|same is true|same can be said))"
    r"|as (?:i|we)(?:'ve| have)? (?:said|mentioned|noted|hinted|wrote|explained)"
    r"|as (?:mentioned|noted|said|stated|described) (?:above|before|earlier|already)"
    r"|(?:this|that|these|those|which)(?:'s)?(?: (?:alone|also|all|in itself|in turn|itself|then))?"
    r" (?:is|was|are|were|isn't|wasn't|aren't|weren't|has|had|have|does|did|doesn't|didn't|do|don't"
    r"|can|could|will|would|won't|wouldn't|may|might|must|should|means|meant|makes|made|gives|gave"
    r"|leads|led|brings|brought|changes|changed|leaves|left|explains|explained|allows|allowed"
    r"|sounds|sounded|seems|seemed|feels|felt|looks|looked|works|worked|helps|helped|happens"
    r"|happened|comes|came|goes|went|includes|included|turns|turned|shows|showed|adds|added)"
    r"|(?:that|this)'s|such (?:is|are|was|were|a|an)|so much so|so too|not (?:so|that)\b(?! \w+ is)"
    r")\b(?!-)",
    re.IGNORECASE,
)
"""Openings that say nothing without the paragraph before. In the labelled reviews a paragraph that
opens so is in the segment of the one before it as a rule; one that opens with `it`, `they`, `so` or
`still` is so no more often than any other."""
_TURNS = re.compile(
    rf"{_QUOTES}(?:but|and|yet)\b,? (?:it(?:'s| is| was|’s) not (?:just|only|merely|all)\b"
    r"|not (?:just|only)\b|then (?:there|comes|we)\b|there(?:'s|’s| is| are| was) (?:also|more)"
    r"|what about\b|how (?:is|are|about|does|do|did|was)\b|(?:above|best|most|worst) (?:of )?all\b"
    r"|(?:amid|beneath|beyond|underneath|despite|for all|at its (?:heart|core))\b"
    r"|what (?:really|truly|makes|made|sets|i)\b|the (?:real|true|biggest|main|best|worst|most)\b)",
    re.IGNORECASE,
)
"""Openings that turn to something else: `But it's not just the characters who have changed.`"""
_PRONOUN = re.compile(rf"{_QUOTES}(?:he|she|they|his|her|their)\b", re.IGNORECASE)
_SHORT, _SCENE = 10, 30
"""Words: so short a paragraph that opens with a pronoun goes on with one that is no longer."""
_LABEL = re.compile(r"((?:[^\W_]|[#\"“(])[^:.!?]{1,60}?)\s?:\s(?=\S)")
_WARNS = re.compile(r"\bspoilers?\b|\bwarning\b", re.IGNORECASE)
_LEADS_IN = re.compile(r"[:：—–]\W*\Z")
_QUOTING = frozenset({"quote", "verse"})


@dataclass(frozen=True, slots=True)
class Passage:
    """Blocks that go to one segment, in order."""

    blocks: tuple[Block, ...]
    section: Section
    headings: tuple[Section, ...] = ()
    """The sections whose headings stand right above it, outermost first."""


def read_passages(sections: Sequence[Section], kind: Kind) -> list[Passage]:
    """The passages of the sections, in order: each spoken block is in one.

    A heading without text joins the first passage under the deeper heading that follows it; one
    that warns joins whatever follows.
    """
    found: list[tuple[list[Block], Section, tuple[Section, ...]]] = []
    waiting: list[Section] = []
    for section in sections:
        while waiting and not (waiting[-1].is_above(section) or _WARNS.search(waiting[-1].name)):
            waiting.pop()
        if section.heading is not None:
            waiting.append(section)
        for at, block in enumerate(section.blocks):
            before = section.blocks[at - 1] if at else None
            if before is not None and _belongs(block, before, found[-1][0], kind):
                found[-1][0].append(block)
            else:
                found.append(([block], section, tuple(waiting)))
                waiting.clear()
    return [Passage(tuple(blocks), section, headings) for blocks, section, headings in found]


def _belongs(block: Block, before: Block, passage: Sequence[Block], kind: Kind) -> bool:
    """Whether a block is part of the passage that ends with the block before it."""
    if block.group and block.group == before.group:
        return True
    if block.group and not before.group:
        if block.kind in _QUOTING:
            return True
        return rating_of_block(block.text) is None or _LEADS_IN.search(before.text) is not None
    if _LEADS_IN.search(before.text) and before.kind != "heading":
        return True
    if before.kind in _QUOTING and len(passage) == 1:
        return True  # a quote that opens a section is spoken of next
    goes_on = block.text[:1].islower() and before.text[-1:].isalnum()
    return (
        goes_on
        or leans(block)
        or (
            len(block.text.split()) <= _SHORT
            and len(before.text.split()) <= _SCENE
            and block.kind == "paragraph"
            and _PRONOUN.match(block.text) is not None
        )
        or (_is_entry(before, kind) and _is_entry(block, kind))
    )


def _is_entry(block: Block, kind: Kind) -> bool:
    """Whether a paragraph begins with a label, as the entries of a list or diary do.

    `Episode 1: …` or `Spoon Hall (French): …`, but not `Story: …`, which names a segment.
    """
    label = _LABEL.match(block.text) if block.kind == "paragraph" else None
    return label is not None and segment_of_heading(label[1], kind) is None


def leans(block: Block) -> bool:
    """Whether a paragraph says nothing without what comes before it: `But …`, `None of that …`."""
    text = block.text
    return block.kind == "paragraph" and bool(_LEANS.match(text)) and not _TURNS.match(text)
