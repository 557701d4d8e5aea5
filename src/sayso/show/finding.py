"""Where a show is, and where its files are."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path, PurePath

from sayso.errors import ShowError
from sayso.model import Show
from sayso.show.paths import EPISODES, show_files
from sayso.show.show_file import BUILT_IN_SOUNDS, BUILT_IN_VOICES, load_show
from sayso.show.tables import line_of
from sayso.system.atomic_files import path_as_named, real_path

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")

BUILT_IN_TITLE = "The Review Desk"


def starter_folder() -> Path:
    """The show that comes with sayso: its templates, sounds and sample review.

    In the wheel it lies inside the package; in a clone of the repository it is the repository.
    """
    inside = Path(__file__).parents[1] / "starter"
    return inside if inside.is_dir() else Path(__file__).parents[3]


def find_show(start: Path, here: Path | None = None) -> Show:
    """The show that a folder, or the file of a review, belongs to: the first of `show_files`.

    Without one, the built-in show, rooted in the folder itself.
    """
    for candidate in show_files(start, here):
        if candidate.is_file():
            return load_show(candidate)
    named = path_as_named(start)
    root = real_path(named if start.is_dir() else named.parent)
    return Show(root=root, title=BUILT_IN_TITLE, voices=BUILT_IN_VOICES, sounds=BUILT_IN_SOUNDS)


def lies_in(show: Show, path: Path) -> PurePath | None:
    """The path of a file within the show's folder, as it is named or as links lead; else None."""
    named = path_as_named(path)
    roots = (show.path.parent if show.path else show.root, show.root)
    for root in roots:
        for there in (named, real_path(named.parent) / named.name, real_path(named)):
            if there.is_relative_to(root):
                return there.relative_to(root)
    return None


def whose_episode(show: Show, review: Path, here: Path) -> str | None:
    """Which show the episode of a review belongs to, where somebody in the folder `here` may not
    expect it; else None."""
    around = next((file for file in show_files(here) if file.is_file()), None)
    if show.path is None:
        if real_path(here) == show.root:
            return None  # as the documentation has it
        return (
            f'no show.toml is here or above the review: its episode is one of "{BUILT_IN_TITLE}", '
            f"the built-in show, in {EPISODES}/ beside it; sayso new makes a show of your own"
        )
    root = show.path.parent
    if lies_in(show, review) is None:
        return f'the review lies outside of your show: its episode is one of "{show.title}", {root}'
    if around is not None and real_path(around.parent) != show.root:
        return f'its episode is one of "{show.title}", {root}, not of the show that you are in'
    return None


def setting_line(show: Show, table: str, key: str) -> int | None:
    """The line of show.toml that sets `key` in `table`, or that begins the table; for messages.

    None where neither is found, or where there is no show.toml.
    """
    if show.path is None:
        return None
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return line_of(show.path.read_text("utf-8-sig").splitlines(), table, key)
    return None


def template_folders(show: Show) -> tuple[Path, ...]:
    """Where templates are looked for: the show's own first, then those that come with sayso."""
    return (show.root / "scripts", starter_folder() / "scripts")


def sound_path(show: Show, file: str) -> Path:
    """The file of a sound: in the show, or else among those that come with sayso.

    Raises ShowError for a path that leaves the show folder, also by a symbolic link, and for what
    can be no path.
    """
    relative = Path(file)
    own, shipped = show.root / relative, starter_folder() / relative
    try:
        leaves = (
            relative.is_absolute()
            or ".." in relative.parts
            or not real_path(own).is_relative_to(real_path(show.root))
        )
        found = shipped if not own.exists() and shipped.exists() else own
    except (OSError, ValueError) as error:  # too long, a NUL, links in a circle
        raise ShowError(
            f"{file[:80]!r} cannot be the path of a file",
            code="outside-show",
            hint='write it as "audio/NAME.flac"',
        ) from error
    if leaves:
        raise ShowError(
            f"the path {file[:80]!r} leaves the show folder",
            code="outside-show",
            hint="copy the file into audio/",
        )
    return found
