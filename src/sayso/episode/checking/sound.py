"""What is heard against the manifest: length, loudness, peaks, and a voice on every line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from sayso.episode.checking.finding import BUILD_AGAIN, Finding, at_most
from sayso.episode.checking.listening import Heard
from sayso.episode.checking.manifest_reading import Expected, Spoken
from sayso.mix import FRAME, integrated

MP3 = "episode.mp3"

LOUDNESS_TOLERANCE_LU = 0.5  # ours; EBU R128 §h allows 0.5 LU for programmes made with meters
CEILING_DBTP = -1.0  # EBU R128 §i, AES TD1008
MAX_SILENCE_S = 2.5
"""Listeners take longer silence for the end. Ours; a script's own pause may be longer."""
MAX_GAP_IN_LINE_S = 1.5
"""Longer silence inside a sentence is a hole: no voice pauses so long at a comma."""

_SILENT_LUFS = -60.0
_VOICE_LU = -10.0
"""A line lies near the target; so far below it there is music at most."""
_STRAY_LUFS = -45.0
_MARGIN_FRAMES = 4
"""An encoder smears a sound over the frames around it."""

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def check_sound(heard: Heard, expected: Expected) -> list[Finding]:
    """Everything about the decoded sound. Its parts are only compared where its length is right."""
    findings = list(_check_form(heard, expected))
    levels = 10 * np.log10(heard.energies.astype(np.float64) / FRAME + 1e-12) - 0.691
    findings += _check_loudness(heard, expected)
    findings += _check_peaks(heard, expected)
    findings += at_most(list(_check_voices(heard, levels, expected)), 5)
    findings += at_most(list(_check_silence(levels, expected)), 3)
    findings += at_most(list(_check_stray(levels, expected)), 3)
    return findings


def _check_form(heard: Heard, expected: Expected) -> Iterator[Finding]:
    if (heard.sample_rate, heard.n_channels) != (expected.sample_rate, expected.n_channels):
        yield Finding(
            "format",
            f"it plays {heard.n_channels} channels at {heard.sample_rate} Hz, "
            f"and the manifest says {expected.n_channels} at {expected.sample_rate} Hz",
            MP3,
        )
    if heard.n_samples != expected.n_samples:
        more = heard.n_samples - expected.n_samples
        yield Finding(
            "duration",
            f"it plays {abs(more):,} samples {'more' if more > 0 else 'fewer'} than the "
            f"{expected.n_samples:,} of the timeline ({more / expected.sample_rate:+.3f} s)",
            MP3,
        )


def _check_loudness(heard: Heard, expected: Expected) -> list[Finding]:
    lufs = integrated(heard.energies, FRAME, heard.sample_rate)
    if lufs is None:
        if expected.integrated_lufs is None:
            return []
        return [Finding("loudness", "nothing is heard in it", MP3)]
    told = expected.integrated_lufs
    as_built = told is not None and abs(lufs - told) <= LOUDNESS_TOLERANCE_LU
    if abs(lufs - expected.target_lufs) > LOUDNESS_TOLERANCE_LU:
        problem = (
            f"it is at {lufs:.1f} LUFS, {lufs - expected.target_lufs:+.1f} LU from its target "
            f"of {expected.target_lufs:g}"
        )
        no_room = as_built and lufs < expected.target_lufs  # the next build would do no better
        hint = "set a lower loudness under [audio] in show.toml: its peaks leave no room for more"
        return [Finding("loudness", problem, MP3, hint if no_room else BUILD_AGAIN)]
    if not as_built:
        problem = f"it is at {lufs:.1f} LUFS, and the manifest says {told}"
        return [Finding("loudness", problem, MP3)]
    return []


