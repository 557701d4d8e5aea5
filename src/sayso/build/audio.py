"""From takes to mastered chunks: levels, timeline, mix, frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from sayso.build.state import Work
from sayso.episode import Measured
from sayso.errors import SaysoError, raise_all
from sayso.master import MasteredChunk, Mp3Format, master_windows
from sayso.master.mastering import RECIPE, WINDOW, Floats, limited_window
from sayso.mix import (
    FRAME,
    VOICE_LU,
    Level,
    LevelStore,
    Mixer,
    NamedSounds,
    SoundFile,
    Sounds,
    Stems,
    estimate_lufs,
    integrated,
    lay_out,
    level_gain_db,
    place,
    take_level,
    take_samples,
    trim_db,
)
from sayso.mix.layout import Placeable
from sayso.model import Chunk
from sayso.script import sound_files, sting_and_bed_names
from sayso.show import sound_path
from sayso.speech.takes import Take
from sayso.speech.workers import usable_cores
from sayso.system.cache import Store, make_key
from sayso.system.threads import Threads

Result = TypeVar("Result")

MAX_MISS_LU = 0.45
"""EBU R128 allows a programme 0.5 LU either way; what is nearer is not worth encoding twice."""

_UNKNOWN = "unknown"
"""Stands for the key of a take that is not there yet."""


def find_music(work: Work) -> NamedSounds:
    """Look up every sound of the script. Raises what is wrong with them, together."""
    assert work.script is not None
    audio = work.show.audio
    sounds = Sounds(Store(work.cache / "levels"), audio.sample_rate, audio.n_channels)
    files = {sound.name: sound.file for sound in work.show.sounds}
    named = {name: files[name] for name in sting_and_bed_names(work.script)}
    named |= {file: file for file in sound_files(work.script)}
    found: dict[str, SoundFile] = {}
    errors: list[SaysoError] = []
    for name, file in named.items():
        try:
            found[name] = sounds.find(sound_path(work.show, file))
        except SaysoError as error:
            errors.append(error)
    raise_all(errors)
    return NamedSounds(sounds, found)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything lies, how loud it is, and what mixes it."""

    mixer: Mixer
    levels: dict[str, Level]
    gains_db: dict[str, float]


def has_takes(mixer: Mixer, chunk: Chunk) -> bool:
    """Whether all takes of a chunk are there."""
    lines = mixer.timeline.lines
    return all(lines[index].take != _UNKNOWN for index in chunk.lines)


def lay_out_takes(work: Work, music: NamedSounds, takes: Sequence[Take | None]) -> Plan:
    """Give every line, sting and bed its place and its gain.

    `takes` go with the lines; for one that is not voiced yet a second is kept free. What lies
    between two silences is laid out alike whatever lies elsewhere, so chunks whose takes are
    all there are final.
    """
    assert work.script is not None
    audio = work.show.audio
    rate, n_channels = audio.sample_rate, audio.n_channels
    known = LevelStore(Store(work.cache / "levels"))
    there = {take.key: take for take in takes if take is not None}
    levels = {key: take_level(take, known) for key, take in there.items()}
    gains = {
        key: level_gain_db(level, audio.target_lufs + VOICE_LU, n_channels, 1)
        for key, level in levels.items()
    }
    for sound in music.by_name.values():
        levels[sound.key] = sound.level
        gains[sound.key] = level_gain_db(sound.level, audio.target_lufs, n_channels, n_channels)
    timeline = lay_out(
        work.script,
        work.show,
        work.lines,
        [place(take, rate) if take else Placeable(_UNKNOWN, rate) for take in takes],
        {name: Placeable(sound.key, sound.n_samples) for name, sound in music.by_name.items()},
    )
    mixer = Mixer(
        timeline,
        n_channels,
        voice=lambda line: take_samples(there[line.take], rate),
        sound=lambda one: music.sounds.samples(one.sound),
        gains_db=gains,
        contents={take.key: take.content for take in there.values()},
    )
    return Plan(mixer, levels, gains)


def lay_it_out(work: Work) -> None:
    """Give everything its place in time, its level, and the whole its correction."""
    music = work.music if work.music is not None else find_music(work)
    plan = lay_out_takes(work, music, work.takes)
    work.mixer = plan.mixer
    work.timeline = plan.mixer.timeline
    audio = work.show.audio
    lufs = estimate_lufs(work.timeline, plan.levels, plan.gains_db, audio.n_channels)
    work.trim_db = trim_db(lufs, audio.target_lufs)


def master(work: Work) -> None:
    """Mix, limit and encode every chunk that is not cached; measure the whole.

    Where limiting has taken so much that the whole misses its target after all, it is corrected
    and mastered once more. What it misses then, its peaks leave no room for: a note tells that.
    """
    assert work.timeline is not None
    measured = _master_once(work)
    lufs, target_lufs = measured.integrated_lufs, work.show.audio.target_lufs
    if lufs is not None and abs(lufs - target_lufs) > MAX_MISS_LU:
        work.trim_db += trim_db(lufs, target_lufs)
        measured = _master_once(work)
        _tell_a_miss(work, measured.integrated_lufs)
    work.measured = measured
    keys = {chunk_key(work, chunk) for chunk in work.timeline.chunks}
    work.n_encoded = len(keys & work.encoded)


