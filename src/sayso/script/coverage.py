"""Which sentences of the review a script carries, and which it claims to carry but lost.

A paragraph with `{from=p3:2-5}` claims sentences 2 to 5 of block p3. A claimed sentence that its
paragraph no longer holds was lost or changed; a sentence of the paragraph that was never claimed is
the template's or the editor's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sayso.language.sentences import split_sentences
from sayso.model import Block, Outline, Paragraph, Script

_ORIGIN = re.compile(r"(?P<block>[A-Za-z]+\d+)(?::(?P<first>\d+)(?:-(?P<last>\d+))?)?\Z")


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the review: `p3.2` is sentence 2 of block p3, from 1."""

    id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a script stands to its review."""

    carried: tuple[Claim, ...]
    """Sentences in the script word for word, in the script's order."""
    changed: tuple[Claim, ...]
    """Claimed by a paragraph that does not hold them word for word."""
    missing: tuple[Claim, ...]
    """Placed in a segment by the outline, but nowhere in the script."""
    repeated: tuple[Claim, ...]
    """In the script more than once."""


def cover(script: Script, outline: Outline) -> Coverage:
    """Compare a script with the review that it was made from."""
    blocks = {block.id: block for block in outline.review.blocks}
    carried: list[Claim] = []
    changed: list[Claim] = []
    for paragraph in script.items:
        if isinstance(paragraph, Paragraph) and paragraph.origin is not None:
            claimed = _claims(paragraph.origin, blocks)
            held = _held(claimed, paragraph.text)
            carried += (claim for claim in claimed if claim in held)
            changed += (claim for claim in claimed if claim not in held)
    placed = [
        Claim(f"{placement.block.id}.{number}", sentence)
        for placement in outline.placements
        for number, sentence in enumerate(placement.sentences, placement.first + 1)
    ]
    times = Counter(carried)
    seen = times.keys() | set(changed)
    return Coverage(
        tuple(carried),
        tuple(changed),
        tuple(claim for claim in placed if claim not in seen),
        tuple(claim for claim, count in times.items() if count > 1),
    )


def cut_sentences(script: Script, outline: Outline) -> tuple[str, ...]:
    """Ids of the sentences of the review that the script does not hold word for word."""
    coverage = cover(script, outline)
    return tuple(claim.id for claim in (*coverage.missing, *coverage.changed))


def claims(origin: str, blocks: Iterable[Block]) -> tuple[Claim, ...]:
    """The sentences that an origin such as `p3`, `p3:2-5` or `p3,p4:1` names; unknown ones none."""
    return _claims(origin, {block.id: block for block in blocks})


def _claims(origin: str, blocks: Mapping[str, Block]) -> tuple[Claim, ...]:
    found: list[Claim] = []
    for part in origin.split(","):
        match = _ORIGIN.match(part)
        block = blocks.get(match["block"]) if match else None
        if match is None or block is None:
            continue
        first = int(match["first"] or 1)
        last = int(match["last"] or match["first"] or len(block.sentences))
        found += (
            Claim(f"{block.id}.{number}", block.sentences[number - 1])
            for number in range(max(first, 1), min(last, len(block.sentences)) + 1)
        )
    return tuple(found)


def _held(claimed: Iterable[Claim], text: str) -> set[Claim]:
    """The claims whose sentences `text` holds; two of the same words need to stand there twice."""
    held: set[Claim] = set()
    for claim in sorted(claimed, key=lambda claim: -len(claim.sentence)):
        start = _find(claim.sentence, text)
        if start >= 0:
            held.add(claim)
            text = f"{text[:start]}\0{text[start + len(claim.sentence) :]}"
    return held


def _find(sentence: str, text: str) -> int:
    """Where a sentence stands in a text, with white space or nothing around it; -1 for nowhere."""
    start = text.find(sentence)
    while start >= 0:
        around = text[max(start - 1, 0) : start] + text[start + len(sentence) :][:1]
        if not around.strip():
            return start
        start = text.find(sentence, start + 1)
    return -1


def sentence_origins(
    paragraph: Paragraph, blocks: Iterable[Block]
) -> tuple[tuple[str, str | None], ...]:
    """The sentences of a paragraph, each with the id of the review's sentence that it is, or None.

    A sentence that was edited, or that the template added, has None.
    """
    sentences = split_sentences(paragraph.text)
    if paragraph.origin is None:
        return tuple((sentence, None) for sentence in sentences)
    open_claims = list(claims(paragraph.origin, blocks))
    found: list[tuple[str, str | None]] = []
    for sentence in sentences:
        claim = next((claim for claim in open_claims if claim.sentence == sentence), None)
        if claim is not None:
            open_claims.remove(claim)
        found.append((sentence, claim.id if claim else None))
    return tuple(found)
