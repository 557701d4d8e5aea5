"""Text → `Script`: the grammar, line by line.

Every error of a file is found before any is raised, each with its line and its mend.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from sayso.errors import SaysoError, ScriptError, did_you_mean, raise_all
from sayso.files import explain_os_errors
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
from sayso.script.attributes import ATTRIBUTE_LIST, Attributes, parse_attributes
from sayso.script.inline import SPEAKER, InlineProblem, parse_spans, split_origin

MAX_BYTES = 4 * 1024 * 1024
"""A script of four hours is about 200 kB; twenty times that is a mistake."""

_HEAD = re.compile(rf"##(?!#)\s*(?P<title>.*?)\s*(?P<attributes>(?<!\\){ATTRIBUTE_LIST})?\s*\Z")
_BRACED = re.compile(rf"{ATTRIBUTE_LIST}\Z")
_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?|\.\d+)\s*(?P<unit>ms|s)\Z")
_FRONT_MATTER = re.compile(r"(?P<key>[^\W\d][\w-]*):(?:[ \t]+(?P<value>.*?))?[ \t\r]*\Z")
_CUES = ("pause", "sting", "sound", "bed")


def read_script(path: Path) -> Script:
    """Read and parse a script file.

    Raises ScriptError (or Findings, for several) with file, line, problem and mend.
    """
    with explain_os_errors(path):
        raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise ScriptError(
            f"the script has {len(raw):,} bytes", file=path, mend=f"at most {MAX_BYTES:,}"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScriptError(
            f"not UTF-8: byte {error.start} is 0x{raw[error.start]:02x}",
            file=path,
            mend="save the file as UTF-8",
        ) from error
    return parse_script(text, path)


def parse_script(text: str, path: Path | None = None) -> Script:
    """Parse a script; `print_script` gives `text` back byte for byte.

    Raises ScriptError (or Findings, for several) with file, line, problem and mend.
    """
    return _Parser(text, path).parse()


def slug(title: str) -> str:
    """The id of a segment whose heading names none: its title in lower case and hyphens."""
    return re.sub(r"[\W_]+", "-", title.casefold()).strip("-") or "segment"


class _Parser:
    def __init__(self, text: str, path: Path | None) -> None:
        # Only a line feed ends a line: other separators that Python knows are the writer's words.
        self.lines = re.findall(r"[^\n]*\n|[^\n]+\Z", text)
        self.path = path
        self.at = 0
        self.errors: list[SaysoError] = []
        self.items: list[Item] = []

    def parse(self) -> Script:
        meta = self._front_matter()
        self._take_blank()
        head_source = "".join(self.lines[: self.at])
        while self.at < len(self.lines):
            start = self.at
            item = self._item()
            self._take_blank()
            if item is not None:
                source = "".join(self.lines[start : self.at])
                self.items.append(replace(item, line=start + 1, source=source))
        raise_all(self.errors)
        return Script(meta, tuple(self.items), self.path, head_source)

    def _fail(self, line: int, problem: str, mend: str | None = None) -> None:
        self.errors.append(ScriptError(problem, file=self.path, line=line + 1, mend=mend))

    def _take_blank(self) -> None:
        while self.at < len(self.lines) and not self.lines[self.at].strip():
            self.at += 1

    def _front_matter(self) -> tuple[tuple[str, str], ...]:
        if not self.lines or self.lines[0].rstrip() != "---":
            return ()
        meta: list[tuple[str, str]] = []
        for at, raw in enumerate(self.lines[1:], 1):
            line = raw.rstrip("\n")
            if line.rstrip() == "---":
                self.at = at + 1
                return tuple(meta)
            if not line.strip():
                continue
            pair = _FRONT_MATTER.match(line)
            if pair is None:
                self._fail(at, f"cannot read {line.strip()!r} as front matter", "write key: value")
            elif any(pair["key"] == key for key, _ in meta):
                self._fail(at, f"front matter names {pair['key']!r} twice", "keep one")
            else:
                meta.append((pair["key"], (pair["value"] or "").strip()))
        self.at = len(self.lines)
        self.errors.clear()
        self._fail(0, "front matter has no end", "close it with a line of three hyphens")
        return ()

    def _item(self) -> Item | None:
        line = self.lines[self.at].strip()
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
        while self.at < len(self.lines):
            self.at += 1
            text = "".join(self.lines[start : self.at]).strip()
            end = text.find("-->")
            if end >= 0:
                if end != len(text) - 3:
                    self._fail(
                        self.at - 1, "words after the end of a comment", "put them on a new line"
                    )
                return Comment(text[4:end].strip())
        self._fail(start, "a comment has no end", "close it with -->")
        return None

    def _segment_head(self, line: str) -> SegmentHead | None:
        where = self.at - 1
        head = _HEAD.match(line)
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
        try:
            title = "".join(span.text for span in parse_spans(head["title"]))
        except InlineProblem as problem:
            self._fail(where, problem.problem, problem.mend)
            return None
        if not title:
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
                f"unknown cue {line}",
                did_you_mean(name, _CUES) if name else "write {pause 0.6s} or {sting NAME}",
            )
            return None
        if len(attributes.words) != 2:
            example = {"pause": "0.6s", "sting": "intro", "sound": "door.wav", "bed": "off"}[name]
            self._fail(where, f"{line} needs one argument", f"write {{{name} {example}}}")
            return None
        argument = attributes.words[1]
        match name:
            case "pause":
                duration = _DURATION.match(argument)
                if duration is None:
                    self._fail(where, f"cannot read the pause {argument!r}", "write {pause 0.6s}")
                    return None
                scale = 1 if duration["unit"] == "ms" else 1000
                return Pause(round(float(duration["number"]) * scale))
            case "sting":
                return StingCue(argument)
            case "sound":
                return SoundCue(argument)
            case _:
                return BedCue(None if argument == "off" else argument)

    def _paragraph(self) -> Paragraph | None:
        start = self.at
        lines: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            ends = not line or line.startswith(("#", "<!--"))
            if ends or (_BRACED.match(line) and not line.startswith("{from=")):
                break
            lines.append(line)
            self.at += 1
        text, origin = split_origin(" ".join(lines))
        speaker = SPEAKER.match(text)
        voice = speaker["name"] if speaker else None
        skipped = speaker.end() if speaker else 0
        words = text[skipped:].strip()
        skipped = len(text) - len(text[skipped:].lstrip())
        try:
            spans = parse_spans(words)
        except InlineProblem as problem:
            place, row = problem.position + skipped, start
            for line in lines:
                if place <= len(line):
                    break
                place -= len(line) + 1
                row += 1
            self._fail(row, problem.problem, problem.mend)
            return None
        if not spans:
            self._fail(start, "a paragraph with nothing to say", "write words, or delete the line")
            return None
        return Paragraph(spans, voice, origin)
