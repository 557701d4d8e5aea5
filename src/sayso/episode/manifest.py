"""episode.json: everything that is known about an episode, for programs and for `sayso check`.

The same input gives the same bytes: no clock, no path of the machine, nothing of what was cached.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sayso._version import __version__
from sayso.episode.transcript import speaker_name
from sayso.model import Aside, Outline, Show, Timeline
from sayso.review.titles import subject_of

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """What the finished sound measures."""

    integrated_lufs: float | None
    true_peak_dbtp: float
    limited_db: float
    """The most that the limiter took off anywhere."""


def manifest(
    *,
    show: Show,
    outline: Outline,
    title: str,
    timeline: Timeline,
    measured: Measured,
    files: Mapping[str, tuple[int, str]],
    missing: Sequence[str],
) -> str:
    """The manifest as JSON text.

    `files` are size in bytes and SHA-256 of the other files; `missing` are ids of sentences of the
    review that the author took out of the script.
    """
    rating = outline.rating
    document = {
        "schema": SCHEMA,
        "sayso": __version__,
        "title": title,
        "show": show.title,
        "language": show.language,
        "review": {
            "file": _source_name(outline),
            "title": outline.review.title,
            "subject": subject_of(outline.review, (show.title, show.author)),
            "author": outline.review.author,
            "rating": rating.text if rating else outline.review.rating,
            "rating_value": rating.value if rating else None,
            "best_rating": rating.best if rating else None,
            "kind": outline.kind,
            "date": outline.review.date,
            "summary": outline.review.summary,
            "link": outline.review.link,
            "extra": dict(outline.review.extra),
            "left_out": [_aside(aside) for aside in outline.asides],
            "cut_by_the_author": list(missing),
        },
        "audio": {
            "sample_rate": timeline.sample_rate,
            "n_samples": timeline.n_samples,
            "duration_s": round(timeline.n_samples / timeline.sample_rate, 3),
            "n_channels": show.audio.n_channels,
            "bitrate_kbps": show.audio.bitrate_kbps,
            "target_lufs": show.audio.target_lufs,
            "integrated_lufs": _rounded(measured.integrated_lufs),
            "true_peak_dbtp": _rounded(measured.true_peak_dbtp),
            "limited_db": _rounded(measured.limited_db),
        },
        "chapters": [
            {"id": c.id, "title": c.title, "start": c.start, "end": c.end}
            for c in timeline.chapters
        ],
        "lines": [
            {
                "start": spoken.start,
                "end": spoken.end,
                "segment": spoken.segment,
                "paragraph": spoken.line.item,
                "voice": spoken.line.voice.name,
                "speaker": speaker_name(spoken),
                "engine": f"{spoken.line.voice.engine}/{spoken.line.voice.voice}",
                "written": spoken.line.written,
                "spoken": spoken.line.spoken,
                "from": spoken.line.origin,
                "take": spoken.take,
            }
            for spoken in timeline.lines
        ],
        "music": [
            {"role": m.role, "name": m.name, "start": m.start, "end": m.end} for m in timeline.music
        ],
        "files": {
            name: {"bytes": n_bytes, "sha256": sha256}
            for name, (n_bytes, sha256) in sorted(files.items())
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def digest(content: bytes | str) -> tuple[int, str]:
    """Size in bytes and SHA-256."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    return len(raw), hashlib.sha256(raw).hexdigest()


def _source_name(outline: Outline) -> str | None:
    return outline.review.source.name if outline.review.source else None


def _aside(aside: Aside) -> dict[str, str]:
    return {
        "id": aside.block.id,
        "bucket": aside.bucket,
        "reason": aside.reason,
        "text": aside.block.text,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
