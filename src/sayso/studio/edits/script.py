"""Changes of a script. An item is an index into `parse_script(text).items`.

Each function raises ScriptError where there is no such item, where the change makes no sense, and
where no script can hold it; ScriptError or ErrorGroup where `text` is no script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, TypeVar

from sayso.errors import SaysoError, ScriptError, raise_all
from sayso.model import (
    BedCue,
    Comment,
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
from sayso.script.inline import (
    BLANKS,
    SPEAKER,
    escape,
    find_argument,
    parse_attributes,
    print_value,
    read_spans,
    with_attribute,
)
from sayso.script.parse import HEADING, MAX_PAUSE_MS, parse_script, slug
from sayso.script.printing import print_item
from sayso.studio.edits.words import collapsed, locate

_MARK = "\ufeff"
_RELOAD = "load the page again: the script has changed"
_NAMES: dict[type[Item], str] = {
    Paragraph: "paragraph",
    SegmentHead: "segment",
    Pause: "pause",
    StingCue: "sting",
    SoundCue: "sound",
    BedCue: "bed",
}

Kind = TypeVar("Kind", Paragraph, SegmentHead, Pause, StingCue, SoundCue, BedCue)


class Keep(Enum):
    """Says that an attribute stays as it is; None takes it away."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


def words_of(paragraph: Paragraph) -> str:
    """The words of a paragraph that was parsed, as written: markup and escapes, on one line."""
    return locate(paragraph.source).words


def set_words(text: str, item: int, words: str) -> str:
    """Have a paragraph say `words`, markup as in the script; speaker and origin stay.

    White space in `words` is single spaces. Line ends of the paragraph stay where the words around
    them do. What would be no word at the start of a line or paragraph is escaped. Raises
    ScriptError, or ErrorGroup, also for words that are empty or whose markup makes no sense.
    """
    opened = _open(text)
    old = opened.get(item, Paragraph)
    words = collapsed(words)
    spans, problems = read_spans(words)
    raise_all([ScriptError(each.problem, hint=each.hint) for each in problems])
    if not "".join(span.text for span in spans).strip():
        raise ScriptError(
            "a paragraph with nothing to say", code="nothing-to-say", hint="delete the paragraph"
        )
    own = locate(opened.own(item))
    if words == own.words:
        return text
    new = replace(old, spans=spans)
    try:
        return opened.with_item(item, own.with_words(words), new)
    except ScriptError:
        return opened.with_item(item, own.on_one_line(words), new)


def set_voice(text: str, item: int, voice: str | None) -> str:
    """Give a paragraph or a segment to a voice; None leaves it to the segment or the show."""
    opened = _open(text)
    if isinstance(opened.item(item), SegmentHead):
        return _with_attributes(opened, item, voice=voice)
    old = opened.get(item, Paragraph)
    if voice == old.voice:
        return text
    if voice is not None and not SPEAKER.fullmatch(f"{voice}:"):
        raise ScriptError(
            f"{voice!r} cannot stand before a paragraph",
            hint="name voices with letters, digits, - and _, a letter first, 40 at most",
        )
    own = locate(opened.own(item))
    return opened.with_item(item, own.with_voice(voice), replace(old, voice=voice))


def set_pause(text: str, item: int, pause_ms: int) -> str:
    """Make a pause `pause_ms` long, in the unit that it is written in."""
    opened = _open(text)
    old = opened.get(item, Pause)
    if not 0 <= pause_ms <= MAX_PAUSE_MS:
        raise ScriptError(
            f"a pause of {pause_ms / 1000:g} s", hint=f"0 to {MAX_PAUSE_MS // 1000} s are possible"
        )
    in_ms = re.search(r"ms\W*\Z", opened.own(item))
    written = f"{pause_ms}ms" if in_ms else f"{pause_ms / 1000:.15g}s"
    return _with_argument(opened, item, old, replace(old, pause_ms=pause_ms), written)


def set_sting(text: str, item: int, name: str) -> str:
    """Have a sting cue play the sting `name`."""
    opened = _open(text)
    old = opened.get(item, StingCue)
    return _with_argument(opened, item, old, replace(old, name=name), print_value(name))


