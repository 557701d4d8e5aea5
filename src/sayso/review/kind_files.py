"""Kinds of review from TOML files: the shipped ones beside this module, and a show's own.

    title = "Film"                      what it is called
    also = ["movie"]                    other names for it in front matter
    extends = "screen"                  take over the segments of another kind file
    abstract = true                     only to be extended, no kind itself
    order = ["intro", "cast"]           the segments to keep, in episode order

    [signs]                             cues that tell this kind from others
    strong = ["cinema*"]
    things = ["film", "movie"]          what its reviews call what they are about: "this film"
    titles = ["( # )"]                  cues that tell it in the title
    sites = ["imdb.com"]                hosts that its reviews link to; `yelp.*`: of any country
    fields = ["director"]               keys of front matter that only it has

    [[segments]]
    id = "cast"
    title = "The cast"                  chapter title
    spoken = "the cast"                 as in "First, the cast."
    also = ["acting"]                   other names in headings
    opens = true                        begins a review (closes = true: ends it)
    position = [[0.0, -1.0], [1.0, 0]]  points by place in the review
    strong = ["performance*"]           cues of 4 points
    fair = ["character*"]               of 2 points
    weak = ["relationship*"]            of half a point
    against = ["set design"]            of -2 points

`cues` describes cues. A segment with the id of an inherited one adds its cues to those and replaces
its other keys. A file that extends its own name adds to the kind of that name as it was before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

from sayso.errors import ShowError, did_you_mean
from sayso.language.text import clean_text
from sayso.review.cues import Cue, parse_cue
from sayso.review.kind import Kind, Kinds, Segment
from sayso.system.atomic_files import read_text
from sayso.system.toml import TomlProblem, read_toml

POINTS = {"strong": 4.0, "fair": 2.0, "weak": 0.5, "against": -2.0}
_KIND_KEYS = ("title", "also", "extends", "abstract", "order", "signs", "segments")
_SEGMENT_KEYS = ("id", "title", "spoken", "also", "opens", "closes", "position", *POINTS)
_MAX_BYTES = 1024 * 1024


def load_kinds(folders: Sequence[Path] = ()) -> Kinds:
    """Load the shipped kinds, then the `*.toml` of each folder in turn, which add or replace.

    Raises ShowError, with the file and the problem, for a file that is not valid and for a folder
    that is missing.
    """
    if not folders:
        return _shipped_kinds()
    layers = [_shipped_files()]
    for folder in folders:
        if not folder.is_dir():
            raise ShowError("there is no such folder of kinds", code="no-such-file", file=folder)
        layers.append({path.stem: _read_file(path) for path in sorted(folder.glob("*.toml"))})
    return _build_kinds(layers)


def kinds_of_show(root: Path) -> Kinds:
    """The shipped kinds and those in `kinds/` of a show's folder, where it has them."""
    own = root / "kinds"
    return load_kinds([own] if own.is_dir() else [])


def segment_ids(kinds: Kinds) -> tuple[str, ...]:
    """The ids of the segments of all kinds, sorted."""
    return tuple(sorted({segment.id for kind in kinds for segment in kind.segments}))


@cache
def _shipped_kinds() -> Kinds:
    return _build_kinds([_shipped_files()])


@cache
def _shipped_files() -> Mapping[str, _Table]:
    folder = resources.files("sayso.review").joinpath("kinds")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {f.name[:-5]: _Table(read_toml(f.read_text("utf-8")), f.name) for f in files}


def _read_file(path: Path) -> _Table:
    try:
        table = read_toml(read_text(path, ShowError, "the kind of review", _MAX_BYTES))
    except TomlProblem as error:
        raise ShowError(
            f"is not TOML: {error.problem}",
            code="toml-syntax",
            file=path,
            line=error.line,
            hint=error.hint or "text values stand in double quotes",
        ) from error
    return _Table(table, str(path))


# ---------------------------------------------------------------------------------- inheritance


@dataclass(frozen=True, slots=True)
class _Draft:
    kind: Kind
    abstract: bool


def _build_kinds(layers: Sequence[Mapping[str, _Table]]) -> Kinds:
    """All kinds of the files in `layers`, by name; a later layer replaces an earlier one."""
    drafts: dict[tuple[str, int], _Draft] = {}
    found: dict[str, Kind] = {}
    for name in dict.fromkeys(name for layer in layers for name in layer):
        draft = _draft_kind(name, len(layers) - 1, layers, drafts, ())
        if draft is not None and not draft.abstract:
            found[name] = draft.kind
    return Kinds(found)


def _draft_kind(
    name: str,
    top: int,
    layers: Sequence[Mapping[str, _Table]],
    drafts: dict[tuple[str, int], _Draft],
    within: tuple[tuple[str, int], ...],
) -> _Draft | None:
    """The kind `name` as of layer `top`, with what it extends; None if there is none.

    `drafts` holds those made so far, `within` the kinds that extend this one.
    """
    at = next((i for i in range(top, -1, -1) if name in layers[i]), None)
    if at is None:
        return None
    key = (name, at)
    if key not in drafts:
        table = layers[at][name]
        if key in within:
            raise table.error("the kinds extend one another in a circle")
        base: _Draft | None = None
        extends = table.text("extends", "")
        if extends:
            below = at - 1 if extends == name else top
            base = _draft_kind(extends, below, layers, drafts, (*within, key))
            if base is None:
                known = {n for layer in layers for n in layer if n != name}
                problem = f"extends '{extends}', which is no kind of review"
                raise table.error(problem, did_you_mean(extends, known), code="unknown-kind")
        drafts[key] = _draft_from(table, name, base)
    return drafts[key]


