"""Changes made in the page, written to the files as a person would write them.

A change is made on the text that the page showed. Where another editor has saved the file
meanwhile, both are brought together; where both changed the same lines, nothing is written and the
change is kept until the author has chosen.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sayso.errors import ScriptConflict, ScriptError
from sayso.script import Side, resolve_conflicts
from sayso.studio.edits import rebase
from sayso.studio.episode_text import text_of
from sayso.system.atomic_files import exclusive, real_path, write_atomic

_MOST_KEPT = 200  # changes that can be undone


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one file."""

    path: Path
    before: str
    after: str
    what: str
    """`the words of a paragraph`: completes "undo …"."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A change that met another one of the same lines: not written yet."""

    id: str
    path: Path
    seen: str
    """The text that it was made on."""
    mine: str
    """The text with it."""
    what: str


class Clashed(ScriptConflict):
    """Raised for a change that waits for a choice."""

    clash: Clash


class Changes:
    """The changes of one review's files. Not for several threads at once."""

    def __init__(self) -> None:
        self._history: list[Change] = []
        self._clashes: dict[str, Clash] = {}
        self._numbers = itertools.count(1)

    @property
    def last(self) -> Change | None:
        """What `undo` would take back."""
        return self._history[-1] if self._history else None

    @property
    def clashes(self) -> tuple[Clash, ...]:
        """Changes that wait for a choice."""
        return tuple(self._clashes.values())

    def make(self, path: Path, seen: str, edit: Callable[[str], str], what: str) -> None:
        """Make a change on the text `seen` and write the file.

        Raises Clashed where the file holds another change of the same lines, and what `edit`
        raises where the change makes no sense: nothing is written then.
        """
        self._write(path, seen, edit(seen), what)

    def undo(self) -> Change:
        """Take the last change back, and nothing that came after it.

        Raises ScriptError where there is none, Clashed where its lines were changed again.
        """
        if not self._history:
            raise ScriptError("there is nothing to undo", code="stale-page")
        last = self._history.pop()
        self._write(last.path, last.after, last.before, f"undoing: {last.what}", keep=False)
        return last

    def settle(self, clash_id: str, side: Side) -> None:
        """Write a change that clashed: `edited` for the page's lines, `rendered` for the file's."""
        clash = self._clashes.get(clash_id)
        if clash is None:
            raise ScriptError("this conflict is settled already", code="stale-page")
        with exclusive(real_path(clash.path).parent):
            current = _text(clash.path)
            text = resolve_conflicts(rebase(clash.seen, current, clash.mine).text, side)
            self._put(clash.path, current, text, clash.what, keep=True)
        del self._clashes[clash_id]

    def both(self, clash: Clash) -> str:
        """The file with both versions, between markers."""
        return rebase(clash.seen, _text(clash.path), clash.mine).text

    def _write(self, path: Path, seen: str, mine: str, what: str, *, keep: bool = True) -> None:
        with exclusive(real_path(path).parent):  # no other sayso writes it meanwhile
            while True:
                current = _text(path)
                merged = rebase(seen, current, mine)
                if merged.n_conflicts:
                    clash = Clash(f"clash-{next(self._numbers)}", path, seen, mine, what)
                    self._clashes[clash.id] = clash
                    error = Clashed("the file was changed in the same place meanwhile", file=path)
                    error.clash = clash
                    raise error
                if _text(path) == current:  # no editor has saved it just now
                    self._put(path, current, merged.text, what, keep=keep)
                    return

    def _put(self, path: Path, current: str, text: str, what: str, *, keep: bool) -> None:
        if text == current:
            return
        write_atomic(real_path(path), text.encode("utf-8", "surrogateescape"))
        if keep:
            self._history.append(Change(path, current, text, what))
            del self._history[:-_MOST_KEPT]


def _text(path: Path) -> str:
    """The file's text; nothing where it does not exist yet."""
    return text_of(path) if path.is_file() else ""
