"""Mixing: everything where the timeline says, to the sample, with the gain that it should have."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mix.scripts import mixer_of

from sayso.mix import Mixer, frame_energies, integrated, level_gain_db
from sayso.mix.chunk import EDGE_MS, STING_LU, soften_edges
from sayso.mix.ducking import bed_gain
from sayso.mix.levels import measure, spread_db
from sayso.model import Chunk, Music, SpokenLine, Timeline, Voice

SCRIPT = (Path(__file__).parent / "data" / "plain.script.md").read_text("utf-8")
BEDS = (Path(__file__).parent / "data" / "beds.script.md").read_text("utf-8")


def by_hand(mixer: Mixer, role: str) -> np.ndarray:
    """The whole episode's speech, music or bed, added up in the plainest way."""
    timeline = mixer.timeline
    total = np.zeros((timeline.n_samples, mixer.n_channels))
    for line in timeline.lines if role == "speech" else ():
        gain = 10 ** ((mixer.gains_db[line.take] + line.line.voice.gain_db) / 20)
        total[line.start : line.end] += gain * mixer.voice(line)[:, None] / 32768
    for music in timeline.music:
        gain = 10 ** ((mixer.gains_db[music.sound] + music.gain_db) / 20)
        if role == "music" and music.role != "bed":
            whole = slice(0, music.n_samples)
            sound = soften_edges(mixer.sound(music), timeline.sample_rate, whole) / 32768
            total[music.start : music.end] += gain * 10 ** (STING_LU / 20) * sound
        if role == "bed" and music.role == "bed":
            over = [one for one in timeline.lines if one.start < music.end > music.start < one.end]
            speech = [(line.start - music.start, line.end - music.start) for line in over]
            places = np.arange(music.n_samples)
            duck = bed_gain(places, music.n_samples, speech, timeline.sample_rate)
            loop = mixer.sound(music) / 32768
            looped = np.concatenate([loop] * (music.n_samples // len(loop) + 1))[: music.n_samples]
            total[music.start : music.end] += gain * duck[:, None] * looped
    return total


@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("text", [SCRIPT, BEDS], ids=["plain", "beds"])
def test_everything_is_in_its_place_to_the_sample(text: str, rate: int, n_channels: int) -> None:
    mixer = mixer_of(text, n_channels, rate)
    stems = [mixer.stems(chunk) for chunk in mixer.timeline.chunks]
    for role in ("speech", "music"):
        mixed = np.concatenate([getattr(stem, role) for stem in stems])
        np.testing.assert_allclose(mixed, by_hand(mixer, role), atol=2e-6)
    bed = np.concatenate([stem.bed for stem in stems])
    np.testing.assert_allclose(bed, by_hand(mixer, "bed"), atol=1e-4)  # its gain is read off a grid


def test_each_take_is_found_at_lag_0() -> None:
    """By correlation, with no word of how it was placed; also under the tail of a sting."""
    mixer = mixer_of(SCRIPT)
    whole = np.concatenate([mixer.mix(s)[:, 0] for s in mixer.timeline.chunks])
    for line in mixer.timeline.lines:
        take = mixer.voice(line).astype(np.float64)
        heard = whole[line.start - 20 : line.end + 20].astype(np.float64)
        correlation = np.correlate(heard, take, "valid")
        assert np.argmax(correlation) == 20
        gain = correlation[20] / (take @ take) * 32768
        assert 20 * np.log10(gain) == pytest.approx(mixer.gains_db[line.take], abs=0.5)


@pytest.mark.parametrize("n_channels", [1, 2])
def test_stems_add_up_to_the_mix(n_channels: int) -> None:
    mixer = mixer_of(BEDS, n_channels)
    for chunk in mixer.timeline.chunks:
        stems = mixer.stems(chunk)
        together = stems.speech + stems.music + stems.effects + stems.bed
        mixed = np.broadcast_to(mixer.mix(chunk), together.shape)
        np.testing.assert_allclose(together, mixed, atol=1e-6)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(1, 900_000), max_size=4))
def test_windows_join_seamlessly(cuts: list[int]) -> None:
    mixer = mixer_of(BEDS)
    chunk = mixer.timeline.chunks[0]
    n_samples = chunk.end - chunk.start
    borders = sorted({chunk.start, chunk.end, *(chunk.start + c % n_samples for c in cuts)})
    windows = [mixer.mix(chunk, window) for window in itertools.pairwise(borders)]
    np.testing.assert_array_equal(np.concatenate(windows), mixer.mix(chunk))


def test_nothing_clips_before_the_limiter() -> None:
    """The highest level and the highest setting together, on a take at full scale."""
    text = "---\nsayso: 1\n---\n\nLoud.\n"
    mixer = mixer_of(text, gains_db={"Loud.": 24.0})
    line = mixer.timeline.lines[0]
    louder = replace(line.line, voice=Voice("host", gain_db=12.0))
    timeline = replace(mixer.timeline, lines=(replace(line, line=louder),))
    full = np.full(line.n_samples, -32768, np.int16)
    mixed = replace(mixer, timeline=timeline, voice=lambda _: full).mix(timeline.chunks[0])
    heard = mixed[line.start : line.end]
    np.testing.assert_allclose(heard, -(10 ** (36 / 20)), rtol=0.01)


