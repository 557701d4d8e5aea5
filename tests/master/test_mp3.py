import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from master.signals import (
    decode,
    in_silence,
    master_chunk,
    noise,
    run,
    sine,
    speech_like,
    to_pcm,
    true_peak_db,
)

from sayso.errors import ShowError, SoundError
from sayso.master import (
    BITRATES_KBPS,
    FRAME,
    SAMPLE_RATES,
    Encoded,
    Mp3Format,
    check_frames,
    encode_blocks,
    makeup_gain_db,
    write_mp3,
)
from sayso.master.frames import read_side_info, walk
from sayso.master.info import info_header, read_info
from sayso.mix import frame_energies, integrated

ALL_FORMATS = [
    Mp3Format(rate, ch, kbps) for rate in SAMPLE_RATES for ch in (1, 2) for kbps in BITRATES_KBPS
]
COMMON = [
    Mp3Format(44_100, 2, 128),
    Mp3Format(44_100, 1, 96),
    Mp3Format(48_000, 2, 192),
    Mp3Format(32_000, 1, 64),
]


def label(form):
    return f"{form.sample_rate}-{form.n_channels}ch-{form.bitrate_kbps}k"


def encode(sound, form):
    pcm = to_pcm(
        np.repeat(sound[:, :1], form.n_channels, axis=1)
        if sound.shape[1] != form.n_channels
        else sound
    )
    return encode_blocks([pcm], form)


def episode(chunks, form, tag=b""):
    stream = io.BytesIO()
    write_mp3(stream, map(Encoded.of, chunks), form, tag=tag)
    return stream.getvalue()


def lines(form, *seconds, peak=0.4):
    return [
        in_silence(speech_like(s, form.sample_rate, i, peak), form.n_channels)
        for i, s in enumerate(seconds)
    ]


# A minimal tag, so that no reader misses one.
TAG = b"ID3\x03\x00\x00\x00\x00\x00\x12TIT2\x00\x00\x00\x08\x00\x00\x00episode"


@pytest.mark.parametrize("form", ALL_FORMATS, ids=label)
def test_a_frame_for_every_1152_samples(form):
    chunk = lines(form, 0.7)[0]
    encoded = encode(chunk, form)
    frames = list(walk(encoded))
    assert len(frames) == len(chunk) // FRAME == form.n_frames(len(encoded))
    assert frames[-1][0] + frames[-1][1].size == len(encoded)
    assert {(h.sample_rate, h.n_channels, h.bitrate_kbps) for _, h in frames} == {
        (form.sample_rate, form.n_channels, form.bitrate_kbps)
    }
    first = read_side_info(encoded, 0, frames[0][1])
    assert first.main_data_begin == 0


@pytest.mark.parametrize("form", COMMON, ids=label)
def test_the_bit_reservoir_is_used(form):
    encoded = encode(lines(form, 2)[0], form)
    assert max(read_side_info(encoded, at, h).main_data_begin for at, h in walk(encoded)) > 300


@pytest.mark.parametrize("form", COMMON, ids=label)
def test_decoders_are_content_and_exact(form, tmp_path):
    chunks = lines(form, 0.3, 1.1, 0.02, 0.6)
    n_samples = sum(map(len, chunks))
    path = tmp_path / "episode.mp3"
    path.write_bytes(episode([encode(s, form) for s in chunks], form, TAG))

    ffmpeg = run("ffmpeg", "-v", "warning", "-i", path, "-f", "s16le", "-")
    mpg123 = run("mpg123", "-q", "-s", path)
    for done in (ffmpeg, mpg123):
        assert len(done.stdout) == n_samples * form.n_channels * 2
        assert done.stderr == b""
    assert run("mpg123", "-q", "-t", path).stderr == b""
    assert b"WARNING" not in run("mp3val", path).stdout
    assert len(decode(path.read_bytes())) == n_samples
    duration = run(
        "ffprobe", "-v", "warning", "-show_entries", "stream=duration", "-of", "csv=p=0", path
    ).stdout
    # ffprobe's duration is that of all frames, with the closing one.
    assert float(duration) == pytest.approx(n_samples / form.sample_rate + FRAME / form.sample_rate)


@pytest.mark.parametrize("form", ALL_FORMATS[::9], ids=label)
def test_the_last_sample_is_heard(form):
    # A click in the last sample before the silent frames at the end.
    chunk = in_silence(np.zeros((10 * FRAME, form.n_channels), np.float32))
    chunk[-2 * FRAME - 40 : -2 * FRAME] = 0.5
    decoded = decode(episode([encode(chunk, form)], form))
    assert len(decoded) == len(chunk)
    assert np.abs(decoded[-2 * FRAME - 40 :]).max() > 0.2


