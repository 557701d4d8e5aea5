"""Three-way merge of a script: the last rendering, the author's edit, the new rendering.

A unit is a line with the blank lines after it: a paragraph, a heading or a cue. Where one side
changed a unit, its version wins; where both did, and differ, the text shows both as git shows a
conflict. The origin of a paragraph (`{from=p3}`) does not count as a change: the author's
paragraphs get the numbers of the new rendering too.

As in diff3 (Khanna, Kunal, Pierce: A Formal Investigation of Diff3, 2007), except that changes
which only touch do not clash: neighbouring paragraphs are independent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_FROM = re.compile(r"\{from=(?P<parts>[\w:.,+-]+)\}[ \t\r]*(?=\n|\Z)")
_NAMED = re.compile(r"\{(?:from=|#)")
"""Marks a paragraph of the review or a segment, of which a script has one each."""
Side = Literal["edited", "rendered"]
OURS, BASE, THEIRS, END = MARKERS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text; where `n_conflicts` is not 0 it holds conflict markers."""

    text: str
    n_conflicts: int


def merge(base: str, edited: str, rendered: str, *, label: str = "new rendering") -> Merged:
    """Merge what the author changed (`base` → `edited`) into a new rendering of `base`.

    `label` names the rendering in conflict markers. Line ends and blank lines are the edit's
    wherever it has the unit.
    """
    if rendered in (base, edited):
        return Merged(edited, 0)
    if edited == base:
        return Merged(rendered, 0)
    mark = "\ufeff" if edited.startswith("\ufeff") else ""
    newline = "\r\n" if "\r\n" in edited else "\n"
    b, r = _Text(base.removeprefix("\ufeff")), _Text(rendered.removeprefix("\ufeff"))
    e = _Text(_renumber_origins(edited.removeprefix("\ufeff"), b, r))
    out: list[str] = []
    brought: list[int] = []
    """The indices in `out` of the units that only the rendering put there."""
    n_conflicts = 0
    for region in regions(b.keys, e.keys, r.keys):
        mine, old, new = (
            e.keys[slice(*region.edited)],
            b.keys[slice(*region.base)],
            r.keys[slice(*region.rendered)],
        )
        if mine == new or new == old:
            out += e.units(region.edited, newline)
        elif mine == old:
            brought += range(len(out), len(out) + len(new))
            out += r.units(region.rendered, newline)
        else:
            n_conflicts += 1
            out += [f"{OURS} your edit{newline}", *e.units(region.edited, newline)]
            out += [f"{BASE} last rendering{newline}", *b.units(region.base, newline)]
            out += [f"{THEIRS}{newline}", *r.units(region.rendered, newline)]
            out += [f"{END} {label}{newline}"]
    if n_conflicts == 0:
        out = _drop_repeats(out, brought, e, r)
    text = "".join(out).rstrip("\r\n") + edited[len(edited.rstrip("\r\n")) :]
    return Merged(mark + text, n_conflicts)


def _drop_repeats(
    out: list[str], brought: Sequence[int], edited: _Text, rendered: _Text
) -> list[str]:
    """Drop the second copy of what both sides moved to different places; the author's stays."""
    held = [_words(unit) for unit in out]
    n_out = Counter(held)
    n_most = Counter(key[0] for key in edited.keys) | Counter(key[0] for key in rendered.keys)
    dropped: set[int] = set()
    for at in brought:
        if _NAMED.search(out[at]) and n_out[held[at]] > n_most[held[at]]:
            n_out[held[at]] -= 1
            dropped.add(at)
    return [unit for at, unit in enumerate(out) if at not in dropped]


