"""The MP3's tag and chapters.json against the manifest: three tellings of the same chapters."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sayso.episode.checking.finding import Finding, at_most
from sayso.episode.checking.id3_reading import ReadTag, read_tag
from sayso.episode.checking.manifest_reading import Expected
from sayso.episode.cover import read_cover
from sayso.errors import ErrorGroup, SaysoError

MP3, CHAPTERS, COVER = "episode.mp3", "chapters.json", "cover.jpg"

_TOLERANCE_MS = 1


@dataclass(frozen=True, slots=True)
class _Told:
    """A chapter as a file tells it."""

    title: str
    start_ms: int
    end_ms: int | None


def check_tag(folder: Path, expected: Expected) -> list[Finding]:
    """The tag of the MP3: its texts, its chapters, its picture."""
    tag = _read(folder / MP3)
    findings: list[Finding] = []
    if tag.problem:
        findings.append(Finding("tag", tag.problem, MP3))
        if not tag.texts and not tag.chapters:
            return findings
    findings += [
        Finding("tag", f"{name} is {told!r}, and the manifest says {wanted!r}", MP3)
        for name, wanted, told in (
            ("its title", _clean(expected.title), tag.texts.get("TIT2")),
            ("its album", _clean(expected.show), tag.texts.get("TALB")),
            ("its length", str(expected.ms(expected.n_samples)), tag.texts.get("TLEN")),
        )
        if told != wanted
    ]
    if _words(tag.texts.get("USLT", "")) != _words(" ".join(li.written for li in expected.lines)):
        findings.append(Finding("tag", "its lyrics are not what the manifest's lines say", MP3))
    findings += _check_tag_chapters(tag, expected)
    return findings + _check_pictures(tag)


def check_chapters_json(folder: Path, expected: Expected) -> list[Finding]:
    """chapters.json: Podcasting 2.0, the chapters of the manifest."""
    path = folder / CHAPTERS
    if not path.is_file():
        return []  # said where files are counted
    try:
        document = json.loads(path.read_bytes())
        version, rows = document["version"], document["chapters"]
        told = [
            _Told(
                row["title"],
                round(row["startTime"] * 1000),
                round(row["endTime"] * 1000) if "endTime" in row else None,
            )
            for row in rows
        ]
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        return [Finding("chapters", f"it cannot be read: {error!r}", CHAPTERS)]
    if not isinstance(version, str) or not version.startswith("1."):
        return [Finding("chapters", f"its version is {version!r}", CHAPTERS)]
    return _compare(told, expected, CHAPTERS)


def check_cover(folder: Path) -> list[Finding]:
    """cover.jpg: a picture that directories accept."""
    path = folder / COVER
    if not path.is_file():
        return []
    try:
        read_cover(path)
    except ErrorGroup as several:
        return [_cover_finding(error) for error in several.errors]
    except SaysoError as error:
        return [_cover_finding(error)]
    return []


def _cover_finding(error: SaysoError) -> Finding:
    return Finding("cover", error.problem, COVER, error.hint or "choose another picture")


def _read(path: Path) -> ReadTag:
    """The tag of a file, read no further than it says that it reaches."""
    with path.open("rb") as stream:
        head = stream.read(10)
        if len(head) < 10 or head[:3] != b"ID3":
            return read_tag(head)
        size = (head[6] & 127) << 21 | (head[7] & 127) << 14 | (head[8] & 127) << 7 | head[9] & 127
        return read_tag(head + stream.read(size))


def _check_tag_chapters(tag: ReadTag, expected: Expected) -> list[Finding]:
    if not expected.chapters and not tag.chapters:
        return []
    findings: list[Finding] = []
    if not tag.has_top_level:
        findings.append(
            Finding("tag", "no table of contents is marked as the top one: apps show none", MP3)
        )
    elif list(tag.contents) != [chapter.element for chapter in tag.chapters]:
        findings.append(
            Finding("tag", "the table of contents does not list the tag's chapters in order", MP3)
        )
    told = [_Told(chapter.title, chapter.start_ms, chapter.end_ms) for chapter in tag.chapters]
    return findings + _compare(told, expected, MP3)


def _compare(told: Sequence[_Told], expected: Expected, file: str) -> list[Finding]:
    """Chapters as a file tells them against those of the manifest."""
    findings: list[Finding] = []
    wanted = expected.chapters
    if len(told) != len(wanted):
        problem = f"it has {len(told)} chapters, and the manifest {len(wanted)}"
        findings.append(Finding("chapters", problem, file))
    if told and told[0].start_ms != 0:
        findings.append(Finding("chapters", "its first chapter does not start at 0", file))
    if any(a.start_ms >= b.start_ms for a, b in pairwise(told)):
        findings.append(Finding("chapters", "its chapters are not in the order of time", file))
    wrong: list[Finding] = []
    for number, (one, right) in enumerate(zip(told, wanted, strict=False), 1):
        start_ms, end_ms = expected.ms(right.start), expected.ms(right.end)
        at_s = expected.seconds(right.start)
        if one.title != _clean(right.title):
            problem = f"chapter {number} is named {one.title!r}, and the manifest {right.title!r}"
            wrong.append(Finding("chapters", problem, file, at_s=at_s))
        if abs(one.start_ms - start_ms) > _TOLERANCE_MS:
            problem = (
                f"chapter {number} starts at {one.start_ms / 1000:.3f} s, "
                f"and the timeline says {start_ms / 1000:.3f} s"
            )
            wrong.append(Finding("chapters", problem, file, at_s=at_s))
        elif one.end_ms is not None and abs(one.end_ms - end_ms) > _TOLERANCE_MS:
            problem = (
                f"chapter {number} ends at {one.end_ms / 1000:.3f} s, "
                f"and the timeline says {end_ms / 1000:.3f} s"
            )
            wrong.append(Finding("chapters", problem, file, at_s=at_s))
    return findings + at_most(wrong, 5)


def _check_pictures(tag: ReadTag) -> list[Finding]:
    if not tag.pictures:
        return [Finding("cover", "the tag holds no cover", MP3)]
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(tag.pictures[0])) as picture:
                picture.load()
                width, height = picture.size
    except Exception as error:  # Pillow raises what it pleases on damaged pictures
        return [Finding("cover", f"the tag's cover cannot be decoded: {error}", MP3)]
    if width != height:
        return [Finding("cover", f"the tag's cover is not square: {width} by {height}", MP3)]
    return []


def _clean(text: str) -> str:
    """Text as the tag keeps it: controls become spaces."""
    spaced = "".join(" " if c < " " or "\x7f" <= c <= "\x9f" else c for c in text)
    return spaced.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()


def _words(text: str) -> list[str]:
    return _clean(text).split()
