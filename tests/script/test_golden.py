"""Scripts and what they are read as, side by side in data/: each pair can be read by a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import ErrorGroup, SaysoError
from sayso.model import (
    BedCue,
    Comment,
    Emphasis,
    Item,
    Paragraph,
    Pause,
    Say,
    Script,
    SegmentHead,
    SoundCue,
    Span,
    StingCue,
)
from sayso.script import parse_script, print_script, read_script

DATA = Path(__file__).parent / "data"


def described(script: Script) -> str:
    """A script as a list of what it is made of."""
    meta = [f"    {key} = {value!r}" for key, value in script.meta]
    return "\n".join([*meta, *(f"{item.line:3} {describe(item)}" for item in script.items)]) + "\n"


def describe(item: Item) -> str:
    match item:
        case SegmentHead():
            options = {"voice": item.voice, "sting": item.sting, "bed": item.bed}
            given = "".join(f" {key}={value}" for key, value in options.items() if value)
            return f"segment #{item.id} {item.title!r}{given}"
        case Paragraph():
            voice = f" {item.voice}" if item.voice else ""
            origin = f" from {item.origin}" if item.origin else ""
            return f"speech{voice}{origin}: " + " + ".join(map(describe_span, item.spans))
        case Pause():
            return f"pause {item.pause_ms} ms"
        case StingCue():
            return f"sting {item.name!r}"
        case SoundCue():
            return f"sound {item.file!r}"
        case BedCue():
            return f"bed {item.name!r}"
        case Comment():
            return f"comment {item.text!r}"


def describe_span(span: Span) -> str:
    if isinstance(span, Emphasis):
        return f"stressed {span.text!r}"
    if isinstance(span, Say):
        return f"{span.text!r} said {span.say!r} ipa {span.ipa!r}"
    return repr(span.text)


def compare(path: Path, text: str) -> None:
    """Hold `text` against a file; a missing file is written, to be read and committed."""
    if not path.exists():
        path.write_text(text, "utf-8")
        pytest.fail(f"{path.name} was written: read it, and run again")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("path", sorted((DATA / "scripts").glob("*.md")), ids=lambda p: p.stem)
def test_a_script_is_read_as_described(path: Path) -> None:
    script = read_script(path)
    compare(path.with_suffix(".items"), described(script))
    assert print_script(script).encode() == path.read_bytes()


@pytest.mark.parametrize("path", sorted((DATA / "scripts").glob("*.md")), ids=lambda p: p.stem)
def test_the_standard_form_is_the_same_script(path: Path) -> None:
    script = read_script(path)
    standard = print_script(script, canonical=True)
    assert parse_script(standard) == script
    assert print_script(parse_script(standard), canonical=True) == standard


@pytest.mark.parametrize("path", sorted((DATA / "broken").glob("*.md")), ids=lambda p: p.stem)
def test_every_mistake_is_named_with_line_and_mend(path: Path) -> None:
    with pytest.raises(SaysoError) as caught:
        read_script(path)
    error = caught.value
    errors = error.errors if isinstance(error, ErrorGroup) else (error,)
    assert all(one.file == str(path) and one.line and one.hint for one in errors)
    compare(path.with_suffix(".errors"), str(error).replace(f"{path}:", "") + "\n")
