"""A key of the cache names all that decides what it leads to: change any of it, and it is another."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from sayso.build.audio import ChunkMaster
from sayso.build.options import Options
from sayso.build.record import record_key
from sayso.build.up_to_date import _deciding
from sayso.master import Mp3Format
from sayso.mix import Mixer
from sayso.model import Chapter, Chunk, Line, Music, SpokenLine, Timeline, Voice
from sayso.speech.takes import take_key
from sayso.system.cache import Store, make_key

TAKE = {"engine": "tone", "version": "1", "voice": "host", "speed": 1.0, "spoken": "A ferry."}
OTHER = {"engine": "hum", "version": "2", "voice": "critic", "speed": 1.01, "spoken": "A ferry!"}


def test_every_argument_of_a_take_s_key_is_known() -> None:
    assert set(inspect.signature(take_key).parameters) == set(TAKE) == set(OTHER)


@pytest.mark.parametrize("changed", TAKE)
def test_a_take_is_another_for_another(changed: str) -> None:
    assert take_key(**{**TAKE, changed: OTHER[changed]}) != take_key(**TAKE)  # type: ignore[arg-type]


def test_fields_of_a_key_do_not_run_into_one_another() -> None:
    assert make_key("ab", "c") != make_key("a", "bc") != make_key("abc")


def timeline() -> Timeline:
    line = Line("A ferry.", "A ferry.", Voice("host", gain_db=0.0), 0)
    return Timeline(
        sample_rate=44_100,
        n_samples=115_200,
        lines=(SpokenLine(line, 6_000, 9_000, "intro", "take-a"),),
        music=(Music("sting", "intro", "sound-a", 5_000, 20_000),),
        chapters=(Chapter("intro", "Intro", 0, 115_200),),
        chunks=(Chunk(0, 115_200, (0,), (0,)),),
    )


def mixer_of(time: Timeline, **more: object) -> Mixer:
    gains_db = {"take-a": 1.0, "take-b": 1.0, "sound-a": -2.0, "sound-b": -2.0}
    given: dict[str, object] = {"gains_db": gains_db, "contents": {"take-a": "as said"}, **more}
    return Mixer(time, 2, voice=None, sound=None, **given)  # type: ignore[arg-type]


def mixers() -> Iterator[tuple[str, Mixer]]:
    """What each may sound otherwise than the mixer of `timeline()`."""
    time = timeline()
    (line,), (music,) = time.lines, time.music
    louder = replace(line.line, voice=replace(line.line.voice, gain_db=1.0))
    for name, changed in {
        "where a line is": replace(line, start=6_001),
        "how long a line is": replace(line, n_samples=9_001),
        "the take": replace(line, take="take-b"),
        "the gain of the voice": replace(line, line=louder),
    }.items():
        yield name, mixer_of(replace(time, lines=(changed,)))
    for name, other in {
        "the role of music": replace(music, role="bed"),
        "where music is": replace(music, start=5_001),
        "how long music is": replace(music, n_samples=20_001),
        "the sound": replace(music, sound="sound-b"),
        "the gain of music": replace(music, gain_db=0.5),
    }.items():
        yield name, mixer_of(replace(time, music=(other,)))
    yield "how long the chunk is", mixer_of(replace(time, chunks=(Chunk(0, 116_352, (0,), (0,)),)))
    yield "the rate", mixer_of(replace(time, sample_rate=48_000))
    yield "the channels", replace(mixer_of(time), n_channels=1)
    yield "the level of the take", mixer_of(time, gains_db={"take-a": 1.1, "sound-a": -2.0})
    yield "the level of the sound", mixer_of(time, gains_db={"take-a": 1.0, "sound-a": -2.1})
    yield "how the take was said", mixer_of(time, contents={"take-a": "said otherwise"})


@pytest.mark.parametrize(("name", "mixer"), list(mixers()), ids=[name for name, _ in mixers()])
def test_a_chunk_is_another_for_another(name: str, mixer: Mixer) -> None:
    as_it_is = mixer_of(timeline())
    assert mixer.key(mixer.timeline.chunks[0]) != as_it_is.key(as_it_is.timeline.chunks[0])


def test_what_is_said_changes_no_chunk_but_by_its_take() -> None:
    time = timeline()
    renamed = replace(time.lines[0], line=replace(time.lines[0].line, written="A boat."))
    same = mixer_of(replace(time, lines=(renamed,)))
    assert same.key(time.chunks[0]) == mixer_of(time).key(time.chunks[0])


def test_a_mastered_chunk_is_another_for_another_gain_or_format(tmp_path: Path) -> None:
    form, store = Mp3Format(44_100, 2, 128), Store(tmp_path)
    (chunk,) = timeline().chunks
    masters = [
        ChunkMaster(mixer_of(timeline()), 0.0, form, store),
        ChunkMaster(mixer_of(timeline()), 0.5, form, store),
        ChunkMaster(mixer_of(timeline()), 0.0, replace(form, bitrate_kbps=192), store),
        ChunkMaster(mixer_of(timeline()), 0.0, replace(form, n_channels=1), store),
        ChunkMaster(replace(mixer_of(timeline()), n_channels=1), 0.0, form, store),
    ]
    assert len({master.key(chunk) for master in masters}) == len(masters)


def test_a_record_is_of_one_review_and_its_draft_apart(tmp_path: Path) -> None:
    keys = {
        record_key(tmp_path / name, tmp_path, draft=draft)
        for name in ("a.md", "b.md")
        for draft in (0, 1)
    }
    assert len(keys) == 4


CHANGED = {
    "engine": "tone",
    "draft": True,
    "kind": "tv",
    "template": "plain",
    "order": "source",
    "force": True,
    "merge": True,
    "filters": {"shout": str.upper},
    "functions": {"city": str},
    "prefer": "edited",
}
"""Every option that may change what an episode holds."""


def test_every_option_decides_or_is_known_not_to() -> None:
    names = {field.name for field in fields(Options)}
    assert names == {*CHANGED, "jobs", "formats", "stems"}
    for name, value in CHANGED.items():
        changed = replace(Options(), **{name: value})  # type: ignore[arg-type]
        assert make_key(_deciding(changed)) != make_key(_deciding(Options())), name
