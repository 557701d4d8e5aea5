"""The most likely sequence of segments for a sequence of passages (Viterbi)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sayso.review.kind import Kind


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the model's parts; benchmarks/segments.py measures the defaults."""

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
    """Points off for returning to the opening segment."""
    leaving: float = 2.0
    """Points off for leaving the closing segment."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The segment (by number) chosen for a passage, the next best, and by how much."""

    segment: int
    runner_up: int
    margin: float


def emissions(scores: Sequence[float], place: float, kind: Kind, weights: Weights) -> list[float]:
    """The points of each segment for one passage: cue scores as log-probabilities, plus position.

    `scores` has one score for each segment of `kind`; `place` is from 0 (start) to 1 (end).
    """
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

    `points[i][s]` are the points of passage i for segment s; `stays[i]` is the bonus for passage i
    being in the same segment as the one before. The margin is how much the best sequence loses
    where this passage has its best other segment; it is infinite where a kind has one segment.
    Ties go to the segment that comes first in the kind.
    """
    if not points:
        return []
    every = range(len(kind.segments))
    steps = {stay: _transitions(kind, stay, weights) for stay in set(stays)}
    opens = [segment.opens for segment in kind.segments]
    closes = [segment.closes for segment in kind.segments]
    start = [-weights.opening if any(opens) and not is_one else 0.0 for is_one in opens]
    end = [-weights.closing if any(closes) and not is_one else 0.0 for is_one in closes]
    forward = _sum_forward(points, stays, start, steps)
    backward = _sum_backward(points, stays, end, steps)

    # The path is traced back from the best last segment.
    path = [max(every, key=lambda s: (forward[-1][s] + end[s], -s))]
    for i in range(len(points) - 1, 0, -1):
        step, b = steps[stays[i]], path[-1]
        path.append(max(every, key=lambda a: (forward[i - 1][a] + step[a][b], -a)))

    choices: list[Choice] = []
    for i, chosen in enumerate(reversed(path)):
        through = [forward[i][s] + backward[i][s] for s in every]
        others = [s for s in every if s != chosen]
        runner_up = max(others, key=lambda s: (through[s], -s), default=chosen)
        margin = max(0.0, through[chosen] - through[runner_up]) if others else math.inf
        choices.append(Choice(chosen, runner_up, margin))
    return choices


_Table = list[list[float]]
"""Points of going from segment a to segment b: `table[a][b]`."""


def _transitions(kind: Kind, stay: float, weights: Weights) -> _Table:
    def points(a: int, b: int) -> float:
        if a == b:
            return stay
        if kind.segments[b].opens:
            return -weights.reopening
        return -weights.leaving if kind.segments[a].closes else 0.0

    every = range(len(kind.segments))
    return [[points(a, b) for b in every] for a in every]


def _sum_forward(
    points: Sequence[Sequence[float]],
    stays: Sequence[float],
    start: Sequence[float],
    steps: Mapping[float, _Table],
) -> _Table:
    """The best sum up to and including each passage, for each segment of it."""
    every = range(len(start))
    rows = [[a + b for a, b in zip(start, points[0], strict=True)]]
    for here, stay in zip(points[1:], stays[1:], strict=True):
        step, before = steps[stay], rows[-1]
        rows.append([max(before[a] + step[a][b] for a in every) + here[b] for b in every])
    return rows


def _sum_backward(
    points: Sequence[Sequence[float]],
    stays: Sequence[float],
    end: Sequence[float],
    steps: Mapping[float, _Table],
) -> _Table:
    """The best sum after each passage, for each segment of it."""
    every = range(len(end))
    rows = [list(end)]
    for following, stay in zip(reversed(points[1:]), reversed(stays[1:]), strict=True):
        step, after = steps[stay], rows[-1]
        rows.append([max(step[a][b] + following[b] + after[b] for b in every) for a in every])
    return rows[::-1]
