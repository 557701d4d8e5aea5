"""The transcripts against the manifest: every word, in order, inside the sound, on its line."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

from sayso.episode.checking.finding import Finding, at_most
from sayso.episode.checking.manifest_reading import Expected

_TOLERANCE_MS = 30
"""A cue may begin so far from its line: formats round, and a frame of video is 40 ms."""


@dataclass(frozen=True, slots=True)
class ReadCue:
    """A cue as a file tells it."""

    start_ms: int
    end_ms: int
    speaker: str | None
    text: str


class Unreadable(Exception):
    """What is wrong with a transcript, in words."""


def check_transcripts(folder: Path, expected: Expected) -> list[Finding]:
    """All transcripts of an episode. One that is not there is not spoken of here."""
    findings: list[Finding] = []
    for name, read in _TIMED.items():
        text, problem = _text(folder / name)
        if problem:
            findings.append(Finding("transcript", problem, name))
        if text is None:
            continue
        try:
            cues = read(text)
        except Unreadable as error:
            findings.append(Finding("transcript", str(error), name))
            continue
        findings += at_most(_check_times(cues, expected, name), 3)
        findings += _check_words(cues, expected, name)
    for name, to_words in _UNTIMED.items():
        text, problem = _text(folder / name)
        if problem:
            findings.append(Finding("transcript", problem, name))
        if text is not None:
            findings += _check_order(to_words(text), expected, name)
    return findings


def read_vtt(text: str) -> list[ReadCue]:
    """The cues of a WebVTT file. Raises Unreadable."""
    blocks = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip("\n"))
    if not re.match(r"\ufeff?WEBVTT(?=[ \t\n]|\Z)", blocks[0]):
        raise Unreadable("it does not begin with WEBVTT")
    cues = []
    for block in blocks[1:]:
        lines = block.split("\n")
        if lines[0].startswith(("NOTE", "STYLE", "REGION")):
            continue
        if "-->" not in lines[0]:
            lines = lines[1:]
        start_ms, end_ms = _times(lines[0] if lines else block)
        voice = re.match(r"<v(?:\.[^\s>]*)?\s+([^>]*)>", "\n".join(lines[1:]))
        speaker = html.unescape(voice[1]).strip() if voice else None
        words = html.unescape(re.sub(r"<[^>]*>", "", " ".join(lines[1:])))
        cues.append(ReadCue(start_ms, end_ms, speaker, words))
    return cues


def read_srt(text: str) -> list[ReadCue]:
    """The cues of a SubRip file; speakers stay in the text. Raises Unreadable."""
    cues = []
    for number, block in enumerate(re.split(r"\n{2,}", text.strip("\n")), 1):
        lines = block.split("\n")
        if not block:
            break
        if lines[0].strip() != str(number):
            raise Unreadable(f"cue {number} is numbered {lines[0][:20]!r}")
        start_ms, end_ms = _times(lines[1] if len(lines) > 1 else "")
        cues.append(ReadCue(start_ms, end_ms, None, " ".join(lines[2:])))
    return cues


def read_json(text: str) -> list[ReadCue]:
    """The segments of a Podcasting 2.0 transcript. Raises Unreadable."""
    try:
        document = json.loads(text)
        if document["version"] != "1.0.0":
            raise Unreadable(f"its version is {document['version']!r}")
        return [
            ReadCue(
                round(row["startTime"] * 1000),
                round(row["endTime"] * 1000),
                str(row["speaker"]),
                str(row["body"]),
            )
            for row in document["segments"]
        ]
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise Unreadable(f"it cannot be read: {error!r}") from error


def _times(line: str) -> tuple[int, int]:
    match = re.fullmatch(rf"\s*{_CLOCK}\s+-->\s+{_CLOCK}(?:\s.*)?", line)
    if match is None:
        raise Unreadable(f"no times where a cue should begin: {line[:40]!r}")
    h1, m1, s1, ms1, h2, m2, s2, ms2 = (int(part or 0) for part in match.groups())
    return ((h1 * 60 + m1) * 60 + s1) * 1000 + ms1, ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2


_CLOCK = r"(?:(\d{2,9}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"


def _check_times(cues: Sequence[ReadCue], expected: Expected, name: str) -> list[Finding]:
    """Cues follow one another and lie inside the sound."""
    length_ms = expected.ms(expected.n_samples)
    findings = []
    for number, cue in enumerate(cues, 1):
        at_s = cue.start_ms / 1000
        if cue.end_ms < cue.start_ms:
            problem = f"cue {number} ends before it begins"
            findings.append(Finding("transcript", problem, name, at_s=at_s))
        if cue.end_ms > length_ms:
            problem = f"cue {number} reaches beyond the end of the sound"
            findings.append(Finding("transcript", problem, name, at_s=at_s))
    for number, (one, following) in enumerate(pairwise(cues), 2):
        if following.start_ms < one.end_ms:
            problem = f"cue {number} begins before the one before it ends"
            findings.append(Finding("transcript", problem, name, at_s=following.start_ms / 1000))
    return findings


def _check_words(cues: Sequence[ReadCue], expected: Expected, name: str) -> list[Finding]:
    """The cues of each line say its words while it is said; the first that does not is told."""
    coming = list(reversed(cues))
    for line in expected.lines:
        wanted = line.written.split()
        at_s = expected.seconds(line.start)
        said: list[str] = []
        start_ms = end_ms = None
        while coming and len(said) < len(wanted):
            cue = coming.pop()
            text = cue.text.removeprefix(f"{line.speaker}: ") if not said else cue.text
            if cue.speaker is not None and cue.speaker != line.speaker:
                problem = f"{cue.speaker} is named for a line of {line.speaker}"
                return [Finding("transcript", problem, name, at_s=at_s)]
            said += text.split()
            start_ms = cue.start_ms if start_ms is None else start_ms
            end_ms = cue.end_ms
        if said != wanted:
            problem = f"it says {_short(said)} where the timeline has {_short(wanted)}"
            return [Finding("transcript", problem, name, at_s=at_s)]
        if start_ms is None or end_ms is None:  # a line without words
            continue
        miss_ms = start_ms - expected.ms(line.start)
        if max(abs(miss_ms), abs(end_ms - expected.ms(line.end))) > _TOLERANCE_MS:
            problem = f"{_short(wanted)} is not shown when it is said ({miss_ms / 1000:+.2f} s)"
            return [Finding("transcript", problem, name, at_s=at_s)]
    if coming:
        problem = f"{len(coming)} cues say what is on no line of the timeline"
        return [Finding("transcript", problem, name, at_s=coming[-1].start_ms / 1000)]
    return []


def _check_order(words: str, expected: Expected, name: str) -> list[Finding]:
    """Every line of the timeline is there, one after the other."""
    at = 0
    for line in expected.lines:
        wanted = " ".join(line.written.split())
        found = words.find(wanted, at)
        if found < 0:
            problem = f"the line {_short(wanted.split())} is not in its place"
            return [Finding("transcript", problem, name, at_s=expected.seconds(line.start))]
        at = found + len(wanted)
    return []


class _Words(HTMLParser):
    """Collects the text of paragraphs."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag == "p"

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "p"

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.parts.append(data)


def _html_words(text: str) -> str:
    words = _Words()
    words.feed(text)
    words.close()
    return " ".join(" ".join(words.parts).split())


def _text(path: Path) -> tuple[str | None, str | None]:
    """The text of a file, or what is wrong with it; neither where there is no file."""
    if not path.is_file():
        return None, None
    try:
        return path.read_text("utf-8").replace("\r\n", "\n"), None
    except UnicodeDecodeError as error:
        return None, f"not UTF-8: byte {error.start}"


def _short(words: Sequence[str]) -> str:
    text = " ".join(words)
    return repr(text if len(text) <= 50 else text[:49] + "…")


_TIMED: dict[str, Callable[[str], list[ReadCue]]] = {
    "transcript.vtt": read_vtt,
    "transcript.srt": read_srt,
    "transcript.json": read_json,
}
_UNTIMED: dict[str, Callable[[str], str]] = {
    "transcript.txt": lambda text: " ".join(text.split()),
    "transcript.html": _html_words,
}
