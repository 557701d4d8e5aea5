"""`Script` → text. An item that was parsed is printed from its own source, byte for byte."""

from __future__ import annotations

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
from sayso.script.attributes import print_value
from sayso.script.inline import escape, escape_start, print_spans


def print_script(script: Script, *, canonical: bool = False) -> str:
    """The script as text.

    Items keep the text that they were parsed from; others, or all where `canonical`, are printed
    in the standard form: one paragraph a line, a blank line between items.
    """
    chunks = [_print_head(script) if canonical or not script.head_source else script.head_source]
    previous: Item | None = None
    for item in script.items:
        before = chunks[-1]
        if before and not before.endswith("\n"):
            chunks.append("\n")
        if isinstance(item, Paragraph) and isinstance(previous, Paragraph):
            tail = "".join(chunks[-2:])
            if not tail.replace("\r", "").endswith("\n\n"):
                chunks.append("\n")
        chunks.append(print_item(item) + "\n\n" if canonical or not item.source else item.source)
        previous = item
    text = "".join(chunks)
    return text.rstrip("\n") + "\n" if canonical else text


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
    if not script.meta:
        return ""
    return "".join(["---\n", *(f"{key}: {value}\n" for key, value in script.meta), "---\n\n"])
