"""Sound to measure with: tones, noise, bursts like speech; and decoders to hear the result."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from tools import need

from sayso.master import (
    FRAME,
    LEAD_FRAMES,
    TAIL_FRAMES,
    MasteredChunk,
    Mp3Format,
    master_windows,
)

Floats = npt.NDArray[np.float32]


def sine(hz: float, sample_rate: int, seconds: float, level_db: float, n_channels: int = 1):
    t = np.arange(round(seconds * sample_rate)) / sample_rate
    tone = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * t)
    return np.repeat(tone[:, None], n_channels, axis=1).astype(np.float32)


def silence(sample_rate: int, seconds: float, n_channels: int = 1) -> Floats:
    return np.zeros((round(seconds * sample_rate), n_channels), np.float32)


def noise(n_samples: int, n_channels: int, level_db: float, seed: int, *, tilt: float = 0.0):
    """Noise with an amplitude of 1 / f ** tilt, and nothing above 0.44 of the sample rate."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.standard_normal((n_samples, n_channels)), axis=0)
    f = np.fft.rfftfreq(n_samples)[:, None]
    spectrum *= np.where(f > 0.44, 0, np.maximum(f, 1e-3) ** -tilt)
    sound = np.fft.irfft(spectrum, n_samples, axis=0)
    return (10 ** (level_db / 20) * sound / sound.std()).astype(np.float32)


def speech_like(seconds: float, sample_rate: int, seed: int = 0, peak: float = 0.5) -> Floats:
    """A gliding buzz in syllables, with a hiss between them; mono, fading in and out."""
    rng = np.random.default_rng(seed)
    n = round(seconds * sample_rate)
    t = np.arange(n) / sample_rate
    pitch = 120 + 30 * np.sin(2 * np.pi * rng.uniform(0.5, 2.5) * t + seed)
    phase = 2 * np.pi * np.cumsum(pitch) / sample_rate
    voice = sum(np.sin(k * phase + k * k) / k for k in range(1, 25))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * t) + 0.3, 0, 1)
    hiss = noise(n, 1, 0, seed, tilt=1.0)[:, 0] * np.clip(-np.sin(2 * np.pi * 3.1 * t) - 0.6, 0, 1)
    sound = voice * syllables + 0.15 * hiss
    sound *= np.minimum(1, np.minimum(t, t[::-1]) / 0.01)
    return (peak * sound / np.abs(sound).max()).astype(np.float32)[:, None]


def in_silence(sound: Floats, n_channels: int | None = None) -> Floats:
    """`sound` as a chunk: on the frame grid, with the silent frames before and after."""
    if n_channels is not None and sound.shape[1] != n_channels:
        sound = np.repeat(sound[:, :1], n_channels, axis=1)
    n_frames = LEAD_FRAMES + -(-len(sound) // FRAME) + TAIL_FRAMES
    chunk = np.zeros((n_frames * FRAME, sound.shape[1]), np.float32)
    chunk[LEAD_FRAMES * FRAME :][: len(sound)] = sound
    return chunk


def to_pcm(sound: Floats) -> npt.NDArray[np.int16]:
    return np.clip(np.rint(sound * 32767), -32768, 32767).astype(np.int16)


def true_peak_db(sound: Floats, times: int = 16) -> float:
    """True peak by another way than ours: the whole spectrum, transformed back at 16x."""
    n = -(-(len(sound) + 4096) // 8192) * 8192
    padded = np.zeros((n, sound.shape[1]))
    padded[2048:][: len(sound)] = sound
    spectrum = np.zeros((n * times // 2 + 1, sound.shape[1]), complex)
    spectrum[: n // 2 + 1] = np.fft.rfft(padded, axis=0)
    return float(20 * np.log10(np.abs(np.fft.irfft(spectrum, n * times, axis=0)).max() * times))


def decode(mp3: bytes) -> Floats:
    """As libsndfile decodes it."""
    sound, _ = soundfile.read(io.BytesIO(mp3), dtype="float32", always_2d=True)
    return sound


def run(*command: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run an outside program that must be there, and must succeed."""
    program, *arguments = map(str, command)
    done = subprocess.run([need(program), *arguments], input=stdin, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done


def master_chunk(samples: Floats, form: Mp3Format, *, gain_db: float = 0.0) -> MasteredChunk:
    return master_windows(lambda a, b: samples[a:b], len(samples), form, gain_db=gain_db)
