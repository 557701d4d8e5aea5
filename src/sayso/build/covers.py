"""The cover of an episode: the review's own, or the show's, or one that is drawn."""

from __future__ import annotations

import contextlib
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sayso._version import __version__
from sayso.errors import ShowError
from sayso.model import Review, ReviewNote, Show
from sayso.review.titles import subject_from_title
from sayso.show.finding import sound_path
from sayso.system.cache import Store, make_key

if TYPE_CHECKING:
    from sayso.build.states import Build, Scripted
    from sayso.episode import Picture


@dataclass(frozen=True, slots=True)
class FoundCover:
    """The picture that a review names, where it can be had; else why it cannot."""

    path: Path | None = None
    note: ReviewNote | None = None


def find_cover(show: Show, review: Review) -> FoundCover:
    """The file of the `cover` in a review's front matter: in the show, or beside the review.

    Blogs have this key too: an address, or a path of their site's, is no file of the show.
    """
    named = dict(review.extra).get("cover")
    if named is None:
        return FoundCover()
    for place in cover_places(show, review):
        if place.is_file():
            return FoundCover(place)
    fallback = "the show's cover is used" if show.cover else "a cover is drawn"
    return FoundCover(
        note=ReviewNote(
            _line_of_cover(review),
            f"the cover '{named[:80]}' is no file of the show; {fallback}",
            "a square picture in the show's folder can be the episode's: cover: audio/NAME.jpg",
        )
    )


def cover_places(show: Show, review: Review) -> tuple[Path, ...]:
    """Where the picture that a review names may be: none for an address, or outside of the show."""
    named = dict(review.extra).get("cover", "").strip()
    if not named or re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", named, re.IGNORECASE):
        return ()
    names = [named.lstrip("/\\")]
    if review.source is not None:
        with contextlib.suppress(ValueError):
            beside = review.source.absolute().parent.relative_to(show.root.absolute())
            names.append((beside / names[0]).as_posix())
    found: list[Path] = []
    for name in dict.fromkeys(names):
        with contextlib.suppress(ShowError):
            found.append(sound_path(show, name))
    return tuple(found)


def _line_of_cover(review: Review) -> int:
    if review.source is not None:
        with contextlib.suppress(OSError):
            text = review.source.read_bytes().decode("utf-8", "replace")
            found = re.search(r"""^\s*[\[{]?["']?cover\b""", text, re.IGNORECASE | re.MULTILINE)
            return text.count("\n", 0, found.end()) + 1 if found else 1
    return 1


def check_cover(show: Show, cover: FoundCover) -> None:
    """Raise what is wrong with the picture that an episode will have: before anything is voiced.

    The show's own is only looked for, since opening a picture in every build takes time.
    """
    from sayso.episode.cover import read_cover

    if cover.path is not None:
        read_cover(cover.path)
    elif show.cover is not None:
        path = sound_path(show, show.cover)
        if not path.is_file():
            read_cover(path)


def make_covers(build: Build, scripted: Scripted) -> tuple[bytes, Picture]:
    """The cover for the folder, and the smaller one for the tag; kept in the cache."""
    from sayso.episode import Picture
    from sayso.episode.cover import EPISODE_PX, draw_cover, folder_cover, read_cover, tag_cover

    show, review = build.show, scripted.outline.review
    store = Store(build.cache / "covers")
    own = find_cover(show, review).path
    if own is None and show.cover is not None:
        own = sound_path(show, show.cover)
    if own is not None:
        data = folder_cover(read_cover(own))
    else:
        subject = review.subject or subject_from_title(scripted.title, {show.title.casefold()})
        key = make_key("cover-2", __version__, show.title, subject)
        found = store.get(key)
        data = found or draw_cover(show.title, subject, size_px=EPISODE_PX)
        if found is None:
            store.put(key, data)
    key = make_key("tag-cover-2", __version__, hashlib.sha256(data).hexdigest())
    small = store.get(key)
    if small is None:
        small = tag_cover(data).data
        store.put(key, small)
    return data, Picture("image/jpeg", small)
