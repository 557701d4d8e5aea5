"""A passage that begins by announcing its segment, against weak words for another."""

from __future__ import annotations

import pytest

from sayso.review import load_kinds
from sayso.review.cues import weigh_cues

FILM = load_kinds().by_id["film"]
IDS = [segment.id for segment in FILM.segments]
WEAK = "I saw that last week with a friend, who had waited for years."


def points(text: str, segment: str) -> float:
    """What the cues of one segment add up to in a passage of two sentences."""
    return weigh_cues((text, WEAK), IDS, FILM.index).scores[IDS.index(segment)]


@pytest.mark.parametrize(
    ("announced", "passing", "segment"),
    [
        ("The soundtrack is a hum.", "A hum is the soundtrack.", "production"),
        ("Soundtrack: a hum.", "A hum, soundtrack.", "production"),
        ("As for the soundtrack, it hums.", "It hums as a soundtrack.", "production"),
        ("Storywise it hums.", "It hums storywise.", "premise"),
        ("Story-wise, it hums.", "It hums story-wise.", "premise"),
        ("Now, when it comes to the cast, it hums.", "It hums when the cast comes.", "cast"),
        ("Ann Other's direction is a hum.", "A hum is Ann Other's direction.", "production"),
    ],
)
def test_a_name_at_the_head_counts_for_much(announced: str, passing: str, segment: str) -> None:
    assert points(announced, segment) > points(passing, segment) + 4


def test_a_name_of_the_opening_is_not_announced() -> None:
    assert points("The intro is a hum.", "intro") == points("A hum is the intro.", "intro")
