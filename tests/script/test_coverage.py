"""Which sentences of the review a script carries, lost, or repeats."""

from __future__ import annotations

from script.outlines import make_outline

from sayso.model import Paragraph, Text
from sayso.script import cover, parse_script, sentence_origins

OUTLINE = make_outline(
    ("intro", "One. Two, three. Yes. Yes."),
    ("cast", "Oh yes. He came; he went. Fin."),
)


def ids(script: str) -> dict[str, list[str]]:
    coverage = cover(parse_script(script), OUTLINE)
    return {
        name: [claim.id for claim in getattr(coverage, name)]
        for name in ("carried", "changed", "missing", "repeated")
        if getattr(coverage, name)
    }


def test_everything_is_there() -> None:
    text = "One. Two, three. Yes. Yes. {from=p1}\n\nOh yes. He came; he went. Fin. {from=p2}\n"
    carried = ["p1.1", "p1.2", "p1.3", "p1.4", "p2.1", "p2.2", "p2.3"]
    assert ids(text) == {"carried": carried}


def test_parts_of_a_paragraph_may_stand_apart() -> None:
    text = "One. {from=p1:1}\n\nOh yes. He came; he went. Fin. {from=p2}\n\nTwo, three. Yes. Yes. {from=p1:2-4}\n"
    carried = ["p1.1", "p2.1", "p2.2", "p2.3", "p1.2", "p1.3", "p1.4"]
    assert ids(text) == {"carried": carried}


def test_a_claimed_sentence_that_is_not_there_was_changed() -> None:
    assert ids("One. Two or three. Yes. Yes. {from=p1}\n\nOh yes. Fin. {from=p2:1-3}\n") == {
        "carried": ["p1.1", "p1.3", "p1.4", "p2.1", "p2.3"],
        "changed": ["p1.2", "p2.2"],
    }


def test_the_same_words_twice_must_stand_there_twice() -> None:
    assert ids("One. Two, three. Yes. {from=p1}\n\nOh yes. He came; he went. Fin. {from=p2}")[
        "changed"
    ] == ["p1.4"]


def test_words_inside_another_word_are_not_a_sentence() -> None:
    assert ids("He said: One.Two, three. Yes. Yes. {from=p1}")["changed"] == ["p1.1", "p1.2"]


def test_a_respelling_or_stress_changes_no_sentence() -> None:
    text = '[One]{say="Wun"}. Two, *three*. Yes. Yes. {from=p1}'
    assert ids(text)["carried"] == ["p1.1", "p1.2", "p1.3", "p1.4"]


def test_a_paragraph_that_stands_there_twice_is_repeated() -> None:
    text = "Oh yes. He came; he went. Fin. {from=p2}\n\nFin. {from=p2:3}\n"
    assert ids(text)["repeated"] == ["p2.3"]
    assert ids(text)["missing"] == ["p1.1", "p1.2", "p1.3", "p1.4"]


def test_an_origin_that_the_review_does_not_have_claims_nothing() -> None:
    assert ids("Hm. {from=p9}\n\nHm. {from=p1:9}\n\nHm. {from=x}\n").keys() == {"missing"}


def test_sentences_know_where_they_are_from() -> None:
    paragraph = Paragraph((Text("And: One. My own. Two, three. Yes."),), origin="p1")
    assert sentence_origins(paragraph, {block.id: block for block in OUTLINE.review.blocks}) == (
        ("And: One.", None),
        ("My own.", None),
        ("Two, three.", "p1.2"),
        ("Yes.", "p1.3"),
    )
