"""Which sentences of the review a script carries, lost, or repeats."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scaling import growth
from script.outlines import make_outline

from sayso.model import Block, Outline, Paragraph, Script, Text
from sayso.script import cover, parse_script, sentence_origins
from sayso.script.coverage import claims

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


def long_paragraph(n: int, *, edited: bool) -> tuple[Outline, Script]:
    """A paragraph of `n` sentences, and a script that claims all of them."""
    outline = make_outline(("intro", " ".join(f"He found {i} shells there." for i in range(n))))
    text = outline.review.blocks[0].text
    if edited:
        text = text.replace("found", "lost")
    return outline, Script((), (Paragraph((Text(text),), origin="p1"),))


@pytest.mark.parametrize("edited", [False, True])
def test_the_time_grows_with_the_paragraph(edited: bool) -> None:
    """Eight times the sentences, and less than three times eight the time."""

    def measured(made: tuple[Outline, Script]) -> object:
        return cover(made[1], made[0])

    small, big = (long_paragraph(n, edited=edited) for n in (1_000, 8_000))
    assert growth(measured, small, big) < 24
    coverage = cover(big[1], big[0])
    assert len(coverage.changed if edited else coverage.carried) == 8_000


def test_one_sentence_many_times() -> None:
    outline = make_outline(("intro", "Yes. " * 4_000))
    script = Script((), (Paragraph((Text("Yes. " * 3_999),), origin="p1"),))
    assert [claim.id for claim in cover(script, outline).changed] == ["p1.4000"]


def test_a_sentence_within_a_longer_one_does_not_count_again() -> None:
    outline = make_outline(("intro", "He came. And then he said: He came."))
    short, long = outline.review.blocks[0].sentences[0], outline.review.blocks[0].text
    assert [c.id for c in cover(of(short), outline).carried] == ["p1.1"]
    assert len(cover(of(long), outline).carried) == 2
    only_long = of("And then he said: He came.")
    assert [c.id for c in cover(only_long, outline).changed] == ["p1.1"]


def of(text: str) -> Script:
    """A script of one paragraph, from p1."""
    return Script((), (Paragraph((Text(text),), origin="p1"),))


@given(
    st.lists(st.sampled_from(["A.", "A b.", "B c d.", "Oh.", "B c."]), min_size=1, max_size=8),
    st.data(),
)
def test_what_is_held_is_what_stands_there(sentences: list[str], data: st.DataObject) -> None:
    """Sentences in any order: each of them, as often as it is there."""
    block = Block("p1", "paragraph", " ".join(sentences), 1, tuple(sentences))
    n = data.draw(st.integers(0, len(sentences)))
    kept = data.draw(st.permutations(sentences))[:n]
    claimed = claims("p1", {"p1": block})
    outline = make_outline(("intro", "Unused."))
    review = replace(outline.review, blocks=(block,))
    coverage = cover(of(" ".join(kept)), replace(outline, review=review, placements=()))
    assert Counter(c.sentence for c in coverage.carried) == Counter(kept)
    assert len(coverage.carried) + len(coverage.changed) == len(claimed)