def set_sound(text: str, item: int, file: str) -> str:
    """Have a sound cue play `file`."""
    opened = _open(text)
    old = opened.get(item, SoundCue)
    return _with_argument(opened, item, old, replace(old, file=file), print_value(file))


def set_bed(text: str, item: int, name: str | None) -> str:
    """Have a bed cue start the bed `name`, or end it (None)."""
    opened = _open(text)
    old = opened.get(item, BedCue)
    written = "off" if name is None else print_value(name)
    return _with_argument(opened, item, old, replace(old, name=name), written)


def set_head(
    text: str,
    item: int,
    *,
    title: str | Keep = KEEP,
    sting: str | Keep | None = KEEP,
    bed: str | Keep | None = KEEP,
) -> str:
    """Change a segment's heading. `title` is plain words, without markup.

    The segment's id stays: where the old title gave it and the new one does not, it is written
    down.
    """
    return _with_attributes(_open(text), item, title=title, sting=sting, bed=bed)


def insert_after(text: str, item: int, new: Item) -> str:
    """Put `new` after an item; -1 puts it before all others, after the front matter."""
    opened = _open(text)
    if item != -1:
        opened.item(item)
    at = opened.starts[item + 1]
    before, after = text[:at], text[at:]
    end = opened.line_end
    printed = print_item(new).replace("\n", end)
    if before.removeprefix(_MARK):
        before += "" if before.endswith("\n") else end
        before += "" if _ends_blank(before) else end
    if after:
        printed += end + end
    elif text.endswith("\n") or not text.removeprefix(_MARK):
        printed += end
    items = opened.script.items
    return opened.held(before + printed + after, (*items[: item + 1], new, *items[item + 1 :]))


def remove(text: str, item: int) -> str:
    """Take an item away, and the blank lines that it no longer needs."""
    opened = _open(text)
    opened.item(item)
    items = opened.script.items
    before, after = text[: opened.starts[item]], text[opened.starts[item + 1] :]
    if not after:
        if item > 0:
            before = before[: len(before) - len(opened.gap(item - 1))]
    elif before.removeprefix(_MARK) and not _ends_blank(before):
        gap = opened.gap(item)
        neighbours = (items[item - 1], items[item + 1]) if item > 0 else ()
        joins = all(isinstance(each, Paragraph) for each in neighbours) and not gap
        before += opened.line_end if neighbours and joins else gap
    return opened.held(before + after, (*items[:item], *items[item + 1 :]))


@dataclass(frozen=True, slots=True)
class _Opened:
    """A script with the places of its items in the text."""

    text: str
    script: Script
    starts: tuple[int, ...]
    """Where each item begins, and the end of the text."""

    @property
    def line_end(self) -> str:
        """As the first line ends."""
        first = re.search(r"\r?\n", self.text)
        return first[0] if first else "\n"

    def item(self, item: int) -> Item:
        """The item; raises ScriptError where there is none."""
        if not 0 <= item < len(self.script.items):
            raise ScriptError(f"the script has no item {item}", code="stale-page", hint=_RELOAD)
        return self.script.items[item]

    def get(self, item: int, kind: type[Kind]) -> Kind:
        """The item; raises ScriptError where it is another thing."""
        found = self.item(item)
        if not isinstance(found, kind):
            raise ScriptError(
                f"item {item} is not a {_NAMES[kind]}", code="stale-page", hint=_RELOAD
            )
        return found

    def own(self, item: int) -> str:
        """The source of an item without the blank lines after it."""
        source = self.script.items[item].source
        return source[: len(source) - len(self.gap(item))]

    def gap(self, item: int) -> str:
        """The blank lines after an item."""
        lines = re.findall(r"[^\n]*\n|[^\n]+\Z", self.script.items[item].source)
        n_own = len(lines)
        while not lines[n_own - 1].strip():
            n_own -= 1
        return "".join(lines[n_own:])

    def with_item(self, item: int, own: str, new: Item) -> str:
        """The text with an item's own lines replaced by others, which are read as `new`."""
        start = self.starts[item]
        end = start + len(self.own(item))
        items = self.script.items
        return self.held(
            self.text[:start] + own + self.text[end:], (*items[:item], new, *items[item + 1 :])
        )

    def held(self, text: str, items: tuple[Item, ...]) -> str:
        """`text`, if it holds these items; raises ScriptError for what no script can hold."""
        wanted = [_comparable(item) for item in items]
        mark = _MARK if self.text.startswith(_MARK) else ""
        # A blank line first: what stood further down may look like front matter at the start.
        shifted = mark + self.line_end + text.removeprefix(mark)
        for candidate in (text, shifted):
            try:
                script = parse_script(candidate)
            except SaysoError:
                continue
            same = script.meta == self.script.meta
            if same and [_comparable(item) for item in script.items] == wanted:
                return candidate
        raise ScriptError(
            "a script cannot hold this", hint="leave out line ends and other control characters"
        )


