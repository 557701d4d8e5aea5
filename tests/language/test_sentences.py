from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.language import sentences
from sayso.language.sentences import split_sentences

CASES = [
    # one sentence a list entry
    ["It is good.", "It is very good."],
    ["Is it?", "It is!", "Really?!", "Yes."],
    ["Dr. Vance met Mrs. Poole.", "They left."],
    ["It is Quill vs. Reed again.", "Reed wins."],
    ["Bring snacks, e.g. Marmite toast.", "Enjoy."],
    ["Made in the U.S. by hand.", "It shows."],
    ["It was made in the U.S.", "The film shows it."],
    ["The U.S. Army appears twice."],
    ["Number No. 4 is alive.", "No.", "I mean it."],
    ["See vol. 2, p. 17.", "It is there."],
    ["Michael B. Somebody stars.", "So does J. R. R. Noname."],
    ["It cost 3.5 million.", "It made 2.", "Nobody laughed."],
    ["It scores 7.5.", "Quill agrees."],
    ["Wait… what is that?", "Nobody knows…", "Then it moves."],
    ["Well... I think not.", "And then...", "Nothing."],
    ["He said “Stop.”", "She did not."],
    ["“Who are you?” she asked.", "“Nobody.”", "He left."],
    ["It is fine (really.)", "Next."],
    ["It is fine (so they say).", "Next."],
    ["Yahoo! Inc. makes it.", "It is odd."],
    ["They play Jeopardy! every night.", "They lose."],
    ["I got an iPad.", "iPhones are dear.", "It works."],
    ["It ends at 5 p.m. sharp.", "We left at 6 p.m.", "It was dark."],
    ["Plan B failed.", "Plan C. was worse."],
    ["1. First of all, the sea."],
    ["Read it at example.org.", "Or do not."],
    ["The end.of the line is near.", "Or not."],
    ["非常好。", "再见！", "真的？", "是。"],
    ["It moves like a.net site.", "Slowly."],
    ["Quill & Sons Ltd. built it.", "They are proud."],
    ["St. Ives is wet.", "Mt. Misery is worse."],
    ["Nobody came, etc.", "Luckily it was short."],
    ["A cat (see Fig. 3) sat.", "It slept."],
    ["It is no small feat.", "The film (2019; dir. Bong) has a song feat. Rihanna."],
    ["It is about sex ed.", "She is trans.", "It works."],
    ["Warner Bros. Pictures made it.", "It is by Warner Bros.", "The end."],
    ["Will.i.am sings.", "A vase of c. 1200 BC.", "It has max. 4 seats."],
    ["We drove to Ft. Worth.", "On Mon. 12 Oct we left."],
    ["He got a C.", "Then he left for St. Étienne."],
]


@pytest.mark.parametrize("sentences", CASES, ids=lambda s: s[0][:24])
def test_sentences(sentences: list[str]) -> None:
    assert split_sentences(" ".join(sentences)) == tuple(sentences)


def test_white_space_only() -> None:
    assert split_sentences(" \n\t\u3000 ") == ()


def test_white_space_is_collapsed() -> None:
    assert split_sentences("One\n two. \t Three.") == ("One two.", "Three.")


def test_many_stops_take_no_time() -> None:
    assert len(split_sentences("." * 1_000_000)) == 1
    assert len(split_sentences("“" * 100_000 + ".”" * 100_000)) == 1


WORDS = st.sampled_from(
    [
        "Dr.",
        "U.S.",
        "e.g.",
        "No.",
        "4",
        "3.5",
        "He",
        "she",
        "…",
        "...",
        "?!",
        "“Go.”",
        "(x.)",
        "I",
        "é。",
    ]
)


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map(" ".join)))
def test_sentences_give_the_text_back(text: str) -> None:
    sentences = split_sentences(text)
    assert " ".join(sentences) == " ".join(text.split())
    assert all(sentence.strip() == sentence and sentence for sentence in sentences)


class CountedText(str):
    """A text that counts the characters that are cut out of it."""

    n_cut = 0

    def __getitem__(self, key: Any) -> str:
        cut = super().__getitem__(key)
        self.n_cut += len(cut)
        return cut


@pytest.mark.parametrize("piece", ["Mr. ", "word ", "U.S. ", "Go… ", "Yes! ", "No. 5 "])
def test_each_stop_looks_at_its_neighbours_alone(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else, a paragraph of abbreviations would take time squared in its length."""
    is_end = sentences._is_sentence_end
    counted = CountedText(" ".join((piece * 2_000).split()))
    n_stops = 0

    def counting(text: str, start: int, stop: re.Match[str]) -> bool:
        nonlocal n_stops
        n_stops += 1
        assert text == counted
        return is_end(counted, start, stop)

    monkeypatch.setattr(sentences, "_is_sentence_end", counting)
    assert " ".join(split_sentences(counted)) == counted
    assert counted.n_cut <= 150 * n_stops
