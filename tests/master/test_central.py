"""A voice in the middle: mono frames in a joint stereo stream, the same sound to the bit."""

from __future__ import annotations

import io

import lameenc
import numpy as np
import pytest
from master.signals import decode, in_silence, noise, run, speech_like, to_pcm

from sayso.master import (
    BITRATES_KBPS,
    FRAME,
    SAMPLE_RATES,
    Encoded,
    Mp3Format,
    check_frames,
    encode_blocks,
    write_mp3,
)
from sayso.master.central import as_joint_stereo, central_kbps
from sayso.master.frames import walk

STEREO = [Mp3Format(rate, 2, kbps) for rate in SAMPLE_RATES for kbps in BITRATES_KBPS]


def mono_stream(pcm: np.ndarray, rate: int, kbps: int, quality: int = 7) -> bytes:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(rate)
    encoder.set_out_sample_rate(rate)
    encoder.set_bit_rate(kbps)
    encoder.set_quality(quality)
    encoded = bytes(encoder.encode(pcm.tobytes()) + encoder.flush())
    ends = [offset + header.size for offset, header in walk(encoded)]
    return encoded[: ends[len(pcm) // FRAME - 1]]


def sound(rate: int) -> np.ndarray:
    """A voice, then bursts that make the encoder switch blocks and empty its reservoir."""
    bursts = noise(rate, 1, -12, 7, tilt=0.3)
    bursts *= (np.arange(rate) % (rate // 5) < rate // 50)[:, None]
    return np.concatenate([speech_like(1.0, rate, 2, 0.7), bursts, np.zeros((1000, 1), np.float32)])


@pytest.mark.parametrize("form", STEREO, ids=lambda f: f"{f.sample_rate}-{f.bitrate_kbps}k")
def test_both_sides_decode_to_the_mono_sound(form: Mp3Format) -> None:
    pcm = to_pcm(in_silence(sound(form.sample_rate)))
    mono = mono_stream(pcm, form.sample_rate, central_kbps(form))
    stereo = as_joint_stereo(mono, form)
    n_frames = len(list(walk(stereo)))
    assert n_frames == len(pcm) // FRAME == form.n_frames(len(stereo))
    expected, heard = decode(mono), decode(stereo)
    assert heard.shape == (len(expected), 2)
    np.testing.assert_array_equal(heard[:, 0], heard[:, 1])
    np.testing.assert_allclose(heard[:, :1], expected, atol=1e-6)


def test_a_stream_of_voices_and_music_is_sound() -> None:
    """Chunks of one channel and of two take turns; every reader finds whole frames."""
    form = Mp3Format(44_100, 2, 128)
    voice = to_pcm(in_silence(sound(44_100)))
    music = to_pcm(in_silence(noise(30_000, 2, -20, 3, tilt=0.7)))
    encoded = [encode_blocks([pcm], form) for pcm in (voice, music, voice, voice)]
    assert encoded[0] == encoded[2]
    stream = io.BytesIO()
    written = write_mp3(stream, map(Encoded.of, encoded), form)
    assert check_frames(stream.getvalue()) == []
    assert written.n_samples == 3 * len(voice) + len(music)
    done = run("mpg123", "-t", "-", stdin=stream.getvalue())
    assert b"rror" not in done.stderr
    assert b"arning" not in done.stderr
    heard = decode(stream.getvalue())
    before, after = len(voice), len(voice) + len(music)
    np.testing.assert_allclose(heard[:before], heard[after:][:before], atol=1e-6)
    np.testing.assert_allclose(heard[before - FRAME : before], 0, atol=1e-4)


def test_a_voice_is_as_near_to_its_take_as_in_one_stereo_encode() -> None:
    """Log-spectral distance where there is sound, in dB, beside LAME's own joint stereo."""
    form = Mp3Format(44_100, 2, 128)
    pcm = to_pcm(in_silence(speech_like(4.0, 44_100, 5, 0.5)))
    central = decode(encode_blocks([pcm], form))[:, 0]
    whole = decode(encode_blocks([np.repeat(pcm, 2, axis=1)], form))[:, 0]
    take = pcm[:, 0] / 32768
    ours, theirs = (_distance_db(take, each[1105:]) for each in (central, whole))
    assert ours < theirs + 0.2


def _distance_db(original: np.ndarray, coded: np.ndarray) -> float:
    n = min(len(original), len(coded))
    a, b = (_spectrum(each[:n]) for each in (original, coded * 10 ** (0.4455 / 20)))
    loud = a.sum(axis=1) > 1e-4 * a.sum(axis=1).max()
    floor = 1e-6 * a[loud].max(axis=1, keepdims=True)
    apart = 10 * np.log10((a[loud] + floor) / (b[loud] + floor))
    return float(np.sqrt((apart**2).mean(axis=1)).mean())


def _spectrum(samples: np.ndarray) -> np.ndarray:
    frames = np.lib.stride_tricks.sliding_window_view(samples, 1024)[::512]
    return np.abs(np.fft.rfft(frames * np.hanning(1024), axis=1)[:, 3:350]) ** 2
