"""What lint says about a script before it is voiced: names that the show lacks, what sounds odd."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sayso.errors import SaysoError, ScriptError, did_you_mean
from sayso.language.sentences import dependent_opening, split_sentences
from sayso.language.text import shorten
from sayso.model import (
    BedCue,
    Item,
    Paragraph,
    Pause,
    Script,
    SegmentHead,
    Show,
    SoundCue,
    StingCue,
)

MAX_WORDS = 30
"""Of a sentence. Broadcasters advise twenty; over thirty, listeners lose the beginning."""
MAX_PAUSE_MS = 2500
"""A longer silence sounds like a fault of the player."""
MAX_SEGMENTS = 255
"""A table of contents in ID3v2 has one byte for its length (ID3v2 Chapter Frame Addendum 1.0,
section 3.2)."""

_ORIGIN_START = re.compile(r"[a-z]+(\d+)(?::(\d+))?")
_ORIGIN_END = re.compile(r"[a-z]+(\d+)(?::(?:\d+-)?(\d+))?\Z")
_WHOLE = 10**9
"""The last sentence of a block, where the origin names the whole block."""


@dataclass(frozen=True, slots=True)
class LintNote:
    """One note on a script. Errors stop a build, warnings do not."""

    level: Literal["error", "warning"]
    line: int | None
    problem: str
    code: str
    """The code that docs/errors.md explains."""
    hint: str | None = None


def lint(
    script: Script,
    show: Show,
    find_sound: Callable[[str], Path],
    *,
    known_segments: Collection[str] = (),
) -> tuple[LintNote, ...]:
    """All notes on a script, in the order of its lines.

    `find_sound` is as for `check_names`. `known_segments` are the ids of the segments of all kinds
    of review; an id that is close to one of them counts as a typing error.
    """
    found = [
        LintNote("error", error.line, error.problem, error.code, error.hint)
        for error in check_names(script, show, find_sound)
    ]
    for check in (_check_segments, _check_sentences, _check_pauses, _check_moved):
        found += check(script.items)
    found += _check_segment_ids(script.items, known_segments)
    return tuple(sorted(found, key=lambda note: (note.line or 0, note.level)))


def _check_segments(items: Sequence[Item]) -> Iterator[LintNote]:
    heads = [(at, item) for at, item in enumerate(items) if isinstance(item, SegmentHead)]
    ends = [*(at for at, _ in heads), len(items)][1:]
    seen: Counter[str] = Counter()
    for (at, head), end in zip(heads, ends, strict=True):
        if not any(isinstance(item, Paragraph) for item in items[at:end]):
            yield _warning(
                head,
                "silent-segment",
                f"segment {head.title!r} says nothing",
                "write words, or delete it",
            )
        seen[head.id] += 1
        if seen[head.id] == 2:
            yield _warning(
                head,
                "repeated-id",
                f"a second segment {{#{head.id}}}",
                f"write {{#{head.id}-2}}, so that links differ",
            )
    if len(heads) > MAX_SEGMENTS:
        yield _warning(
            heads[MAX_SEGMENTS][1],
            "many-segments",
            f"{len(heads)} segments",
            f"players show {MAX_SEGMENTS} chapters at most; join some",
        )


def _check_segment_ids(items: Sequence[Item], known: Collection[str]) -> Iterator[LintNote]:
    for head in items:
        if not isinstance(head, SegmentHead):
            continue
        name = re.sub(r"-\d+\Z", "", head.id)
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
        if name not in known and near:
            yield _warning(
                head, "unknown-segment", f"unknown segment {name!r}", f"did you mean {near[0]!r}?"
            )


def _check_sentences(items: Sequence[Item]) -> Iterator[LintNote]:
    for item in items:
        if isinstance(item, Paragraph):
            for sentence in split_sentences(item.text):
                n_words = len(re.findall(r"\w[\w'’.,-]*", sentence))
                if n_words > MAX_WORDS:
                    yield _warning(
                        item,
                        "long-sentence",
                        f"a sentence of {n_words} words: {shorten(sentence, 60)!r}",
                        f"listeners follow about {MAX_WORDS}; cut it in two",
                    )


def _check_pauses(items: Sequence[Item]) -> Iterator[LintNote]:
    for item in items:
        if isinstance(item, Pause) and item.pause_ms > MAX_PAUSE_MS:
            yield _warning(
                item,
                "long-pause",
                f"a pause of {item.pause_ms / 1000:g} s",
                f"over {MAX_PAUSE_MS / 1000:g} s sounds like a fault",
            )


def _check_moved(items: Sequence[Item]) -> Iterator[LintNote]:
    """Paragraphs that were moved away from what they depend on, or from what they announce."""
    placed = [
        (span, item)
        for item in items
        if isinstance(item, Paragraph) and (span := _origin_span(item)) is not None
    ]
    in_order = sorted(range(len(placed)), key=lambda at: placed[at][0])
    heads = sorted(item.line for item in items if isinstance(item, SegmentHead))
    for place, at in enumerate(in_order):
        _, item = placed[at]
        words = dependent_opening(item.text)
        if words and place and (before := in_order[place - 1]) != at - 1:
            yield _warning(
                item,
                "torn-apart",
                f"opens with {words!r}, away from what it leans on{_in_line(placed[before][1])}",
                "reword its opening, or move it back",
            )
        if place + 1 == len(in_order) or not item.text.rstrip().endswith(":"):
            continue
        after = in_order[place + 1]
        _, following = placed[after]
        apart = bisect_right(heads, item.line) < bisect_left(heads, following.line)
        if after != at + 1 or apart:
            yield _warning(
                item,
                "torn-apart",
                f"ends with a colon, away from what it announces{_in_line(following)}",
                "reword its end, or move them together",
            )


def _in_line(item: Item) -> str:
    return f" in line {item.line}" if item.line else ""


def _origin_span(item: Paragraph) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The first and last sentence of the review in a paragraph, as (block, sentence)."""
    parts = (item.origin or "").split(",")
    start, end = _ORIGIN_START.match(parts[0]), _ORIGIN_END.match(parts[-1])
    if start is None or end is None:
        return None
    return (int(start[1]), int(start[2] or 1)), (int(end[1]), int(end[2] or _WHOLE))