def has_conflict_markers(text: str) -> int | None:
    """The number (from 1) of the first line that is a conflict marker, or None."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith((OURS + " ", BASE + " ", END + " ")) or line.rstrip("\r") == THEIRS:
            return number
    return None


def resolve_conflicts(text: str, side: Side) -> str:
    """The text with every conflict settled for one side; all other lines stay as they are."""
    wanted = (None, OURS if side == "edited" else THEIRS)
    return "".join(line for part, line in _conflict_parts(text) if part in wanted)


def conflict_sides(text: str) -> tuple[str, str]:
    """The lines of the two sides of all conflicts in a text: the edited, the rendered."""
    parts = list(_conflict_parts(text))
    ours, theirs = ("".join(line for at, line in parts if at == mark) for mark in (OURS, THEIRS))
    return ours.strip(), theirs.strip()


def _conflict_parts(text: str) -> Iterator[tuple[str | None, str]]:
    """The lines of a text without its markers, each with the marker above it, if any."""
    here: str | None = None
    for line in re.findall(r"[^\n]*\n|[^\n]+\Z", text):
        marker = next((m for m in (OURS, BASE, END) if line.startswith(m + " ")), None)
        if marker is None and here is not None and line.rstrip("\r\n") == THEIRS:
            marker = THEIRS
        if marker is None:
            yield here, line
        else:
            here = None if marker == END else marker


class _Text:
    """A text as units, and the part of each that is compared."""

    def __init__(self, text: str) -> None:
        self.all: list[str] = re.findall(r"[^\n]*\n(?:[ \t\r]*\n)*|[^\n]+\Z", text)
        last = len(self.all) - 1
        self.keys = [
            # Its words, and whether a blank line follows: without one, two paragraphs are one.
            (_words(unit), unit.count("\n") > 1 or at == last)
            for at, unit in enumerate(self.all)
        ]

    def units(self, span: tuple[int, int], newline: str) -> Iterator[str]:
        """The units of a span, each with a line end, so that any other can follow."""
        for unit, (_, ends) in zip(self.all[slice(*span)], self.keys[slice(*span)], strict=True):
            closed = unit if unit.endswith("\n") else unit + newline
            if ends and closed.count("\n") < 2:
                closed += newline
            yield closed if "\r\n" in closed or newline == "\n" else closed.replace("\n", newline)


def _words(unit: str) -> str:
    return _FROM.sub("", unit.split("\n", 1)[0]).rstrip()


def _renumber_origins(edited: str, base: _Text, rendered: _Text) -> str:
    """The edit, with the numbers of the review's paragraphs in the new rendering."""
    blocks: dict[str, str] = {}
    matcher = SequenceMatcher(None, base.keys, rendered.keys, autojunk=False)
    for a, b, n in matcher.get_matching_blocks():
        for old, new in zip(base.all[a : a + n], rendered.all[b : b + n], strict=True):
            was, now = _FROM.search(old), _FROM.search(new)
            if was and now and "," not in was["parts"] + now["parts"]:
                blocks[was["parts"].split(":")[0]] = now["parts"].split(":")[0]
    if all(old == new for old, new in blocks.items()):
        return edited

    def renumber(found: re.Match[str]) -> str:
        parts = [part.split(":") for part in found["parts"].split(",")]
        new = ",".join(":".join([blocks.get(block, block), *rest]) for block, *rest in parts)
        start, end = (found.start("parts") - found.start(), found.end("parts") - found.start())
        return found[0][:start] + new + found[0][end:]

    return _FROM.sub(renumber, edited)


_Keys = Sequence[Hashable]
_Span = tuple[int, int]
"""The first unit, and the one after the last."""


@dataclass(frozen=True, slots=True)
class Region:
    """What is in the same place of the three texts."""

    base: _Span
    edited: _Span
    rendered: _Span


def regions(base: _Keys, edited: _Keys, rendered: _Keys) -> Iterator[Region]:
    """Cut the texts into regions, in order: what is unchanged, and each change of either side.

    Changes of both sides that overlap are one region: where both changed a unit, or put something
    into the same gap between two.
    """
    changes = [(c, 0) for c in _find_changes(base, edited)] + [
        (c, 1) for c in _find_changes(base, rendered)
    ]
    groups: list[tuple[int, int, list[int]]] = []
    for (start, end, growth), side in sorted(changes):
        if groups and start < groups[-1][1]:
            first, last, grown = groups.pop()
        else:
            first, last, grown = start, end, [0, 0]
        grown[side] += growth
        groups.append((first, max(last, end), grown))
    at = at_e = at_r = 0
    for first, last, grown in groups:
        # What is unchanged before the change; then the change itself.
        for end, (grown_e, grown_r) in ((first // 2, (0, 0)), (last // 2, grown)):
            end_e, end_r = at_e + end - at + grown_e, at_r + end - at + grown_r
            yield Region((at, end), (at_e, end_e), (at_r, end_r))
            at, at_e, at_r = end, end_e, end_r
    yield Region((at, len(base)), (at_e, len(edited)), (at_r, len(rendered)))


def _find_changes(old: _Keys, new: _Keys) -> Iterator[tuple[int, int, int]]:
    """Each difference: first and last place in `old`, and by how many units `new` is longer there.

    Places count gaps and units in turn: unit n is place 2n + 1, the gap before it is 2n.
    """
    for tag, a, a_end, b, b_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "insert":
            yield 2 * a, 2 * a + 1, b_end - b
        elif tag == "replace" and a_end - a == b_end - b:
            yield from ((2 * unit + 1, 2 * unit + 2, 0) for unit in range(a, a_end))
        elif tag != "equal":
            yield 2 * a + 1, 2 * a_end, (b_end - b) - (a_end - a)
