"""The waveform of an episode as SVG: drawn from energies that mastering has kept, not from samples.

A small picture that is sharp at every size, takes the reader's light or dark colours, and tells the
chapter under the pointer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np
import numpy.typing as npt

from sayso.mix import FRAME
from sayso.model import Chapter, Timeline
from sayso.system.clock import clock

Floats = npt.NDArray[np.float32]

WIDTH, HEIGHT = 1200, 176
MAX_BYTES = 40_000

WAVE_TOP, WAVE_HEIGHT = 26, 128  # above it the chapters' names, below it the clock
_BAR, _GAP = 2, 1
_SILENT = 1e-4
"""-80 dBFS."""
CHARACTER = 6.6
"""Width of an average character at 11 px: errs wide, so that names do not run into the next."""
_TITLE_BYTES = 24_000

_STYLE = (
    ":root{color-scheme:light dark}"
    "text{font:11px ui-sans-serif,system-ui,sans-serif;fill:#57534e}"
    ".a{stroke:#0f766e}.b{stroke:#5fb3a8}.m{stroke:#a8a29e;stroke-width:1}.z{stroke:#d6d3d1}"
    f".w{{stroke-width:{_BAR};stroke-linecap:round;fill:none}}"
    ".h{fill:transparent}.h:hover{fill:#0f766e1a}"
    "@media(prefers-color-scheme:dark){text{fill:#c4bfb8}.a{stroke:#2dd4bf}.b{stroke:#12988a}"
    ".m{stroke:#78716c}.z{stroke:#44403c}.h:hover{fill:#2dd4bf26}}"
)


def waveform_svg(timeline: Timeline, energies: Floats, title: str) -> str:
    """The picture, at most 40 kB.

    `energies` are the K-weighted energies per MP3 frame of the whole episode, in order, as
    `MasteredChunk` has them.
    """
    heights = bar_heights(energies, WIDTH // (_BAR + _GAP))
    chapters = timeline.chapters or (Chapter("", title, 0, timeline.n_samples),)
    seconds = timeline.n_samples // timeline.sample_rate
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{escape(shortened(f"Waveform of {title}", 200))}">'
        f"<style>{_STYLE}</style>"
    ]
    parts += _waves(timeline, chapters, heights)
    parts += _clock_marks(seconds)
    parts += _chapter_marks(timeline, chapters)
    return "\n".join([*parts, "</svg>\n"])


def bar_heights(energies: Floats, n_bars: int) -> Floats:
    """`n_bars` heights from 0 to 1: the mean amplitude of each bar's share of the episode."""
    n = len(energies)
    if not n:
        return np.zeros(n_bars, np.float32)
    total = np.concatenate([[0.0], np.cumsum(energies, dtype=np.float64)])
    edges = np.interp(np.linspace(0, n, n_bars + 1), np.arange(n + 1), total)
    amplitudes = np.sqrt(np.maximum(np.diff(edges), 0) * n_bars / n)
    top = float(amplitudes.max())
    if top < _SILENT * math.sqrt(FRAME):  # no bar of silence is to be blown up to full height
        return np.zeros(n_bars, np.float32)
    heights: Floats = (amplitudes / top).astype(np.float32)
    return heights


def _waves(timeline: Timeline, chapters: Sequence[Chapter], heights: Floats) -> list[str]:
    """One path of upright strokes for each of three colours: chapters in turn, and silence."""
    middle = WAVE_TOP + WAVE_HEIGHT / 2
    starts = np.array([chapter.start for chapter in chapters])
    places = (np.arange(len(heights)) + 0.5) / len(heights) * timeline.n_samples
    turns = np.searchsorted(starts, places, side="right") % 2
    strokes: dict[str, list[str]] = {"z": [], "a": [], "b": []}
    for number, (height, turn) in enumerate(zip(heights.tolist(), turns.tolist(), strict=True)):
        x = number * (_BAR + _GAP) + 1
        half = round(height * (WAVE_HEIGHT / 2 - 1), 1)
        colour = ("b", "a")[turn] if half >= 1 else "z"
        half = max(half, 0.1)
        strokes[colour].append(f"M{x} {middle - half:g}v{2 * half:g}")
    return [
        f'<path class="w {colour}" d="{"".join(path)}"/>'
        for colour, path in strokes.items()
        if path
    ]


def _clock_marks(seconds: int) -> list[str]:
    """Times under the wave, six to twelve of them, at round minutes."""
    steps = (10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
    step = next((step for step in steps if seconds <= 12 * step), -(-seconds // 12))
    marks = []
    for at in range(0, seconds + 1, step):
        x = round(at / max(seconds, 1) * WIDTH)
        anchor = "start" if x < 20 else "end" if x > WIDTH - 20 else "middle"
        marks.append(f'<text x="{x}" y="{HEIGHT - 6}" text-anchor="{anchor}">{clock(at)}</text>')
    return marks


def _chapter_marks(timeline: Timeline, chapters: Sequence[Chapter]) -> list[str]:
    """A line and a name where each chapter begins, and its title under the pointer."""
    edges = [round(c.start / max(timeline.n_samples, 1) * WIDTH) for c in chapters]
    lines = "".join(f"M{max(x, 1)} 4V{WAVE_TOP + WAVE_HEIGHT}" for x in edges)
    parts = [f'<path class="m" d="{lines}"/>']
    allowed = _TITLE_BYTES // len(chapters) - 90
    if allowed < 8:  # hundreds of chapters: no room for names in a small picture
        return parts
    for chapter, x, until in zip(chapters, edges, [*edges[1:], WIDTH], strict=True):
        title = shortened(chapter.title, min(allowed // 6, 120))
        fits = int((until - x - 8) / CHARACTER)
        at = clock(chapter.start // timeline.sample_rate)
        if fits >= min(len(title), 4):
            parts.append(f'<text x="{x + 5}" y="14">{escape(shortened(title, fits))}</text>')
        parts.append(
            f'<rect class="h" x="{x}" y="0" width="{max(until - x, 1)}" height="{HEIGHT}">'
            f"<title>{escape(title)}, {at}</title></rect>"
        )
    return parts


def shortened(text: str, length: int) -> str:
    """Text of at most `length` characters, none of which XML cannot hold."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clean if len(clean) <= length else clean[: max(length - 1, 1)].rstrip() + "…"
