"""From written spans to what the voice is handed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.model import Say, Span, Text
from sayso.speech.spoken.clean import clean, sayable
from sayso.speech.spoken.homographs import find_homographs
from sayso.speech.spoken.ipa import mark_ipa
from sayso.speech.spoken.lexicon import EMPTY, Entry, Lexicon
from sayso.speech.spoken.markup import ADDRESS
from sayso.speech.spoken.rule import (
    HELD,
    HELD_FIRST,
    HELD_LAST,
    Reading,
    Step,
    apply_rules,
)
from sayso.speech.spoken.rules import FIRST, RULES, TIDY


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the voice is handed, and how it came about."""

    text: str
    """May hold `⟦written|ipa⟧`; `without_ipa` takes the marks out."""
    steps: tuple[Step, ...] = ()


def speak(spans: Sequence[Span], *, language: str = "en-US", lexicon: Lexicon = EMPTY) -> Spoken:
    """What a voice should be handed so that it says what the author wrote.

    `spans` are those of a sentence or a paragraph. `Say` spans and the lexicon's words are put in
    first and no rule touches them. English is read as in `language`; for other languages only the
    rules apply that put no words in. The result is empty only where the spans hold no letter or
    digit.
    """
    reading = Reading.of(language)
    held = _Held(reading)
    parts = []
    for span in spans:
        written = clean(span.text)
        if isinstance(span, Say):
            written = held.put("say", written, Entry(written, _given(span.say), _given(span.ipa)))
        parts.append(written)
    return _speak("".join(parts), lexicon, held)


def speak_text(text: str, *, language: str = "en-US", lexicon: Lexicon = EMPTY) -> Spoken:
    """`speak` for plain text."""
    return speak((Text(text),), language=language, lexicon=lexicon)


def _speak(text: str, lexicon: Lexicon, held: _Held) -> Spoken:
    reading, steps = held.reading, held.steps
    written = text
    text = apply_rules(FIRST, text, reading, steps)
    text = _hold_lexicon(text, lexicon, held)
    text = apply_rules(RULES, text, reading, steps)
    text = _hold_homographs(text, held)
    text = _tidy(text, reading)
    spoken = held.restore(text)
    if not sayable(spoken) and sayable(held.restore(written)):
        kept = _tidy(held.restore(written).translate(_MARKS), reading)
        steps.append(Step("nothing else to say", spoken, kept))
        spoken = kept
    return Spoken(spoken, tuple(steps))


_MARKS = {ord(mark): " " for mark in "⟦⟧:_"}
"""In what is said although a rule left it out, as a lone :thumbs_up:."""
_BRACKETS = {ord("⟦"): " ", ord("⟧"): " "}


def _tidy(text: str, reading: Reading) -> str:
    return apply_rules(TIDY, text, reading, []).strip()


def _given(text: str | None) -> str | None:
    return text if text is not None and sayable(text) else None


def _hold_lexicon(text: str, lexicon: Lexicon, held: _Held) -> str:
    if not lexicon.entries:
        return text
    addresses = [match.span() for match in ADDRESS.finditer(text)]
    parts: list[str] = []
    end = 0
    for found in lexicon.find(text):
        while addresses and addresses[0][1] <= found.start:
            addresses.pop(0)
        if addresses and addresses[0][0] < found.end and addresses[0] != (found.start, found.end):
            continue
        parts.append(text[end : found.start])
        end = found.end + len(found.possessive)
        parts.append(
            held.put("lexicon", text[found.start : end], found.entry, bool(found.possessive))
        )
    return "".join((*parts, text[end:]))


def _hold_homographs(text: str, held: _Held) -> str:
    """`text`, in which the words that a context decides are held with their sounds."""
    if not held.reading.english or held.inside:
        return text
    parts: list[str] = []
    end = 0
    for found in find_homographs(text):
        word = text[found.start : found.end]
        parts.append(text[end : found.start])
        parts.append(held.keep(f"homograph: {found.means}", word, mark_ipa(word, found.ipa)))
        end = found.end
    return "".join((*parts, text[end:]))


class _Held:
    """Words that the rules must not touch: each stands in the text as one private character."""

    def __init__(self, reading: Reading, inside: bool = False) -> None:
        self.reading = reading
        self.inside = inside
        """Whether it is the text of a single word that has its sounds already."""
        self.steps: list[Step] = []
        self._said: list[str] = []

    def put(self, rule: str, written: str, entry: Entry, possessive: bool = False) -> str:
        """Hold `written` said as `entry` has it; gives the character that stands for it."""
        return self.keep(rule, written, self._words(entry, possessive))

    def keep(self, rule: str, written: str, said: str) -> str:
        """Hold `written` said as `said`; gives the character that stands for it."""
        if HELD_FIRST + len(self._said) > HELD_LAST:
            return said
        if said != written:
            self.steps.append(Step(rule, written, said))
        self._said.append(said)
        return chr(HELD_FIRST + len(self._said) - 1)

    def _words(self, entry: Entry, possessive: bool) -> str:
        if entry.say is not None:
            words = " ".join(clean(entry.say).translate(_BRACKETS).split())
            words += "'s" if possessive else ""
        elif entry.ipa is None:
            return entry.written + ("'s" if possessive else "")
        else:
            written = entry.written + ("'s" if possessive else "")
            words = _speak(written, EMPTY, _Held(self.reading, inside=True)).text
        if entry.ipa is None:
            return words
        sounds = clean(entry.ipa)
        return mark_ipa(words, sounds + _possessive(sounds) if possessive else sounds)

    def restore(self, text: str) -> str:
        """The text with the held words in their places."""
        if not self._said:
            return text
        return "".join(
            self._said[ord(c) - HELD_FIRST] if HELD[0] <= c <= HELD[2] else c for c in text
        )


def _possessive(sounds: str) -> str:
    last = sounds.rstrip("/] ˈˌː.")[-1:]
    if last in "szʃʒ":
        return "ɪz"
    return "s" if last in "ptkfθ" else "z"
