#!/usr/bin/env python3
"""Compose the show's music: intro, transition, outro and bed, in two moods. CC0.

    python audio/compose.py [--mood dark] [--out DIR]

writes DIR/dark/{intro,transition,outro,bed}.flac and DIR/bright/…, where DIR is by default this
folder. The notes are in score.py, the instruments in synth.py. Random numbers come from PCG64
with fixed seeds, so every run gives the same music; another machine's last bit may differ, since
FFTs round differently.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from score import MOODS, Part, Score
from synth import (
    INSTRUMENTS,
    RATE,
    Random,
    Samples,
    convolved,
    dip,
    highpass,
    loudness_lufs,
    lowpass,
    narrow_lows,
    pan,
    rise,
    room,
    rounded_peaks,
    to_int16,
)

CEILING_DB = -3.3  # dither and decoders add a little; -3 dBFS is promised
SILENCE_S = 0.02  # exact zeros at a sting's end
SEMITONE = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def pitch_hz(name: str, transpose: int = 0) -> float:
    """`A4` is 440 Hz; `x` is 0, for instruments without a pitch."""
    if name == "x":
        return 0.0
    letter, accidentals, octave = name[0], name[1:-1], int(name[-1])
    step = SEMITONE[letter] + accidentals.count("#") - accidentals.count("b") + transpose
    return float(440.0 * 2 ** ((step - 9) / 12 + octave - 4))


def notes(line: str) -> Iterator[tuple[float, float, list[str]]]:
    """The chords of a line: start and length in beats, and the names of the notes."""
    beat = 0.0
    for token in line.split():
        names, length = token.split("/")
        if names != "-":
            yield beat, float(length), names.split("+")
        beat += float(length)


def play(part: Part, score: Score, random: Random) -> Iterator[tuple[int, Samples]]:
    """Each note of a part: the sample at which it starts, and its sound."""
    instrument = INSTRUMENTS[part.instrument]
    beat_s = 60 / score.bpm
    chords = list(notes(part.line))
    for index, (beat, length, names) in enumerate(chords):
        swell_db = part.crescendo_db * index / max(1, len(chords) - 1)
        for above, name in enumerate(names):
            touch_db = random.normal(0.0, 0.5)  # nobody strikes twice alike
            gain = 10 ** ((part.level_db + swell_db + touch_db) / 20)
            sound = instrument(pitch_hz(name, part.transpose), length * beat_s, random)
            start_s = score.first_beat_s + (part.start_beat + beat) * beat_s
            start_s += part.strum_s * above
            yield round(start_s * RATE), gain * balanced(sound, part.pan)


def balanced(sound: Samples, position: float) -> Samples:
    """Turn a stereo sound towards one side without losing its width."""
    return sound * pan(np.full(1, np.sqrt(2.0)), position)


def place(onto: Samples, sound: Samples, start: int, *, loop: bool) -> None:
    """Add a sound to the whole; in a loop what runs over the end goes on at the start."""
    n = onto.shape[1]
    if not loop:
        start, skipped = max(0, start), max(0, -start)
        sound = sound[:, skipped : skipped + n - start]
        onto[:, start : start + sound.shape[1]] += sound
        return
    while sound.shape[1]:
        start %= n
        piece = sound[:, : n - start]
        onto[:, start : start + piece.shape[1]] += piece
        sound, start = sound[:, piece.shape[1] :], 0


def perform(score: Score, random: Random) -> Samples:
    """The whole piece, mastered: float samples of shape (2, n)."""
    n = round(score.length_s * RATE)
    n_work = n if score.loop else n + 2 * RATE  # room for filters to ring out
    dry, sent = np.zeros((2, n_work)), np.zeros((2, n_work))
    for part in score.parts:
        for start, sound in play(part, score, random):
            place(dry, sound, start, loop=score.loop)
            place(sent, sound * part.room, start, loop=score.loop)
    wet = convolved(sent, room(score.room_s, random), loop=score.loop)
    return master(dry + score.room_level * wet, score, n)


def master(mix: Samples, score: Score, n: int) -> Samples:
    """Clean the ends of the spectrum, round the peaks, set the loudness, and fade."""
    mix = narrow_lows(mix)
    mix = lowpass(highpass(mix, 46.0, order=6), 9000.0)
    if score.speech_dip_db:
        mix = dip(mix, 2000.0, 1.0, score.speech_dip_db)
    mix = mix[:, :n]
    if not score.loop:
        n_quiet, n_fade = round(SILENCE_S * RATE), round(score.fade_s * RATE)
        mix[:, n - n_quiet :] = 0.0
        mix[:, n - n_quiet - n_fade : n - n_quiet] *= rise(n_fade)[::-1]
        mix[:, :64] *= rise(64)
    mix = mix * 10 ** ((score.lufs - loudness_lufs(mix)) / 20)
    ceiling = 10 ** (CEILING_DB / 20)
    mix = rounded_peaks(mix, ceiling / 1.3)
    return mix * min(1.0, ceiling / np.abs(mix).max())


def compose(mood: str, piece: str) -> np.ndarray:
    """One piece as 16-bit samples of shape (n, 2)."""
    random = np.random.Generator(np.random.PCG64(zlib.crc32(f"{mood}/{piece}".encode())))
    return to_int16(perform(MOODS[mood][piece], random), random)


def write_flac(path: Path, samples: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, RATE, subtype="PCM_16", format="FLAC", compression_level=1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description="Compose the show's music.")
    parser.add_argument("--mood", choices=sorted(MOODS), action="append", help="only this mood")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, metavar="DIR")
    options = parser.parse_args()
    for mood in options.mood or MOODS:
        for piece in MOODS[mood]:
            path = options.out / mood / f"{piece}.flac"
            write_flac(path, compose(mood, piece))
            print(path)


if __name__ == "__main__":
    main()
