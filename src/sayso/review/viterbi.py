"""The most likely sequence of segments for a sequence of passages (Viterbi)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sayso.review.kind import Kind


@dataclass(frozen=True, slots=True)
class Weights:
    """How the parts of the model count; benchmarks/segments.py measures the defaults."""

    temperature: float = 3.0
    """Cue points that make a segment e times as likely."""
    cues: float = 2.0
    position: float = 1.0
    stay: float = 0.8
    """Points for staying in a segment."""
    stay_sentence: float = 3.0
    """The same between sentences of one paragraph."""
    opening: float = 2.5
    """Points off for any first passage that is not in the opening segment."""
    closing: float = 1.5
    """Points off for any last passage that is not in the closing segment."""
    reopening: float = 3.0
    """Points off for coming back to the opening segment."""
    leaving: float = 2.0
    """Points off for leaving the closing segment."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The segment (by number) chosen for a passage, the next best, and by how much."""

    segment: int
    runner_up: int
    margin: float


def emissions(scores: Sequence[float], place: float, kind: Kind, weights: Weights) -> list[float]:
    """Points of each segment for one passage: cue scores as log-probabilities, plus position."""
    scaled = [score / weights.temperature for score in scores]
    top = max(scaled)
    norm = top + math.log(sum(math.exp(value - top) for value in scaled))
    return [
        weights.cues * (value - norm) + weights.position * segment.points_at(place)
        for value, segment in zip(scaled, kind.segments, strict=True)
    ]


def best_path(
    points: Sequence[Sequence[float]], stays: Sequence[float], kind: Kind, weights: Weights
) -> list[Choice]:
    """Choose a segment for every passage so that the sum of all points is greatest.

    `points[i][s]` are passage i's points for segment s; `stays[i]` the bonus for passage i being
    in the same segment as the one before. The margin is how much the best sequence loses where
    this passage has its best other segment. Ties go to the segment that comes first in the kind.
    """
    if not points:
        return []
    n_segments = len(kind.segments)
    forward = _sum_forward(points, stays, kind, weights)
    backward = _sum_backward(points, stays, kind, weights)
    choices: list[Choice] = []
    path = _trace_path(forward, points, stays, kind, weights)
    for i, chosen in enumerate(path):
        through = [forward[i][s] + backward[i][s] for s in range(n_segments)]
        others = [s for s in range(n_segments) if s != chosen]
        runner_up = max(others, key=lambda s: (through[s], -s), default=chosen)
        margin = max(0.0, through[chosen] - through[runner_up]) if others else math.inf
        choices.append(Choice(chosen, runner_up, margin))
    return choices


def _transitions(kind: Kind, stay: float, weights: Weights) -> list[list[float]]:
    """Points of going from segment a to segment b."""
    table: list[list[float]] = []
    for a, origin in enumerate(kind.segments):
        row: list[float] = []
        for b, target in enumerate(kind.segments):
            points = 0.0
            if a == b:
                points = stay
            elif target.opens:
                points = -weights.reopening
            elif origin.closes:
                points = -weights.leaving
            row.append(points)
        table.append(row)
    return table


def _start(kind: Kind, weights: Weights) -> list[float]:
    if not any(segment.opens for segment in kind.segments):
        return [0.0] * len(kind.segments)
    return [0.0 if segment.opens else -weights.opening for segment in kind.segments]


def _end(kind: Kind, weights: Weights) -> list[float]:
    if not any(segment.closes for segment in kind.segments):
        return [0.0] * len(kind.segments)
    return [0.0 if segment.closes else -weights.closing for segment in kind.segments]


def _transitions_by_stay(
    stays: Sequence[float], kind: Kind, weights: Weights
) -> dict[float, list[list[float]]]:
    return {stay: _transitions(kind, stay, weights) for stay in set(stays)}


def _sum_forward(
    points: Sequence[Sequence[float]], stays: Sequence[float], kind: Kind, weights: Weights
) -> list[list[float]]:
    """Best sum up to and including each passage, for each segment of it."""
    steps = _transitions_by_stay(stays, kind, weights)
    every = range(len(kind.segments))
    rows = [[a + b for a, b in zip(_start(kind, weights), points[0], strict=True)]]
    for here, stay in zip(points[1:], stays[1:], strict=True):
        step, before = steps[stay], rows[-1]
        rows.append([max(before[a] + step[a][b] for a in every) + here[b] for b in every])
    return rows


def _sum_backward(
    points: Sequence[Sequence[float]], stays: Sequence[float], kind: Kind, weights: Weights
) -> list[list[float]]:
    """Best sum after each passage, for each segment of it."""
    steps = _transitions_by_stay(stays, kind, weights)
    every = range(len(kind.segments))
    rows = [_end(kind, weights)]
    for following, stay in zip(reversed(points[1:]), reversed(stays[1:]), strict=True):
        step, after = steps[stay], rows[-1]
        rows.append([max(step[a][b] + following[b] + after[b] for b in every) for a in every])
    return rows[::-1]


def _trace_path(
    forward: Sequence[Sequence[float]],
    points: Sequence[Sequence[float]],
    stays: Sequence[float],
    kind: Kind,
    weights: Weights,
) -> list[int]:
    steps = _transitions_by_stay(stays, kind, weights)
    every = range(len(kind.segments))
    end = _end(kind, weights)
    path = [max(every, key=lambda s: (forward[-1][s] + end[s], -s))]
    for i in range(len(points) - 1, 0, -1):
        step, b = steps[stays[i]], path[-1]
        path.append(max(every, key=lambda a: (forward[i - 1][a] + step[a][b], -a)))
    return path[::-1]
