"""A chunk of the timeline → samples: pydub joins the takes, lays stings and bed over them.

pydub works on 32-bit samples here, with room above full scale, so that nothing clips before the
limiter. Places are exact to the sample: a track is joined once from raw pieces, and pydub overlays
tracks of one length (its own positions are in milliseconds, its `+=` copies everything each time).
A long chunk, such as one under a bed, can be mixed window by window.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sayso.mix.ducking import bed_gain, raised_cosine, speech_over, steady
from sayso.model import Chunk, Music, SpokenLine, Timeline
from sayso.system.cache import make_key

if TYPE_CHECKING:
    from pydub import AudioSegment

Floats = npt.NDArray[np.float32]
Pcm = npt.NDArray[np.int16]

STING_LU = -3.0
"""Music alone sounds louder than a voice of the same loudness; 3 LU below, they sit level."""

RECIPE = "mix-3"
"""Part of every key: raised when the same timeline is mixed to other samples."""

EDGE_MS = 5
"""Fade at both ends of a sting: too short to hear, long enough to keep a cut from clicking."""

# 36 dB above full scale: the highest gain of a level and of a setting together. 25 bits are left.
_HEADROOM_BITS = 6
_FULL_SCALE = float(1 << (31 - _HEADROOM_BITS))
_FROM_16_BIT = 1 << (16 - _HEADROOM_BITS)
_GAIN_STEP = 64  # samples between two points of a bed's gain: finer than an ear, light to compute


@dataclass(frozen=True, slots=True)
class Stems:
    """A chunk in parts that add up to the mix: (n, channels) float32, full scale 1."""

    speech: Floats
    music: Floats
    """The stings."""
    effects: Floats
    bed: Floats


@dataclass(frozen=True, slots=True)
class Mixer:
    """What mixing needs besides a chunk."""

    timeline: Timeline
    n_channels: int
    voice: Callable[[SpokenLine], Pcm]
    """The samples of a line: (n,), at the timeline's rate."""
    sound: Callable[[Music], Pcm]
    """The samples of a sound: (n, channels), at the timeline's rate."""
    gains_db: Mapping[str, float]
    """Gain that brings a take or sound to the target loudness, by its key."""
    contents: Mapping[str, str] = field(default_factory=dict)
    """Tells a take's sound from another that was voiced for the same key, by its key."""

    def mix(self, chunk: Chunk, window: tuple[int, int] | None = None) -> Floats:
        """The samples of a chunk: (n, channels) float32, full scale 1, not yet limited.

        A chunk without music has one channel, whatever the episode has: a voice in the middle.
        `window` (timeline samples, inside the chunk) asks for a part; the parts join seamlessly.
        """
        start, end = window or (chunk.start, chunk.end)
        tracks = [track for track in self._tracks(chunk, start, end) if track is not None]
        if not tracks:
            return np.zeros((end - start, self._channels(chunk)), np.float32)
        mixed = tracks[0]
        for track in tracks[1:]:
            mixed = _lay_over(mixed, track)
        return self._floats(mixed, self._channels(chunk))

    def key(self, chunk: Chunk) -> str:
        """Names what `mix` gives: the same for the same sounds at the same places and gains."""
        lines = [self.timeline.lines[index] for index in chunk.lines]
        music = [self.timeline.music[index] for index in chunk.music]
        return make_key(
            RECIPE,
            self.timeline.sample_rate,
            self.n_channels,
            chunk.end - chunk.start,
            *(
                (
                    *(one.start - chunk.start, one.n_samples),
                    *(one.take, self.contents.get(one.take), self._voice_gain_db(one)),
                )
                for one in lines
            ),
            *(
                (
                    *(one.role, one.start - chunk.start, one.n_samples, one.sound),
                    self._music_gain_db(one),
                )
                for one in music
            ),
        )

    def stems(self, chunk: Chunk, window: tuple[int, int] | None = None) -> Stems:
        """The same with voice, stings, sound effects and bed apart, in the episode's channels."""
        start, end = window or (chunk.start, chunk.end)
        n_own = self._channels(chunk)
        empty = np.zeros((end - start, self.n_channels), np.float32)
        return Stems(
            *(
                empty
                if track is None
                else np.repeat(self._floats(track, n_own), self.n_channels // n_own, axis=1)
                for track in self._tracks(chunk, start, end)
            )
        )

    def _tracks(self, chunk: Chunk, start: int, end: int) -> tuple[AudioSegment | None, ...]:
        """The tracks of `Stems` from `start` to `end`, each of that length; None where empty."""
        lines = [self.timeline.lines[index] for index in chunk.lines]
        music = [self.timeline.music[index] for index in chunk.music]
        n_channels = self._channels(chunk)
        both: list[SpokenLine | Music] = [*lines, *music]
        tracks: dict[str, list[tuple[int, AudioSegment]]] = {
            role: [] for role in ("speech", "music", "effects", "bed")
        }
        for one in both:
            first, last = max(one.start, start), min(one.end, end)
            if first >= last:
                continue
            part = slice(first - one.start, last - one.start)
            if isinstance(one, SpokenLine):
                role, segment = "speech", self._voice(one, part, n_channels)
            elif one.role == "bed":
                role, segment = "bed", self._bed(one, lines, part)
            else:
                role = "effects" if one.role == "sound" else "music"
                segment = self._sting(one, part)
            tracks[role].append((first, segment))
        return tuple(_track(pieces, start, end, n_channels) for pieces in tracks.values())

    def _channels(self, chunk: Chunk) -> int:
        return self.n_channels if chunk.music else 1

    def _voice_gain_db(self, line: SpokenLine) -> float:
        return self.gains_db.get(line.take, 0.0) + line.line.voice.gain_db

    def _music_gain_db(self, music: Music) -> float:
        return self.gains_db.get(music.sound, 0.0) + music.gain_db

    def _voice(self, line: SpokenLine, part: slice, n_channels: int) -> AudioSegment:
        segment = self._raw(self.voice(line)[part, None].astype(np.int32) * _FROM_16_BIT)
        return segment.apply_gain(self._voice_gain_db(line)).set_channels(n_channels)

    def _sting(self, sting: Music, part: slice) -> AudioSegment:
        softened = soften_edges(self.sound(sting), self.timeline.sample_rate, part)
        segment = self._raw(softened.astype(np.int32) * _FROM_16_BIT)
        return segment.apply_gain(self._music_gain_db(sting) + STING_LU)

    def _bed(self, bed: Music, lines: Sequence[SpokenLine], part: slice) -> AudioSegment:
        """A part of a bed, looped to its length, under the voice wherever there is one."""
        grid = np.arange(part.start // _GAIN_STEP * _GAIN_STEP, part.stop + _GAIN_STEP, _GAIN_STEP)
        places = np.arange(part.start, part.stop)
        speech = speech_over(bed, lines)
        on_grid = bed_gain(grid, bed.n_samples, speech, self.timeline.sample_rate)
        gain = steady(np.interp(places, grid, on_grid))
        sound = self.sound(bed)
        looped = sound[places % len(sound)]  # numpy's own "wrap" goes round once for every turn
        quieter = looped * (gain * _FROM_16_BIT).astype(np.float32)[:, None]
        return self._raw(np.rint(quieter).astype(np.int32)).apply_gain(self._music_gain_db(bed))

    def _raw(self, samples: npt.NDArray[np.int32]) -> AudioSegment:
        return _audio_segment()(
            data=samples.astype("<i4").tobytes(),
            sample_width=4,
            frame_rate=self.timeline.sample_rate,
            channels=samples.shape[1],
        )

    def _floats(self, segment: AudioSegment, n_channels: int) -> Floats:
        samples = np.frombuffer(segment.raw_data, "<i4").reshape(-1, n_channels)
        return samples.astype(np.float32) / np.float32(_FULL_SCALE)


def soften_edges(samples: Pcm, sample_rate: int, part: slice) -> Pcm:
    """A part of a sound, (n, channels), which has a short fade at both of its ends."""
    n = min(EDGE_MS * sample_rate // 1000, len(samples) // 2)
    places = np.arange(part.start, part.stop)
    way = np.minimum(places, len(samples) - 1 - places)  # to the nearer end
    near = np.flatnonzero(way < n)
    softened = samples[part].copy()
    ramp = raised_cosine(way[near] / max(n, 1))[:, None]
    softened[near] = np.rint(softened[near] * ramp)
    return softened


def _track(
    pieces: Sequence[tuple[int, AudioSegment]], start: int, end: int, n_channels: int
) -> AudioSegment | None:
    """Join pieces and the silence between them, once; pieces that overlap are laid over."""
    if not pieces:
        return None
    frame_bytes = 4 * n_channels
    joined: list[bytes] = []
    later: list[tuple[int, AudioSegment]] = []
    at = start
    for place, segment in pieces:
        if place < at:
            later.append((place, segment))
            continue
        raw = segment.raw_data
        joined += [bytes((place - at) * frame_bytes), raw]
        at = place + len(raw) // frame_bytes
    joined.append(bytes((end - at) * frame_bytes))
    track = pieces[0][1]._spawn(b"".join(joined))
    rest = _track(later, start, end, n_channels)
    return track if rest is None else _lay_over(track, rest)


def _lay_over(track: AudioSegment, over: AudioSegment) -> AudioSegment:
    """Add a track to one of the same length.

    pydub rounds lengths to milliseconds, so a sum may lose some samples at its end: what it may
    lose here is silence, added before and cut off again after.
    """
    n_bytes = len(track.raw_data)
    silence = bytes(track.frame_rate // 100 * track.frame_width)
    mixed = track._spawn(track.raw_data + silence).overlay(over)
    return track._spawn(mixed.raw_data[:n_bytes])


def _audio_segment() -> type[AudioSegment]:
    """pydub's class, without its word about a missing ffmpeg, which nothing here needs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment  # type: ignore[no-any-return]
