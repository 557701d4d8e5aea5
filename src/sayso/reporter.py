"""Who is told how the work goes on: the library prints nothing itself."""

from __future__ import annotations

from typing import Protocol


class Reporter(Protocol):
    """Who is told how the work goes on. The library prints nothing itself."""

    def stage(self, name: str, what: str) -> None:
        """A stage begins."""

    def progress(self, done: int, total: int) -> None:
        """The stage has done so many of so many parts."""

    def note(self, text: str) -> None:
        """Something that the author should know, and that stops nothing."""


class Silent:
    """A reporter for programs."""

    def stage(self, name: str, what: str) -> None:
        """Nothing."""

    def progress(self, done: int, total: int) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""
