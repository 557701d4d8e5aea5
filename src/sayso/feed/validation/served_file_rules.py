"""Rules about what is in the files that a feed names: pictures, chapters, transcripts."""

from __future__ import annotations

import io
import json
import math
import warnings
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sayso.episode.checking.transcripts import Unreadable, read_srt, read_vtt
from sayso.episode.cover import MAX_PX, MIN_PX
from sayso.feed.validation.rule import AnyRule, Fault, quoted, rule
from sayso.feed.validation.served import ServedImage, ServedText
from sayso.net.urls import extension

_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
_MIMES = {"JPEG": "image/jpeg", "PNG": "image/png"}
_SLACK_S = 1.0
"""Durations in a feed are whole seconds."""


@rule("apple-image-file", "must", "Apple; PSP-1")
def apple_image_file(served: ServedImage) -> Iterator[Fault]:
    """A square JPEG or PNG of 1400 to 3000 pixels, RGB, opaque, named as what it is; HEAD 200."""
    if served.head.status != 200:
        hint = "let the server answer HEAD with 200: Apple asks so first"
        yield Fault(f"HEAD for the picture is answered by {served.head.status}", hint)
    if served.start.status not in (200, 206):
        return
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(served.start.body), formats=("JPEG", "PNG"))
    except Exception:  # Pillow's readers raise whatever a broken header leads them to
        yield Fault("the picture is neither a JPEG nor a PNG", "save it as one of these")
        return
    width, height = picture.size
    kind = picture.format or ""
    if width != height:
        yield Fault(f"the picture is not square: {width}×{height} pixels", "crop it to a square")
    if not MIN_PX <= min(width, height) <= max(width, height) <= MAX_PX:
        hint = f"save it with {MIN_PX} to {MAX_PX} pixels a side, under a new name"
        yield Fault(f"the picture has {width}×{height} pixels", hint)
    if "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA"):
        yield Fault("the picture has transparent parts", "save it without an alpha channel")
    elif picture.mode != "RGB":
        yield Fault(f"the picture is not RGB but {picture.mode}", "save it as an RGB picture")
    if _FORMATS.get(extension(served.url)) != kind:
        hint = "name the file as what it is"
        yield Fault(f"the picture is a {kind}, and named {extension(served.url)[:10]}", hint)
    if served.head.status == 200 and served.head.mime != _MIMES.get(kind):
        hint = f"let the server say {_MIMES.get(kind)}"
        yield Fault(f"the picture is served as {quoted(served.head.mime, 40)}", hint)


@rule("pc-chapters-file", "should", "podcast namespace: jsonChapters.md, version 1.2")
def pc_chapters_file(served: ServedText) -> Iterator[Fault]:
    """Chapters: version 1.2, start times ascending, inside the episode."""
    document = _json(served)
    if document is None:
        yield Fault("the chapters are no JSON object", "write them as jsonChapters.md has it")
        return
    version, rows = document.get("version"), document.get("chapters")
    if not isinstance(version, str) or not version.startswith("1."):
        yield Fault(f"the version is {quoted(repr(version), 20)}", 'write "version": "1.2.0"')
    if not isinstance(rows, list) or not rows:
        yield Fault("there are no chapters", "write them as jsonChapters.md has it")
        return
    starts = [row.get("startTime") if isinstance(row, dict) else None for row in rows]
    numbers = [start for start in starts if _is_time(start)]
    if len(numbers) < len(starts):
        hint = "write startTime in seconds, as a number"
        yield Fault(f"{len(starts) - len(numbers)} chapters do not say when they start", hint)
    yield from _in_order(numbers, served, "chapter")


@rule("pc-transcript-file", "should", "podcast namespace: transcripts.md; WebVTT; Apple")
def pc_transcript_file(served: ServedText) -> Iterator[Fault]:
    """Transcripts can be read; their cues ascend and lie inside the episode."""
    try:
        text = served.answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield Fault("the transcript is not UTF-8", "save it as UTF-8")
        return
    if not text.strip():
        yield Fault("the transcript is empty", "upload it again")
        return
    text = text.replace("\r\n", "\n")
    try:
        cues = _cues(text, served)
    except Unreadable as error:
        yield Fault(f"the transcript cannot be read: {error}", "correct it, or make it again")
        return
    if cues is None:
        return
    if not cues:
        yield Fault("the transcript has no cue", "make it again")
    if any(end < start for start, end in cues):
        yield Fault("a cue of the transcript ends before it begins", "make it again")
    yield from _in_order([start for start, _ in cues], served, "cue", strictly=False)
    last = max((end for _, end in cues), default=0.0)
    if served.duration_s and last > served.duration_s + _SLACK_S:
        hint = "make it again for this recording"
        yield Fault(f"a cue ends {last - served.duration_s:.1f} s after the episode", hint)


CHAPTERS_FILE_RULES: tuple[AnyRule, ...] = (pc_chapters_file,)
TRANSCRIPT_FILE_RULES: tuple[AnyRule, ...] = (pc_transcript_file,)
IMAGE_RULES: tuple[AnyRule, ...] = (apple_image_file,)


def _cues(text: str, served: ServedText) -> list[tuple[float, float]] | None:
    """Start and end in seconds of each cue; None for a transcript without times."""
    mime = served.said_mime
    if mime == "text/vtt":
        return [(cue.start_ms / 1000, cue.end_ms / 1000) for cue in read_vtt(text)]
    if mime in ("application/x-subrip", "application/srt"):
        return [(cue.start_ms / 1000, cue.end_ms / 1000) for cue in read_srt(text)]
    if mime != "application/json":
        return None
    document = _json(served)
    rows = document.get("segments") if document else None
    if not isinstance(rows, list):
        raise Unreadable("it is no JSON object with segments")
    times: list[tuple[float, float]] = []
    for row in rows:
        said = [row.get("startTime"), row.get("endTime")] if isinstance(row, dict) else []
        known = [float(time) for time in said if time is not None and _is_time(time)]
        if len(known) != 2:
            raise Unreadable("a segment does not say when it starts and ends")
        times.append((known[0], known[1]))
    return times


def _json(served: ServedText) -> dict[str, Any] | None:
    try:
        document = json.loads(served.answer.body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _is_time(value: object) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        and 0 <= value < 1e7
    )


def _in_order(
    starts: list[Any], served: ServedText, what: str, strictly: bool = True
) -> Iterator[Fault]:
    for number, (one, following) in enumerate(pairwise(starts), 2):
        if following < one or (strictly and following == one):
            yield Fault(f"{what} {number} does not start after the one before it", "sort by time")
            break
    late = [start for start in starts if served.duration_s and start > served.duration_s]
    if late:
        hint = "make it again for this recording"
        yield Fault(f"a {what} starts at {late[0]:g} s, after the end of the episode", hint)
