"""Text → `Script`: the grammar, line by line.

Every error of a file is found before any is raised, each with its line and its hint.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from sayso.errors import SaysoError, ScriptError, did_you_mean, raise_all
from sayso.language.text import shorten
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
from sayso.script.inline import (
    ATTRIBUTE_LIST,
    BLANKS,
    SPEAKER,
    Attributes,
    parse_attributes,
    read_spans,
    split_origin,
)
from sayso.system.atomic_files import read_text

MAX_BYTES = 4 * 1024 * 1024
"""A script of four hours has about 200 kB; a file of twenty times that is the wrong one."""

MAX_PAUSE_MS = 60_000
"""A minute of silence: nobody means a longer one."""
_MAX_HEADING = 1_000
"""Characters; a longer line is a paragraph that begins with ##."""

HEADING = re.compile(
    rf"##(?!#)[ \t]*(?P<title>.*?)[ \t]*(?P<attributes>(?<!\\){ATTRIBUTE_LIST})?\Z"
)
"""A segment heading, without white space at its ends."""
_BRACED = re.compile(rf"{ATTRIBUTE_LIST}\Z")
_DURATION = re.compile(r"(?P<number>\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})(?P<unit>ms|s)\Z")
_KEY = re.compile(r"(?P<key>[^\W\d][\w-]{0,79}):(?=[ \t]|\Z)")
_MARK = "\ufeff"
"""The byte order mark, which some editors put at the start of a file."""
_CUES = ("pause", "sting", "sound", "bed")


def read_script(path: Path) -> Script:
    """Read and parse a script file.

    Raises ScriptError (or ErrorGroup, for several) with file, line, problem and hint.
    """
    return parse_script(read_text(path, ScriptError, "the script", MAX_BYTES), path)


def parse_script(text: str, path: Path | None = None) -> Script:
    """Parse a script; `print_script` gives `text` back byte for byte.

    Raises ScriptError (or ErrorGroup, for several) with file, line, problem and hint.
    """
    return _Parser(text, path).parse()


def slug(title: str) -> str:
    """The id of a segment whose heading names none: its title in lower case and hyphens."""
    return re.sub(r"[\W_]+", "-", title.casefold()).strip("-") or "segment"


