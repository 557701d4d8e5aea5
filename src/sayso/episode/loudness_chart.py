"""The short-term loudness of an episode as an SVG for its report, with target and gate."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sayso.mix import FRAME, relative_gate, short_term

Floats = npt.NDArray[np.float32]

WIDTH, HEIGHT = 1200, 220
_TOP_LUFS, _BOTTOM_LUFS = -6.0, -42.0
_LABEL_Y = {"target": -34.0, "gate": -5.0}
"""The curve keeps close to the target, so its label stands clear of both."""
_LABEL_HEIGHT = 14
_POINTS = 600
_SHORT_TERM_STEP_S = 0.1  # EBU Tech 3341 §2.2: at least ten values a second


def loudness_chart(
    energies: Floats, sample_rate: int, target_lufs: float, chapter_starts_s: tuple[float, ...]
) -> str:
    """Loudness over three seconds, over the whole episode; styled by the page it stands in.

    `energies` are K-weighted energies per MP3 frame. The gate is where BS.1770's relative gate lies
    for this episode: what is quieter does not count towards its loudness.
    """
    seconds = len(energies) * FRAME / sample_rate
    gate = relative_gate(energies, FRAME, sample_rate)
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="loudness-title"><title id="loudness-title">'
        f"Short-term loudness; target {target_lufs:g} LUFS</title>"
    ]
    for lufs in range(-10, -41, -10):
        y = _y(lufs)
        parts.append(f'<path class="grid" d="M30 {y:g}H{WIDTH}"/>')
    for start_s in chapter_starts_s[1:]:
        parts.append(f'<path class="grid" d="M{start_s / seconds * WIDTH:.1f} 0V{HEIGHT}"/>')
    points = _points(energies, sample_rate, seconds)
    if points:
        line = "L".join(points)
        last_x = points[-1].split()[0]
        parts.append(f'<path class="area" d="M0 {HEIGHT}L{line}L{last_x} {HEIGHT}Z"/>')
        parts.append(f'<path class="curve" d="M{line}"/>')
    parts += [f'<text x="2" y="{_y(at) + 4:g}">−{-at}</text>' for at in range(-10, -41, -10)]
    parts.append(_mark("target", target_lufs, f"{-target_lufs:g}"))
    if gate is not None:
        parts.append(_mark("gate", gate, f"{-gate:.0f}"))
    return "\n".join([*parts, "</svg>"])


def _points(energies: Floats, sample_rate: int, seconds: float) -> list[str]:
    step_s = max(_SHORT_TERM_STEP_S, seconds / _POINTS)
    curve = short_term(energies, FRAME, sample_rate, step_s=step_s)
    return [
        f"{(number + 1) * step_s / seconds * WIDTH:.1f} {_y(lufs):.1f}"
        for number, lufs in enumerate(curve.tolist())
    ]


def _mark(name: str, lufs: float, told: str) -> str:
    y = _y(lufs)
    label_y = y + _LABEL_Y[name]
    if label_y < _LABEL_HEIGHT:  # a target so loud that its label would lie above the picture
        label_y = y + _LABEL_HEIGHT
    return (
        f'<path class="{name}" d="M0 {y:.1f}H{WIDTH}"/>'
        f'<text class="{name}-label" x="{WIDTH - 4}" y="{label_y:.1f}" '
        f'text-anchor="end">{name} −{told} LUFS</text>'
    )


def _y(lufs: float) -> float:
    share = (_TOP_LUFS - min(max(lufs, _BOTTOM_LUFS), _TOP_LUFS)) / (_TOP_LUFS - _BOTTOM_LUFS)
    return round(share * HEIGHT, 1)
