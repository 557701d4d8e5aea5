"""Does an engine keep what `Engine` promises? A check for anybody's engine, ours too.

    from sayso.speech.conformance import check_engine

    def test_my_engine() -> None:
        assert check_engine(MyEngine()) == []

It speaks about thirty short texts, and two hundred more where `sounds` tells no phonemes, and hands
back what is wrong, a finding a line; it raises nothing for what an engine does.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sayso.errors import SpeechError
from sayso.speech.baits import BAITS
from sayso.speech.engines.base import Engine, Speech, flaw, has_words
from sayso.speech.trimming import trim

LINE = "The returning cast, including three new faces, is worth the wait."
OTHER = "Nobody answers."
LONG = (
    "The harbour is quiet when the pilot comes home, and it stays quiet for most of an hour, "
    "while the camera follows the rope, the gulls, the rust on the railings and the hands of a "
    "man who has said all that he had to say many years ago, and who now only waits for the tide."
)
NO_SUCH_VOICE = "no-such-voice-anywhere"
_SILENT = ("", "   ", "…", "?!", "\n")
_ODD = {
    "NUL": "Good\0evening.",
    "control characters": "Good\x07 \x1bevening\x7f.",
    "a lone surrogate": "Good \ud800 evening.",
    "emoji": "Good evening 🔥👩🏽‍🚀.",
    "a tag": '<speak rate="fast">Good evening.</speak>',
    "brackets": "[[Good]] {evening} [a](b) \\d %s $(ls) `id`.",
    "combining marks": "Go\u0301o\u0308d e\u0323vening.",
    "three scripts": "Good evening 東京 مرحبا Привет.",
    "soft hyphens and joiners": "Good\u00ad eve\u200bning\u2060.",
    "one very long word": "Good " + "evening" * 20 + ".",
    "shouting": "GOOD EVENING!!!! REALLY????",
    "numbers": "Good evening, 12,345.67 (or 8/10).",
}
_A_WORD_S = 0.35
_STRESS = str.maketrans("", "", "ˈˌːʲ")
_MARKS = re.compile(r"[^\w\s]+")
_WEAK = re.compile(r"[əɪiʊuɐᵻæʌɚ]")
_LETTERS_PER_S = (4.0, 45.0)  # slower or faster than this is no natural pace in any language


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that an engine breaks."""

    check: str
    """Which one: `identity`, `voices`, `speech`, `purity`, `speed`, `empty`, `long`, `odd`,
    `words`, `ipa` or `verbatim`."""
    what: str

    def __str__(self) -> str:
        return f"{self.check}: {self.what}"


def check_engine(engine: Engine, voice: str | None = None) -> list[Finding]:
    """What is wrong with `engine`, speaking with `voice` (its default one if None).

    The engine must be installed. An empty list means that it can be used.
    """
    printed = io.StringIO()
    findings: list[Finding] = []
    with contextlib.redirect_stdout(printed):
        findings += _guarded("identity", _identity(engine))
        try:
            voice = voice or engine.default_voice("host")
        except Exception as error:
            return [*findings, Finding("voices", f"no default voice: {_say(error)}")]
        found = list(_guarded("speech", _speech(engine, voice)))
        findings += found
        if found:
            return findings  # it says nothing at all: every other check would only repeat that
        for name, check in _CHECKS.items():
            findings += _guarded(name, check(engine, voice))
    if printed.getvalue():
        findings.append(Finding("speech", "it prints on standard output"))
    return findings