def _open(text: str) -> _Opened:
    script = parse_script(text)
    starts = [len(script.head_source)]
    for item in script.items:
        starts.append(starts[-1] + len(item.source))
    return _Opened(text, script, tuple(starts))


def _comparable(item: Item) -> Item:
    """An item with its white space evened out, which nobody hears."""
    if isinstance(item, Paragraph):
        return replace(item, spans=tuple(_comparable_span(span) for span in item.spans))
    if isinstance(item, Comment):
        return replace(item, text=item.text.replace("\r\n", "\n"))
    return item


def _comparable_span(span: Span) -> Span:
    found = replace(span, text=_evened(span.text))
    if isinstance(found, Say):
        say, ipa = (each and _evened(each) for each in (found.say, found.ipa))
        return replace(found, say=say, ipa=ipa)
    return found


def _evened(words: str) -> str:
    return re.sub(rf"[{BLANKS}]+", " ", words)


def _ends_blank(text: str) -> bool:
    """Whether the last line of `text`, which is closed, is a blank one."""
    return not text[text.rfind("\n", 0, -1) + 1 :].strip()


def _with_argument(opened: _Opened, item: int, old: Item, new: Item, written: str) -> str:
    if new == old:
        return opened.text
    own = opened.own(item)
    at = own.index("{")
    start, end = find_argument(own[at : own.rindex("}") + 1])
    return opened.with_item(item, own[: at + start] + written + own[at + end :], new)


def _with_attributes(
    opened: _Opened,
    item: int,
    *,
    title: str | Keep = KEEP,
    voice: str | Keep | None = KEEP,
    sting: str | Keep | None = KEEP,
    bed: str | Keep | None = KEEP,
) -> str:
    old = opened.get(item, SegmentHead)
    own = opened.own(item)
    line = own.strip(BLANKS + "\n")
    head = HEADING.match(line)
    assert head is not None, line
    written, gap, braced = head["title"], line[head.end("title") :], head["attributes"] or ""
    gap = gap.removesuffix(braced)
    new = replace(
        old,
        voice=old.voice if isinstance(voice, Keep) else voice,
        sting=old.sting if isinstance(sting, Keep) else sting,
        bed=old.bed if isinstance(bed, Keep) else bed,
    )
    if isinstance(title, str) and (title := collapsed(title)) != collapsed(old.title):
        if not title.strip():
            raise ScriptError("a segment without a title", hint="write one, or delete the heading")
        written, new = escape(title), replace(new, title=title)
        attributes = parse_attributes(braced)
        if old.id != slug(title) and (attributes is None or attributes.id is None):
            braced = f"{{#{old.id}{' ' + braced[1:].lstrip() if braced else '}'}"
    for key, was, now in (
        ("voice", old.voice, new.voice),
        ("sting", old.sting, new.sting),
        ("bed", old.bed, new.bed),
    ):
        if now != was:
            braced = with_attribute(braced or "{}", key, now)
    if new == old:
        return opened.text
    heading = line[: head.start("title")] + written
    heading += (gap or " ") + braced if braced else ""
    start = own.index(line)
    return opened.with_item(item, own[:start] + heading + own[start + len(line) :], new)
