"""What the page asks for, done: each name is that of an address, and its fields are the form's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from sayso.errors import ReviewError, ScriptError
from sayso.model import BedCue, Item, Paragraph, Pause, SegmentHead, SoundCue, StingCue
from sayso.script import Side, parse_script, resolve_conflicts
from sayso.script.inline import InlineProblem, parse_spans
from sayso.script.parse import MAX_PAUSE_MS
from sayso.studio.edits import (
    KEEP,
    insert_after,
    put_in_segment,
    remove,
    set_bed,
    set_head,
    set_pause,
    set_sound,
    set_sting,
    set_voice,
    set_word,
    set_words,
)
from sayso.studio.episode_text import digest, text_of
from sayso.studio.session import Session

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Edit:
    """A change of the script: its text in, its text out."""

    what: str
    run: Callable[[str, Fields], str]


def answer(session: Session, name: str, fields: Fields) -> None:
    """Do what the page asks for.

    Raises SaysoError where it makes no sense, Clashed where it waits for a choice: then nothing is
    written.
    """
    if name in _EDITS:
        edit = _EDITS[name]
        seen = _seen(session, fields)
        with session.changing() as changes:
            changes.make(session.script_path, seen, lambda text: edit.run(text, fields), edit.what)
    else:
        _OTHERS[name](session, fields)


def words_as_typed(fields: Fields) -> Paragraph:
    """The words in an editor as a paragraph. Raises ScriptError for markup that makes no sense."""
    words = " ".join(fields.get("words", "").split())
    try:
        return Paragraph(parse_spans(words))
    except InlineProblem as problem:
        raise ScriptError(problem.problem, hint=problem.hint) from problem


def _seen(session: Session, fields: Fields) -> str:
    """The text that a change was made on."""
    text = session.text_seen(fields.get("seen", ""))
    if text is None:
        # A page that is older than this server: what it shows may still be what is there.
        text = text_of(session.script_path)
        if digest(text) != fields.get("seen"):
            raise ScriptError(
                "the script was changed since this page was loaded",
                code="stale-page",
                hint="copy your words, load the page again, and put them in",
            )
    return text


def _number(fields: Fields, name: str) -> int:
    try:
        return int(fields[name])
    except (KeyError, ValueError):
        raise ScriptError(
            f"the request has no number {name!r}", code="stale-page", hint="load the page"
        ) from None


def _item(text: str, fields: Fields) -> tuple[int, Item]:
    number = _number(fields, "item")
    items = parse_script(text).items
    if not 0 <= number < len(items):
        raise ScriptError(
            "this part of the script is not there any more", code="stale-page", hint="load the page"
        )
    return number, items[number]


def _words(text: str, fields: Fields) -> str:
    return set_words(text, _item(text, fields)[0], fields.get("words", ""))


def _voice(text: str, fields: Fields) -> str:
    return set_voice(text, _item(text, fields)[0], fields.get("voice") or None)


def _cue(text: str, fields: Fields) -> str:
    number, item = _item(text, fields)
    value = fields.get("value", "").strip()
    match item:
        case Pause():
            return set_pause(text, number, _pause_ms(value))
        case StingCue():
            return set_sting(text, number, value)
        case BedCue():
            return set_bed(text, number, None if value == "off" else value)
        case SoundCue():
            return set_sound(text, number, value)
        case _:
            raise ScriptError("this is no cue", code="stale-page", hint="load the page")


def _pause_ms(value: str) -> int:
    try:
        pause_ms = round(float(value.removesuffix("s").strip().replace(",", ".")) * 1000)
    except (ValueError, OverflowError):
        pause_ms = -1
    if not 0 <= pause_ms <= MAX_PAUSE_MS:
        raise ScriptError(
            f"{value[:20]!r} is no pause",
            hint="write seconds, such as 0.6; a minute is the longest",
        )
    return pause_ms


def _head(text: str, fields: Fields) -> str:
    number, item = _item(text, fields)
    if not isinstance(item, SegmentHead):
        raise ScriptError("this is no heading", code="stale-page", hint="load the page")
    value = fields.get("value", "").strip()
    match fields.get("field"):
        case "title":
            return set_head(text, number, title=value)
        case "voice":
            return set_voice(text, number, value or None)
        case "sting":
            return set_head(text, number, title=KEEP, sting=value or None)
        case "bed":
            return set_head(text, number, title=KEEP, bed=value or None)
        case other:
            raise ScriptError(f"a heading has no {other!r}")


def _insert(text: str, fields: Fields) -> str:
    after = _number(fields, "after")
    if not -1 <= after < len(parse_script(text).items):
        raise ScriptError(
            "this part of the script is not there any more", code="stale-page", hint="load the page"
        )
    value = fields.get("value", "").strip()
    new: Item
    match fields.get("what"):
        case "paragraph":
            new = words_as_typed({"words": value or "New words."})
        case "pause":
            new = Pause(_pause_ms(value or "0.6"))
        case "sting":
            new = StingCue(value)
        case "bed":
            new = BedCue(None if value == "off" else value)
        case "sound":
            new = SoundCue(value)
        case other:
            raise ScriptError(f"nothing to insert is called {other!r}")
    return insert_after(text, after, new)


def _remove(text: str, fields: Fields) -> str:
    return remove(text, _item(text, fields)[0])


def _segment(session: Session, fields: Fields) -> None:
    reading = session.snapshot.read.reading
    if reading is None:
        raise ReviewError("the review cannot be read", file=session.source)
    seen = reading.review_text
    segment = fields.get("segment") or None
    if segment is not None and segment not in {name.id for name in reading.outline.names}:
        raise ReviewError(
            f"no segment {segment!r}", code="unknown-segment", hint="choose one of the menu"
        )
    with session.changing() as changes:
        changes.make(
            session.source,
            seen,
            lambda text: put_in_segment(
                text, fields.get("block", ""), segment, source=session.source
            ),
            "the segment of a paragraph",
        )


def _name(session: Session, fields: Fields) -> None:
    path = session.root / "lexicon.toml"
    name, say, ipa = (fields.get(key, "").strip() for key in ("name", "say", "ipa"))
    if not name:
        raise ScriptError("which name?", hint="write it as the script does")
    with session.changing() as changes:
        changes.make(
            path,
            text_of(path) if path.is_file() else "",
            lambda text: set_word(text, name, say=say or None, ipa=ipa or None, path=path),
            f"how {name} is said",
        )


def _settle(session: Session, fields: Fields) -> None:
    side = fields.get("answer")
    if side not in ("edited", "rendered"):
        raise ScriptError("choose one of the two")
    side = cast(Side, side)
    if fields.get("conflict") != "rendering":
        with session.changing() as changes:
            changes.settle(fields.get("conflict", ""), side)
        return
    disputed = session.snapshot.read.disputed
    if disputed is None:
        raise ScriptError("this conflict is settled already", code="stale-page")
    if not disputed.written:
        session.prefer(side)
        return
    with session.changing() as changes:
        path = session.script_path
        changes.make(
            path, disputed.text, lambda text: resolve_conflicts(text, side), "settling a conflict"
        )


def _undo(session: Session, fields: Fields) -> None:
    with session.changing() as changes:
        changes.undo()


_EDITS = {
    "words": _Edit("the words of a paragraph", _words),
    "voice": _Edit("the voice of a paragraph", _voice),
    "cue": _Edit("a cue", _cue),
    "head": _Edit("a heading", _head),
    "insert": _Edit("putting something in", _insert),
    "remove": _Edit("taking something out", _remove),
}
_OTHERS: dict[str, Callable[[Session, Fields], None]] = {
    "segment": _segment,
    "name": _name,
    "settle": _settle,
    "undo": _undo,
}
NAMES = (*_EDITS, *_OTHERS)
"""All that the page may ask for that changes a file."""

__all__ = ["NAMES", "Fields", "answer", "words_as_typed"]
