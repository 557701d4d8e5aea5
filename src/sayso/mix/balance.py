"""The loudness of a whole episode, added up from the levels of its parts before it is mixed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sayso.mix.chunk import STING_LU
from sayso.mix.ducking import bed_gain, speech_over
from sayso.mix.levels import HOP_S, Level, add_level, spread_db
from sayso.model import Music, Timeline

VOICE_LU = 0.4
"""Lines are levelled so much above the target: pauses, the quieter music and the limiter take it
off the whole again (0.3 to 0.6 LU in real episodes). So most episodes need no correction."""
TRIM_FROM_LU = 0.3
TRIM_STEP_DB = 0.5
"""The whole is corrected in steps, and only when the sum of levelled parts misses by more than
TRIM_FROM_LU: a correction encodes every chunk again."""


def estimate_lufs(
    timeline: Timeline, levels: Mapping[str, Level], gains_db: Mapping[str, float], n_channels: int
) -> float | None:
    """Integrated loudness of the timeline; None where nothing sounds.

    Voice and music are added as energies, which is exact where they do not overlap and right on
    average where they do.
    """
    n_hops = int(timeline.n_samples / timeline.sample_rate / HOP_S) + 2
    total = np.zeros(n_hops, np.float32)
    for line in timeline.lines:
        gain_db = gains_db[line.take] + line.line.voice.gain_db + spread_db(n_channels, 1)
        add_level(total, levels[line.take].scaled(gain_db), line.start / timeline.sample_rate)
    for music in timeline.music:
        level = levels[music.sound].scaled(gains_db[music.sound] + music.gain_db)
        if music.role == "bed":
            level = _under_voice(level, music, timeline)
        else:
            level = level.scaled(STING_LU)
        add_level(total, level, music.start / timeline.sample_rate)
    return Level(total).lufs


def trim_db(lufs: float | None, target_lufs: float) -> float:
    """The gain for the whole episode that brings it to the target, mostly 0."""
    if lufs is None or abs(target_lufs - lufs) <= TRIM_FROM_LU:
        return 0.0
    return round((target_lufs - lufs) / TRIM_STEP_DB) * TRIM_STEP_DB


def _under_voice(level: Level, bed: Music, timeline: Timeline) -> Level:
    """A bed's level over its whole length: looped, and down where somebody speaks."""
    hop = round(timeline.sample_rate * HOP_S)
    middles = np.arange(hop // 2, bed.n_samples, hop)
    speech = speech_over(bed, timeline.lines)
    gain = bed_gain(middles, bed.n_samples, speech, timeline.sample_rate)
    looped = np.resize(level.energies, len(gain))
    return Level((looped * np.square(gain)).astype(np.float32))
