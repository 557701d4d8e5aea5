"""episode.json → records, each value checked, so that the other checks can rely on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso.episode.checking.finding import Finding
from sayso.episode.manifest import SCHEMA
from sayso.master import BITRATES_KBPS, SAMPLE_RATES
from sayso.model import Rating
from sayso.show.paths import MANIFEST


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line: first sample, the one after the last, and what is said by whom."""

    start: int
    end: int
    segment: str
    speaker: str
    written: str
    paragraph: int | None = None
    """The script's paragraph, counted among its items; None in manifests that do not say it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A chapter, or a piece of music."""

    id: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that belongs to the episode."""

    name: str
    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the manifest says of the review; None for what the review does not say."""

    title: str
    subject: str | None
    author: str | None
    date: str | None
    summary: str | None
    link: str | None
    rating: Rating | None
    extra: tuple[tuple[str, str], ...]
    """Other keys of its front matter."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the manifest says that the episode is."""

    title: str
    show: str
    language: str
    review: Reviewed
    sample_rate: int
    n_samples: int
    n_channels: int
    bitrate_kbps: int
    target_lufs: float
    integrated_lufs: float | None
    chapters: tuple[Span, ...]
    lines: tuple[Spoken, ...]
    music: tuple[Span, ...]
    files: tuple[KnownFile, ...]

    def ms(self, sample: int) -> int:
        """A sample as milliseconds, rounded as the timeline rounds."""
        return (sample * 1000 + self.sample_rate // 2) // self.sample_rate

    def seconds(self, sample: int) -> float:
        """A sample as seconds."""
        return sample / self.sample_rate


class _WrongManifest(Exception):
    """A value that cannot be."""


def read_manifest(folder: Path) -> tuple[Expected | None, list[Finding]]:
    """The manifest of an episode, or None and why there is none."""
    path = folder / MANIFEST
    if not path.is_file():
        return None, [Finding("missing", "there is no manifest", MANIFEST)]
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        return None, [Finding("manifest", f"not JSON: {error}", MANIFEST)]
    try:
        expected = _expected(_Reader(document, ""))
    except _WrongManifest as error:
        return None, [Finding("manifest", str(error), MANIFEST)]
    return expected, _contradictions(expected)


@dataclass(frozen=True, slots=True)
class _Reader:
    """A value of the manifest and its place, for messages."""

    value: Any
    place: str

    def __getitem__(self, key: str) -> _Reader:
        place = f"{self.place}.{key}" if self.place else key
        if not isinstance(self.value, dict) or key not in self.value:
            raise _WrongManifest(f"it has no {place}")
        return _Reader(self.value[key], place)

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise _WrongManifest(f"{self.place} is no text")
        return self.value

    def text_or_none(self) -> str | None:
        return None if self.value is None else self.text()

    def whole(self, *, among: tuple[int, ...] | None = None) -> int:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise _WrongManifest(f"{self.place} is no whole number")
        if among is not None and value not in among:
            raise _WrongManifest(f"{self.place} cannot be {value}")
        return value

    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise _WrongManifest(f"{self.place} is no number")
        return float(self.value)

    def number_or_none(self) -> float | None:
        return None if self.value is None else self.number()

    def rows(self) -> list[_Reader]:
        if not isinstance(self.value, list):
            raise _WrongManifest(f"{self.place} is no list")
        return [_Reader(row, f"{self.place}[{i}]") for i, row in enumerate(self.value)]

    def table(self) -> list[tuple[str, _Reader]]:
        if not isinstance(self.value, dict):
            raise _WrongManifest(f"{self.place} is no table")
        return [(str(key), self[key]) for key in self.value]


def _expected(top: _Reader) -> Expected:
    if top["schema"].whole() != SCHEMA:
        raise _WrongManifest(f"it is of schema {top['schema'].value}; this sayso reads {SCHEMA}")
    audio = top["audio"]
    n_channels = audio["n_channels"].whole(among=(1, 2))
    lufs = audio["integrated_lufs"]
    has_target = "target_lufs" in audio.value
    return Expected(
        title=top["title"].text(),
        show=top["show"].text(),
        language=top["language"].text(),
        review=_reviewed(top["review"]),
        sample_rate=audio["sample_rate"].whole(among=SAMPLE_RATES),
        n_samples=audio["n_samples"].whole(),
        n_channels=n_channels,
        bitrate_kbps=audio["bitrate_kbps"].whole(among=BITRATES_KBPS),
        # AES TD1008: -16 LUFS for stereo, 3 LU less for mono.
        target_lufs=(
            audio["target_lufs"].number() if has_target else (-16.0 if n_channels == 2 else -19.0)
        ),
        integrated_lufs=lufs.number_or_none(),
        chapters=tuple(_span(row, "id", "title") for row in top["chapters"].rows()),
        lines=tuple(
            Spoken(
                row["start"].whole(),
                row["end"].whole(),
                row["segment"].text(),
                row["speaker"].text(),
                row["written"].text(),
                row["paragraph"].whole() if "paragraph" in row.value else None,
            )
            for row in top["lines"].rows()
        ),
        music=tuple(_span(row, "role", "name") for row in top["music"].rows()),
        files=tuple(
            KnownFile(name, entry["bytes"].whole(), entry["sha256"].text())
            for name, entry in top["files"].table()
        ),
    )


def _reviewed(review: _Reader) -> Reviewed:
    return Reviewed(
        title=review["title"].text(),
        subject=review["subject"].text_or_none(),
        author=review["author"].text_or_none(),
        date=review["date"].text_or_none(),
        summary=review["summary"].text_or_none(),
        link=review["link"].text_or_none(),
        rating=_rating(review),
        extra=tuple((key, value.text()) for key, value in review["extra"].table()),
    )


def _rating(review: _Reader) -> Rating | None:
    text = review["rating"].text_or_none()
    if text is None:
        return None
    # Manifests of the first builds have no numbers.
    value, best = (
        review[key].number_or_none() if key in review.value else None
        for key in ("rating_value", "best_rating")
    )
    return Rating(text, value, best)


def _span(row: _Reader, name: str, title: str) -> Span:
    return Span(row[name].text(), row[title].text(), row["start"].whole(), row["end"].whole())


def _contradictions(expected: Expected) -> list[Finding]:
    """What in the manifest cannot be true at once: it has been edited or damaged."""
    problems: list[str] = []
    after = 0
    for number, line in enumerate(expected.lines, 1):
        if not after <= line.start < line.end <= expected.n_samples:
            problems.append(f"line {number} lies outside the sound or before the line above it")
        after = max(after, line.end)
    after = 0
    for number, chapter in enumerate(expected.chapters, 1):
        if chapter.start != after or chapter.end < chapter.start:
            problems.append(f"chapter {number} does not begin where the one before it ends")
        after = chapter.end
    if expected.chapters and after != expected.n_samples:
        problems.append("the last chapter does not end with the sound")
    for line in expected.lines:
        around = [c.id for c in expected.chapters if c.start <= line.start < c.end]
        if around and line.segment not in around:
            problems.append(f"a line of segment {line.segment!r} lies in chapter {around[0]!r}")
    return [Finding("manifest", problem, MANIFEST) for problem in problems[:5]]
