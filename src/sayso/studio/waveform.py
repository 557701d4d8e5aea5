"""The waveform at the top of the page: segments in their colours, each to be pressed.

Unlike the episode's own waveform it is part of a page, which has its colours and its type: it holds
no styles. It is stretched to any width; its names are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt

from sayso.episode.waveform import CHARACTER, bar_heights, shortened
from sayso.system.clock import clock

Floats = npt.NDArray[np.float32]

_N_BARS = 280
_STEP = 4
_HEIGHT = 100
_NAMES_WIDTH = 920
"""Pixels of the waveform on a desk, for how much of a name fits; a narrow page hides the names."""
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class WavePart:
    """A segment in the waveform."""

    title: str
    colour: int
    """From 0 to 7."""
    start_ms: int
    end_ms: int


def segments_svg(energies: Floats, parts: Sequence[WavePart], duration_ms: int) -> str:
    """The picture, for the page itself.

    `energies` are the K-weighted energies per MP3 frame of the whole episode, in order. The
    segments are buttons (class `part`, `data-start` in ms), of which the tab key reaches the first.
    """
    return "".join(
        (
            '<svg class="wave" width="100%" height="100%" role="group" aria-label="Segments">',
            f'<svg class="bars" viewBox="0 0 {_N_BARS * _STEP} {_HEIGHT}" y="24%" height="76%" '
            'preserveAspectRatio="none" aria-hidden="true">',
            *_bars(energies, parts, duration_ms),
            "</svg>",
            *_buttons(parts, max(duration_ms, 1)),
            "</svg>",
        )
    )


def _bars(energies: Floats, parts: Sequence[WavePart], duration_ms: int) -> Iterator[str]:
    """One path of upright strokes for each segment, in its colour."""
    heights = bar_heights(energies, _N_BARS)
    places = (np.arange(_N_BARS) + 0.5) / _N_BARS * duration_ms
    owners = np.searchsorted([part.start_ms for part in parts], places, side="right") - 1
    for owner in np.unique(owners):
        colour = f"c{parts[owner].colour}" if owner >= 0 else "none"
        strokes = []
        for bar in np.flatnonzero(owners == owner).tolist():
            half = max(round(float(heights[bar]) * (_HEIGHT / 2 - 1), 1), 0.5)
            strokes.append(f"M{bar * _STEP + _STEP // 2} {_HEIGHT / 2 - half:g}v{2 * half:g}")
        yield f'<path class="{colour}" d="{"".join(strokes)}"/>'


def _buttons(parts: Sequence[WavePart], duration_ms: int) -> Iterator[str]:
    for number, part in enumerate(parts):
        share = max(part.end_ms - part.start_ms, 0) / duration_ms
        title = shortened(part.title, _LONGEST_NAME)
        fits = int((share * _NAMES_WIDTH - 8) / CHARACTER)
        name = escape(shortened(title, fits)) if fits >= min(len(title), 4) else ""
        yield (
            f'<svg class="part c{part.colour}" x="{part.start_ms / duration_ms:.3%}" '
            f'width="{share:.3%}" height="100%" role="button" tabindex="{-1 if number else 0}" '
            f'data-start="{part.start_ms}" data-title="{escape(title)}" '
            f'aria-label="{escape(title)}, {clock(part.start_ms // 1000)}">'
            '<rect width="100%" height="100%"/>'
            f'<text x="5" y="11" aria-hidden="true">{name}</text></svg>'
        )
