"""Which show is meant: the one that a review lies in, or else the one that the user is in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sayso.build.api import find_and_tell
from sayso.reporter import Reporter, Silent
from sayso.system.atomic_files import working_folder

if TYPE_CHECKING:
    from sayso.model import Show


def show_of(review: Path, reporter: Reporter | None = None) -> Show:
    """The show that the episode of a review belongs to; told where that may not be expected."""
    return find_and_tell(review, working_folder(), reporter or Silent())
