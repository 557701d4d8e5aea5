"""From takes to a finished episode: what it sounds like, and that nothing is done twice."""

from __future__ import annotations

import itertools
import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from building import (
    REVIEW,
    Built,
    begin,
    build,
    build_script,
    decoded,
    files_of,
    metered,
)
from tools import need_engine

from sayso.build import audio, pipeline
from sayso.build.options import Options
from sayso.build.states import Finished, Mastered
from sayso.episode.checking import check_episode
from sayso.errors import ErrorGroup, SaysoError, SoundError
from sayso.mix import FRAME, integrated
from sayso.reporter import Silent
from sayso.speech.takes import TakeStore
from sayso.system.cache import Store, stored_files

RATE = 44_100


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample episode with the music that comes with sayso, hummed."""
    return build(tmp_path_factory.mktemp("tone"))


@pytest.fixture(scope="module")
def hibari(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The same, spoken."""
    need_engine("hibari")
    return build(tmp_path_factory.mktemp("hibari"), engine="hibari")


BY_ENGINE = [
    pytest.param(name, marks=pytest.mark.xdist_group(f"producing {name}"))
    for name in ("tone", "hibari")
]


# -------------------------------------------------------------------------- nothing is done twice

SETTINGS = "".join(f'[sounds.{n}]\nfile = "a.wav"\n' for n in ("intro", "transition", "outro"))


def quick(
    folder: Path, review: str = REVIEW, *, cache: Path, more: str = "", jobs: int = 2
) -> Built:
    """The sample episode with a tenth of a second in place of each piece of music."""
    (folder / "show").mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / "show" / "a.wav", np.linspace(0.3, -0.3, 4_410), RATE)
    settings = more + SETTINGS
    return build(folder / "show", review, settings=settings, cache=cache, jobs=jobs)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built with a cold cache and one job."""
    folder = tmp_path_factory.mktemp("first")
    return quick(folder, cache=folder / "cache", jobs=1)


@pytest.fixture
def warm(first: Built, tmp_path: Path) -> Path:
    """A copy of its cache."""
    return Path(shutil.copytree(first.cache, tmp_path / "cache"))


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}


@pytest.mark.xdist_group("producing first")
def test_a_second_build_does_nothing(first: Built) -> None:
    before, cached = stamps(first.folder), stamps(first.cache)
    again = build(first.show.root, settings=SETTINGS, cache=first.cache)
    assert (again.n_voiced, again.n_encoded) == (0, 0)
    assert stamps(again.folder) == before
    assert stamps(first.cache) == cached


CHANGED = REVIEW.replace("She steers by his voice.", "She steers by what he says.")


@pytest.mark.xdist_group("producing first")
def test_a_changed_sentence_encodes_one_chunk_and_equals_a_clean_build(
    first: Built, warm: Path, tmp_path: Path
) -> None:
    quick(tmp_path, cache=warm)
    edited = quick(tmp_path, CHANGED, cache=warm)
    assert (edited.n_voiced, edited.n_encoded) == (1, 1)
    clean = quick(tmp_path / "clean", CHANGED, cache=tmp_path / "cold", jobs=1)
    assert files_of(edited.folder).keys() == files_of(clean.folder).keys()
    assert files_of(edited.folder) == files_of(clean.folder)
    assert files_of(edited.folder)["episode.mp3"] != files_of(first.folder)["episode.mp3"]


@pytest.mark.xdist_group("producing first")
def test_the_same_bytes_with_two_jobs_in_another_folder_and_cache(
    first: Built, tmp_path: Path
) -> None:
    other = quick(tmp_path / "another name", cache=tmp_path / "cold", jobs=2)
    assert other.n_encoded == first.n_encoded > 10
    assert files_of(other.folder) == files_of(first.folder)


@pytest.mark.xdist_group("producing first")
def test_a_damaged_cache_is_mended(first: Built, warm: Path, tmp_path: Path) -> None:
    chance = random.Random(1)
    files = [path for _, path, _ in sorted(stored_files(sorted(warm.iterdir())))]
    assert {path.parent.parent.name for path in files} == {"takes", "levels", "chunks", "covers"}
    for path in files:
        raw = bytearray(path.read_bytes())
        match chance.choice(["remove", "empty", "cut", "flip", "keep", "keep"]):
            case "remove":
                path.unlink()
            case "empty":
                path.write_bytes(b"")
            case "cut":
                path.write_bytes(raw[: chance.randrange(len(raw))])
            case "flip":
                raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
                path.write_bytes(raw)
    mended = quick(tmp_path, cache=warm)
    assert 0 < mended.n_encoded < first.n_encoded
    assert files_of(mended.folder) == files_of(first.folder)


@pytest.mark.xdist_group("producing first")
def test_a_take_that_was_voiced_anew_is_mixed_anew(
    first: Built, warm: Path, tmp_path: Path
) -> None:
    """Some engines say a sentence otherwise the next time: of the same length, or of another."""
    store, take = TakeStore(warm / "takes"), first.takes[3]
    store.put(take.key, take.samples()[::-1], take.sample_rate, take.words)
    again = quick(tmp_path, cache=warm)
    assert (again.n_voiced, again.n_encoded) == (0, 1)
    store.put(take.key, take.samples()[: -take.sample_rate // 2], take.sample_rate, take.words)
    assert quick(tmp_path, cache=warm).n_encoded == 1


@pytest.mark.xdist_group("producing first")
def test_another_loudness_voices_nothing(first: Built, warm: Path, tmp_path: Path) -> None:
    quieter = quick(tmp_path, more="[audio]\nloudness = -20\n", cache=warm)
    assert quieter.n_voiced == 0
    assert quieter.n_encoded == first.n_encoded
    assert metered(quieter.folder / "episode.mp3")[0] == pytest.approx(-20, abs=0.5)


@pytest.mark.xdist_group("producing first")
def test_another_author_encodes_nothing(first: Built, warm: Path, tmp_path: Path) -> None:
    renamed = quick(tmp_path, more='author = "Somebody"\n', cache=warm)
    assert (renamed.n_voiced, renamed.n_encoded) == (0, 0)
    assert files_of(renamed.folder)["episode.mp3"] != files_of(first.folder)["episode.mp3"]
    assert files_of(renamed.folder)["cover.jpg"] == files_of(first.folder)["cover.jpg"]


@pytest.mark.xdist_group("producing first")
def test_a_chunk_that_goes_while_the_episode_is_written_is_made_again(
    first: Built, warm: Path, tmp_path: Path
) -> None:
    begun = begin(quick(tmp_path, cache=warm).source, Options(engine="tone"), warm)
    mastered = pipeline.run(begun, Mastered)
    for _, path, _ in stored_files([warm / "chunks"])[:3]:
        path.unlink()
    pipeline.run(begun, Finished, after=mastered)
    assert files_of(begun.folder) == files_of(first.folder)


@pytest.mark.xdist_group("producing first")
def test_a_store_of_chunks_holds_what_was_encoded(first: Built) -> None:
    chunks = stored_files([first.cache / "chunks"])
    assert len(chunks) == first.n_encoded
    assert Store(first.cache / "chunks").get(chunks[0][1].name) is not None


# -------------------------------------------------------------------------------- how it sounds

VOICED = """\
{sting intro}

