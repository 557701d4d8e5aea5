"""Which show is meant: the one that a review lies in, or else the one that the user is in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sayso.system.atomic_files import working_folder

if TYPE_CHECKING:
    from sayso.model import Show
    from sayso.reporter import Reporter


def show_of(review: Path, reporter: Reporter | None = None) -> Show:
    """The show that the episode of a review belongs to; told where that may not be expected."""
    from sayso.show.finding import find_show, whose_episode

    here = working_folder()
    show = find_show(review, here)
    told = whose_episode(show, review, here)
    if told is not None and reporter is not None:
        reporter.note(told)
    return show
