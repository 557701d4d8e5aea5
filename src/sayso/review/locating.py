"""Where the blocks of a converted text are in its source."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from sayso.review.blocks import RawBlock

_FAR = 100_000
"""Characters from one block to the next at most: markup and what is left out are between them."""

_MOST_SEARCHED = 50_000_000
"""Characters in all: in a text of which nothing is found, the search ends."""
_START = 200
"""Characters of a block that are looked at for its first words."""


def locate_blocks(blocks: Iterable[RawBlock], source: str) -> tuple[RawBlock, ...]:
    """Set the line of each block to where its first words are, after those of the one before."""
    at = counted = 0
    line = 1
    left = _MOST_SEARCHED
    placed: list[RawBlock] = []
    for block in blocks:
        words = re.findall(r"\w+", block.text[:_START])[:4]
        found = None
        for n_words in sorted({len(words), min(2, len(words))} - {0}, reverse=True):
            if found is None and left > 0:
                pattern = r"\W{1,12}".join(words[:n_words])  # marks may be between: /blue/
                found = re.compile(pattern).search(source, at, at + _FAR)
                left -= (found.end() if found else min(at + _FAR, len(source))) - at
        if found is not None:
            line += source.count("\n", counted, found.start())
            counted, at = found.start(), found.end()
        placed.append(replace(block, line=line))
    return tuple(placed)