class _Parser:
    def __init__(self, text: str, path: Path | None) -> None:
        # Only a line feed ends a line: other separators that Python knows are the writer's words.
        self.lines = re.findall(r"[^\n]*\n|[^\n]+\Z", text.removeprefix(_MARK))
        self.mark = _MARK if text.startswith(_MARK) else ""
        self.path = path
        self.at = 0
        self.errors: list[SaysoError] = []
        self.items: list[Item] = []

    def parse(self) -> Script:
        meta = self._front_matter()
        self._take_blank()
        head_source = self.mark + "".join(self.lines[: self.at])
        while self.at < len(self.lines):
            start = self.at
            item = self._item()
            self._take_blank()
            if item is not None:
                source = "".join(self.lines[start : self.at])
                self.items.append(replace(item, line=start + 1, source=source))
        raise_all(self.errors)
        return Script(meta, tuple(self.items), self.path, head_source)

    def _fail(self, line: int, problem: str, hint: str | None = None) -> None:
        self.errors.append(ScriptError(problem, file=self.path, line=line + 1, hint=hint))

    def _take_blank(self) -> None:
        while self.at < len(self.lines) and not self.lines[self.at].strip():
            self.at += 1

    def _front_matter(self) -> tuple[tuple[str, str], ...]:
        if not self.lines or not _is_fence(self.lines[0]):
            return ()
        meta: dict[str, str] = {}
        for at, raw in enumerate(self.lines[1:], 1):
            if _is_fence(raw):
                self.at = at + 1
                return tuple(meta.items())
            line = raw.strip(BLANKS + "\n")
            if not line:
                continue
            pair = _KEY.match(line)
            if pair is None:
                self._fail(at, f"cannot read {line[:40]!r} as front matter", "write key: value")
            elif pair["key"] in meta:
                self._fail(at, f"front matter names {pair['key']!r} twice", "keep one")
            else:
                meta[pair["key"]] = parse_front_value(line[pair.end() :].strip(BLANKS))
        self.at = len(self.lines)
        self.errors.clear()
        self._fail(0, "front matter has no end", "close it with a line of three hyphens")
        return ()

    def _item(self) -> Item | None:
        line = _trim(self.lines[self.at])
        if line.startswith("<!--"):
            return self._comment()
        if line.startswith("#"):
            self.at += 1
            return self._segment_head(line)
        if _BRACED.match(line) and not line.startswith("{from="):
            self.at += 1
            return self._cue(line)
        return self._paragraph()

    def _comment(self) -> Comment | None:
        start = self.at
        opened = 4  # `<!-->` is no comment yet
        for at in range(start, len(self.lines)):
            line = _trim(self.lines[at])
            end = line.find("-->", opened)
            opened = 0
            if end < 0:
                continue
            self.at = at + 1
            if end != len(line) - 3:
                self._fail(at, "words after the end of a comment", "put them on a new line")
            text = _trim("".join(self.lines[start : self.at]))
            return Comment(text[4 : text.index("-->", 4)].strip(BLANKS + "\n"))
        self.at = len(self.lines)
        self._fail(start, "a comment has no end", "close it with -->")
        return None

    def _segment_head(self, line: str) -> SegmentHead | None:
        where = self.at - 1
        if len(line) > _MAX_HEADING:
            self._fail(
                where,
                f"a segment heading of {len(line):,} characters",
                "put the words into a paragraph below it",
            )
            return None
        head = HEADING.match(line)
        if head is None:
            self._fail(
                where,
                f"{line[:40]!r} is not a segment heading",
                "a segment opens with ## Title; write \\# for the character",
            )
            return None
        attributes = parse_attributes(head["attributes"] or "{}")
        if attributes is None or attributes.words:
            self._fail(where, f"cannot read {head['attributes']}", "write {#id voice=… sting=…}")
            return None
        self._check_keys(where, attributes, ("voice", "sting", "bed"))
        spans, problems = read_spans(head["title"])
        for problem in problems:
            self._fail(where, problem.problem, problem.hint)
        title = "".join(span.text for span in spans)
        if not title.strip():
            self._fail(where, "a segment without a title", "write ## Title {#id}")
            return None
        return SegmentHead(
            title,
            attributes.id or slug(title),
            attributes.get("voice"),
            attributes.get("sting"),
            attributes.get("bed"),
        )

    def _check_keys(self, where: int, attributes: Attributes, known: tuple[str, ...]) -> None:
        for key, _ in attributes.pairs:
            if key not in known:
                self._fail(where, f"unknown attribute {key!r}", did_you_mean(key, known))

    def _cue(self, line: str) -> Item | None:
        where = self.at - 1
        attributes = parse_attributes(line)
        name = attributes.words[0] if attributes and attributes.words else ""
        if attributes is None or attributes.id or attributes.pairs or name not in _CUES:
            self._fail(
                where,
                f"unknown cue {shorten(line, 60)}",
                did_you_mean(name, _CUES) if name else "write {pause 0.6s} or {sting NAME}",
            )
            return None
        if name == "pause" and len(attributes.words) == 3:  # {pause 0.6 s}
            attributes = replace(attributes, words=(name, "".join(attributes.words[1:])))
        if len(attributes.words) != 2:
            example = {"pause": "0.6s", "sting": "intro", "sound": "door.wav", "bed": "off"}[name]
            hint = f"write {{{name} {example}}}"
            if len(attributes.words) > 2:
                spaced = " ".join(attributes.words[1:])
                hint = f'put a name with spaces in quotes: {{{name} "{spaced}"}}'
            self._fail(where, f"{shorten(line, 60)} needs one argument", hint)
            return None
        argument = attributes.words[1]
        match name:
            case "pause":
                duration = _DURATION.match(argument)
                if duration is None:
                    self._fail(where, f"cannot read the pause {argument!r}", "write {pause 0.6s}")
                    return None
                scale = 1 if duration["unit"] == "ms" else 1000
                pause_ms = round(float(duration["number"]) * scale)
                if pause_ms > MAX_PAUSE_MS:
                    self._fail(where, f"a pause of {argument}", "a minute is the longest")
                return Pause(pause_ms)
            case "sting":
                return StingCue(argument)
            case "sound":
                return SoundCue(argument)
            case _:
                return BedCue(None if argument == "off" else argument)

    def _paragraph(self) -> Paragraph:
        start = self.at
        lines: list[str] = []
        while self.at < len(self.lines):
            line = _trim(self.lines[self.at])
            ends = not line.strip() or line.startswith(("#", "<!--"))
            if ends or (_BRACED.match(line) and not line.startswith("{from=")):
                break
            lines.append(line)
            self.at += 1
        text, origin = split_origin(" ".join(lines))
        speaker = SPEAKER.match(text)
        words = text[speaker.end() :].lstrip(BLANKS) if speaker else text
        spans, problems = read_spans(words)
        for problem in problems:
            place, row = problem.position + len(text) - len(words), start
            for line in lines:
                if place <= len(line):
                    break
                place -= len(line) + 1
                row += 1
            self._fail(row, problem.problem, problem.hint)
        if not problems and not "".join(span.text for span in spans).strip():
            self._fail(start, "a paragraph with nothing to say", "write words, or delete the line")
        return Paragraph(spans, speaker["name"] if speaker else None, origin)


def parse_front_value(text: str) -> str:
    """A value of the front matter: as it stands, or in double quotes with JSON's escapes."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            value = json.loads(text)
        except ValueError:
            return text  # such as "Alien" and "Aliens"
        return str(value)
    return text


def print_front_value(text: str) -> str:
    """The value as `parse_front_value` reads it; quoted only where it must be."""
    if "\n" in text or text != text.strip(BLANKS) or text.startswith('"'):
        return json.dumps(text, ensure_ascii=False)
    return text


def _trim(line: str) -> str:
    return line.strip(BLANKS + "\n")


def _is_fence(line: str) -> bool:
    return line.rstrip(BLANKS + "\n") == "---"
