"""Three-way merge of a script: the last rendering, the author's edit, the new rendering.

Works line by line (a line is a paragraph) after diff3 (Khanna, Kunal, Pierce: A Formal
Investigation of Diff3, 2007): where only one side changed a region, its version is taken; where
both did and differ, the region is a conflict and is shown as git shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

OURS, BASE, THEIRS, END = "<<<<<<<", "|||||||", "=======", ">>>>>>>"


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text; where `n_conflicts` is not 0 it holds conflict markers."""

    text: str
    n_conflicts: int


def merge(base: str, edited: str, rendered: str, *, label: str = "new rendering") -> Merged:
    """Merge what the author changed (`base` → `edited`) into a new rendering of `base`."""
    if rendered in (base, edited):
        return Merged(edited, 0)
    if edited == base:
        return Merged(rendered, 0)
    b, e, r = (text.splitlines(keepends=True) for text in (base, edited, rendered))
    out: list[str] = []
    n_conflicts = 0
    at_b = at_e = at_r = 0
    for next_b, next_e, next_r, n in _stable_runs(b, e, r):
        mine, old, new = e[at_e:next_e], b[at_b:next_b], r[at_r:next_r]
        if mine in (new, old):
            out += new
        elif new == old:
            out += mine
        else:
            n_conflicts += 1
            out += [f"{OURS} your edit\n", *_closed(mine), f"{BASE} last rendering\n"]
            out += [*_closed(old), f"{THEIRS}\n", *_closed(new), f"{END} {label}\n"]
        out += b[next_b : next_b + n]
        at_b, at_e, at_r = next_b + n, next_e + n, next_r + n
    return Merged("".join(out), n_conflicts)


def has_conflict_markers(text: str) -> int | None:
    """The number (from 1) of the first line that is a conflict marker, or None."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith((OURS + " ", BASE + " ", END + " ")) or line == THEIRS:
            return number
    return None


def _stable_runs(b: list[str], e: list[str], r: list[str]) -> list[tuple[int, int, int, int]]:
    """Runs of lines that all three share, in order: (in base, in edit, in rendering, length).

    The last run is empty and lies at the three ends.
    """
    in_e = _matches(b, e)
    in_r = _matches(b, r)
    runs: list[tuple[int, int, int, int]] = []
    for line in range(len(b)):
        here_e, here_r = in_e.get(line), in_r.get(line)
        if here_e is None or here_r is None:
            continue
        if runs:
            start_b, start_e, start_r, n = runs[-1]
            if (start_b + n, start_e + n, start_r + n) == (line, here_e, here_r):
                runs[-1] = (start_b, start_e, start_r, n + 1)
                continue
        runs.append((line, here_e, here_r, 1))
    runs.append((len(b), len(e), len(r), 0))
    return runs


def _matches(old: list[str], new: list[str]) -> dict[int, int]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return {
        block.a + i: block.b + i
        for block in matcher.get_matching_blocks()
        for i in range(block.size)
    }


def _closed(lines: list[str]) -> list[str]:
    return [line if line.endswith("\n") else line + "\n" for line in lines]
