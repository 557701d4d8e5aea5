"""Which episode is meant: by its folder, its name, or the review that it is made of."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.cli.console import quoted
from sayso.cli.finding_shows import show_of
from sayso.errors import ReviewError, did_you_mean
from sayso.show.paths import EPISODES, MANIFEST

if TYPE_CHECKING:
    from sayso.model import Show


def episode_folder(named: Path) -> Path:
    """The folder of an episode named by folder, name or review.

    Raises ReviewError where there is none, and says how to make it.
    """
    from sayso.show.finding import find_show
    from sayso.show.paths import finished_episodes, slug

    if (named / MANIFEST).is_file():
        return named
    if named.is_file():
        folder = show_of(named).root / EPISODES / slug(named)
        if not (folder / MANIFEST).is_file():
            raise ReviewError(
                "this review is not an episode yet",
                code="no-episode",
                file=named,
                hint=f"sayso build {quoted(named)}",
            )
        return folder
    show = find_show(Path.cwd())
    episodes = show.root / EPISODES
    if len(named.parts) == 1 and (episodes / named / MANIFEST).is_file():
        return episodes / named
    if named.is_dir():
        raise ReviewError(
            "no episode is in this folder",
            code="no-episode",
            file=named,
            hint="name a folder of episodes/, or a review",
        )
    raise ReviewError(
        f"no episode, folder or review named {str(named)!r}",
        code="no-episode",
        hint=_unbuilt(show, named)
        or did_you_mean(named.name, [folder.name for folder in finished_episodes(show)])
        or "sayso build REVIEW makes one",
    )


def whole(named: Path) -> Path:
    """The path with all its parts, so that `.` has a name; links in it stay what they are."""
    return Path(os.path.normpath(named.absolute()))


def _unbuilt(show: Show, named: Path) -> str | None:
    """The command that makes the episode of a review that is there."""
    found = sorted((show.root / "reviews").glob(f"{glob.escape(named.name)}.*"))
    return f"sayso build {quoted(found[0])}" if found else None


def all_episodes() -> list[Path]:
    """Every finished episode of the show around the current folder. Raises ReviewError for none."""
    from sayso.show.finding import find_show
    from sayso.show.paths import finished_episodes

    folders = finished_episodes(find_show(Path.cwd()))
    if not folders:
        raise ReviewError(
            "there is no finished episode here",
            code="no-episode",
            hint="sayso build REVIEW makes one",
        )
    return folders
