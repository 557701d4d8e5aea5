"""Strict readers of WebVTT and SubRip, written after their grammars and not after our writer."""

from __future__ import annotations

import html
import itertools
import re
from dataclasses import dataclass


@dataclass
class ReadCue:
    start_ms: int
    end_ms: int
    speaker: str | None
    text: str


# W3C WebVTT §4.1: a file is the magic, a blank line, and blocks apart by blank lines; a block here
# is a cue: timings of two digits and more : two : two . three, and cue text without blank lines.
_VTT_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_VTT_TIMES = re.compile(f"{_VTT_TIME} --> {_VTT_TIME}")
# §4.2.2: cue text and annotations hold no "<" and no "&" but as character references.
_CHARACTERS = r"(?:[^<>&\n]|&(?:amp|lt|gt|nbsp|lrm|rlm|#\d+|#x[0-9a-fA-F]+);)+"
_VOICE = re.compile(f"<v ({_CHARACTERS})>({_CHARACTERS})</v>")


def read_vtt(text: str) -> list[ReadCue]:
    """Raises AssertionError where the grammar or its rules on times are broken."""
    assert "\r" not in text
    assert "\0" not in text
    magic, *blocks = re.split(r"\n{2,}", text.rstrip("\n"))
    assert magic == "WEBVTT"
    found = []
    for block in blocks:
        times, *payload = block.split("\n")
        match = _VTT_TIMES.fullmatch(times)
        assert match, times
        assert payload
        said = _VOICE.fullmatch("\n".join(payload))
        assert said, payload
        start, end = (_ms(match.groups()[at : at + 4]) for at in (0, 4))
        found.append(ReadCue(start, end, html.unescape(said[1]), html.unescape(said[2])))
    _check_times(found)
    return found


_SRT_TIME = r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3})"
_SRT_TIMES = re.compile(f"{_SRT_TIME} --> {_SRT_TIME}")


def read_srt(text: str) -> list[ReadCue]:
    """A number from 1, times, text, a blank line; a speaker before a colon."""
    assert "\r" not in text
    found = []
    for number, block in enumerate(text.rstrip("\n").split("\n\n") if text.strip() else [], 1):
        counted, times, *payload = block.split("\n")
        assert counted == str(number)
        match = _SRT_TIMES.fullmatch(times)
        assert match, times
        assert len(payload) == 1
        start, end = (_ms(match.groups()[at : at + 4]) for at in (0, 4))
        found.append(ReadCue(start, end, None, payload[0]))
    _check_times(found)
    return found


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, ms = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


def _check_times(cues: list[ReadCue]) -> None:
    """§4.1: an end comes after its start, and no cue starts before the one above it."""
    assert all(cue.end_ms > cue.start_ms for cue in cues)
    assert all(a.start_ms <= b.start_ms for a, b in itertools.pairwise(cues))