## Intro {#intro voice=host}

The tide came in at night, and with it came the boat. Nobody had ordered one.

## More {#more voice=critic sting=transition}

It is slow. It is patient, and it is the best thing on television this year!

{sting outro}
"""
BEDDED = """\
## Intro {#intro voice=host bed=bed}

The tide came in at night, and with it came the boat. Nobody had ordered one, and nobody paid.

It is slow, and it knows.

## More {#more voice=critic sting=transition}

It is the best thing on television this year.
"""
BARE = """\
## Intro {#intro voice=host}

The tide came in at night, and with it came the boat. Nobody had ordered one.

{pause 2s}

CRITIC: It is slow. It is patient, and it is the best thing on television this year!
"""
MUSIC = "{sting intro}\n\n{sting outro}\n\n## One {#one}\n\nThat was music.\n\n{sound own.wav}\n"

MONO = "[audio]\nchannels = 1\nbitrate = 96\n"
LOUD_CRITIC = '[voices.host]\nspeaker = "Host"\n[voices.critic]\ngain_db = 6.0\n'
EPISODES = {
    "tone, stings": ("tone", VOICED, ""),
    "tone, bed": ("tone", BEDDED, ""),
    "tone, mono, bed": ("tone", BEDDED, MONO),
    "hibari, stings": ("hibari", VOICED, ""),
    "hibari, mono": ("hibari", BARE, MONO),
    "hibari, bed, 48 kHz": ("hibari", BEDDED, "[audio]\nsample_rate = 48000\nbitrate = 192\n"),
    "pyttsx3, stings": ("pyttsx3", VOICED, ""),
    "pyttsx3, bare, quiet": ("pyttsx3", BARE, "[audio]\nloudness = -20\n"),
    "hibari, one voice louder": ("hibari", VOICED, LOUD_CRITIC),
    "loud file, loud target": ("tone", MUSIC, "[audio]\nloudness = -14\n"),
    "quiet file": ("hibari", MUSIC, ""),
}


def own_sound(name: str) -> tuple[np.ndarray, int]:
    """Two seconds of rising noise, at 22,050 Hz: over full scale's edge, or 50 dB below."""
    noise = (
        np.random.default_rng(4).standard_normal((44_100, 2)) * np.linspace(0, 1, 44_100)[:, None]
    )
    return np.clip(noise * (0.003 if name == "quiet file" else 0.8), -1, 1), 22_050


