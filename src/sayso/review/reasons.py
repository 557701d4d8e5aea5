"""Why a sentence is where it is, in words."""

from __future__ import annotations

from sayso.model import Outline, Placement


def placement_of(outline: Outline, origin: str | None) -> Placement | None:
    """Where `p3.2`, sentence 2 of block p3, was placed; None for what is no sentence's id."""
    block, _, number = (origin or "").partition(".")
    if not number.isdigit():
        return None
    index = int(number) - 1
    for placement in outline.placements:
        end = len(placement.block.sentences) if placement.last is None else placement.last
        if placement.block.id == block and placement.first <= index < end:
            return placement
    return None


def cue_words(placement: Placement) -> tuple[str, ...]:
    """The words that spoke for the segment, each once, in the order that they were found."""
    return tuple(
        dict.fromkeys(cue.words for cue in placement.cues if cue.segment == placement.segment)
    )


def why(placement: Placement, outline: Outline) -> str:
    """Why a paragraph is in its segment, in a line."""
    names = {name.id: name.title for name in outline.names}
    if placement.reason != "cues":
        return f"because of your {placement.reason}"
    because = ", ".join(f"“{words}”" for words in cue_words(placement))
    because = because or "its place in the review"
    if placement.runner_up is None:
        return because
    rival = names.get(placement.runner_up, placement.runner_up)
    return f"{because}; next best: {rival}, {placement.margin:.1f} behind"
