"""A review that comes in as text is kept as a file of the show, and that file is used."""

from __future__ import annotations

from pathlib import Path

from sayso.errors import ReviewError
from sayso.model import Show
from sayso.review import review_from_bytes, usual_suffix
from sayso.show.paths import slug
from sayso.system.atomic_files import explain_os_errors, write_atomic


def keep_review(show: Show, data: bytes, name: str, *, origin: str = "the text") -> Path:
    """The file that a review is kept in: NAME.md (.txt, .html …) in the show's reviews/, or beside
    it where there is no show.

    A file that holds the same is used as it is. `origin` is where the text is from, for errors.
    Raises ReviewError for what is no review, and for a name that a different review has.
    """
    named = slug(Path(f"{name}.md"))
    suffix = usual_suffix(data)
    try:
        review_from_bytes(data, Path(f"{origin}{suffix}"))
    except ReviewError as error:
        there = error.at(origin, error.line)
        if error.code == "not-utf8":
            there.hint = "save it as a file; sayso convert FILE makes it UTF-8"
        raise there from error
    folder = show.root / "reviews" if show.path else show.root
    path = folder / f"{named}{suffix}"
    with explain_os_errors(folder):
        present = sorted(folder.glob(f"{named}.*"))
        for other in present:
            if other.is_file() and other.read_bytes() == data:
                return other
    if present:
        raise ReviewError(
            "a different review of this name is there already; nothing was written",
            code="already-there",
            file=present[0],
            hint="choose another --name, or remove that file",
        )
    write_atomic(path, data)
    return path
