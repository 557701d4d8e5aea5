"""Other formats and stems: as long as the episode, the sound of the mix, and never out of date."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from building import Built, build_script, files_of, metered, write_review
from master.signals import run
from tools import need

from sayso.build.api import build_episode
from sayso.build.exports import STEM_GAIN
from sayso.build.options import Format, Options
from sayso.episode.checking import check_episode
from sayso.errors import EnvironmentProblem
from sayso.master.formats import LosslessFile, SoundFormat, SoundTags, write_coded

RATE = 44_100
SCRIPT = """\
## One {#one}

{sting intro}

{bed quiet}

The lights = are; out #again. Nobody knows why.

{bed off}

{sound knock.wav}

Somebody is at the door.
"""
SETTINGS = """\
author = "Ada Quill"
[sounds.intro]
file = "intro.wav"
[sounds.quiet]
file = "quiet.wav"
"""


@pytest.fixture(scope="session")
def ffmpeg() -> str:
    """Asked for before anything is built."""
    return need("ffmpeg")


def noise(seconds: float, level: float) -> tuple[np.ndarray, int]:
    rng = np.random.default_rng(7)
    n = int(seconds * RATE)
    return (level * np.sin(np.arange(n) / 9) + level / 4 * rng.standard_normal(n)), RATE


SOUNDS = {"intro.wav": noise(1.5, 0.3), "quiet.wav": noise(2, 0.2), "knock.wav": noise(0.4, 0.5)}


def build(
    folder: Path, formats: tuple[Format, ...] = (), *, stems: bool = False, more: str = ""
) -> Built:
    return build_script(
        *(folder, SCRIPT),
        settings=SETTINGS + more,
        sounds=SOUNDS,
        options=Options(engine="tone", jobs=2, formats=formats, stems=stems),
        cache=folder / "cache",
    )


@pytest.fixture(scope="module")
def lossless(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("lossless"), ("flac", "wav"), stems=True)


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("coded"), ("m4a", "opus"))


# ----------------------------------------------------------------------------------------- stems


def read(path: Path) -> np.ndarray:
    samples, rate = soundfile.read(path, always_2d=True)
    assert rate == RATE
    return samples


STEM_NAMES = ("speech", "music", "effects")


def test_stems_add_up_to_the_mix(lossless: Built) -> None:
    stems = {name: read(lossless.folder / "stems" / f"{name}.flac") for name in STEM_NAMES}
    mixed = [lossless.master.mixer.mix(chunk) for chunk in lossless.master.mixer.timeline.chunks]
    whole = np.concatenate([np.broadcast_to(part, (len(part), 2)) for part in mixed])
    together = sum(stems.values()) / STEM_GAIN
    assert together.shape == whole.shape == (lossless.timeline.n_samples, 2)
    np.testing.assert_allclose(together, whole, atol=3 / STEM_GAIN * 2**-23)
    assert np.abs(whole).max() > 0.1


def test_each_stem_holds_its_own_and_nothing_else(lossless: Built) -> None:
    assert lossless.timeline is not None
    own = {name: np.zeros(lossless.timeline.n_samples, bool) for name in STEM_NAMES}
    for line in lossless.timeline.lines:
        own["speech"][line.start : line.end] = True
    for one in lossless.timeline.music:
        own["effects" if one.role == "sound" else "music"][one.start : one.end] = True
    for name, where in own.items():
        path = lossless.folder / "stems" / f"{name}.flac"
        samples = np.abs(read(path)).max(axis=1)
        assert soundfile.info(path).subtype == "PCM_24"
        assert where.any()
        assert samples[where].max() > 0.01
        assert not samples[~where].any()


# --------------------------------------------------------------------------------------- formats


@pytest.mark.parametrize("name", ["flac", "wav"])
def test_a_lossless_file_is_the_episode_to_the_sample(lossless: Built, name: str) -> None:
    path = lossless.folder / f"episode.{name}"
    samples, mp3 = read(path), read(lossless.folder / "episode.mp3")
    assert soundfile.info(path).subtype == "PCM_16"
    assert samples.shape == mp3.shape == (lossless.timeline.n_samples, 2)
    louder, softer = np.sum(samples**2), np.sum((samples - mp3) ** 2)
    assert 10 * np.log10(louder / softer) > 12  # what coding changed, in noise at that
    assert np.array_equal(samples, read(lossless.folder / "episode.flac"))
    with soundfile.SoundFile(path) as stream:
        told = (stream.title, stream.artist, stream.album)
    assert told == ("A test", "Ada Quill", "Dead Air")


@pytest.mark.usefixtures("ffmpeg")
@pytest.mark.parametrize("name", ["flac", "wav", "m4a", "opus"])
def test_every_format_is_as_loud_as_the_standard_says(
    name: str, lossless: Built, coded: Built
) -> None:
    work = lossless if name in ("flac", "wav") else coded
    lufs, true_peak_dbtp = metered(work.folder / f"episode.{name}")
    assert lufs == pytest.approx(-16.0, abs=0.5)
    assert true_peak_dbtp <= -0.9  # the meter prints one digit


@pytest.mark.usefixtures("ffmpeg")
def test_a_loud_episode_at_a_low_bitrate_decodes_without_a_peak(tmp_path: Path) -> None:
    """What coding lifts above the ceiling is coded again, softer."""
    loud = "[audio]\nloudness = -12\nbitrate = 64\n"
    options = Options(engine="pyttsx3", jobs=2, formats=("m4a", "opus"))
    text = "The cast is led by Ann Lee, who is quietly superb.\n"
    work = build_script(tmp_path, text, settings=loud, options=options)
    for name in ("m4a", "opus"):
        assert metered(work.folder / f"episode.{name}")[1] <= -1.0


def probed(path: Path) -> dict:
    shown = ("-show_streams", "-show_format", "-show_chapters")
    return json.loads(run("ffprobe", "-v", "error", "-of", "json", *shown, path).stdout)


@pytest.mark.usefixtures("ffmpeg")
def test_m4a_is_exactly_as_long_and_says_what_it_is(coded: Built) -> None:
    assert coded.timeline is not None
    found = probed(coded.folder / "episode.m4a")
    (sound,) = [s for s in found["streams"] if s["codec_type"] == "audio"]
    assert sound["codec_name"] == "aac"
    assert (sound["time_base"], sound["duration_ts"]) == (f"1/{RATE}", coded.timeline.n_samples)
    assert [s["codec_name"] for s in found["streams"] if s["codec_type"] == "video"] == ["mjpeg"]
    tags = found["format"]["tags"]
    assert (tags["title"], tags["artist"], tags["album"]) == (
        *("A test", "Ada Quill"),
        "Dead Air",
    )
    assert [c["tags"]["title"] for c in found["chapters"]] == ["One"]


@pytest.mark.usefixtures("ffmpeg")
def test_opus_decodes_to_the_exact_length(coded: Built) -> None:
    assert coded.timeline is not None
    path = coded.folder / "episode.opus"
    (sound,) = probed(path)["streams"]
    assert sound["codec_name"] == "opus"
    assert sound["tags"]["title"] == "A test"
    heard = run("ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-ac", "1", "-").stdout
    assert len(heard) // 4 == -(-coded.timeline.n_samples * 48_000 // RATE)


@pytest.mark.usefixtures("ffmpeg")
@pytest.mark.parametrize("name", ["m4a", "opus"])
def test_coded_sound_is_where_the_timeline_says(name: str, coded: Built) -> None:
    raw = run(
        *("ffmpeg", "-v", "error", "-i", coded.folder / f"episode.{name}"),
        *("-map", "0:a", "-f", "f32le", "-ac", "1", "-ar", str(RATE), "-"),
    ).stdout
    heard = np.frombuffer(raw, "<f4").astype(np.float64)
    mp3 = read(coded.folder / "episode.mp3").mean(axis=1)
    line = coded.timeline.lines[-1]
    part = mp3[line.start : line.end]
    near = heard[line.start - 50 : line.end + 50]
    assert abs(int(np.argmax(np.correlate(near, part, "valid"))) - 50) <= 1


def test_the_same_input_gives_the_same_files(lossless: Built, tmp_path: Path) -> None:
    again = build(tmp_path, ("flac", "wav"), stems=True)
    assert files_of(again.folder) == files_of(lossless.folder)


def test_mono_shows_have_mono_files(tmp_path: Path) -> None:
    work = build(tmp_path, ("flac",), stems=True, more="[audio]\nchannels = 1\n")
    for path in (work.folder / "episode.flac", *(work.folder / "stems").iterdir()):
        assert read(path).shape == (work.timeline.n_samples, 1)


# -------------------------------------------------------------------------- what is up to date


def test_check_knows_them_and_finds_damage(lossless: Built, tmp_path: Path) -> None:
    assert check_episode(lossless.folder).findings == ()
    folder = Path(shutil.copytree(lossless.folder, tmp_path / "copy"))
    with (folder / "episode.flac").open("r+b") as stream:
        stream.seek(20_000)
        stream.write(b"no sound")
    assert [f.file for f in check_episode(folder).findings] == ["episode.flac"]


def stamps(work: Built) -> dict[str, int]:
    files = [p for p in work.folder.rglob("*") if p.suffix in (".flac", ".wav")]
    return {p.name: p.stat().st_mtime_ns for p in files}


def test_they_are_written_once_and_kept_up_to_date(tmp_path: Path) -> None:
    first = build(tmp_path, ("flac",), stems=True)
    before = stamps(first)
    assert len(before) == 4
    assert stamps(build(tmp_path)) == before  # not asked for again, and still there
    changed = build(tmp_path, more="[pauses]\nsentence = 0.5\n")
    assert changed.timeline.n_samples > first.timeline.n_samples
    for name in ("episode.flac", *(f"stems/{stem}.flac" for stem in STEM_NAMES)):
        assert soundfile.info(changed.folder / name).frames == changed.timeline.n_samples
    (changed.folder / "episode.flac").unlink()
    assert not (build(tmp_path).folder / "episode.flac").exists()  # deleted is deleted
    assert check_episode(changed.folder).findings == ()


def test_a_file_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    work = build(tmp_path)
    own = work.folder / "episode.wav"
    own.write_bytes(b"mine")
    build(tmp_path)
    assert own.read_bytes() == b"mine"


# ------------------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize("name", ["m4a", "opus"])
def test_a_missing_ffmpeg_is_told_before_any_work(
    name: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    source = write_review(tmp_path / "show")
    with pytest.raises(EnvironmentProblem, match="ffmpeg") as caught:
        build_episode(source, Options(engine="tone", formats=(name,)))
    assert f"--format {name}" in str(caught.value.hint)
    assert not (tmp_path / "show" / "episodes").exists()
    assert caught.value.exit_code == 3


def test_without_ffmpeg_the_others_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (build(tmp_path, ("flac",)).folder / "episode.flac").is_file()


FORM = SoundFormat(RATE, 1, RATE)


def test_an_ffmpeg_that_fails_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "bin" / "ffmpeg"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'Unknown encoder libopus' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(broken.parent), prepend=":")
    blocks = (np.zeros((RATE, 1), np.float32) for _ in range(50))
    path = tmp_path / "out" / "episode.opus"
    with pytest.raises(EnvironmentProblem, match="Unknown encoder libopus"):
        write_coded(path, "opus", blocks, FORM, SoundTags("A"), bitrate_kbps=96)
    assert list(path.parent.iterdir()) == []


@pytest.mark.usefixtures("ffmpeg")
def test_an_error_in_the_sound_ends_ffmpeg_and_leaves_nothing(tmp_path: Path) -> None:
    def blocks():
        yield np.zeros((RATE, 1), np.float32)
        raise ValueError("stop")

    path = tmp_path / "episode.m4a"
    with pytest.raises(ValueError, match="stop"):
        write_coded(path, "m4a", blocks(), FORM, SoundTags("A"), bitrate_kbps=96)
    assert list(tmp_path.iterdir()) == []


def test_a_wav_that_is_too_long_for_its_header_is_rf64(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    form = SoundFormat(RATE, 2, 13 * 3_600 * RATE)
    with LosslessFile(path, "wav", form, SoundTags("Long")) as file:
        file.write(np.full((RATE, 2), 0.5, np.float32))
    assert path.read_bytes()[:4] == b"RF64"
    samples = read(path)
    assert samples.shape == (RATE, 2)
    assert samples.max() == samples.min() == 0.5


def test_full_scale_is_cut_not_wrapped(tmp_path: Path) -> None:
    for bits, n_bytes in ((16, 2), (24, 3)):
        path = tmp_path / f"{bits}.wav"
        with LosslessFile(path, "wav", SoundFormat(RATE, 1, 2), SoundTags("A"), bits=bits) as file:
            file.write(np.array([[1.5], [-1.5]], np.float32))
        raw = path.read_bytes()
        at = raw.index(b"data") + 8
        full = struct.pack("<i", (1 << (bits - 1)) - 1)[:n_bytes]
        assert raw[at : at + n_bytes] == full