@pytest.mark.parametrize("form", COMMON, ids=label)
def test_what_is_decoded_is_what_was_encoded_in_its_place(form):
    chunks = lines(form, 0.8, 1.7, 0.4)
    sound = np.concatenate(chunks)[:, 0]
    decoded = decode(episode([encode(s, form) for s in chunks], form))[:, 0]
    window = form.sample_rate // 10
    for at in range(0, len(sound) - window, window):
        a, b = sound[at : at + window], decoded[at : at + window]
        if np.abs(a).max() > 0.02:
            assert a @ b / np.sqrt((a @ a) * (b @ b)) >= 0.98


def log_spectral_distance(a, b):
    """Mean over blocks of the distance between spectra in dB, up to 8 kHz; where there is sound."""
    n = 1_024
    blocks = [x[: len(x) // n * n].reshape(-1, n) * np.hanning(n) for x in (a, b)]
    loud = np.abs(blocks[0]).max(axis=1) > 0.02
    spectra = [20 * np.log10(np.abs(np.fft.rfft(x[loud]))[:, 1:186] + 1e-3) for x in blocks]
    return np.sqrt(np.square(spectra[0] - spectra[1]).mean(axis=1)).mean()


@pytest.mark.parametrize("form", COMMON, ids=label)
def test_pieces_sound_like_one_encoding(form):
    chunks = lines(form, 0.9, 0.5, 1.4, 0.7)
    sound = np.concatenate(chunks)
    pieces = decode(episode([encode(s, form) for s in chunks], form))
    whole = decode(episode([encode(sound, form)], form))
    in_pieces, at_once = (log_spectral_distance(sound[:, 0], x[:, 0]) for x in (pieces, whole))
    assert in_pieces <= at_once + 0.1
    # And silence between the pieces stays silence.
    edge = len(chunks[0])
    assert np.abs(pieces[edge - FRAME : edge + 3 * FRAME]).max() < 1e-4


def test_a_changed_chunk_changes_its_own_frames_only():
    form = COMMON[0]
    a, b, c = (encode(s, form) for s in lines(form, 0.8, 0.6, 0.9))
    other = encode(in_silence(speech_like(0.6, form.sample_rate, 99, 0.4), 2), form)
    before, after = episode([a, b, c], form), episode([a, other, c], form)
    start = form.frame_bytes + len(a)
    assert len(b) == len(other)
    assert before[form.frame_bytes : start] == after[form.frame_bytes : start]
    assert before[start + len(b) :] == after[start + len(b) :]
    end = (len(a) + len(b)) // 418 * FRAME
    np.testing.assert_array_equal(
        decode(before)[: len(a) // 418 * FRAME], decode(after)[: len(a) // 418 * FRAME]
    )
    np.testing.assert_array_equal(
        decode(before)[end + 5 * FRAME :], decode(after)[end + 5 * FRAME :]
    )


def test_the_same_samples_give_the_same_bytes_in_any_thread_and_any_blocks():
    form = COMMON[0]
    pcm = to_pcm(lines(form, 1.5)[0])
    once = encode_blocks([pcm], Mp3Format(44_100, pcm.shape[1], 128))
    with ThreadPoolExecutor(2) as pool:
        again = pool.map(
            lambda _: encode_blocks([pcm], Mp3Format(44_100, pcm.shape[1], 128)), range(4)
        )
        assert set(again) == {once}
    for size in (1_000, 5_000, 11_520):
        assert encode_blocks((pcm[i : i + size] for i in range(0, len(pcm), size)), form) == once


@pytest.mark.parametrize("form", [f for f in ALL_FORMATS if f.sample_rate == 44_100], ids=label)
def test_makeup_gain_brings_the_level_back(form):
    sound = lines(form, 1.5)[0]
    louder = sound * np.float32(10 ** (makeup_gain_db(form) / 20))
    decoded = decode(episode([encode(louder, form)], form))
    before, after = (
        integrated(frame_energies(x, 44_100, FRAME), FRAME, 44_100) for x in (sound, decoded)
    )
    assert after == pytest.approx(before, abs=0.05)


def harsh_sounds(rate):
    n = rate * 3 // 4
    t = np.arange(n) / rate
    yield "voice", speech_like(0.75, rate, 1, 3.0)
    yield "white noise", noise(n, 1, -9, 3)
    yield "pink noise", noise(n, 1, -9, 2, tilt=0.5)
    yield (
        "saw",
        (sum(f * t % 1 - 0.5 for f in (55, 110.7, 83.1, 165))[:, None] * 0.6).astype(np.float32),
    )
    yield (
        "square",
        (
            sum(np.sign(np.sin(2 * np.pi * f * t)) for f in (110, 164.8, 220.5))[:, None] * 0.3
        ).astype(np.float32),
    )
    pops = np.zeros(n)
    for start in range(0, n - 3_000, 5_000):
        k = np.arange(3_000)
        pops[start : start + 3_000] += 2 * np.exp(-k / 400) * np.sin(2 * np.pi * 90 * k / rate)
        pops[start : start + 3_000] += noise(3_000, 1, 0, start, tilt=0.2)[:, 0] * np.exp(-k / 60)
    yield "plosives", pops[:, None].astype(np.float32)


@pytest.mark.parametrize(
    "form", [*COMMON, ALL_FORMATS[20], ALL_FORMATS[35], ALL_FORMATS[39]], ids=label
)
def test_decoded_peaks_keep_to_minus_one(form):
    for name, sound in harsh_sounds(form.sample_rate):
        sound[-300:] *= np.linspace(1, 0, 300, dtype=np.float32)[:, None]
        mastered = master_chunk(in_silence(sound, form.n_channels), form)
        assert mastered.limited_db > 0 or name == "square", name
        decoded = decode(episode([mastered.encoded.frames], form))
        assert true_peak_db(decoded) <= -1, name
        if name == "voice":  # and no lower than need be
            assert true_peak_db(decoded) > -1.5


def test_long_chunks_go_in_blocks():
    form = Mp3Format(32_000, 1, 64)
    sound = in_silence(np.tile(sine(300, 32_000, 1, -20), (80, 1)))
    encoded = encode(sound, form)
    assert form.n_frames(len(encoded)) == len(sound) // FRAME
    assert check_frames(episode([encoded], form)) == []


@pytest.mark.parametrize(
    ("pcm", "message"),
    [
        (np.zeros((8 * FRAME + 1, 1), np.int16), "whole frames"),
        (np.zeros((0, 1), np.int16), "whole frames"),
        (np.zeros(8 * FRAME, np.int16), r"\(n, 1\)"),
        (np.zeros((8 * FRAME, 1), np.float32), "int16"),
        (
            np.pad([[1]], ((4 * FRAME - 1, 4 * FRAME), (0, 0))).astype(np.int16),
            "begin with four silent",
        ),
        (
            np.pad([[1]], ((6 * FRAME, 2 * FRAME - 1), (0, 0))).astype(np.int16),
            "end with two silent",
        ),
    ],
)
def test_chunks_that_cannot_be_strung_together(pcm, message):
    with pytest.raises(ValueError, match=message):
        encode_blocks([pcm], Mp3Format(44_100, 1, 128))


def test_formats_that_mp3_lacks():
    with pytest.raises(ShowError, match="bitrate of 100"):
        Mp3Format(44_100, 1, 100)


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-9], lambda b: b + b"x" * 9, lambda b: b"", lambda b: b"\0" + b[1:]]
)
def test_damaged_chunks_are_refused(damage):
    form = COMMON[0]
    good = encode(lines(form, 0.2)[0], form)
    with pytest.raises(SoundError, match=r"damaged.*clear the cache"):
        episode([good, damage(good)], form)
    with pytest.raises(SoundError, match="another format"):
        episode([good], Mp3Format(44_100, 1, 128))


