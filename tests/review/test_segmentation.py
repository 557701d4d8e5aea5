"""How a review is cut into passages, and what a placement tells: at the exact limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.model import Outline
from sayso.review import Kind, load_kinds, outline, parse_review, placing
from sayso.review.cues import Evidence, rank_hits
from sayso.review.explain import cue_words, explain_placement, placements_by_sentence
from sayso.review.kind import Segment
from sayso.review.passages import Passage
from sayso.review.placing import UNSURE_MARGIN
from sayso.review.sections import Section
from sayso.review.viterbi import Choice, Weights

KINDS = load_kinds()
CAST = "The performances are superb, and the cast has chemistry."
LOOK = "The cinematography is gorgeous, and the score is haunting."


def outline_of(text: str, kind: str = "tv") -> Outline:
    return outline(parse_review(text, Path("r.txt")), KINDS, kind=kind)


@pytest.mark.parametrize(
    ("n_sentences", "n_blocks", "is_cut"),
    [(8, 1, True), (7, 1, False), (8, 2, True), (8, 3, False), (9, 2, True)],
)
def test_a_long_paragraph_of_a_short_text_is_cut(
    n_sentences: int, n_blocks: int, is_cut: bool
) -> None:
    half = n_sentences // 2
    long = " ".join([*[CAST] * half, *[LOOK] * (n_sentences - half)])
    result = outline_of("\n\n".join([long, *["Hello there."] * 2][:n_blocks]))
    found = [(p.segment, p.first, p.last) for p in result.placements if p.block.id == "p1"]
    if is_cut:
        assert found == [("cast", 0, half), ("production", half, n_sentences)]
    else:
        assert [(first, last) for _, first, last in found] == [(0, None)]


def test_the_passages_have_their_places_and_bonuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 0 at the start to 1 at the end; one alone is in the middle."""
    places: list[float] = []
    bonuses: list[list[float]] = []
    emissions, best_path = placing.emissions, placing.best_path

    def see_place(scores: object, place: float, kind: Kind, weights: Weights) -> list[float]:
        places.append(place)
        return emissions(scores, place, kind, weights)  # type: ignore[arg-type]

    def see_stays(points: object, stays: list[float], kind: Kind, weights: Weights) -> list[Choice]:
        bonuses.append(stays)
        return best_path(points, stays, kind, weights)  # type: ignore[arg-type]

    monkeypatch.setattr(placing, "emissions", see_place)
    monkeypatch.setattr(placing, "best_path", see_stays)
    outline_of("Hello.")
    outline_of("One.\n\nTwo.\n\nThree.")
    outline_of(" ".join(["It is so."] * 8) + "\n\nBye.")
    assert places[:4] == [0.5, 0.0, 0.5, 1.0]
    stay, within = Weights().stay, Weights().stay_sentence
    assert bonuses == [[stay], [stay] * 3, [stay, *[within] * 7, stay]]


def test_place_counts_in_full_from_six_passages_on() -> None:
    full = Weights()
    assert placing._weights(6) == placing._weights(7) == full
    half = placing._weights(3)
    assert (half.position, half.opening, half.closing) == (
        full.position / 2,
        full.opening / 2,
        full.closing / 2,
    )
    assert (half.stay, half.reopening, half.cues) == (full.stay, full.reopening, full.cues)


@pytest.mark.parametrize(
    ("margins", "unsure"),
    [([UNSURE_MARGIN], False), ([UNSURE_MARGIN - 1e-6], True), ([9.0, 1.5004, 8.0], True)],
)
def test_a_placement_is_unsure_below_a_margin_of_two(margins: list[float], unsure: bool) -> None:
    assert UNSURE_MARGIN == 2.0
    block = outline_of("One. Two. Three.").review.blocks[0]
    passage = Passage((block,), Section(None, (block,)))
    units = [
        placing._Unit(passage, Evidence((), ()), None, at, at + 1) for at in range(len(margins))
    ]
    choices = [Choice(0, at + 1, margin) for at, margin in enumerate(margins)]
    kind = Kind("k", "K", tuple(Segment(name, name, name) for name in "abcd"))
    (placement,) = placing._place_run(units, choices, kind)
    least = margins.index(min(margins))
    assert (placement.unsure, placement.runner_up) == (unsure, "bcd"[least])
    assert placement.margin == round(min(margins), 3)
    (only,) = placing._place_run(units, choices, Kind("k", "K", kind.segments[:1]))
    assert (only.unsure, only.runner_up, only.margin) == (False, None, 0.0)


def test_every_sentence_knows_its_placement() -> None:
    result = outline_of(" ".join([*[CAST] * 4, *[LOOK] * 4]) + "\n\nBye.")
    placed = {key: p.segment for key, p in placements_by_sentence(result).items()}
    assert placed == {
        **{f"p1.{n}": "cast" for n in range(1, 5)},
        **{f"p1.{n}": "production" for n in range(5, 9)},
        "p2.1": placed["p2.1"],
    }


def test_a_placement_is_explained_in_one_line() -> None:
    text = f"# Quiet Hours\n\nHm.\n\n{CAST}\n\n## Verdict\n\nSee it.\n"
    result = outline(parse_review(text, Path("r.md")), KINDS, kind="tv")
    first, cast, verdict = result.placements
    words = ", ".join(f"“{w}”" for w in cue_words(cast))
    assert set(cue_words(cast)) >= {"performances", "cast"}
    titles = {name.id: name.title for name in result.names}
    rival = titles[cast.runner_up or ""]
    told = f"{words}; next best: {rival}, {cast.margin:.1f} behind"
    assert explain_placement(cast, result) == told
    assert explain_placement(first, result).startswith("its place in the review; next best: ")
    assert explain_placement(verdict, result) == "because of your heading"


def test_cue_words_are_those_of_the_segment_alone() -> None:
    placement = outline_of(f"It is back.\n\n{CAST} {LOOK}\n\nBye.").placements[1]
    of_segment = {hit.words for hit in placement.cues if hit.segment == placement.segment}
    others = {hit.words for hit in placement.cues if hit.segment != placement.segment}
    assert set(cue_words(placement)) == of_segment
    assert others - of_segment
    assert len(cue_words(placement)) == len(set(cue_words(placement)))


def test_cues_are_strongest_first() -> None:
    placement = outline_of(f"It is back.\n\n{CAST} {LOOK}\n\nBye.").placements[1]
    assert placement.cues == rank_hits(reversed(placement.cues))
    scores = [abs(hit.score) for hit in placement.cues]
    assert scores == sorted(scores, reverse=True)
