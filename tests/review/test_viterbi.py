"""The best sequence of segments: compared with all sequences that there are."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.review.kind import Kind, Segment
from sayso.review.viterbi import Weights, best_path, emissions

WEIGHTS = Weights(opening=2.5, closing=1.5, reopening=3.0, leaving=2.0)
SEGMENTS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=3)
POINTS = st.integers(-8, 8).map(lambda n: n / 2)


def kind_of(flags: list[tuple[bool, bool]]) -> Kind:
    segments = [Segment(str(n), "", "", opens=o, closes=c) for n, (o, c) in enumerate(flags)]
    return Kind("k", "K", tuple(segments))


def total(
    path: tuple[int, ...], points: list[list[float]], stays: list[float], kind: Kind
) -> float:
    """The points of a sequence, straight from the definition."""
    segments = kind.segments
    found = sum(points[i][s] for i, s in enumerate(path))
    if any(s.opens for s in segments) and not segments[path[0]].opens:
        found -= WEIGHTS.opening
    if any(s.closes for s in segments) and not segments[path[-1]].closes:
        found -= WEIGHTS.closing
    for i, (a, b) in enumerate(itertools.pairwise(path), 1):
        if a == b:
            found += stays[i]
        elif segments[b].opens:
            found -= WEIGHTS.reopening
        elif segments[a].closes:
            found -= WEIGHTS.leaving
    return found


@given(SEGMENTS, st.integers(1, 4), st.data())
def test_no_sequence_is_better(flags: list[tuple[bool, bool]], n: int, data: st.DataObject) -> None:
    kind = kind_of(flags)
    points = [[data.draw(POINTS) for _ in flags] for _ in range(n)]
    stays = [data.draw(st.sampled_from([0.5, 3.0])) for _ in range(n)]
    sums = {
        path: total(path, points, stays, kind)
        for path in itertools.product(range(len(flags)), repeat=n)
    }
    choices = best_path(points, stays, kind, WEIGHTS)
    chosen = tuple(choice.segment for choice in choices)
    assert sums[chosen] == max(sums.values())
    for i, choice in enumerate(choices):
        best = {
            s: max(value for path, value in sums.items() if path[i] == s) for s in range(len(flags))
        }
        others = [s for s in best if s != choice.segment]
        if not others:
            assert (choice.runner_up, choice.margin) == (choice.segment, math.inf)
            continue
        assert choice.runner_up == min(others, key=lambda s: (-best[s], s))
        assert choice.margin == best[choice.segment] - best[choice.runner_up]


def test_ties_go_to_the_first_segment() -> None:
    kind = kind_of([(False, False)] * 3)
    choices = best_path([[1.0, 1.0, 1.0]] * 3, [0.0] * 3, kind, WEIGHTS)
    assert [(c.segment, c.runner_up, c.margin) for c in choices] == [(0, 1, 0.0)] * 3


def test_no_passage_has_no_choice() -> None:
    assert best_path([], [], kind_of([(True, False)]), WEIGHTS) == []


def test_cue_scores_become_log_probabilities() -> None:
    position = ((0.0, 1.0), (1.0, -1.0))
    kind = Kind("k", "K", (Segment("a", "", "", position=position), Segment("b", "", "")))
    weights = Weights(temperature=2.0, cues=3.0, position=0.5)
    found = emissions([2.0, 0.0], 0.25, kind, weights)
    norm = math.log(math.e + 1)
    assert found == pytest.approx([3 * (1 - norm) + 0.5 * 0.5, 3 * (0 - norm)])
    # Large scores do not overflow.
    assert emissions([5_000.0, 0.0], 1.0, kind, weights)[0] == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("place", "points"), [(0.0, 1.0), (0.25, 2.0), (0.5, 3.0), (0.75, 1.0), (1.0, -1.0)]
)
def test_points_by_place_lie_on_straight_lines(place: float, points: float) -> None:
    segment = Segment("a", "", "", position=((0.0, 1.0), (0.5, 3.0), (1.0, -1.0)))
    assert segment.points_at(place) == points


def test_points_outside_of_the_given_places_are_those_at_the_ends() -> None:
    segment = Segment("a", "", "", position=((0.25, 1.0), (0.75, 3.0)))
    assert [segment.points_at(place) for place in (0.0, 0.25, 0.75, 1.0)] == [1.0, 1.0, 3.0, 3.0]