def _tell_a_miss(work: Work, lufs: float | None) -> None:
    target_lufs = work.show.audio.target_lufs
    if lufs is not None and lufs < target_lufs - MAX_MISS_LU:
        work.reporter.note(
            f"the sound reaches {lufs:.1f} LUFS of the {target_lufs:g} that are asked for: its "
            "peaks leave no room; set a lower loudness under [audio] in show.toml"
        )


def mastered_chunk(work: Work, chunk: Chunk, mixer: Mixer | None = None) -> MasteredChunk:
    """A chunk, mixed, limited and encoded, or found in the cache.

    `mixer` is for a chunk of a timeline that is not the work's own yet.
    """
    mixer = mixer or work.mixer
    assert mixer is not None
    store = Store(work.cache / "stretches")
    key = chunk_key(work, chunk, mixer)
    raw = store.get(key)
    if raw is not None:
        return MasteredChunk.unpack(raw)

    def window(first: int, last: int) -> Floats:
        return mixer.mix(chunk, (chunk.start + first, chunk.start + last))

    n_samples = chunk.end - chunk.start
    mastered = master_windows(window, n_samples, mp3_format(work), gain_db=work.trim_db)
    store.put(key, mastered.pack())
    work.encoded.add(key)
    return mastered


def is_mastered(work: Work, chunk: Chunk, mixer: Mixer) -> bool:
    """Whether the cache has a chunk, sound or not."""
    return chunk_key(work, chunk, mixer) in Store(work.cache / "stretches")


def mp3_format(work: Work) -> Mp3Format:
    """The format of the episode's frames."""
    audio = work.show.audio
    return Mp3Format(audio.sample_rate, audio.n_channels, audio.bitrate_kbps)


def chunk_key(work: Work, chunk: Chunk, mixer: Mixer | None = None) -> str:
    """Names what a chunk sounds like, mastered."""
    mixer = mixer or work.mixer
    assert mixer is not None
    return make_key(RECIPE, mixer.key(chunk), work.trim_db, mp3_format(work))


def _master_once(work: Work) -> Measured:
    assert work.timeline is not None
    chunks = work.timeline.chunks
    # Longest first: the last thread to finish has little left to do.
    longest = sorted(range(len(chunks)), key=lambda n: chunks[n].start - chunks[n].end)
    energies: dict[int, Floats] = {}
    peaks, limited = [-120.0], [0.0]
    calls = (partial(mastered_chunk, work, chunks[n]) for n in longest)
    for n, mastered in zip(longest, _in_order(work, calls), strict=True):
        energies[n] = mastered.energies.copy()  # without the frames that lie in its memory
        peaks.append(mastered.true_peak_dbtp)
        limited.append(mastered.limited_db)
        work.reporter.progress(len(energies), len(chunks))
    work.energies = np.concatenate([energies[n] for n in range(len(chunks))])
    lufs = integrated(work.energies, FRAME, work.timeline.sample_rate)
    return Measured(lufs, max(peaks), max(limited))


def limited_blocks(work: Work, ceiling_db: float) -> Iterator[Floats]:
    """The mastered sound before any coding, block after block: (n, channels), full scale 1."""
    mixer, n_channels = work.mixer, work.show.audio.n_channels
    assert mixer is not None

    def block(chunk: Chunk, start: int) -> Floats:
        def window(first: int, last: int) -> Floats:
            return mixer.mix(chunk, (chunk.start + first, chunk.start + last))

        limited, own = limited_window(
            *(window, chunk.end - chunk.start, work.show.audio.sample_rate, start),
            gain_db=work.trim_db,
            ceiling_db=ceiling_db,
        )
        samples = limited.samples[own]
        return np.repeat(samples, n_channels // samples.shape[1], axis=1)

    return _in_order(work, (partial(block, chunk, at) for chunk, at in _windows(mixer)))


def stem_blocks(work: Work) -> Iterator[Stems]:
    """The mix before it is mastered, in its parts, block after block."""
    mixer = work.mixer
    assert mixer is not None

    def block(chunk: Chunk, start: int) -> Stems:
        first = chunk.start + start
        return mixer.stems(chunk, (first, min(first + WINDOW, chunk.end)))

    return _in_order(work, (partial(block, chunk, at) for chunk, at in _windows(mixer)))


def _windows(mixer: Mixer) -> Iterator[tuple[Chunk, int]]:
    """All chunks in windows: a chunk, and where in it a window begins."""
    for chunk in mixer.timeline.chunks:
        for start in range(0, chunk.end - chunk.start, WINDOW):
            yield chunk, start


def _in_order(work: Work, calls: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """What the calls give, in order; a few run at a time in threads, so memory stays bounded."""
    jobs = work.options.jobs or usable_cores()
    with Threads(jobs) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for call in calls:
                waiting.append(pool.submit(call))
                if len(waiting) > 4 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