def test_the_file_says_what_it_is():
    form = COMMON[0]
    encoded = [encode(s, form) for s in lines(form, 0.2, 0.3)]
    stream = io.BytesIO(b"before")
    stream.seek(6)
    written = write_mp3(stream, map(Encoded.of, encoded), form, tag=TAG)
    data = stream.getvalue()[6:]
    assert stream.tell() == 6 + written.n_bytes
    assert len(data) == written.n_bytes
    assert written.audio_start == len(TAG)
    offset, header = next(walk(data, written.audio_start))
    info = read_info(data, offset, header)
    assert info is not None
    assert (info.n_frames, info.n_samples) == (written.n_frames, written.n_samples)
    assert written.n_samples == (written.n_frames - 1) * FRAME
    assert check_frames(data) == []


def test_the_seek_table_is_in_parts_of_256():
    """Entry i of the TOC is the share of the bytes at i per cent of the time, in 256ths."""
    n_samples = 999 * FRAME
    header = info_header(COMMON[0], n_frames=1_001, n_bytes=400_000, n_samples=n_samples, mode=0)
    at = header.index(b"Info")
    toc = header[at + 16 : at + 116]
    assert (toc[0], toc[25], toc[50], toc[99]) == (0, 64, 128, 253)
    assert list(toc) == sorted(toc)
