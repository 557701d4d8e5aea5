"""Which sentences of the review a script carries, and which it claims to carry but lacks.

A paragraph with `{from=p3:2-5}` claims sentences 2 to 5 of block p3. A claimed sentence that is not
in its paragraph was removed or changed; a sentence of the paragraph that is not claimed is the
template's or the editor's own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sayso.language.sentences import split_sentences
from sayso.model import Block, Outline, Paragraph, Script

_ORIGIN = re.compile(r"(?P<block>[A-Za-z]+\d+)(?::(?P<first>\d+)(?:-(?P<last>\d+))?)?\Z")
_WORD_START = re.compile(r"(?<!\S)\S")
_N_INDEXED = 24
"""Characters of a sentence that find it in a text: few sentences share as many."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the review: `p3.2` is sentence 2 of block p3, from 1."""

    id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which sentences of its review a script carries."""

    carried: tuple[Claim, ...]
    """Sentences in the script word for word, in the script's order."""
    changed: tuple[Claim, ...]
    """Claimed by a paragraph that does not have them word for word."""
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
            claimed = claims(paragraph.origin, blocks)
            held = _find_held(claimed, paragraph.text)
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
    """Ids of the sentences of the review that the script does not have word for word."""
    coverage = cover(script, outline)
    return tuple(claim.id for claim in (*coverage.missing, *coverage.changed))


def claims(origin: str, blocks: Mapping[str, Block]) -> tuple[Claim, ...]:
    """The sentences that an origin such as `p3`, `p3:2-5` or `p3,p4:1` names.

    `blocks` are those of the review, by id. What the review does not have is left out.
    """
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


def _find_held(claimed: Iterable[Claim], text: str) -> set[Claim]:
    """The claims whose sentences are in `text`, with white space or nothing around them.

    Two claims of the same words need them twice; words in a longer sentence do not count again.
    The first characters of a sentence are looked up in an index, so that the time grows with the
    text and the claims, not with their product.
    """
    waiting: dict[str, list[Claim]] = defaultdict(list)
    for claim in claimed:
        waiting[claim.sentence].append(claim)
    lengths = {min(len(sentence), _N_INDEXED) for sentence in waiting}
    places: dict[str, list[int]] = defaultdict(list)
    for word in _WORD_START.finditer(text):
        for length in lengths:
            places[text[word.start() : word.start() + length]].append(word.start())
    is_taken = bytearray(len(text))
    held: set[Claim] = set()
    for sentence in sorted(waiting, key=len, reverse=True):
        found = 0
        for start in places.get(sentence[:_N_INDEXED], ()):
            end = start + len(sentence)
            is_free = not (is_taken[start] or is_taken[min(end, len(text)) - 1])
            if is_free and text.startswith(sentence, start) and not text[end : end + 1].strip():
                is_taken[start:end] = b"\1" * len(sentence)
                held.add(waiting[sentence][found])
                found += 1
                if found == len(waiting[sentence]):
                    break
    return held


def sentence_origins(
    paragraph: Paragraph, blocks: Mapping[str, Block]
) -> tuple[tuple[str, str | None], ...]:
    """The sentences of a paragraph, each with the id of the review's sentence that it is, or None.

    `blocks` are those of the review, by id. A sentence that was edited, or that the template added,
    has None.
    """
    unused: dict[str, deque[str]] = defaultdict(deque)
    for claim in claims(paragraph.origin or "", blocks):
        unused[claim.sentence].append(claim.id)
    return tuple(
        (sentence, unused[sentence].popleft() if unused.get(sentence) else None)
        for sentence in split_sentences(paragraph.text)
    )
