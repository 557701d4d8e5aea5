"""A change made in the page to a file that another editor changed meanwhile."""

from __future__ import annotations

from sayso.script.merge import Merged, merge

__all__ = ["Merged", "rebase"]


def rebase(seen: str, current: str, mine: str) -> Merged:
    """Put the change `seen` → `mine` onto `current`, what is in the file now.

    Where both changed the same lines, the text has both versions between conflict markers and
    `n_conflicts` is not 0.
    """
    return merge(seen, current, mine)
