"""Which kind a review is of, where nobody says it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.review import KindGuess, guess_kind, load_kinds, outline, parse_review

KINDS = load_kinds()

PLAIN = {
    "tv": "This show is back for a third season. Each episode ends on a cliffhanger. I watched it all.",
    "film": "This film has a good director. The movie has two car chases, and the cinema laughed.",
    "game": "This game has bosses on every level. The combat is hard, and the controller is my enemy.",
    "book": "This novel has short chapters. The author writes prose that readers will love.",
    "gadget": "These headphones have a long battery life. The Bluetooth is stable, and so is the app.",
    "restaurant": "The menu is short. We ordered the fish, and the waiter brought bread and a salad.",
    "album": "This album has ten songs. The guitars are loud, the drummer is fast, and the chorus sings.",
    "drink": "This beer pours a hazy gold. The aroma is of malt and hops, with a long, bitter finish.",
    "boardgame": "This board game has dice and meeples. On your turn you draw cards and place tiles.",
    "stay": "This hotel has a lobby of marble. Our room had a soft bed and a shower. We stayed two nights.",
    "software": "This app has plugins and syncs to Linux. The user interface has keyboard shortcuts.",
}


@pytest.mark.parametrize("kind", PLAIN)
def test_plain_words_tell_the_kind(kind: str) -> None:
    review = parse_review(f"# Zu\n\n{PLAIN[kind]}\n")
    guess = guess_kind(review, KINDS)
    assert (guess.kind, guess.sure) == (kind, True)
    assert outline(review, KINDS).kind == kind


@pytest.mark.parametrize(
    ("kind", "aside"),
    [
        ("book", "The film adaptation had a better director, but a movie has no footnotes."),
        ("film", "A game of the same name is for the console, and a player could win it."),
        ("game", "The soundtrack is on vinyl, by a band with a loud guitar and a louder drummer."),
        ("album", "A film used one of its songs, in a scene with two actors on a screen."),
        ("tv", "The novel has more chapters, and its author wrote the plot."),
        ("stay", "For breakfast the menu had eggs, and dinner was a dish of noodles."),
        ("drink", "I drank it in a restaurant with a steak, and the waiter laughed."),
    ],
)
def test_words_of_another_domain_do_not_sway_it(kind: str, aside: str) -> None:
    review = parse_review(f"# Zu\n\n{PLAIN[kind]}\n\n{aside}\n")
    assert guess_kind(review, KINDS).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "I bought this bike in spring. The brakes bite, the saddle is hard, and the hills are many.",
        "The kettle boils a litre in two minutes. Its lid sticks.",
        "Mhm.",
        "The chairs are hard. The doctor was late, and nobody said why.",
    ],
)
def test_what_no_kind_is_sure_of_is_general(text: str) -> None:
    review = parse_review(f"# Zu\n\n{text}\n")
    assert not guess_kind(review, KINDS).sure
    result = outline(review, KINDS)
    assert (result.kind, result.kind_reason) == ("general", "guess")


@pytest.mark.parametrize(
    ("front", "kind"),
    [
        ("categories: [reviews, film]", "film"),
        ("category: Board Games", "boardgame"),
        ("tags: [whisky, islay]", "drink"),
        ("isbn: 978-0-00-000000-0", "book"),
    ],
)
def test_front_matter_is_evidence(front: str, kind: str) -> None:
    review = parse_review(f"---\ntitle: Zu\n{front}\n---\nIt is fine. I would do it again.\n")
    assert guess_kind(review, KINDS).kind == kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Album review: Zu", "album"),
        ("Zu by Ann Other", "book"),
        ("Zu (1995)", "film"),
        ("Zu, season 3", "tv"),
        ("Review: hotel | Zu", "stay"),
    ],
)
def test_the_title_is_evidence(title: str, kind: str) -> None:
    review = parse_review(f"# {title}\n\nIt is fine. I would do it again.\n")
    assert guess_kind(review, KINDS).kind == kind


@pytest.mark.parametrize("key", ["kind: book", "kind: novel"])
def test_one_key_settles_it(key: str) -> None:
    review = parse_review(f"---\ntitle: Zu\n{key}\n---\n{PLAIN['film']}\n")
    assert (outline(review, KINDS).kind, outline(review, KINDS).kind_reason) == (
        "book",
        "front matter",
    )


@given(st.text(alphabet="abc filmbookgame.\n", max_size=300))
def test_a_guess_is_whole(text: str) -> None:
    review = parse_review(f"# T\n\n{text}\n\nx")
    guess = guess_kind(review, KINDS)
    assert guess == guess_kind(review, KINDS)
    assert isinstance(guess, KindGuess)
    assert 0 <= guess.margin <= 1
    assert guess.used == (guess.kind if guess.sure else "general")
    assert guess.kind in KINDS.by_id
    assert guess.runner_up != guess.kind