def test_a_chunk_without_any_sound_is_silence() -> None:
    mixer = mixer_of("---\nsayso: 1\n---\n")
    mixed = mixer.mix(mixer.timeline.chunks[0])
    assert mixed.shape == (mixer.timeline.n_samples, 1)
    assert not mixed.any()


def test_the_key_names_everything_that_is_heard() -> None:
    mixer = mixer_of(BEDS)
    chunk = mixer.timeline.chunks[-1]
    line, bed = (
        chunk.lines[0],
        next(i for i in chunk.music if mixer.timeline.music[i].role == "bed"),
    )
    keys = {mixer.key(chunk)}

    def key_with(**changes) -> None:
        keys.add(replace(mixer, **changes).key(chunk))

    def line_with(**changes) -> Timeline:
        lines = list(mixer.timeline.lines)
        lines[line] = replace(lines[line], **changes)
        return replace(mixer.timeline, lines=tuple(lines))

    def bed_with(**changes) -> Timeline:
        music = list(mixer.timeline.music)
        music[bed] = replace(music[bed], **changes)
        return replace(mixer.timeline, music=tuple(music))

    spoken, played = mixer.timeline.lines[line], mixer.timeline.music[bed]
    key_with(n_channels=1)
    key_with(contents={spoken.take: "voiced anew"})
    key_with(gains_db={**mixer.gains_db, spoken.take: 1.0})
    key_with(gains_db={**mixer.gains_db, played.sound: 1.0})
    key_with(timeline=replace(mixer.timeline, sample_rate=48_000))
    key_with(timeline=line_with(start=spoken.start + 1))
    key_with(timeline=line_with(n_samples=spoken.n_samples + 1))
    key_with(timeline=line_with(take="another"))
    key_with(timeline=line_with(line=replace(spoken.line, voice=Voice("host", gain_db=1.0))))
    key_with(timeline=bed_with(start=played.start + 1))
    key_with(timeline=bed_with(n_samples=played.n_samples + 1))
    key_with(timeline=bed_with(sound="another"))
    key_with(timeline=bed_with(gain_db=1.0))
    key_with(timeline=bed_with(role="sting"))
    assert len(keys) == 15
    # What is not heard is not named: another word for the same sound, another segment.
    same = line_with(segment="x", line=replace(spoken.line, written="y", origin="p1"))
    assert replace(mixer, timeline=same).key(chunk) in keys


def test_a_sting_begins_and_ends_softly() -> None:
    full = np.full((4_000, 2), 32767, np.int16)
    soft = soften_edges(full, 44_100, slice(0, 4_000))
    n = EDGE_MS * 44_100 // 1000
    assert (soft[[0, -1]] == 0).all()
    assert (np.diff(soft[:n, 0]) >= 0).all()
    assert (soft[n:-n] == 32767).all()
    assert (soft == soft[::-1]).all()
    parts = [soften_edges(full, 44_100, slice(at, at + 100)) for at in range(0, 4_000, 100)]
    assert (np.concatenate(parts) == soft).all()
    assert len(soften_edges(full[:1], 44_100, slice(0, 1))) == 1
    assert (full == 32767).all()


def test_a_short_loop_costs_no_more_the_later_it_is_heard() -> None:
    """A sample that goes round for an hour: nobody counts the rounds."""
    mixer = mixer_of(BEDS, 2, 44_100)
    timeline = mixer.timeline
    bed = replace(next(one for one in timeline.music if one.role == "bed"), start=0)
    hour = replace(bed, n_samples=3_600 * 44_100)
    click = np.full((1, 2), 9, np.int16)
    endless = replace(
        mixer, timeline=replace(timeline, lines=(), music=(hour,)), sound=lambda one: click
    )
    start = time.process_time()
    window = (hour.end - 200_000, hour.end - 100_000)
    assert endless.mix(Chunk(0, hour.end, (), (0,)), window).all()
    assert time.process_time() - start < 5


def test_the_voice_is_at_least_10_lu_above_the_bed() -> None:
    """Levelled as a build does it: the bed under the voice, and alone."""
    base = mixer_of("---\nsayso: 1\n---\n\n## A {#a bed=rain}\n\n" + "And so it goes on. " * 12)
    rate = base.timeline.sample_rate
    levels = {one.take: measure(base.voice(one)[:, None] / np.float32(32768), rate) for one in
              base.timeline.lines}  # fmt: skip
    bed: Music = base.timeline.music[0]
    gains = {key: level_gain_db(level, -16.0, 2, 1) for key, level in levels.items()}
    rain = measure(base.sound(bed).astype(np.float32) / 32768, rate)
    gains[bed.sound] = level_gain_db(rain, -16.0, 2, 2)
    mixer = replace(base, gains_db=gains)
    stems = mixer.stems(mixer.timeline.chunks[0])

    def lufs(samples: np.ndarray) -> float:
        return integrated(frame_energies(samples, rate, 441), 441, rate)

    first: SpokenLine = mixer.timeline.lines[0]
    spoken = slice(first.start, mixer.timeline.lines[-1].end)
    clear = slice(bed.start + rate, first.start - rate // 3)
    assert lufs(stems.speech[spoken]) == pytest.approx(-16.5, abs=0.5)  # with the pauses in it
    assert lufs(stems.bed[spoken]) == pytest.approx(-30.0, abs=0.7)
    assert lufs(stems.bed[clear]) == pytest.approx(-22.0, abs=1.0)
    assert spread_db(2, 1) == pytest.approx(3.01, abs=0.01)
