"""Why a paragraph is in its segment, in words for its author."""

from __future__ import annotations

from sayso.model import Outline, Placement


def placements_by_sentence(outline: Outline) -> dict[str, Placement]:
    """Where each sentence was placed, by its id: `p3.2` is sentence 2 of block p3."""
    return {
        f"{placement.block.id}.{number}": placement
        for placement in outline.placements
        for number, _ in enumerate(placement.sentences, placement.first + 1)
    }


def cue_words(placement: Placement) -> tuple[str, ...]:
    """The words that counted for the segment, each once, strongest first."""
    return tuple(
        dict.fromkeys(cue.words for cue in placement.cues if cue.segment == placement.segment)
    )


_REASONS = {
    "comment": "because of your comment",
    "front matter": "because of your front matter",
    "heading": "because of your heading",
    "rating": "the rating, which is said last",
    "shape": "its place before or after the things that are reviewed",
    "warning": "a warning, which comes first",
}


def explain_placement(placement: Placement, outline: Outline) -> str:
    """Why a paragraph is in its segment, in one line for the author."""
    names = {name.id: name.title for name in outline.names}
    if placement.block.kind == "heading" and placement.reason == "heading":
        return "your heading, said before what it heads"
    if placement.reason != "cues":
        return _REASONS[placement.reason]
    because = ", ".join(f"“{words}”" for words in cue_words(placement))
    because = because or "its place in the review"
    if placement.runner_up is None:
        return because
    rival = names.get(placement.runner_up, placement.runner_up)
    return f"{because}; next best: {rival}, {placement.margin:.1f} behind"
