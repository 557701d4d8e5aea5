import io
import mmap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from master.signals import in_silence, run, speech_like, to_pcm

from sayso.master import Encoded, Mp3Format, check_frames, encode_blocks, write_mp3
from sayso.master.frames import walk

FORM = Mp3Format(44_100, 2, 128)
TAG = b"ID3\x03\x00\x00\x00\x00\x00\x05" + bytes(5)


@pytest.fixture(scope="module")
def mp3():
    chunks = [
        encode_blocks([to_pcm(in_silence(speech_like(1, 44_100, seed), 2))], FORM)
        for seed in range(2)
    ]
    stream = io.BytesIO()
    write_mp3(stream, map(Encoded.of, chunks), FORM, tag=TAG)
    return stream.getvalue()


def problems(data):
    return " | ".join(map(str, check_frames(data)))


def offsets(data):
    return [offset for offset, _ in walk(data, len(TAG))]


def test_a_good_file_has_no_findings(mp3, tmp_path):
    assert check_frames(mp3) == []
    path = tmp_path / "episode.mp3"
    path.write_bytes(mp3)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        view = memoryview(mapped)
        assert check_frames(view) == []
        view.release()


def test_lame_itself_has_no_findings(tmp_path):
    path = tmp_path / "lame.mp3"
    run(
        "ffmpeg",
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "anoisesrc=d=2:c=pink:r=44100",
        "-b:a",
        "128k",
        "-id3v2_version",
        "0",
        path,
    )
    # ffmpeg counts its own Info header's frame and sums otherwise; the frames are LAME's.
    found = [f for f in check_frames(path.read_bytes()) if "Info header" not in f.problem]
    assert found == []


def test_a_lost_frame(mp3):
    at = offsets(mp3)
    found = problems(mp3[: at[20]] + mp3[at[21] :])
    assert "Info header counts" in found
    assert "the sound is not what" in found


def test_frames_spliced_in_speech(mp3):
    at = offsets(mp3)
    half = len(at) // 2
    spliced = mp3[: at[half + 1]] + mp3[at[20] : at[40]] + mp3[at[half + 21] :]
    assert "looks back" in problems(spliced) or "begins inside" in problems(spliced)


def test_a_file_cut_short(mp3):
    assert "cut short by 100 bytes" in problems(mp3[:-100])
    assert "Info header counts" in problems(mp3[: offsets(mp3)[10]])


def test_rubbish_at_the_end(mp3):
    assert "no frame follows where one should" in problems(mp3 + b"TAG" + bytes(125))


def test_a_flipped_bit_of_sound(mp3):
    damaged = bytearray(mp3)
    damaged[offsets(mp3)[30] + 100] ^= 1
    assert problems(damaged).endswith("the sound is not what the Info header's sum says")


def test_a_flipped_bit_of_the_header(mp3):
    damaged = bytearray(mp3)
    damaged[len(TAG) + 60] ^= 1
    assert "own check sum is wrong" in problems(damaged)


def test_another_bitrate(mp3):
    lower = io.BytesIO()
    write_mp3(lower, [], Mp3Format(44_100, 2, 112))
    assert "another format or bitrate" in problems(mp3 + lower.getvalue())


def test_no_info_header(mp3):
    at = offsets(mp3)
    assert problems(mp3[at[1] :]) == "byte 0: no Info header"


@pytest.mark.parametrize("data", [b"", b"RIFF", TAG, bytes(1_000)])
def test_no_mp3_at_all(data):
    assert "no MP3 frame where the sound should begin" in problems(data)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_damage_to_the_sound_is_found(mp3, data):
    first = len(TAG) + FORM.frame_bytes
    at = data.draw(st.integers(first, len(mp3) - 1))
    end = data.draw(st.integers(at, min(len(mp3), at + 2_000)))
    damaged = mp3[:at] + data.draw(st.binary(max_size=2_000)) + mp3[end:]
    if damaged != mp3:
        assert check_frames(damaged) != []


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=3_000))
def test_any_bytes_can_be_checked(data):
    assert check_frames(data) != []
    assert check_frames(b"\xff\xfb\x90\x64" + data) != []
