"""Kinds of review from TOML files: the shipped ones beside this module, and a show's own.

    title = "Film"                      what it is called
    also = ["movie"]                    other names for it in front matter
    extends = "screen"                  take over the segments of another kind file
    abstract = true                     only to be extended, no kind itself
    order = ["intro", "cast"]           the segments to keep, in episode order

    [signs]                             cues that tell this kind from others
    strong = ["cinema*"]

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

Cues are described in `cues`. A segment that a file extends gains its cues and takes its other keys.
A file that extends its own name adds to the kind of that name as it was before.
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


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    file: str
    table: Mapping[str, object]


def load_kinds(folders: Sequence[Path] = ()) -> Kinds:
    """Load the shipped kinds, then the `*.toml` of each folder in turn, which add or replace.

    Raises ShowError, naming the file and the problem, for a file that makes no sense; a folder
    that is missing is one too.
    """
    if not folders:
        return _shipped_kinds()
    layers = [_shipped_sources()]
    for folder in folders:
        if not folder.is_dir():
            raise ShowError("there is no such folder of kinds", code="no-such-file", file=folder)
        layers.append({path.stem: _read_source(path) for path in sorted(folder.glob("*.toml"))})
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
    return _build_kinds([_shipped_sources()])


@cache
def _shipped_sources() -> Mapping[str, _Source]:
    folder = resources.files("sayso.review").joinpath("kinds")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {
        f.name[:-5]: _Source(f.name[:-5], f.name, read_toml(f.read_text("utf-8"))) for f in files
    }


def _read_source(path: Path) -> _Source:
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
    return _Source(path.stem, str(path), table)


# ---------------------------------------------------------------------------------- inheritance


@dataclass(frozen=True, slots=True)
class _Draft:
    kind: Kind
    abstract: bool


def _build_kinds(layers: Sequence[Mapping[str, _Source]]) -> Kinds:
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
    layers: Sequence[Mapping[str, _Source]],
    drafts: dict[tuple[str, int], _Draft],
    within: tuple[tuple[str, int], ...],
) -> _Draft | None:
    """The kind `name` as of layer `top`; None where there is none."""
    at = next((i for i in range(top, -1, -1) if name in layers[i]), None)
    if at is None:
        return None
    key = (name, at)
    if key not in drafts:
        source = layers[at][name]
        if key in within:
            raise ShowError(
                "the kinds extend one another in a circle", code="bad-kind", file=source.file
            )
        base: _Draft | None = None
        extends = _read_text(source.table, "extends", source, default="")
        if extends:
            below = at - 1 if extends == name else top
            base = _draft_kind(extends, below, layers, drafts, (*within, key))
            if base is None:
                known = {n for layer in layers for n in layer if n != name}
                raise ShowError(
                    f"extends '{extends}', which is no kind of review",
                    code="unknown-kind",
                    file=source.file,
                    hint=did_you_mean(extends, known),
                )
        drafts[key] = _build_draft(source, base)
    return drafts[key]


def _build_draft(source: _Source, base: _Draft | None) -> _Draft:
    table = source.table
    _check_keys(table, _KIND_KEYS, source, "")
    segments: dict[str, Segment] = {s.id: s for s in base.kind.segments} if base else {}
    listed = table.get("segments", [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise ShowError(
            "'segments' is not a list of tables",
            code="bad-kind",
            file=source.file,
            hint="write each as [[segments]]",
        )
    seen: set[str] = set()
    for entry in listed:
        segment = _read_segment(entry, segments, source)
        if segment.id in seen:
            raise ShowError(f"has segment '{segment.id}' twice", code="bad-kind", file=source.file)
        seen.add(segment.id)
        segments[segment.id] = segment
    order = _read_texts(table, "order", source, "")
    for name in order:
        if name not in segments:
            raise ShowError(
                f"'order' names segment '{name}', which it does not have",
                code="unknown-segment",
                file=source.file,
                hint=did_you_mean(name, segments),
            )
    kept = tuple(segments[name] for name in order) if order else tuple(segments.values())
    if not kept:
        raise ShowError(
            "has no segments", code="bad-kind", file=source.file, hint="add one as [[segments]]"
        )
    signs_table = table.get("signs", {})
    if not isinstance(signs_table, dict):
        raise ShowError(
            "'signs' is not a table", code="bad-kind", file=source.file, hint="write it as [signs]"
        )
    _check_keys(signs_table, tuple(POINTS), source, " in [signs]")
    kind = Kind(
        id=source.name,
        title=_read_text(table, "title", source, default=base.kind.title if base else source.name),
        segments=kept,
        also=tuple(n.casefold() for n in _read_texts(table, "also", source, ""))
        or (base.kind.also if base and not base.abstract else ()),
        signs=(base.kind.signs if base else ()) + _read_cues(signs_table, source, " in [signs]"),
    )
    abstract = table.get("abstract", False)
    if not isinstance(abstract, bool):
        raise ShowError("'abstract' is not true or false", code="bad-kind", file=source.file)
    return _Draft(kind, abstract)


def _read_segment(
    entry: Mapping[str, object], known: Mapping[str, Segment], source: _Source
) -> Segment:
    name = _read_text(entry, "id", source, default="")
    where = f" in segment '{name}'"
    if not name:
        raise ShowError(
            "has a segment without an id", code="bad-kind", file=source.file, hint='add id = "cast"'
        )
    if not all(c.isascii() and (c.isalnum() or c == "-") for c in name) or name != name.lower():
        raise ShowError(
            f"segment id '{name}' is not made of small letters, digits and hyphens",
            code="bad-kind",
            file=source.file,
        )
    _check_keys(entry, _SEGMENT_KEYS, source, where)
    base = known.get(name) or Segment(name, name.capitalize(), f"the {name}")
    return replace(
        base,
        title=_read_text(entry, "title", source, default=base.title),
        spoken=_read_text(entry, "spoken", source, default=base.spoken),
        also=base.also + _read_texts(entry, "also", source, where),
        opens=_read_flag(entry, "opens", source, where, default=base.opens),
        closes=_read_flag(entry, "closes", source, where, default=base.closes),
        position=_read_position(entry, source, where) or base.position,
        cues=base.cues + _read_cues(entry, source, where),
    )


# ---------------------------------------------------------------------------------- single values


def _check_keys(
    table: Mapping[str, object], known: Sequence[str], source: _Source, where: str
) -> None:
    for key in table:
        if key not in known:
            raise ShowError(
                f"unknown key '{key}'{where}",
                code="bad-kind",
                file=source.file,
                hint=did_you_mean(key, known),
            )


def _read_text(table: Mapping[str, object], key: str, source: _Source, *, default: str) -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise ShowError(
            f"'{key}' is not text", code="bad-kind", file=source.file, hint="put it in quotes"
        )
    return clean_text(value).strip() or default


def _read_texts(
    table: Mapping[str, object], key: str, source: _Source, where: str
) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ShowError(
            f"'{key}'{where} is not a list of texts",
            code="bad-kind",
            file=source.file,
            hint=f'write it as {key} = ["one", "two"]',
        )
    return tuple(value)


def _read_flag(
    table: Mapping[str, object], key: str, source: _Source, where: str, *, default: bool
) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise ShowError(f"'{key}'{where} is not true or false", code="bad-kind", file=source.file)
    return value


def _read_position(
    table: Mapping[str, object], source: _Source, where: str
) -> tuple[tuple[float, float], ...]:
    value = table.get("position", [])
    hint = "write it as position = [[0.0, 1.0], [1.0, -1.0]]: place from 0 to 1, points"
    if not isinstance(value, list):
        raise ShowError(
            f"'position'{where} is not a list", code="bad-kind", file=source.file, hint=hint
        )
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
            raise ShowError(
                f"'position'{where} has {pair}, which is no place and points or out of order",
                code="bad-kind",
                file=source.file,
                hint=hint,
            )
        points.append((float(pair[0]), float(pair[1])))
    return tuple(points)


def _read_cues(table: Mapping[str, object], source: _Source, where: str) -> tuple[Cue, ...]:
    found: list[Cue] = []
    for key, points in POINTS.items():
        for phrase in _read_texts(table, key, source, where):
            try:
                parse_cue(phrase)
            except ValueError as error:
                raise ShowError(
                    f"cue '{phrase}'{where} cannot be read: {error}",
                    code="bad-kind",
                    file=source.file,
                    hint="write words in small letters, with * at a word's end for any ending",
                ) from error
            found.append(Cue(phrase, points))
    return tuple(found)
