"""What an episode is wanted in besides MP3: other formats, and stems."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.build.options import FORMATS, Format, Options
from sayso.errors import EnvironmentProblem
from sayso.show.paths import MANIFEST

if TYPE_CHECKING:
    from sayso.build.states import Build

STEMS = ("speech", "music", "effects")
STEMS_FOLDER = "stems"
BY_FFMPEG = frozenset({"m4a", "opus"})


def format_file(name: Format) -> str:
    """The file of the episode in a format."""
    return f"episode.{name}"


def asked_files(options: Options) -> list[str]:
    """What the options ask for, relative to the episode's folder."""
    stems = [f"{STEMS_FOLDER}/{name}.flac" for name in STEMS] if options.stems else []
    return [*map(format_file, options.formats), *stems]


def wanted_formats(build: Build) -> list[Format]:
    """The formats asked for now, and those that the last build made and are still there.

    So none of them is ever older than the MP3; who wants one no more deletes it.
    """
    made = _made_before(build.folder)
    return [
        name
        for name in FORMATS
        if name in build.options.formats
        or (format_file(name) in made and (build.folder / format_file(name)).is_file())
    ]


def wants_stems(build: Build) -> bool:
    """Whether stems are asked for now, or were before and are still there."""
    stems = (build.folder / STEMS_FOLDER / f"{name}.flac" for name in STEMS)
    return build.options.stems or all(path.is_file() for path in stems)


def check_tools(build: Build) -> None:
    """Raise EnvironmentProblem where a wanted format needs what is not here; before any build."""
    for name in wanted_formats(build):
        if name in BY_FFMPEG and shutil.which("ffmpeg") is None:
            asked = name in build.options.formats
            other = f"leave out --format {name}" if asked else f"delete {format_file(name)}"
            raise EnvironmentProblem(
                f"{name} is made by ffmpeg, which is not on the PATH",
                code="ffmpeg-missing",
                file=None if asked else build.folder / format_file(name),
                hint=f"install ffmpeg, or {other}; flac and wav need nothing",
            )


def _made_before(folder: Path) -> frozenset[str]:
    """The files that the folder's manifest names; none where it cannot be read."""
    try:
        return frozenset(json.loads((folder / MANIFEST).read_bytes())["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()
