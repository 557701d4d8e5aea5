"""Words written alike: which sound, by their context; and where none is sure, the engine's own."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scaling import growth
from tools import need_engine

from sayso.model import Say, Text
from sayso.speech.spoken import Entry, Lexicon, speak, speak_text, split_ipa
from sayso.speech.spoken.ipa import Ipa

DECIDED = """
beɪs        The headphones have deep [bass] and clear treble.
beɪs        [Bass] lines carry every song.
beɪs        She plays double [bass] in a quartet of guitars.
ɹɛd         I have never [read] a funnier book.
ɹɛd         It is the saddest thing I've ever [read].
ɹɛd         Had we [read] the manual first, it would have helped.
ɹɛd         The audiobook is beautifully [read] by the author.
ɹiːd        As you [read] the last page, the lights go out.
ɹiːd        If you [read] between the lines, it is a love letter.
ɹiːd        Have a [read] of the booklet first.
lɛd         The joke lands like a [lead] balloon.
lɛd         The box is as heavy as [lead].
tɛɹ         After a month of wear and [tear] the hinge still holds.
tɛɹ         There is a [tear] in the left sleeve.
tɛɹz        The film [tears] through its plot.
tɪɹ         The ending made me [tear] up.
maɪˈnuːt    Even the [minute] details of the harbour are right.
kənˈtɛnt    He is [content] to watch the boats.
kənˈtɛnt    Not [content] with one twist, she adds three.
baʊ         The whole cast takes a [bow].
baʊ         He has to [bow] out early.
baʊz        The players took their [bows].
baʊd        She [bowed] her head.
baʊ         A shot across the [bow] of every other studio.
əbˈdʒɛkt    Few will [object] to the price.
əbˈdʒɛkts   Nobody [objects] to the ending.
pɹəˈdʒɛkt   He can [project] menace without a word.
pɹəˈdʒɛkts  She [projects] a calm that she does not feel.
ˈɹɛzəmeɪ    It is the oddest job on his [resume].
doʊv        Then she [dove] into the harbour.
laɪv        I would pay to hear the band [live].
laɪv        They played [live] on stage for two hours.
laɪv        The site went [live] yesterday.
lɪvz        Nobody [lives] in the tower now.
kloʊz       The season draws to a [close].
kloʊz       The noise made me [close] the window.
ɪkˈskjuːsɪz There are no [excuses] for the lag.
ˈjuːsɪz     The lamp has many [uses].
ˈpɹɛzənts   They open [presents] in the last scene.
ˈsʌspɛkt    The baker is the prime [suspect].
dɪˈzɜːɹts   The villain gets his just [deserts].
dɪˈzɜːɹt    She would never [desert] her crew.
waʊnd       I [wound] up with two of them.
ɹaʊ         It ends in a blazing [row].
ˈpɑːlɪʃ     [Polish] it once a week.
ˈmoʊbəl     She plays [Mobile] Legends, which is poor.
niːs        They filmed it in [Nice] and in Rome.
ˈɹɛdɪŋ      The band closed [Reading] Festival.
dʒoʊb       It retells the book of [Job].
ˈsɑːki      The pairing was a cup of warm [sake].
ˈsɑːki      Ask for the [sake] list.
ɹoʊˈzeɪ     We shared a bottle of [rose].
ˈmoʊleɪ     The duck in [mole] negro is the dish to order.
ˈbeɪsɪz     The review touches all the [bases].
ˈæksɪz      They fight with swords and [axes].
"""

LEFT = """
The grilled sea [bass] came with a guitar player.
Saul [Bass] drew the titles and chose the music.
The [bass] was overcooked.
I [read] it on a train.
I want to [read] it again.
You can [read] by the lamp.
She is the [lead] in this show.
Good reviews [lead] to sales.
I shed a [tear] at the end.
There were [tears] in her eyes.
The film ends in [tears].
She has to [tear] up the letter.
It takes a [minute] or two.
A ten [minute] detail shot.
The last [minute] changes show.
There is [content] to keep you busy.
The extra [content] is free.
That is [content] to be copied.
See how [close] their houses are.
She ties a [bow] in her hair.
His [bow] and arrows are gone.
The [object] of his love is a lamp.
He uses [objects] to open doors.
This [project] took years.
Press the [resume] button.
Then [resume] the game.
A white [dove] in a cage.
See where the keepers [live].
Watch how they [live].
They [live] in a lighthouse.
We go to [live] with her aunt.
Three [lives] are lost.
In our [lives] we meet few like her.
It comes [close] to the best.
They are [close] friends.
He [excuses] himself.
She [uses] it for tea.
It [presents] a problem.
I [suspect] a trick.
The [desert] is vast.
A [wound] that never heals.
The front [row] is loud.
He has [Polish] roots.
It was shot in [Mobile], Alabama.
What a [Nice] surprise.
[Reading] it took a week.
It is a good [Job] title.
For old times' [sake].
The [rose] garden is lovely.
There is a [mole] in the agency.
The [bases] of the theory are weak.
The chart has two [axes].
The [live]-action remake.
It has a close-[live] feel.
"""


def marked(line: str) -> tuple[str, str]:
    """The sentence, and the word of it that stands in brackets."""
    match = re.search(r"\[(.*?)\]", line)
    assert match is not None
    return line.replace("[", "").replace("]", ""), match.group(1)


def decided(text: str) -> list[Ipa]:
    return [part for part in split_ipa(speak_text(text).text) if isinstance(part, Ipa)]


@pytest.mark.parametrize("line", DECIDED.split("\n")[1:-1])
def test_a_context_decides(line: str) -> None:
    ipa, _, sentence = line.partition(" ")
    text, word = marked(sentence.strip())
    (said,) = decided(text)
    assert said.text == word
    assert said.ipa.removeprefix("ˈ") == ipa.removeprefix("ˈ")


@pytest.mark.parametrize("line", LEFT.split("\n")[1:-1])
def test_where_none_is_sure_the_engine_decides(line: str) -> None:
    assert decided(marked(line)[0]) == []


def test_the_trace_says_which_reading_it_was() -> None:
    (step,) = speak_text("Not content with that, it rains.").steps
    assert (step.rule, step.before) == ("homograph: happy", "content")
    assert step.after == "⟦content|kənˈtɛnt⟧"


def test_the_author_and_the_lexicon_go_first() -> None:
    lexicon = Lexicon((Entry("bass", say="base"),))
    assert speak_text("The bass line of the song.", lexicon=lexicon).text == (
        "The base line of the song."
    )
    spans = (Text("The "), Say("bass", ipa="bæs"), Text(" line of the song."))
    assert speak(spans).text == "The ⟦bass|bæs⟧ line of the song."


def test_a_show_in_another_language_has_none() -> None:
    assert decided("The bass line of the song.") != []
    assert speak_text("The bass line of the song.", language="de").steps == ()


def test_an_engine_says_what_was_decided() -> None:
    need_engine("hibari")
    from sayso.speech.engines import load_engine

    engine = load_engine("hibari")
    for sentence, sound in (
        ("The headphones have deep bass.", "bˈAs"),
        ("I have never read a funnier book.", "ɹˈɛd"),
        ("He is content to watch.", "kəntˈɛnt"),
    ):
        said = engine.sounds(speak_text(sentence).text, "heart")
        assert said is not None
        assert sound in re.findall(r"[^\s.]+", said)


@given(
    st.lists(
        st.sampled_from(
            [
                "read",
                "had",
                "never",
                "I",
                "bass",
                "line",
                "live",
                "see",
                "up",
                "tear",
                "lead",
                "close",
                "my",
            ]
        )
    )
)
def test_nothing_but_sounds_is_put_in(words: list[str]) -> None:
    spoken = speak_text(" ".join(words)).text
    assert "".join(p if isinstance(p, str) else p.text for p in split_ipa(spoken)) == " ".join(
        words
    )


def test_time_is_linear() -> None:
    text = "see live bass content to read minute tear "
    assert growth(speak_text, text * 50, text * 500) < 20
