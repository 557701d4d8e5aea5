"""Where the blocks of a converted text are in its source."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from sayso.review.blocks import RawBlock

_FAR = 100_000
"""Characters from one block to the next at most: menus, adverts and markup are between them."""

_START = 200
"""Characters of a block that are looked at for its first words."""


def locate_blocks(blocks: Iterable[RawBlock], source: str, start: int = 0) -> tuple[RawBlock, ...]:
    """Set the line of each block to where its first words are, after those of the one before.

    The search begins at the character `start`.
    """
    at = counted = start
    line = source.count("\n", 0, at) + 1
    placed: list[RawBlock] = []
    for block in blocks:
        words = re.findall(r"\w+", block.text[:_START])[:4]
        pattern = r"\W{1,12}".join(words)  # marks may be between them: /blue/
        found = re.compile(pattern).search(source, at, at + _FAR) if pattern else None
        if found is not None:
            line += source.count("\n", counted, found.start())
            counted, at = found.start(), found.end()
        placed.append(replace(block, line=line))
    return tuple(placed)
