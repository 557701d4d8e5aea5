"""Sound files: any rate, any number of channels; what is no sound is told in words."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sayso.errors import SoundError
from sayso.mix import Sounds
from sayso.mix.sounds import MAX_BYTES, decode
from sayso.system.cache import Store

RATE = 44_100


def tone(hz: float, rate: int, seconds: float, n_channels: int = 1) -> np.ndarray:
    """The same sine in every channel, but half as loud in the second."""
    t = np.arange(round(rate * seconds)) / rate
    sine = 0.5 * np.sin(2 * np.pi * hz * t)
    return np.column_stack([sine * (0.5 if c == 1 else 1.0) for c in range(n_channels)])


def sound(samples: np.ndarray, rate: int, form: str = "WAV", subtype: str = "PCM_16") -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format=form, subtype=subtype)
    return stream.getvalue()


@pytest.fixture
def sounds(tmp_path: Path) -> Sounds:
    return Sounds(Store(tmp_path / "levels"), RATE, 2)


# ----------------------------------------------------------------------------- what can be decoded


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("n_out", [1, 2])
def test_any_rate_and_any_channels(rate: int, n_channels: int, n_out: int) -> None:
    samples = decode(sound(tone(440, rate, 1, n_channels), rate), Path("a.wav"), RATE, n_out)
    assert samples.dtype == np.int16
    assert samples.shape == (RATE, n_out)
    second = 0.5 if n_channels > 1 else 1.0
    for channel, level in enumerate([(1 + second) / 2] if n_out == 1 else [1.0, second]):
        expected = level * tone(440, RATE, 1)[:, 0]
        np.testing.assert_allclose(samples[:, channel] / 32768, expected, atol=2e-3)


@pytest.mark.parametrize("n_out", [1, 2])
@pytest.mark.parametrize(
    ("form", "subtype", "order"),
    [
        ("WAVEX", "PCM_16", "LRC"),
        ("WAVEX", "PCM_16", "LRCelr"),
        ("FLAC", "PCM_16", "LRCeslr"),
        ("WAVEX", "PCM_16", "LRCelrlr"),
        ("OGG", "VORBIS", "LCR"),
        ("OGG", "VORBIS", "LCRlre"),
        ("OGG", "VORBIS", "LCRlrse"),
    ],
)
def test_no_channel_of_a_film_is_lost(form: str, subtype: str, order: str, n_out: int) -> None:
    """BS.775: each channel, heard alone, is on its own side or on both; low effects are not."""
    sides = {"L": (1, 0), "R": (0, 1), "C": (0.707, 0.707), "l": (0.707, 0), "r": (0, 0.707)}
    sides |= {"s": (0.5, 0.5), "e": (0, 0)}
    for number, channel in enumerate(order):
        samples = np.zeros((RATE // 2, len(order)))
        samples[:, number] = tone(60, RATE, 0.5)[:, 0]
        heard = decode(sound(samples, RATE, form, subtype), Path("a"), RATE, n_out) / 32768
        levels = np.sqrt(2 * np.mean(np.square(heard), axis=0)) / 0.5
        wanted = [sum(sides[channel]) / 2] if n_out == 1 else sides[channel]
        np.testing.assert_allclose(levels, wanted, atol=0.03)


@pytest.mark.parametrize(
    ("form", "subtype"),
    [
        ("WAV", "PCM_U8"),
        ("WAV", "PCM_24"),
        ("WAV", "FLOAT"),
        ("FLAC", "PCM_16"),
        ("AIFF", "PCM_16"),
        ("OGG", "VORBIS"),
        ("MP3", "MPEG_LAYER_III"),
    ],
)
def test_the_formats_that_people_have(form: str, subtype: str) -> None:
    raw = sound(tone(440, RATE, 1, 2), RATE, form, subtype)
    samples = decode(raw, Path("a"), RATE, 2) / 32768
    middle = slice(RATE // 4, RATE // 2)
    spectrum = np.abs(np.fft.rfft(samples[middle, 0]))
    assert np.argmax(spectrum) == 440 // 4
    assert np.abs(samples[middle, 0]).max() == pytest.approx(0.5, rel=0.1)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_a_loop_stays_one(rate: int) -> None:
    """A bed of whole periods, at any rate, joins its own beginning without a step."""
    loop = decode(sound(tone(300, rate, 0.5), rate, subtype="FLOAT"), Path("bed"), RATE, 1)[:, 0]
    bend = np.abs(np.diff(np.tile(loop, 3) / 32768, 2))
    assert bend.max() < 1.02 * 0.5 * (2 * np.pi * 300 / RATE) ** 2 + 4 / 32768


def test_floats_above_full_scale_keep_their_shape() -> None:
    loud = 4 * tone(440, RATE, 0.2)
    samples = decode(sound(loud, RATE, subtype="FLOAT"), Path("a"), RATE, 1)[:, 0]
    np.testing.assert_allclose(samples / 32768, loud[:, 0] / 2, atol=1e-4)


def test_a_single_sample_is_a_sound(sounds: Sounds, tmp_path: Path) -> None:
    path = tmp_path / "click.wav"
    path.write_bytes(sound(np.ones((1, 1)), 8_000))
    assert sounds.find(path).n_samples in (5, 6)
    assert sounds.samples(sounds.find(path).key).shape[1] == 2


# ----------------------------------------------------------------------------------- what is known


def test_a_known_sound_is_decoded_only_to_be_mixed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(sound(tone(440, 48_000, 1), 48_000))
    store = Store(tmp_path / "levels")
    first = Sounds(store, RATE, 2).find(path)
    calls = []

    def counted(*arguments):
        calls.append(arguments)
        return decode(*arguments)

    monkeypatch.setattr("sayso.mix.sounds.decode", counted)
    again = Sounds(store, RATE, 2)
    found = again.find(path)
    assert (found.key, found.n_samples) == (first.key, first.n_samples)
    np.testing.assert_array_equal(found.level.energies, first.level.energies)
    assert found.level.lufs == pytest.approx(-6.7, abs=0.1)  # on both sides
    assert not calls
    assert len(again.samples(found.key)) == found.n_samples
    again.samples(found.key)
    assert len(calls) == 1


def test_the_key_names_bytes_rate_and_channels(tmp_path: Path) -> None:
    keys = set()
    for name, hz in (("a.wav", 440), ("b.wav", 441), ("same as a.wav", 440)):
        (tmp_path / name).write_bytes(sound(tone(hz, RATE, 0.1), RATE))
        for rate in (44_100, 48_000):
            for n_channels in (1, 2):
                sounds = Sounds(Store(tmp_path / "levels"), rate, n_channels)
                keys.add(sounds.find(tmp_path / name).key)
    assert len(keys) == 8


def test_a_file_that_changes_meanwhile_is_not_mixed(sounds: Sounds, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(sound(tone(440, RATE, 0.2), RATE))
    sounds.find(path)
    again = Sounds(Store(tmp_path / "levels"), RATE, 2)
    key = again.find(path).key
    path.write_bytes(sound(tone(440, RATE, 0.3), RATE))
    with pytest.raises(SoundError, match="has just changed"):
        again.samples(key)


# --------------------------------------------------------------------------------- what is refused


def flac_that_claims(n_samples: int) -> bytes:
    """A tenth of a second of FLAC whose header claims another length (36 bits of STREAMINFO)."""
    raw = bytearray(sound(tone(440, RATE, 0.1), RATE, "FLAC"))
    at = raw.index(b"fLaC") + 8 + 10
    word = int.from_bytes(raw[at : at + 8], "big") >> 36 << 36 | n_samples
    raw[at : at + 8] = word.to_bytes(8, "big")
    return bytes(raw)


NOT_A_NUMBER = tone(440, RATE, 0.1)
NOT_A_NUMBER[100] = np.nan


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "no such sound"),
        (b"", "not a sound that can be read"),
        (b"# Not music\n\nBut a text.\n" * 40, "not a sound that can be read"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt " + bytes(200), "not a sound that can be read"),
        (sound(np.zeros((0, 1)), RATE), "the sound is empty"),
        (sound(NOT_A_NUMBER, RATE, subtype="FLOAT"), "not numbers"),
        (sound(np.full((90, 2), 3e38), 8_000, subtype="FLOAT"), "far above full scale"),
        (sound(np.ones((9, 9)), RATE), "has 9 channels"),
        (sound(np.zeros((20 * 60 * 8_000, 1)), 8_000, "FLAC"), "longer than 15 minutes"),
    ],
    ids=[
        "missing",
        "no bytes",
        "a text",
        "a broken header",
        "no samples",
        "NaN",
        "huge",
        "9 channels",
        "20 minutes",
    ],
)
def test_what_is_no_sound_is_told(
    sounds: Sounds, tmp_path: Path, content: bytes | None, problem: str
) -> None:
    path = tmp_path / "sting.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SoundError, match=problem) as caught:
        sounds.find(path)
    assert caught.value.file == str(path)
    assert caught.value.hint


def test_a_folder_is_no_sound(sounds: Sounds, tmp_path: Path) -> None:
    with pytest.raises(SoundError, match="no such sound"):
        sounds.find(tmp_path)


def test_a_huge_file_is_not_even_read(sounds: Sounds, tmp_path: Path) -> None:
    path = tmp_path / "huge.wav"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(SoundError, match="larger than 200 MiB"):
        sounds.find(path)


@pytest.mark.parametrize("claim", [0, 1_000, 2**36 - 1], ids=["unknown", "too few", "too many"])
def test_a_header_that_lies_about_its_length_takes_no_memory(claim: int) -> None:
    """Two hundred gigabytes of samples are claimed; a tenth of a second is there."""
    with contextlib.suppress(SoundError):
        samples = decode(flac_that_claims(claim), Path("bomb.flac"), RATE, 2)
        assert len(samples) <= RATE // 10


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.99])
@pytest.mark.parametrize("form", [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS")])
def test_a_file_cut_short_gives_what_is_there_or_an_error(form, keep: float) -> None:
    raw = sound(tone(440, RATE, 2), RATE, *form)
    with contextlib.suppress(SoundError):
        assert len(decode(raw[: int(len(raw) * keep)], Path("a"), RATE, 1)) <= 2 * RATE
