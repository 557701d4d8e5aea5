"""Where a show is, and where its files are."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from sayso.errors import ShowError
from sayso.model import Show
from sayso.show.show_file import BUILT_IN_SOUNDS, BUILT_IN_VOICES, load_show
from sayso.show.tables import line_of
from sayso.system.atomic_files import real_path

FILE_NAME = "show.toml"
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")

BUILT_IN_TITLE = "The Review Desk"


def starter_folder() -> Path:
    """The show that comes with sayso: its templates, sounds and sample review.

    In the wheel it lies inside the package; in a clone of the repository it is the repository.
    """
    inside = Path(__file__).parents[1] / "starter"
    return inside if inside.is_dir() else Path(__file__).parents[3]


def find_show(start: Path) -> Show:
    """The show that a file or folder belongs to: the nearest show.toml above it.

    Without one, the built-in show, rooted in the folder itself.
    """
    real = real_path(start)
    folder = real if start.is_dir() else real.parent
    for candidate in (folder, *folder.parents):
        if (candidate / FILE_NAME).is_file():
            return load_show(candidate / FILE_NAME)
    return Show(root=folder, title=BUILT_IN_TITLE, voices=BUILT_IN_VOICES, sounds=BUILT_IN_SOUNDS)


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
