"""A change made in the page to a file that another editor changed meanwhile.

Unlike the merge of a script with a new rendering, which knows that a rendering is no one's work,
this one counts every character of either side: two people wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sayso.script.merge import BASE, END, OURS, THEIRS, Merged, regions
from sayso.system.toml_edit import line_end

__all__ = ["Merged", "rebase"]

_MARK = "\ufeff"
_Line = tuple[str, str]
"""What a line says, and how it ends."""


def rebase(seen: str, current: str, mine: str) -> Merged:
    """Put the change `seen` → `mine` onto `current`, what is in the file now.

    The unit is a line. Where both changed the same ones, otherwise, the text has both versions
    between conflict markers, and `n_conflicts` is not 0: nothing to be written unasked.
    """
    if current in (seen, mine):
        return Merged(mine, 0)
    if mine == seen:
        return Merged(current, 0)
    now = current.startswith(_MARK)
    marked = now if now != seen.startswith(_MARK) else mine.startswith(_MARK)
    old, new, own = (_lines(text.removeprefix(_MARK)) for text in (seen, current, mine))
    end = next((line_end(text) for text in (current, seen, mine) if "\n" in text), "\n")
    # An editor that changed all line ends changed no words; what comes from the page follows.
    follow = end if "\n" in seen and end != line_end(seen) else None
    out: list[_Line] = []
    n_conflicts = 0
    for region in regions(*([said for said, _ in lines] for lines in (old, own, new))):
        a, b = old[slice(*region.base)], own[slice(*region.edited)]
        c = new[slice(*region.rendered)]
        if _said(b) == _said(a) == _said(c):
            out += _ends_settled(a, b, c)
        elif _said(b) in (_said(a), _said(c)):
            out += c
        elif _said(c) == _said(a):
            out += [(said, follow or ending) for said, ending in b]
        else:
            n_conflicts += 1
            out += [(f"{OURS} your change in the page", end), *b]
            out += [(f"{BASE} what the page showed", end), *a]
            out += [(THEIRS, end), *c, (f"{END} the file now", end)]
    text = "".join(said + (ending or end) for said, ending in out[:-1])
    text += "".join(out[-1]) if out else ""
    return Merged((_MARK if marked else "") + text, n_conflicts)


def _lines(text: str) -> list[_Line]:
    found = re.findall(r"([^\n]*?)(\r?\n)|([^\n]+)\Z", text)
    return [(said or last, ending) for said, ending, last in found]


def _said(lines: Sequence[_Line]) -> list[str]:
    return [said for said, _ in lines]


def _ends_settled(
    seen: Sequence[_Line], mine: Sequence[_Line], current: Sequence[_Line]
) -> Iterator[_Line]:
    """Lines that nobody changed, ended as whoever changed that ends them."""
    for (said, was), (_, own), (_, now) in zip(seen, mine, current, strict=True):
        yield said, now if now != was else own
