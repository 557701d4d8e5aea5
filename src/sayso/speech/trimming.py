"""Silence at the ends of voiced text, and joins between its pieces: samples in, samples out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sayso.model import WordMark
from sayso.speech.engines.base import Speech

SILENCE_DBFS = -50.0  # below any engine's breath and above its noise floor
MARGIN_MS = 15  # kept of the silence, so that a soft onset is whole
FADE_MS = 5  # within the margin: no click at the join, no dent in the voice
CLAUSE_GAP_MS = 160  # between pieces of one sentence cut at a comma or dash
WORD_GAP_MS = 40  # between pieces cut in the middle of a clause


def trim(speech: Speech) -> Speech:
    """`speech` without the silence at its ends, but for 15 ms, with short fades.

    All silence gives no samples.
    """
    floor = 32768.0 * 10 ** (SILENCE_DBFS / 20)
    loud = np.flatnonzero(np.abs(speech.samples.astype(np.int32)) > floor)
    if not len(loud):
        return Speech(speech.samples[:0], speech.sample_rate)
    margin = _n(MARGIN_MS, speech.sample_rate)
    start = max(0, int(loud[0]) - margin)
    end = min(len(speech.samples), int(loud[-1]) + 1 + margin)
    samples = speech.samples[start:end].copy()
    n_fade = min(_n(FADE_MS, speech.sample_rate), len(samples) // 2)
    ramp = (np.arange(n_fade) + 0.5) / max(n_fade, 1)
    samples[:n_fade] = np.rint(samples[:n_fade] * ramp)
    samples[len(samples) - n_fade :] = np.rint(samples[len(samples) - n_fade :] * ramp[::-1])
    shift_ms = round(start * 1000 / speech.sample_rate)
    last_ms = len(samples) * 1000 // speech.sample_rate
    words = tuple(
        replace(mark, start_ms=min(max(0, mark.start_ms - shift_ms), last_ms))
        for mark in speech.words
    )
    return Speech(samples, speech.sample_rate, words)


def join(pieces: Sequence[tuple[str, Speech]]) -> Speech:
    """Trimmed pieces of one sentence, each with its text, as one: a short gap at each cut."""
    sample_rate = pieces[0][1].sample_rate
    parts: list[NDArray[np.int16]] = []
    words: list[WordMark] = []
    n_samples = 0
    for index, (text, speech) in enumerate(pieces):
        start_ms = round(n_samples * 1000 / sample_rate)
        words += [replace(mark, start_ms=mark.start_ms + start_ms) for mark in speech.words]
        gap_ms = WORD_GAP_MS if text.rstrip()[-1:].isalnum() else CLAUSE_GAP_MS
        gap = np.zeros(_n(gap_ms if index < len(pieces) - 1 else 0, sample_rate), np.int16)
        parts += [speech.samples, gap]
        n_samples += len(speech.samples) + len(gap)
    return Speech(np.concatenate(parts), sample_rate, tuple(words))


def _n(ms: int, sample_rate: int) -> int:
    return ms * sample_rate // 1000
