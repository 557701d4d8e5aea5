"""A stretch of the timeline → samples: pydub joins the takes, lays stings and bed over them.

pydub works on 32-bit samples here, with room above full scale, so that nothing clips before the
limiter. Places are exact to the sample: a track is joined once from raw pieces, and pydub overlays
tracks of one length (its own positions are in milliseconds, its `+=` copies everything each time).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sayso.mix.ducking import bed_gain
from sayso.model import Music, SpokenLine, Stretch, Timeline
from sayso.store import make_key

if TYPE_CHECKING:
    from pydub import AudioSegment

Floats = npt.NDArray[np.float32]
Pcm = npt.NDArray[np.int16]

STING_LU = -3.0
"""Music alone sounds louder than a voice of the same loudness; 3 LU below, they sit level."""

RECIPE = "mix-1"
"""Part of every key: raised when the same timeline is mixed to other samples."""

_HEADROOM_BITS = 3  # 18 dB above full scale: more than voice, sting and bed add up to
_FULL_SCALE = float(1 << (31 - _HEADROOM_BITS))
_FROM_16_BIT = 1 << (16 - _HEADROOM_BITS)


@dataclass(frozen=True, slots=True)
class Stems:
    """A stretch in three parts that add up to the mix: (n, channels) float32, full scale 1."""

    speech: Floats
    music: Floats
    bed: Floats


@dataclass(frozen=True, slots=True)
class Mixer:
    """What mixing needs besides a stretch."""

    timeline: Timeline
    n_channels: int
    voice: Callable[[SpokenLine], Pcm]
    """The samples of a line: (n,), at the timeline's rate."""
    sound: Callable[[Music], Pcm]
    """The samples of a sound: (n, channels), at the timeline's rate."""
    gains_db: Mapping[str, float]
    """Gain that brings a take or sound to the target loudness, by its key."""

    def mix(self, stretch: Stretch) -> Floats:
        """The samples of a stretch: (n, channels) float32, full scale 1, not yet limited."""
        parts = [part for part in self._tracks(stretch) if part is not None]
        if not parts:
            return np.zeros((stretch.end - stretch.start, self.n_channels), np.float32)
        mixed = parts[0]
        for part in parts[1:]:
            mixed = _lay_over(mixed, part)
        return self._floats(mixed)

    def key(self, stretch: Stretch) -> str:
        """Names what `mix` gives: the same for the same sounds at the same places and gains."""
        lines = [self.timeline.lines[index] for index in stretch.lines]
        music = [self.timeline.music[index] for index in stretch.music]
        return make_key(
            RECIPE,
            self.timeline.sample_rate,
            self.n_channels,
            stretch.end - stretch.start,
            *((one.start - stretch.start, one.take, self._voice_gain_db(one)) for one in lines),
            *(
                (
                    *(one.role, one.start - stretch.start, one.n_samples, one.sound),
                    self._music_gain_db(one),
                )
                for one in music
            ),
        )

    def stems(self, stretch: Stretch) -> Stems:
        """The same with voice, stings and bed apart."""
        empty = np.zeros((stretch.end - stretch.start, self.n_channels), np.float32)
        speech, music, bed = (
            empty if track is None else self._floats(track) for track in self._tracks(stretch)
        )
        return Stems(speech, music, bed)

    def _tracks(self, stretch: Stretch) -> tuple[AudioSegment | None, ...]:
        """Speech, stings and bed of a stretch, each as long as the stretch; None where empty."""
        lines = [self.timeline.lines[index] for index in stretch.lines]
        music = [self.timeline.music[index] for index in stretch.music]
        voices = [
            (line.start, self._segment(self.voice(line)[:, None], self._voice_gain_db(line)))
            for line in lines
        ]
        stings = [
            (one.start, self._segment(self.sound(one), self._music_gain_db(one) + STING_LU))
            for one in music
            if one.role != "bed"
        ]
        beds = [(one.start, self._bed(one, lines)) for one in music if one.role == "bed"]
        return tuple(self._track(pieces, stretch) for pieces in (voices, stings, beds))

    def _voice_gain_db(self, line: SpokenLine) -> float:
        return self.gains_db.get(line.take, 0.0) + line.line.voice.gain_db

    def _music_gain_db(self, music: Music) -> float:
        return self.gains_db.get(music.sound, 0.0) + music.gain_db

    def _segment(self, samples: Pcm, gain_db: float) -> AudioSegment:
        """Samples as a pydub segment in the episode's channels."""
        segment = self._raw(samples.astype(np.int32) * _FROM_16_BIT)
        if samples.shape[1] != self.n_channels:
            segment = segment.set_channels(self.n_channels)
        return segment.apply_gain(gain_db)

    def _bed(self, bed: Music, lines: Sequence[SpokenLine]) -> AudioSegment:
        """A bed looped to its length, under the voice wherever there is one."""
        loop = self.sound(bed)
        looped = np.resize(loop, (bed.n_samples, loop.shape[1])).astype(np.float32)
        speech = [(line.start - bed.start, line.end - bed.start) for line in lines]
        looped *= bed_gain(bed.n_samples, speech, self.timeline.sample_rate)[:, None]
        raw = self._raw(np.rint(looped * _FROM_16_BIT).astype(np.int32))
        return raw.apply_gain(self._music_gain_db(bed))

    def _track(
        self, pieces: Sequence[tuple[int, AudioSegment]], stretch: Stretch
    ) -> AudioSegment | None:
        """Join pieces and the silence between them, once; pieces that overlap are laid over."""
        if not pieces:
            return None
        frame_bytes = 4 * self.n_channels
        joined: list[bytes] = []
        later: list[tuple[int, AudioSegment]] = []
        at = stretch.start
        for start, segment in pieces:
            if start < at:
                later.append((start, segment))
                continue
            raw = segment.raw_data
            joined += [bytes((start - at) * frame_bytes), raw]
            at = start + len(raw) // frame_bytes
        joined.append(bytes((stretch.end - at) * frame_bytes))
        track = pieces[0][1]._spawn(b"".join(joined))
        rest = self._track(later, stretch)
        return track if rest is None else _lay_over(track, rest)

    def _raw(self, samples: npt.NDArray[np.int32]) -> AudioSegment:
        return _audio_segment()(
            data=samples.astype("<i4").tobytes(),
            sample_width=4,
            frame_rate=self.timeline.sample_rate,
            channels=samples.shape[1],
        )

    def _floats(self, segment: AudioSegment) -> Floats:
        samples = np.frombuffer(segment.raw_data, "<i4").reshape(-1, self.n_channels)
        return samples.astype(np.float32) / np.float32(_FULL_SCALE)


def _lay_over(track: AudioSegment, over: AudioSegment) -> AudioSegment:
    """Add a track to one of the same length.

    pydub cuts at milliseconds, so its sum may be a few samples shorter or longer than both; it
    begins exactly with them, and a stretch ends in silence, which is cut or filled up.
    """
    n_bytes = len(track.raw_data)
    mixed = track.overlay(over).raw_data
    return track._spawn(mixed[:n_bytes] + bytes(max(0, n_bytes - len(mixed))))


def _audio_segment() -> type[AudioSegment]:
    """pydub's class, without its word about a missing ffmpeg, which nothing here needs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment  # type: ignore[no-any-return]