def _draft_from(table: _Table, name: str, base: _Draft | None) -> _Draft:
    table.check_keys(_KIND_KEYS)
    segments: dict[str, Segment] = {s.id: s for s in base.kind.segments} if base else {}
    listed = table.values.get("segments", [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise table.error("'segments' is not a list of tables", "write each as [[segments]]")
    seen: set[str] = set()
    for entry in listed:
        segment = _read_segment(replace(table, values=entry), segments)
        if segment.id in seen:
            raise table.error(f"has segment '{segment.id}' twice")
        seen.add(segment.id)
        segments[segment.id] = segment
    order = table.texts("order")
    for one in order:
        if one not in segments:
            problem = f"'order' names segment '{one}', which it does not have"
            raise table.error(problem, did_you_mean(one, segments), code="unknown-segment")
    kept = tuple(segments[one] for one in order) if order else tuple(segments.values())
    if not kept:
        raise table.error("has no segments", "add one as [[segments]]")
    signs = table.values.get("signs", {})
    if not isinstance(signs, dict):
        raise table.error("'signs' is not a table", "write it as [signs]")
    signs_table = replace(table, values=signs, where=" in [signs]")
    signs_table.check_keys((*POINTS, "things", "titles", "sites", "fields"))
    kind = Kind(
        id=name,
        title=table.text("title", base.kind.title if base else name),
        segments=kept,
        also=tuple(n.casefold() for n in table.texts("also"))
        or (base.kind.also if base and not base.abstract else ()),
        signs=(base.kind.signs if base else ()) + signs_table.cues(),
        things=(base.kind.things if base else ()) + signs_table.texts("things"),
        titles=(base.kind.titles if base else ()) + signs_table.cues_of("titles", 1.0),
        sites=(base.kind.sites if base else ()) + signs_table.texts("sites"),
        fields=(base.kind.fields if base else ()) + signs_table.texts("fields"),
    )
    return _Draft(kind, table.flag("abstract", False))


def _read_segment(table: _Table, known: Mapping[str, Segment]) -> Segment:
    name = table.text("id", "")
    if not name:
        raise table.error("has a segment without an id", 'add id = "cast"')
    if not all(c.isascii() and (c.isalnum() or c == "-") for c in name) or name != name.lower():
        raise table.error(f"segment id '{name}' is not made of small letters, digits and hyphens")
    table = replace(table, where=f" in segment '{name}'")
    table.check_keys(_SEGMENT_KEYS)
    base = known.get(name) or Segment(name, name.capitalize(), f"the {name}")
    return replace(
        base,
        title=table.text("title", base.title),
        spoken=table.text("spoken", base.spoken),
        also=base.also + table.texts("also"),
        opens=table.flag("opens", base.opens),
        closes=table.flag("closes", base.closes),
        position=table.position() or base.position,
        cues=base.cues + table.cues(),
    )


# ---------------------------------------------------------------------------------- single values


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a kind file. Its methods raise ShowError for a value that is not valid."""

    values: Mapping[str, object]
    file: str
    where: str = ""
    """Which table it is, for messages: ` in segment 'cast'`."""

    def error(self, problem: str, hint: str | None = None, code: str = "bad-kind") -> ShowError:
        """The error to raise for a problem in this table."""
        return ShowError(problem, code=code, file=self.file, hint=hint)

    def check_keys(self, known: Sequence[str]) -> None:
        """Raise ShowError for a key that is not in `known`."""
        for key in self.values:
            if key not in known:
                raise self.error(f"unknown key '{key}'{self.where}", did_you_mean(key, known))

    def text(self, key: str, default: str) -> str:
        """The text of `key`; `default` where it is missing or empty."""
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self.error(f"'{key}' is not text", "put it in quotes")
        return clean_text(value).strip() or default

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts of `key`; empty where it is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            problem = f"'{key}'{self.where} is not a list of texts"
            raise self.error(problem, f'write it as {key} = ["one", "two"]')
        return tuple(value)

    def flag(self, key: str, default: bool) -> bool:
        """The true or false of `key`."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.error(f"'{key}'{self.where} is not true or false")
        return value

    def position(self) -> tuple[tuple[float, float], ...]:
        """The pairs of place (0 to 1, rising) and points (-100 to 100) of `position`."""
        value = self.values.get("position", [])
        hint = "write it as position = [[0.0, 1.0], [1.0, -1.0]]: place from 0 to 1, points"
        if not isinstance(value, list):
            raise self.error(f"'position'{self.where} is not a list", hint)
        points: list[tuple[float, float]] = []
        for pair in value:
            if (
                not isinstance(pair, list)
                or len(pair) != 2
                or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in pair)
                or not 0 <= pair[0] <= 1
                or not abs(pair[1]) <= 100
                or (points and pair[0] <= points[-1][0])
            ):
                problem = f"'position'{self.where} has {pair}, which is no place and points or out"
                raise self.error(f"{problem} of order", hint)
            points.append((float(pair[0]), float(pair[1])))
        return tuple(points)

    def cues(self) -> tuple[Cue, ...]:
        """The cues of all four strengths."""
        return tuple(cue for key, points in POINTS.items() for cue in self.cues_of(key, points))

    def cues_of(self, key: str, points: float) -> tuple[Cue, ...]:
        """The cues of `key`, each of `points`."""
        found: list[Cue] = []
        for phrase in self.texts(key):
            try:
                parse_cue(phrase)
            except ValueError as error:
                raise self.error(
                    f"cue '{phrase}'{self.where} cannot be read: {error}",
                    "write words in small letters, with * at a word's end for any ending",
                ) from error
            found.append(Cue(phrase, points))
        return tuple(found)
