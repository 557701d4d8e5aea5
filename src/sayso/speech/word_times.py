"""When words start, where the engine does not tell: an estimate from the sound and the letters.

A word's share of the time is its share of the letters, but only of the time in which there is a
voice, so that no word starts inside a pause. Where the sound has as many long pauses as the text
has stops, each clause is fitted to its own chunk of sound, and errors do not add up.
`benchmarks/voices.py` measures how far it is off.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sayso.model import WordMark
from sayso.speech.engines.base import Speech, bare, has_words

_FRAME_MS = 10
_VOICE_DB = -32.0  # under the loud parts of speech; above breath and the tails of consonants
_PAUSE_MS = 90  # longer than the closure of a stop consonant (p, t, k: up to about 80 ms)
_WORD = re.compile(r"\S+")
_STOP = re.compile(r"[,.;:!?…—–)”\"]+$")
_DIGIT_LETTERS = 4  # a digit is said as a word
_EDGE_LETTERS = 1.5  # beginning and end of a word take time, however short it is


def with_word_times(text: str, speech: Speech) -> Speech:
    """`speech` of `text`, with estimated word marks where it has none. It must be trimmed."""
    if speech.words or not len(speech.samples):
        return speech
    return replace(speech, words=estimate(text, speech.samples, speech.sample_rate))


def estimate(text: str, samples: NDArray[np.int16], sample_rate: int) -> tuple[WordMark, ...]:
    """A mark for each word of `text`: times never decrease and lie within the sound.

    `⟦written|ipa⟧` counts as its written word.
    """
    if "⟦" in text:
        from sayso.speech.spoken.ipa import without_ipa

        text = without_ipa(text)
    words = [word for word in _WORD.findall(text) if has_words(word)]
    voiced = _voiced(samples, sample_rate)
    if not words or not voiced.any():
        return ()
    cuts = [n + 1 for n, word in enumerate(words[:-1]) if _STOP.search(word)]
    pauses = _pauses(voiced)
    if len(pauses) < len(cuts):
        cuts, pauses = [], []
    else:  # the longest are those of the stops, in time's order
        pauses = sorted(sorted(pauses, key=lambda run: run[0] - run[1])[: len(cuts)])
    marks: list[WordMark] = []
    starts = [0, *(end for _, end in pauses)]
    ends = [*(start for start, _ in pauses), len(voiced)]
    bounds = [0, *cuts, len(words)]
    for clause, (start, end) in enumerate(zip(starts, ends, strict=True)):
        said = words[bounds[clause] : bounds[clause + 1]]
        for word, frame in zip(said, _spread(said, voiced[start:end]), strict=True):
            marks.append(WordMark(bare(word), (start + frame) * _FRAME_MS, estimated=True))
    return tuple(marks)


def _voiced(samples: NDArray[np.int16], sample_rate: int) -> NDArray[np.bool_]:
    """Whether each frame of 10 ms has a voice in it."""
    n_frame = sample_rate * _FRAME_MS // 1000
    n_frames = max(1, len(samples) // n_frame)
    frames = np.resize(samples.astype(np.float64), n_frames * n_frame).reshape(n_frames, -1)
    power = np.mean(frames**2, axis=1)
    return np.asarray(power > np.percentile(power, 90) * 10 ** (_VOICE_DB / 10), dtype=np.bool_)


def _pauses(voiced: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of frames without a voice that are long enough, but for those at the ends."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], voiced, [True]]).astype(np.int8)))
    runs = [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
    return [
        (start, end)
        for start, end in runs
        if (end - start) * _FRAME_MS >= _PAUSE_MS and start > 0 and end < len(voiced)
    ]


def _spread(words: Sequence[str], voiced: NDArray[np.bool_]) -> list[int]:
    """The frame in which each word starts, by its share of the letters in the voiced time."""
    weights = np.array([_letters(word) for word in words])
    shares = np.concatenate([[0.0], np.cumsum(weights)[:-1]]) / weights.sum()
    heard = np.flatnonzero(voiced)
    if not len(heard):
        return [0] * len(words)
    return [int(heard[min(int(share * len(heard)), len(heard) - 1)]) for share in shares]


def _letters(word: str) -> float:
    return _EDGE_LETTERS + sum(
        _DIGIT_LETTERS if c.isdigit() else 1 if c.isalnum() else 0 for c in word
    )
