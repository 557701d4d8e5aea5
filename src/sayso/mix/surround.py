"""Sounds of more than two channels → stereo, so that nothing of a film's sound is lost.

After ITU-R BS.775-3 Annex 4: the centre and a surround channel at -3 dB in the sides that they lie
between; the channel of low effects (LFE) is left out. What comes out may rise above full scale.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_HALF_POWER = 0.5**0.5
_INTO_SIDES = {
    "L": (1.0, 0.0),
    "R": (0.0, 1.0),
    "C": (_HALF_POWER, _HALF_POWER),
    "l": (_HALF_POWER, 0.0),  # a surround channel: at the side, or behind
    "r": (0.0, _HALF_POWER),
    "s": (0.5, 0.5),  # one surround channel alone, behind: at -3 dB, and shared by both sides
    "e": (0.0, 0.0),  # low effects
}
# Which channel is which, by how many there are. WAV and FLAC (RFC 9639 §9.1.3) have one order,
# Vorbis (Vorbis I §4.3.9) and Opus (RFC 7845 §5.1.1.2) another.
_FILM_ORDER = ("LRC", "LRlr", "LRClr", "LRCelr", "LRCeslr", "LRCelrlr")
_XIPH_ORDER = ("LCR", "LRlr", "LCRlr", "LCRlre", "LCRlrse", "LCRlrlre")
MAX_CHANNELS = 8
"""With more there is no common order."""


def to_stereo(samples: Floats, *, xiph: bool) -> Floats:
    """(n, 3 to 8 channels) → (n, 2). `xiph` tells the order of Vorbis and Opus."""
    order = (_XIPH_ORDER if xiph else _FILM_ORDER)[samples.shape[1] - 3]
    into = np.array([_INTO_SIDES[channel] for channel in order], np.float32)
    # Channel by channel: a product of matrices may round in another way on another machine.
    mixed = np.zeros((len(samples), 2), np.float32)
    for channel, sides in zip(samples.T, into, strict=True):
        mixed += channel[:, None] * sides
    return mixed
