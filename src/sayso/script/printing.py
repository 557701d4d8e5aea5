"""`Script` → text. An item that was parsed is printed from its own source, byte for byte."""

from __future__ import annotations

from dataclasses import replace

from sayso.errors import SaysoError, ScriptError
from sayso.model import (
    BedCue,
    Comment,
    Item,
    Paragraph,
    Pause,
    Script,
    SegmentHead,
    SoundCue,
    StingCue,
)
from sayso.script.inline import escape, escape_start, print_spans, print_value
from sayso.script.parse import parse_script, print_front_value


def print_script(script: Script, *, canonical: bool = False) -> str:
    """The script as text; `parse_script` gives an equal script back.

    Items are printed as the text that they were parsed from; others, or all if `canonical`, in the
    standard form: one paragraph per line, a blank line between items. Raises ScriptError for what
    no script can hold: a line end within a paragraph, a comment with `-->` inside, …
    """
    text = _join_items(script, canonical=canonical)
    if _parses_to(text, script):
        return text
    # An item whose fields were replaced still carries the words that it was parsed from.
    head = script.head_source
    fresh = replace(
        script,
        head_source=head if _parses_to(head, replace(script, items=())) else "",
        items=tuple(
            i if _parses_to(i.source, Script((), (i,))) else replace(i, source="")
            for i in script.items
        ),
    )
    text = _join_items(fresh, canonical=canonical)
    if _parses_to(text, script):
        return text
    alone = ((item, Script((), (item,))) for item in script.items)
    bad = next((i for i, one in alone if not _parses_to(print_item(i) + "\n", one)), None)
    raise ScriptError(
        f"a script cannot hold {'this front matter' if bad is None else f'this: {bad!r:.300}'}",
        file=script.path,
        hint="words in paragraphs have no line ends, names no spaces",
    )


def _join_items(script: Script, *, canonical: bool) -> str:
    chunks = [_print_head(script) if canonical or not script.head_source else script.head_source]
    previous: Item | None = None
    for item in script.items:
        before = chunks[-1]
        if before.removeprefix("\ufeff") and not before.endswith("\n"):
            chunks.append("\n")
        if isinstance(item, Paragraph) and isinstance(previous, Paragraph):
            tail = "".join(chunks[-2:])
            if tail.rsplit("\n", 2)[-2].strip():  # its last line is not blank
                chunks.append("\n")
        chunks.append(print_item(item) + "\n\n" if canonical or not item.source else item.source)
        previous = item
    text = "".join(chunks)
    if text.startswith("\ufeff") and not chunks[0]:
        text = "\n" + text  # a word, not a byte order mark
    return text.rstrip("\n") + "\n" if canonical else text


def _parses_to(text: str, script: Script) -> bool:
    try:
        return parse_script(text) == script
    except SaysoError:
        return False


def print_item(item: Item) -> str:
    """One item in the standard form, without a line end."""
    match item:
        case SegmentHead():
            pairs = (("voice", item.voice), ("sting", item.sting), ("bed", item.bed))
            given = "".join(f" {k}={print_value(v)}" for k, v in pairs if v is not None)
            return f"## {escape(item.title)} {{#{item.id}{given}}}"
        case Paragraph():
            words = print_spans(item.spans)
            words = f"{item.voice}: {words}" if item.voice else escape_start(words)
            return words if item.origin is None else f"{words} {{from={item.origin}}}"
        case Pause():
            return f"{{pause {item.pause_ms / 1000:.15g}s}}"
        case StingCue():
            return f"{{sting {print_value(item.name)}}}"
        case SoundCue():
            return f"{{sound {print_value(item.file)}}}"
        case BedCue():
            return "{bed off}" if item.name is None else f"{{bed {print_value(item.name)}}}"
        case Comment():
            return f"<!-- {item.text} -->"


def _print_head(script: Script) -> str:
    pairs = (f"{key}: {print_front_value(value)}".rstrip(" ") for key, value in script.meta)
    return "".join(["---\n", *(f"{pair}\n" for pair in pairs), "---\n\n"]) if script.meta else ""
