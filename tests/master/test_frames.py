import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import ShowError
from sayso.master import BITRATES_KBPS, SAMPLE_RATES, Mp3Format, info_header
from sayso.master.crc16 import crc16
from sayso.master.frames import (
    audio_start,
    read_header,
    read_side_info,
    walk,
    write_header,
)
from sayso.master.info import read_info


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        # header, (MPEG, Hz, kbit/s, channels, padding, bytes, bytes of side information)
        ("fffb9064", (1, 44_100, 128, 2, 0, 417, 32)),
        ("fffb9264", (1, 44_100, 128, 2, 1, 418, 32)),
        ("fffb54c4", (1, 48_000, 64, 1, 0, 192, 17)),
        ("fffbe804", (1, 32_000, 320, 2, 0, 1_440, 32)),
        ("fff380c4", (2, 22_050, 64, 1, 0, 208, 9)),
        ("fff39464", (2, 24_000, 80, 2, 0, 240, 17)),
        ("ffe39064", (2, 11_025, 80, 2, 0, 522, 17)),
    ],
)
def test_headers(word, expected):
    h = read_header(bytes.fromhex(word))
    assert h is not None
    assert (
        h.mpeg,
        h.sample_rate,
        h.bitrate_kbps,
        h.n_channels,
        h.padding,
        h.size,
        h.side_info_size,
    ) == expected


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("", "nothing"),
        ("fffb90", "too short"),
        ("49443303", "an ID3 tag"),
        ("54414700", "an ID3v1 tag"),
        ("fff99064", "AAC"),
        ("fffd9064", "layer II"),
        ("ffeb9064", "reserved version"),
        ("fffb0064", "free bitrate"),
        ("fffbf064", "forbidden bitrate"),
        ("fffb9c64", "reserved sample rate"),
    ],
)
def test_what_is_no_header(word, why):
    assert read_header(bytes.fromhex(word)) is None, why


@given(
    rate=st.sampled_from(SAMPLE_RATES),
    kbps=st.sampled_from(BITRATES_KBPS),
    mode=st.integers(0, 3),
)
def test_a_header_reads_as_written(rate, kbps, mode):
    form = Mp3Format(rate, 1 if mode == 3 else 2, kbps)
    h = read_header(write_header(form, mode))
    assert h is not None
    assert (h.sample_rate, h.bitrate_kbps, h.n_channels, h.mode) == (
        rate,
        kbps,
        form.n_channels,
        mode,
    )
    assert h.size == form.frame_bytes


def test_side_info_by_hand():
    header = read_header(bytes.fromhex("fffb9064"))
    assert header is not None
    # Two granules of two channels: main_data_begin 9 bits, private 3, scfsi 8, then 59 bits each
    # that begin with part2_3_length.
    granules = "".join(f"{n:012b}" + "0" * 47 for n in (100, 0, 4_095, 7))
    bits = f"{511:09b}" + "000" + "0" * 8 + granules
    frame = bytes.fromhex("fffb9064") + int(bits, 2).to_bytes(32, "big")
    side = read_side_info(frame, 0, header)
    assert (side.main_data_begin, side.main_data_bits) == (511, 100 + 4_095 + 7)


def test_side_info_of_mpeg2_by_hand():
    header = read_header(bytes.fromhex("fff380c4"))
    assert header is not None
    bits = f"{200:08b}" + "0" + f"{1_234:012b}" + "0" * 51
    frame = bytes.fromhex("fff380c4") + int(bits, 2).to_bytes(9, "big")
    side = read_side_info(frame, 0, header)
    assert (side.main_data_begin, side.main_data_bits) == (200, 1_234)


def test_walk_stops_where_no_frame_follows():
    frame = bytes.fromhex("fffb9064") + bytes(413)
    assert [offset for offset, _ in walk(frame * 3 + b"TAG")] == [0, 417, 834]


def test_audio_starts_after_the_tag():
    assert audio_start(b"") == 0
    assert audio_start(b"\xff\xfb\x90\x64" * 4) == 0
    assert audio_start(b"ID3\x03\x00\x00\x00\x00\x02\x01" + bytes(257)) == 267
    assert audio_start(b"ID3\x04\x00\x10\x00\x00\x00\x05" + bytes(15)) == 25  # with a footer


@pytest.mark.parametrize(
    "form", [(44_100, 2, 100), (22_050, 1, 64), (44_100, 3, 128), (44_100, 2, 32)]
)
def test_formats_that_cannot_be(form):
    with pytest.raises(ShowError, match="an MP3 episode cannot have") as caught:
        Mp3Format(*form)
    assert "choose one of" in str(caught.value)


def test_frames_are_counted_by_bytes():
    form = Mp3Format(44_100, 2, 128)
    assert [form.n_frames(n) for n in (417, 418, 835, 836, 4_179)] == [1, 1, 2, 2, 10]
    assert [form.n_frames(n) for n in (0, 1, 410, 4_200)] == [None] * 4


def test_crc_of_the_catalogue():
    assert crc16(b"123456789") == 0xBB3D  # the check value of CRC-16/ARC


@given(st.binary(max_size=400), st.integers(0, 400))
def test_crc_bit_by_bit(data, cut):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    assert crc16(data) == crc
    assert crc16(data[cut:], crc16(data[:cut])) == crc


def test_crc_over_its_own_chunks():
    data = np.random.default_rng(1).bytes(600_000)
    assert crc16(data) == crc16(data[123_456:], crc16(data[:123_456]))


@pytest.mark.parametrize("rate", SAMPLE_RATES)
@pytest.mark.parametrize("kbps", BITRATES_KBPS)
@pytest.mark.parametrize("mode", [1, 3])
def test_an_info_header_reads_as_written(rate, kbps, mode):
    form = Mp3Format(rate, 1 if mode == 3 else 2, kbps)
    frame = info_header(
        form,
        n_frames=1_000,
        n_bytes=417_000,
        n_samples=999 * 1_152 - 100,
        mode=mode,
        music_crc=0xABCD,
    )
    header = read_header(frame[:4])
    assert header is not None
    assert len(frame) == header.size == form.frame_bytes
    info = read_info(frame, 0, header)
    assert info is not None
    assert (info.n_frames, info.n_bytes, info.music_bytes) == (
        1_000,
        417_000 + len(frame),
        417_000 + len(frame),
    )
    assert (info.delay, info.padding, info.n_samples) == (576, 676, 999 * 1_152 - 100)
    assert (info.music_crc, info.tag_crc_right) == (0xABCD, True)
    assert read_side_info(frame, 0, header).main_data_bits == 0  # decodes to silence


@pytest.mark.parametrize(
    "n_samples", [0, 10 * 1_152, 10 * 1_152 - 576 - 528, 10 * 1_152 - 576 - 4_096]
)
def test_edges_that_players_cannot_trim(n_samples):
    with pytest.raises(ValueError, match="cannot end exactly"):
        info_header(
            Mp3Format(44_100, 2, 128), n_frames=10, n_bytes=4_179, n_samples=n_samples, mode=1
        )


def test_no_info_header_in_a_frame_of_sound():
    frame = bytes.fromhex("fffb9064") + bytes(413)
    header = read_header(frame[:4])
    assert header is not None
    assert read_info(frame, 0, header) is None
