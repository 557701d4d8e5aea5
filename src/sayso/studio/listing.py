"""The reviews of a show that the studio can open; and why it cannot open the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sayso.errors import ReviewError
from sayso.model import Show
from sayso.review import ENDINGS
from sayso.show.paths import slug
from sayso.system.atomic_files import explain_os_errors


@dataclass(frozen=True, slots=True)
class Reviews:
    """What is in the show's reviews/, or the one review that was named."""

    sources: Mapping[str, Path]
    """Those that can be opened, by slug."""
    unfit: tuple[ReviewError, ...] = ()
    """What is wrong with the name of each other one."""


def reviews_of(show: Show, given: Path | None) -> Reviews:
    """The reviews of a show; the one that was given alone, if one was.

    Of two whose episodes would share a folder the first by name is opened. Raises
    EnvironmentProblem for a folder of reviews that cannot be read.
    """
    if given is not None:
        return Reviews({slug(given): given.absolute()})
    folder = show.root / "reviews"
    if not folder.is_dir():
        return Reviews({})
    with explain_os_errors(folder):  # a glob would find nothing in a folder that may not be read
        paths = sorted(folder.iterdir())
    sources: dict[str, Path] = {}
    unfit: list[ReviewError] = []
    for path in paths:
        if path.name.startswith(".") or path.suffix.casefold() not in ENDINGS:
            continue
        name = slug(path)
        if name in sources:
            unfit.append(
                ReviewError(
                    f"its episode would be that of {sources[name].name}",
                    code="already-there",
                    file=path,
                    hint="rename one of the two reviews",
                )
            )
        else:
            sources[name] = path
    return Reviews(sources, tuple(unfit))