def _check_peaks(heard: Heard, expected: Expected) -> list[Finding]:
    findings = []
    if heard.true_peak_dbtp > CEILING_DBTP:
        findings.append(
            Finding(
                "peak",
                f"its true peak is {heard.true_peak_dbtp:.1f} dBTP, above {CEILING_DBTP:g}",
                MP3,
                at_s=expected.seconds(heard.true_peak_at),
            )
        )
    if heard.n_clipped:
        findings.append(
            Finding(
                "clipping",
                f"{heard.n_clipped} samples reach full scale: they clip in players",
                MP3,
                at_s=expected.seconds(heard.clipped[0]),
            )
        )
    return findings


def _check_voices(heard: Heard, levels: Floats, expected: Expected) -> Iterator[Finding]:
    """Every line is heard, and has no hole."""
    silent = levels < _SILENT_LUFS
    for line in expected.lines:
        first, last = line.start // FRAME, -(-line.end // FRAME)
        at_s = expected.seconds(line.start)
        lufs = integrated(heard.energies[first:last], FRAME, heard.sample_rate)
        if lufs is None or lufs < expected.target_lufs + _VOICE_LU:
            level = "silence" if lufs is None else f"{lufs:.0f} LUFS"
            problem = f"no voice is heard where {_short(line)} is said ({level})"
            hint = "lexicon.toml can say how it sounds, if its voice cannot read it; or build again"
            yield Finding("voice", problem, MP3, hint, at_s)
            continue
        for start, end in _runs(silent[first:last]):
            if (end - start) * FRAME > MAX_GAP_IN_LINE_S * expected.sample_rate:
                gap_s = (end - start) * FRAME / expected.sample_rate
                problem = f"{gap_s:.1f} s of silence inside {_short(line)}"
                at = expected.seconds((first + start) * FRAME)
                yield Finding("voice", problem, MP3, BUILD_AGAIN, at)
                break


def _check_silence(levels: Floats, expected: Expected) -> Iterator[Finding]:
    """No silence over 2.5 s but where the timeline has as long a gap."""
    gaps = [
        (start, end) for start, end in _gaps(expected) if end - start > expected.sample_rate // 2
    ]
    for first, last in _runs(levels < _SILENT_LUFS):
        start, end = first * FRAME, last * FRAME
        if end - start <= MAX_SILENCE_S * expected.sample_rate:
            continue
        meant = sum(max(0, min(end, until) - max(start, at)) for at, until in gaps)
        if (end - start) - meant <= expected.sample_rate // 2:
            continue  # the script's own pause
        seconds = (end - start) / expected.sample_rate
        yield Finding(
            "silence",
            f"{seconds:.1f} s of silence",
            MP3,
            "shorten the pauses around it in script.md, or cut the silence off the sound file",
            expected.seconds(start),
        )


def _check_stray(levels: Floats, expected: Expected) -> Iterator[Finding]:
    """Nothing is heard where the timeline has nothing: else the sound is not where it should be."""
    loud = levels > _STRAY_LUFS
    for start, end in _gaps(expected):
        first, last = -(-start // FRAME) + _MARGIN_FRAMES, end // FRAME - _MARGIN_FRAMES
        if last > first and loud[first:last].any():
            where = first + int(loud[first:last].argmax())
            yield Finding(
                "noise",
                "there is sound where the timeline has none",
                MP3,
                at_s=expected.seconds(where * FRAME),
            )


def _gaps(expected: Expected) -> list[tuple[int, int]]:
    """Where the timeline has neither voice nor music, in samples."""
    gaps: list[tuple[int, int]] = []
    at = 0
    spans = [(line.start, line.end) for line in expected.lines]
    spans += [(music.start, music.end) for music in expected.music]
    for start, end in sorted(spans):
        if start > at:
            gaps.append((at, start))
        at = max(at, end)
    if at < expected.n_samples:
        gaps.append((at, expected.n_samples))
    return gaps


def _runs(flags: Flags) -> Sequence[tuple[int, int]]:
    """Runs of True, as first index and the one after the last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _short(line: Spoken) -> str:
    text = line.written
    return repr(text if len(text) <= 50 else text[:49] + "…")
