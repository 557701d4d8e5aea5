"""The stream of MP3 frames, undecoded: whole, in one format, and counted right by its header."""

from __future__ import annotations

import mmap
from pathlib import Path

from sayso.episode.checking.finding import Finding, at_most
from sayso.episode.checking.manifest_reading import Expected
from sayso.master import check_frames
from sayso.master.frames import audio_start, read_header
from sayso.master.info import read_info

MP3 = "episode.mp3"


def check_stream(folder: Path, expected: Expected) -> list[Finding]:
    """What is wrong with the frames; the file is mapped, not loaded."""
    path = folder / MP3
    if path.stat().st_size < 4:
        return [Finding("frames", "the file is empty", MP3)]
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
        memoryview(data) as view,
    ):
        findings = [
            Finding(
                "info" if "Info header" in found.problem else "frames",
                str(found),
                MP3,
                at_s=_seconds(found.frame, expected),
            )
            for found in check_frames(view)
        ]
        return at_most(findings, 5) + _check_header(view, expected)


def _check_header(view: memoryview, expected: Expected) -> list[Finding]:
    """Format and length as the first frame and the Info header tell them."""
    start = audio_start(view)
    first = read_header(bytes(view[start : start + 4]))
    if first is None:
        return []  # said above
    findings = []
    told = (first.sample_rate, first.n_channels, first.bitrate_kbps)
    wanted = (expected.sample_rate, expected.n_channels, expected.bitrate_kbps)
    if told != wanted:
        problem = "its frames have {} Hz, {} channels, {} kbit/s; the manifest says {}, {}, {}"
        findings.append(Finding("format", problem.format(*told, *wanted), MP3))
    info = read_info(view, start, first)
    if info is not None and info.n_samples != expected.n_samples:
        problem = (
            f"its Info header tells {info.n_samples:,} samples, "
            f"and the timeline has {expected.n_samples:,}"
        )
        findings.append(Finding("info", problem, MP3))
    return findings


def _seconds(frame: int | None, expected: Expected) -> float | None:
    return None if frame is None else max(0, frame - 1) * 1152 / expected.sample_rate