def _warning(item: Item, code: str, problem: str, hint: str) -> LintNote:
    return LintNote("warning", item.line or None, problem, code, hint)


# ------------------------------------------------------------- what a script names, and a show has


def sting_and_bed_names(script: Script) -> tuple[str, ...]:
    """The names of all stings and beds, each once, in order."""
    return tuple(dict.fromkeys(name for item in script.items for _, name in _music(item)))


def sound_files(script: Script) -> tuple[str, ...]:
    """The files of all {sound …} cues, each once, in order."""
    return tuple(dict.fromkeys(item.file for item in script.items if isinstance(item, SoundCue)))


def check_names(script: Script, show: Show, find_sound: Callable[[str], Path]) -> list[SaysoError]:
    """Everything that the script names and the show lacks, each with line and closest name.

    `find_sound` returns the path of a sound file, or raises a SaysoError that says why it cannot.
    """
    voices = [voice.name for voice in show.voices]
    folded = {name.casefold() for name in voices}
    sounds = [sound.name for sound in show.sounds]
    errors: list[SaysoError] = []

    def fail(item: Item, code: str, problem: str, hint: str | None) -> None:
        line = item.line or None
        errors.append(ScriptError(problem, code=code, file=script.path, line=line, hint=hint))

    for item in script.items:
        voice = item.voice if isinstance(item, SegmentHead | Paragraph) else None
        if voice is not None and voice.casefold() not in folded:
            hint = did_you_mean(voice, voices)
            if isinstance(item, Paragraph):
                hint = f"{hint}; if it is no voice, write {voice}\\:"
            fail(item, "unknown-voice", f"unknown voice {voice!r}", hint)
        for what, name in _music(item):
            if name not in sounds:
                fail(item, "unknown-sound", f"unknown {what} {name!r}", did_you_mean(name, sounds))
        if isinstance(item, SoundCue):
            try:
                if not find_sound(item.file).is_file():
                    problem = f"no sound file {item.file!r}"
                    fail(item, "no-such-file", problem, "copy it into the show folder")
            except SaysoError as error:
                errors.append(error.at(script.path, item.line or None))
    return errors


def _music(item: Item) -> Iterator[tuple[str, str]]:
    """What an item names, as `sting` or `bed` and the name."""
    pairs: tuple[tuple[str, str | None], ...] = ()
    if isinstance(item, StingCue):
        pairs = (("sting", item.name),)
    elif isinstance(item, BedCue):
        pairs = (("bed", item.name),)
    elif isinstance(item, SegmentHead):
        pairs = (("sting", item.sting), ("bed", item.bed))
    yield from ((what, name) for what, name in pairs if name is not None)