@pytest.mark.parametrize("name", EPISODES)
def test_the_loudness_is_what_was_asked_and_nothing_clips(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, script, settings = EPISODES[name]
    if engine == "hibari":
        need_engine("hibari")
    estimated: list[float] = []
    estimate = audio.estimate_lufs

    def remembered(*arguments):
        estimated.append(estimate(*arguments))
        return estimated[-1]

    monkeypatch.setattr("sayso.build.audio.estimate_lufs", remembered)
    sounds = {"own.wav": own_sound(name)}
    work = build_script(tmp_path, script, settings=settings, sounds=sounds, engine=engine)
    target = work.show.audio.target_lufs
    mp3 = work.folder / "episode.mp3"
    lufs, true_peak = metered(mp3)
    assert lufs == pytest.approx(target, abs=0.5)
    assert lufs == pytest.approx(work.measured.integrated_lufs, abs=0.1)
    if work.measured.limited_db < 3:  # what the limiter takes nobody can know before
        assert estimated[0] + work.trim_db == pytest.approx(lufs, abs=0.3)
    assert true_peak <= -1.0
    samples = decoded(mp3)
    assert np.abs(samples).max() < 1.0
    assert samples.shape == (work.timeline.n_samples, work.show.audio.n_channels)


def test_a_mono_show_has_its_own_loudness_and_bitrate(tmp_path: Path) -> None:
    work = build_script(tmp_path, BARE, settings=MONO)
    assert work.show.audio.target_lufs == -19.0
    lufs, _ = metered(work.folder / "episode.mp3")
    assert lufs == pytest.approx(-19.0, abs=0.5)
    document = json.loads((work.folder / "episode.json").read_text("utf-8"))
    assert document["audio"]["bitrate_kbps"] == 96
    seconds = work.timeline.n_samples / RATE
    tag_and_cover = (work.folder / "episode.mp3").read_bytes().index(b"Info")
    size = (work.folder / "episode.mp3").stat().st_size - tag_and_cover
    assert size * 8 / seconds == pytest.approx(96_000, rel=0.02)


def test_what_no_limiter_can_reach_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Speech at -9 LUFS on one channel: its peaks would be far over the ceiling."""
    notes: list[str] = []
    monkeypatch.setattr(Silent, "note", lambda _, text: notes.append(text))
    settings = "[audio]\nchannels = 1\nloudness = -9\n"
    work = build_script(tmp_path, BARE, settings=settings, engine="pyttsx3")
    lufs = work.measured.integrated_lufs
    assert lufs < -10
    assert notes == [
        f"the sound reaches {lufs:.1f} LUFS of the -9 that are asked for: its peaks leave no room; "
        "set a lower loudness under [audio] in show.toml"
    ]
    (finding,) = check_episode(work.folder).findings
    assert finding.code == "loudness"
    assert finding.hint.startswith("set a lower loudness under [audio]")


@pytest.mark.parametrize("which", BY_ENGINE)
def test_every_word_is_where_the_timeline_says(which: str, request) -> None:
    """Each tenth of a second of each decoded line is held against its take, at lag 0."""
    from sayso.mix import take_samples

    work: Built = request.getfixturevalue(which)
    heard = decoded(work.folder / "episode.mp3").mean(axis=1)
    takes = {take.key: take for take in work.takes}
    lowest = 1.0
    for line in work.timeline.lines:
        if any(m.start < line.end and line.start < m.end for m in work.timeline.music):
            continue
        take = take_samples(takes[line.take], RATE).astype(np.float64)
        sound = heard[line.start : line.end].astype(np.float64)
        for at in range(0, len(take) - 4_410, 4_410):
            a, b = take[at : at + 4_410], sound[at : at + 4_410]
            if np.sqrt((a @ a) / 4_410) > 300:
                lowest = min(lowest, float(a @ b / np.sqrt((a @ a) * (b @ b))))
    assert lowest > 0.95


@pytest.mark.parametrize("which", BY_ENGINE)
def test_no_silence_is_too_long(which: str, request) -> None:
    work: Built = request.getfixturevalue(which)
    samples = np.abs(decoded(work.folder / "episode.mp3")).max(axis=1)
    blocks = samples[: len(samples) // 441 * 441].reshape(-1, 441).max(axis=1)
    silent = [sum(1 for _ in run) for loud, run in itertools.groupby(blocks > 1e-3) if not loud]
    assert max(silent) / 100 <= 2.5


@pytest.mark.parametrize("which", BY_ENGINE)
def test_no_join_clicks(which: str, request) -> None:
    """Where a line, a sting or a chunk begins or ends, the curve bends by less than -50 dBFS."""
    work: Built = request.getfixturevalue(which)
    heard = decoded(work.folder / "episode.mp3").mean(axis=1)
    bend = np.abs(np.diff(heard, 2))
    t = work.timeline
    sounds = [*t.music, *t.lines]
    joins = {s.start for s in t.chunks} | {x for one in sounds for x in (one.start, one.end)}
    for join in sorted(joins):
        if any(one.start < join < one.end for one in sounds):
            continue  # what goes on there may do as it likes
        near = bend[max(0, join - 64) : join + 64]
        assert 20 * np.log10(near.max(initial=1e-9)) < -50, join


def test_the_bed_lies_well_below_the_voice(tmp_path: Path) -> None:
    """In the mix of a real build: 10 LU at least, and 20 dB where WCAG wants them, by stems."""
    from sayso.mix import frame_energies

    work = build_script(tmp_path, BEDDED)
    chunk = next(s for s in work.timeline.chunks if s.music and s.lines)
    stems = work.master.mixer.stems(chunk)
    lines = [work.timeline.lines[i] for i in chunk.lines]
    spoken = slice(lines[0].start - chunk.start, lines[-1].end - chunk.start)

    def lufs(samples: np.ndarray) -> float:
        return integrated(frame_energies(samples[spoken], RATE, FRAME), FRAME, RATE)

    assert lufs(stems.speech) - lufs(stems.bed) >= 10


# ------------------------------------------------------------------------------------- the files


@pytest.mark.xdist_group("producing tone")
def test_the_manifest_tells_all_and_nothing_of_the_machine(tone: Built) -> None:
    raw = (tone.folder / "episode.json").read_text("utf-8")
    assert str(tone.show.root) not in raw
    assert str(tone.cache) not in raw
    assert not re.search(r"/(tmp|home|root|work|usr|Users)\b", raw)
    document = json.loads(raw)
    import hashlib

    for name, entry in document["files"].items():
        content = (tone.folder / name).read_bytes()
        assert entry == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert {"episode.mp3", "chapters.json", "transcript.vtt", "transcript.srt", "cover.jpg"} <= set(
        document["files"]
    )
    assert document["audio"]["n_samples"] == tone.timeline.n_samples
    review = [line for line in document["lines"] if line["from"]]
    assert [line["written"] for line in document["lines"]] == [
        line.line.written for line in tone.timeline.lines
    ]
    assert len(review) == 10
    for line in review:
        assert re.fullmatch(r"p\d+\.\d+", line["from"])
    assert [line["from"] for line in review if "Vreel" in line["written"]] == ["p3.1"]


@pytest.mark.xdist_group("producing tone")
def test_nothing_but_the_episodes_files_lies_in_its_folder(tone: Built) -> None:
    manifest = json.loads((tone.folder / "episode.json").read_text("utf-8"))
    own = {"script.md", ".rendered.md", "episode.json", "report.html"}
    assert {path.name for path in tone.folder.iterdir()} <= {*manifest["files"], *own}


# ---------------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("prepare", "problem"),
    [
        (lambda f: None, "no such sound"),
        (lambda f: f.write_text("not music"), "not a sound that can be read"),
        (lambda f: f.mkdir(), "no such sound"),
        (lambda f: f.symlink_to("/etc/hostname"), "leaves the show folder"),
    ],
    ids=["missing", "a text", "a folder", "a link out of the show"],
)
def test_a_bad_sound_is_told(prepare: Callable[[Path], None], problem: str, tmp_path: Path) -> None:
    show = tmp_path / "show"
    show.mkdir()
    prepare(show / "door.wav")
    with pytest.raises(SaysoError) as caught:
        build_script(show, "## One {#one}\n\n{sound door.wav}\n\nKnock knock.\n")
    assert problem in str(caught.value)
    assert caught.value.hint
    assert not (show / "episodes").exists() or not list((show / "episodes").rglob("*.mp3"))


def test_a_path_that_leaves_the_show_is_told(tmp_path: Path) -> None:
    for file in ("../door.wav", "/etc/passwd", "audio/../../door.wav"):
        with pytest.raises(SaysoError, match="leaves the show folder"):
            build_script(tmp_path / "show", "## A {#a}\n\n{sound " + file + "}\n\nKnock.\n")


def test_two_bad_sounds_are_told_together(tmp_path: Path) -> None:
    script = "## A {#a}\n\n{sound a.wav}\n\n{sound b.wav}\n\nKnock.\n"
    with pytest.raises(ErrorGroup) as caught:
        build_script(tmp_path, script)
    assert all(isinstance(error, SoundError) for error in caught.value.errors)
    assert len(caught.value.errors) == 2