def _guarded(check: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings; one more for what the engine raises where the check expects none."""
    try:
        yield from findings
    except Exception as error:
        yield Finding(check, f"it raises {_say(error)}")


def _identity(engine: Engine) -> Iterator[Finding]:
    name = getattr(engine, "name", None)
    if not isinstance(name, str) or not name or name != name.strip().lower() or " " in name:
        yield Finding("identity", f"name must be a lower-case word, not {name!r}")
    if not isinstance(engine.version, str) or not engine.version or "\n" in engine.version:
        yield Finding("identity", f"version must be one line of text, not {engine.version!r}")
    if engine.version != engine.version:
        yield Finding("identity", "version changes from one question to the next")
    if engine.installed() is not None:
        yield Finding("identity", f"installed() says that it is not: {engine.installed()}")
    if engine.work_ratio <= 0:
        yield Finding("identity", f"work_ratio must be over 0, not {engine.work_ratio}")
    try:
        voices = engine.voices()
    except Exception as error:
        yield Finding("voices", f"voices() raises {_say(error)}")
        return
    ids = [each.id for each in voices]
    if not ids:
        yield Finding("voices", "there is none")
    for each in voices:
        if not each.id or each.id != each.id.strip():
            yield Finding("voices", f"{each.id!r} is no id that show.toml can name")
        if not each.name or not each.language:
            yield Finding("voices", f"'{each.id}' has no name or no language")
        if not engine.has_voice(each.id):
            yield Finding("voices", f"'{each.id}' is listed, and has_voice() denies it")
    if len(set(ids)) < len(ids):
        twice = sorted({each for each in ids if ids.count(each) > 1})
        yield Finding("voices", f"two voices share the id '{twice[0]}'")
    if sum(each.default for each in voices) > 1:
        yield Finding("voices", "more than one is the default")


def _speech(engine: Engine, voice: str) -> Iterator[Finding]:
    speech = _try(lambda: engine.speak(LINE, voice, 1.0))
    if isinstance(speech, Exception):
        yield Finding("speech", f"speak({LINE!r}, {voice!r}, 1.0) raises {_say(speech)}")
        return
    wrong = flaw(speech)
    if wrong is not None:
        yield Finding("speech", wrong)
        return
    samples, rate = speech.samples, speech.sample_rate
    loudest = int(np.abs(samples.astype(np.int32)).max(initial=0))
    if loudest < 328:  # −40 dBFS
        yield Finding("speech", f"it is silent or nearly so: peak {loudest} of 32768")
        return
    clipped = float(np.mean(np.abs(samples.astype(np.int32)) >= 32767))
    if clipped > 0.001:
        yield Finding("speech", f"{clipped:.1%} of the samples are clipped")
    letters_per_s = len(LINE) / (len(samples) / rate)
    if not _LETTERS_PER_S[0] <= letters_per_s <= _LETTERS_PER_S[1]:
        yield Finding("speech", f"{letters_per_s:.0f} letters a second; is the sample rate right?")


def _purity(engine: Engine, voice: str) -> Iterator[Finding]:
    """The same arguments give the same bytes, whatever was said before."""
    first = engine.speak(LINE, voice, 1.0)
    if not _same(first, engine.speak(LINE, voice, 1.0)):
        yield Finding("purity", "the same text twice gives different samples or word marks")
        return
    other = engine.speak(OTHER, voice, 1.0)
    engine.speak(OTHER, voice, 1.3)
    for each in [each.id for each in engine.voices() if each.id != voice][:1]:
        engine.speak(OTHER, each, 1.0)
    if not _same(first, engine.speak(LINE, voice, 1.0)):
        yield Finding("purity", "a text sounds different after another text, speed or voice")
    if not _same(other, engine.speak(OTHER, voice, 1.0)):
        yield Finding("purity", "the order of the texts changes them")
    if _same(first, other):
        yield Finding("purity", "two different texts give the same samples")


def _speed(engine: Engine, voice: str) -> Iterator[Finding]:
    lengths = {}
    for speed in (0.5, 0.8, 1.0, 1.25, 2.0):
        speech = _try(lambda speed=speed: engine.speak(LINE, voice, speed))  # type: ignore[misc]
        if not isinstance(speech, Speech):
            yield Finding("speed", f"speed {speed:g} raises {_say(speech)}")
            return
        lengths[speed] = len(speech.samples)
    if not lengths[0.8] > lengths[1.0] > lengths[1.25]:
        yield Finding("speed", "a higher speed must be faster: 0.8, 1.0 and 1.25 are not")
    elif not lengths[0.5] >= lengths[0.8] or not lengths[1.25] >= lengths[2.0]:
        yield Finding("speed", "0.5 must not be faster than 0.8, nor 2.0 slower than 1.25")


def _empty(engine: Engine, voice: str) -> Iterator[Finding]:
    """Where there is nothing to say, a SpeechError; never empty samples."""
    for text in _SILENT:
        answer = _try(lambda text=text: engine.speak(text, voice, 1.0))  # type: ignore[misc]
        if isinstance(answer, SpeechError):
            continue
        if isinstance(answer, Exception):
            yield Finding("empty", f"{text!r} raises {_say(answer)}, not a SpeechError")
        elif not len(answer.samples):
            yield Finding("empty", f"{text!r} gives empty samples, not a SpeechError")


def _long(engine: Engine, voice: str) -> Iterator[Finding]:
    speech = _try(lambda: engine.speak(LONG, voice, 1.0))
    if not isinstance(speech, Speech):
        yield Finding("long", f"{len(LONG)} characters raise {_say(speech)}")
        return
    short = engine.speak(LINE, voice, 1.0)
    share = (len(speech.samples) / len(LONG)) / (len(short.samples) / len(LINE))
    if share < 0.5:
        yield Finding("long", f"of {len(LONG)} characters only about {share:.0%} are spoken")


def _odd(engine: Engine, voice: str) -> Iterator[Finding]:
    """Whatever comes: sound, or a SpeechError."""
    plain = len(engine.speak("Good", voice, 1.0).samples)
    for what, text in _ODD.items():
        answer = _try(lambda text=text: engine.speak(text, voice, 1.0))  # type: ignore[misc]
        if isinstance(answer, SpeechError):
            continue
        if isinstance(answer, Exception):
            yield Finding("odd", f"{what} ({text!r}) raises {_say(answer)}")
        elif not answer.samples.any():
            yield Finding("odd", f"{what} ({text!r}) gives silence, not a SpeechError")
        elif len(answer.samples) <= plain:
            yield Finding("odd", f"{what} ({text!r}) cuts the text short")


def _words(engine: Engine, voice: str) -> Iterator[Finding]:
    """Marks are for an engine that knows them: none at all is fine."""
    speech = engine.speak(LINE, voice, 1.0)
    if not speech.words:
        return
    times = [mark.start_ms for mark in speech.words]
    length_ms = len(speech.samples) * 1000 / speech.sample_rate
    if times != sorted(times):
        yield Finding("words", f"times go back: {times}")
    if times[0] < 0 or times[-1] > length_ms:
        yield Finding("words", f"times from {times[0]} to {times[-1]} ms in {length_ms:.0f} ms")
    lost = [mark.word for mark in speech.words if mark.word.strip(",.") not in LINE]
    if lost:
        yield Finding("words", f"{lost[0]!r} is no word of the text")
    n_words = sum(has_words(word) for word in LINE.split())
    if not 0.5 <= len(speech.words) / n_words <= 1.5:
        yield Finding("words", f"{len(speech.words)} marks for {n_words} words")


def _ipa(engine: Engine, voice: str) -> Iterator[Finding]:
    if not engine.takes_ipa:
        return
    said = engine.speak("The ⟦score|həˈloʊ⟧ never rests.", voice, 1.0)
    if _same(said, engine.speak("The score never rests.", voice, 1.0)):
        yield Finding("ipa", "takes_ipa is true, and ⟦score|həˈloʊ⟧ sounds like score")
    if not _same(said, engine.speak("The ⟦scores|həˈloʊ⟧ never rests.", voice, 1.0), marks=False):
        yield Finding("ipa", "in ⟦scores|həˈloʊ⟧ the written word is heard")


def _verbatim(engine: Engine, voice: str) -> Iterator[Finding]:
    """Nothing is said that is not written, and nothing that is written is left out.

    A bait and its twin differ in one word, so their phonemes may differ in one; an engine that
    tells no phonemes is judged by how long it speaks. For voices that speak English.
    """
    languages = {each.id: each.language for each in engine.voices()}
    if not languages.get(voice, "und").casefold().startswith(("en", "und")):
        return
    for bait, twin in BAITS:
        said, other = (engine.sounds(text, voice) for text in (bait, twin))
        if said is None or other is None:
            lengths = [_length_s(engine.speak(text, voice, 1.0)) for text in (bait, twin)]
            wrong = abs(lengths[0] - lengths[1]) > max(0.35 * lengths[1], _A_WORD_S)
            shown = f"{lengths[0]:.2f} s, and {lengths[1]:.2f} s for '{twin}'"
        else:
            wrong = not _alike(said, other)
            shown = f"'{said}', and '{other}' for '{twin}'"
        if wrong:
            yield Finding("verbatim", f"'{bait}' is said as {shown}")


def _length_s(speech: Speech) -> float:
    heard = trim(speech)
    return len(heard.samples) / heard.sample_rate


def _alike(said: str, other: str) -> bool:
    """Whether phonemes are as many words, of which at most one differs.

    Stress does not count, nor which weak vowel a small word has: neighbours change them.
    """
    one, two = (
        _WEAK.sub("ə", _MARKS.sub(" ", text.translate(_STRESS))).split() for text in (said, other)
    )
    return len(one) == len(two) and sum(a != b for a, b in zip(one, two, strict=True)) <= 1


def _unknown_voice(engine: Engine, voice: str) -> Iterator[Finding]:
    if engine.has_voice(NO_SUCH_VOICE):
        return  # any id will do
    answer = _try(lambda: engine.speak(LINE, NO_SUCH_VOICE, 1.0))
    if isinstance(answer, Speech):
        yield Finding("voices", "an unknown voice is taken in silence; raise a SpeechError")
    elif not isinstance(answer, SpeechError):
        yield Finding("voices", f"an unknown voice raises {_say(answer)}, not a SpeechError")


_CHECKS: dict[str, Callable[[Engine, str], Iterator[Finding]]] = {
    "purity": _purity,
    "speed": _speed,
    "empty": _empty,
    "long": _long,
    "odd": _odd,
    "words": _words,
    "ipa": _ipa,
    "verbatim": _verbatim,
    "voices": _unknown_voice,
}


def _try(speak: Callable[[], Speech]) -> Speech | Exception:
    try:
        return speak()
    except Exception as error:
        return error


def _say(error: object) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _same(one: Speech, other: Speech, *, marks: bool = True) -> bool:
    same = np.array_equal(one.samples, other.samples)
    return same and (not marks or one.words == other.words)


__all__ = ["Finding", "check_engine"]
