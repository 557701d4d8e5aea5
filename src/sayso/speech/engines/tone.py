"""A hum in place of a voice: for drafts and tests. No model, the same bytes everywhere.

Each word is a run of soft notes, one a syllable or so, at a pitch that belongs to the voice, with
a fall at the sentence's end: enough to hear who speaks, how long, and where the pauses are.
"""

from __future__ import annotations

import hashlib
import re

import numpy as np
from numpy.typing import NDArray

from sayso.model import WordMark
from sayso.speech.engines.base import (
    Engine,
    EngineVoice,
    Speech,
    bare,
    has_words,
    plain_text,
    unsayable,
)

_RATE = 24_000
_CHARACTERS_PER_S = 15.0  # what hibari's `heart` says at speed 1.0
_PITCHES_HZ = {"host": 146.8, "critic": 196.0, "guest": 174.6, "narrator": 130.8}
_AMPLITUDE = 5_200.0  # about −20 LUFS with the notes' gaps, as loud as pyttsx3
_WORD = re.compile(r"\S+")
_VOWELS = re.compile(r"[aeiouyà-ü]+", re.IGNORECASE)


class ToneEngine(Engine):
    """The engine `tone`. Any voice id will do; `host` and `critic` are the usual ones."""

    name = "tone"
    about = "hums instead of speaking: for drafts (sayso build --draft)"
    in_process = True
    work_ratio = 0.002

    @property
    def version(self) -> str:
        """Raised whenever the sound changes."""
        return "2"

    def voices(self) -> tuple[EngineVoice, ...]:
        """The named pitches; any other id gets a pitch of its own."""
        return tuple(
            EngineVoice(
                voice, voice.capitalize(), "und", note=f"hums at {hz:g} Hz", default=voice == "host"
            )
            for voice, hz in _PITCHES_HZ.items()
        )

    def default_voice(self, cast: str) -> str:
        """The cast member's own name, so that two of them sound different."""
        return cast

    def has_voice(self, voice: str) -> bool:
        """Any."""
        return True

    def speak(self, text: str, voice: str, speed: float) -> Speech:
        """About 15 characters a second, a gap after each word, a longer one at a comma."""
        text = plain_text(text)
        words = [match.group() for match in _WORD.finditer(text) if has_words(match.group())]
        if not words:
            raise unsayable(self.name, text)
        pitch_hz = _pitch_hz(voice)
        parts: list[NDArray[np.float64]] = []
        marks: list[WordMark] = []
        n_samples = 0
        for index, word in enumerate(words):
            marks.append(WordMark(bare(word), round(n_samples * 1000 / _RATE)))
            through = index / max(len(words) - 1, 1)
            for part in _sing(word, pitch_hz * (1.06 - 0.14 * through), speed):
                parts.append(part)
                n_samples += len(part)
        wave = np.concatenate(parts)
        return Speech(np.rint(wave * _AMPLITUDE).astype(np.int16), _RATE, tuple(marks))


def _pitch_hz(voice: str) -> float:
    if voice in _PITCHES_HZ:
        return _PITCHES_HZ[voice]
    step = hashlib.sha256(voice.encode("utf-8", "replace")).digest()[0] % 15
    return float(123.5 * 2 ** (step / 12))  # a semitone of the octave and a bit above B2


def _sing(word: str, pitch_hz: float, speed: float) -> list[NDArray[np.float64]]:
    """The notes of a word and the gap after it."""
    n_word = int(_RATE * len(word) / _CHARACTERS_PER_S / speed)
    n_gap = int(_RATE * (0.16 if word[-1] in ",;:—" else 1 / _CHARACTERS_PER_S) / speed)
    n_notes = max(1, len(_VOWELS.findall(word)))
    notes = []
    for index in range(n_notes):
        n_note = n_word // n_notes
        # In float64: the rounding to 16 bits then hides the last digits, in which machines differ.
        turns = np.arange(n_note) * (2 * np.pi * pitch_hz * (1.0 + 0.03 * (index % 2)) / _RATE)
        note = np.sin(turns) + 0.35 * np.sin(2 * turns) + 0.12 * np.sin(3 * turns)
        n_edge = min(n_note // 2, _RATE // 40)
        edge = 0.5 - 0.5 * np.cos(np.pi * np.arange(n_edge) / max(n_edge, 1))
        note[:n_edge] *= edge
        note[n_note - n_edge :] *= edge[::-1]
        notes.append(note)
    return [*notes, np.zeros(n_gap)]
