"""Ids of a script's items that stay theirs while others come and go, so that the page stays put."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from difflib import SequenceMatcher

from sayso.model import Item


class ItemIds:
    """Gives ids to the items of one script, state after state."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._ids: list[str] = []
        self._numbers = itertools.count(1)

    def of(self, items: Sequence[Item]) -> tuple[str, ...]:
        """The items' ids: what stands in the place of an item that was changed has its id."""
        ids: list[str] = []
        matcher = SequenceMatcher(None, self._items, items, autojunk=False)
        for _, a, a_end, b, b_end in matcher.get_opcodes():
            old = self._ids[a:a_end] if a_end - a == b_end - b else []
            ids += old or [f"i{next(self._numbers)}" for _ in range(b, b_end)]
        self._items, self._ids = list(items), ids
        return tuple(ids)
