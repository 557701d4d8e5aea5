"""From takes to mastered chunks: levels, timeline, mix, frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np

from sayso.build.states import Build, LaidOut, Lined, Mastered, Scripted, Voiced
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
from sayso.model import AudioSettings, Chunk
from sayso.script import sound_files, sting_and_bed_names
from sayso.show.finding import sound_path
from sayso.speech.takes import Take
from sayso.speech.workers import usable_cores
from sayso.system.cache import Store, make_key
from sayso.system.threads import Threads

Result = TypeVar("Result")

MAX_MISS_LU = 0.45
"""EBU R128 allows a programme 0.5 LU either way; what is nearer is not worth encoding twice."""

_UNKNOWN = "unknown"
"""Stands for the key of a take that is not there yet."""


@dataclass(frozen=True, slots=True)
class ChunkMaster:
    """Masters the chunks of a timeline, each once: what was mastered before is in `store`."""

    mixer: Mixer
    trim_db: float
    """The correction of the whole episode's loudness."""
    form: Mp3Format
    store: Store

    def key(self, chunk: Chunk) -> str:
        """Names what a chunk sounds like, mastered."""
        return make_key(RECIPE, self.mixer.key(chunk), self.trim_db, self.form)

    def is_mastered(self, chunk: Chunk) -> bool:
        """Whether the cache has a chunk, sound or not."""
        return self.key(chunk) in self.store

    def has_takes(self, chunk: Chunk) -> bool:
        """Whether all takes of a chunk are there."""
        lines = self.mixer.timeline.lines
        return all(lines[index].take != _UNKNOWN for index in chunk.lines)

    def master(self, chunk: Chunk) -> tuple[MasteredChunk, bool]:
        """A chunk, mixed, limited and encoded; and whether that was done now, not found."""
        key = self.key(chunk)
        raw = self.store.get(key)
        if raw is not None:
            return MasteredChunk.unpack(raw), False
        mastered = master_windows(
            partial(self._mix, chunk), chunk.end - chunk.start, self.form, gain_db=self.trim_db
        )
        self.store.put(key, mastered.pack())
        return mastered, True

    def limited_block(self, chunk: Chunk, start: int, ceiling_db: float) -> Floats:
        """The window of a chunk that begins at `start`, before any coding: (n, channels float32,
        full scale 1)."""
        limited, own = limited_window(
            *(partial(self._mix, chunk), chunk.end - chunk.start, self.form.sample_rate, start),
            gain_db=self.trim_db,
            ceiling_db=ceiling_db,
        )
        samples = limited.samples[own]
        return np.repeat(samples, self.form.n_channels // samples.shape[1], axis=1)

    def stem_block(self, chunk: Chunk, start: int) -> Stems:
        """The same window before it is mastered, in its parts."""
        first = chunk.start + start
        return self.mixer.stems(chunk, (first, min(first + WINDOW, chunk.end)))

    def _mix(self, chunk: Chunk, first: int, last: int) -> Floats:
        """The samples of a chunk from its `first` to before its `last`."""
        return self.mixer.mix(chunk, (chunk.start + first, chunk.start + last))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies and how loud it is."""

    mixer: Mixer
    levels: dict[str, Level]
    gains_db: dict[str, float]


def find_music(build: Build, scripted: Scripted) -> NamedSounds:
    """Look up every sound of the script. Raises what is wrong with them, together."""
    audio = build.show.audio
    sounds = Sounds(Store(build.cache / "levels"), audio.sample_rate, audio.n_channels)
    files = {sound.name: sound.file for sound in build.show.sounds}
    named = {name: files[name] for name in sting_and_bed_names(scripted.script)}
    named |= {file: file for file in sound_files(scripted.script)}
    found: dict[str, SoundFile] = {}
    errors: list[SaysoError] = []
    for name, file in named.items():
        try:
            found[name] = sounds.find(sound_path(build.show, file))
        except SaysoError as error:
            errors.append(error)
    raise_all(errors)
    return NamedSounds(sounds, found)


def lay_out_takes(
    build: Build, lined: Lined, music: NamedSounds, takes: Sequence[Take | None]
) -> Layout:
    """Give every line, sting and bed its place and its gain.

    `takes` go with the lines; for one that is not voiced yet a second is kept free. What lies
    between two silences is laid out alike whatever lies elsewhere, so chunks whose takes are
    all there are final.
    """
    audio = build.show.audio
    rate, n_channels = audio.sample_rate, audio.n_channels
    known = LevelStore(Store(build.cache / "levels"))
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
        lined.scripted.script,
        build.show,
        lined.lines,
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
    return Layout(mixer, levels, gains)


def chunk_master(build: Build, mixer: Mixer, trim_db: float = 0.0) -> ChunkMaster:
    """Masters the chunks of a mixer's timeline for this show."""
    return ChunkMaster(mixer, trim_db, mp3_format(build.show.audio), Store(build.cache / "chunks"))


def mp3_format(audio: AudioSettings) -> Mp3Format:
    """The format of the episode's frames."""
    return Mp3Format(audio.sample_rate, audio.n_channels, audio.bitrate_kbps)


def lay_out_episode(build: Build, voiced: Voiced) -> LaidOut:
    """Give everything its place in time, its level, and the whole its correction."""
    music = voiced.music or find_music(build, voiced.lined.scripted)
    layout = lay_out_takes(build, voiced.lined, music, voiced.takes)
    audio = build.show.audio
    lufs = estimate_lufs(layout.mixer.timeline, layout.levels, layout.gains_db, audio.n_channels)
    master = chunk_master(build, layout.mixer, trim_db(lufs, audio.target_lufs))
    return LaidOut(voiced=voiced, master=master)


def master_episode(build: Build, laid_out: LaidOut) -> Mastered:
    """Mix, limit and encode every chunk that is not cached; measure the whole.

    Where limiting has taken so much that the whole misses its target after all, it is corrected
    and mastered once more. What it misses then, its peaks leave no room for: a note tells that.
    """
    master, target_lufs = laid_out.master, build.show.audio.target_lufs
    measured, energies, encoded = _master_once(build, master)
    lufs = measured.integrated_lufs
    if lufs is not None and abs(lufs - target_lufs) > MAX_MISS_LU:
        master = replace(master, trim_db=master.trim_db + trim_db(lufs, target_lufs))
        measured, energies, encoded = _master_once(build, master)
        _note_a_miss(build, measured.integrated_lufs)
    keys = {master.key(chunk) for chunk in laid_out.timeline.chunks}
    return Mastered(
        voiced=laid_out.voiced,
        master=master,
        measured=measured,
        energies=energies,
        n_encoded=len(keys & (encoded | laid_out.voiced.new_chunks)),
    )


def _note_a_miss(build: Build, lufs: float | None) -> None:
    target_lufs = build.show.audio.target_lufs
    if lufs is not None and lufs < target_lufs - MAX_MISS_LU:
        build.reporter.note(
            f"the sound reaches {lufs:.1f} LUFS of the {target_lufs:g} that are asked for: its "
            "peaks leave no room; set a lower loudness under [audio] in show.toml"
        )


def _master_once(build: Build, master: ChunkMaster) -> tuple[Measured, Floats, set[str]]:
    """Master every chunk: what the whole measures, its energy per frame, keys of new chunks."""
    chunks = master.mixer.timeline.chunks
    # Longest first: the last thread to finish has little left to do.
    longest = sorted(range(len(chunks)), key=lambda n: chunks[n].start - chunks[n].end)
    energies: dict[int, Floats] = {}
    peaks, limited, encoded = [-120.0], [0.0], set()
    calls = (partial(master.master, chunks[n]) for n in longest)
    for n, (mastered, is_new) in zip(longest, _in_order(build, calls), strict=True):
        energies[n] = mastered.energies.copy()  # without the frames that lie in its memory
        peaks.append(mastered.true_peak_dbtp)
        limited.append(mastered.limited_db)
        if is_new:
            encoded.add(master.key(chunks[n]))
        build.reporter.progress(len(energies), len(chunks))
    whole = np.concatenate([energies[n] for n in range(len(chunks))])
    lufs = integrated(whole, FRAME, master.form.sample_rate)
    return Measured(lufs, max(peaks), max(limited)), whole, encoded


def limited_blocks(build: Build, master: ChunkMaster, ceiling_db: float) -> Iterator[Floats]:
    """The mastered sound before any coding, block after block: (n, channels), full scale 1."""
    windows = _windows(master.mixer)
    calls = (partial(master.limited_block, chunk, at, ceiling_db) for chunk, at in windows)
    return _in_order(build, calls)


def stem_blocks(build: Build, master: ChunkMaster) -> Iterator[Stems]:
    """The mix before it is mastered, in its parts, block after block."""
    windows = _windows(master.mixer)
    return _in_order(build, (partial(master.stem_block, chunk, at) for chunk, at in windows))


def _windows(mixer: Mixer) -> Iterator[tuple[Chunk, int]]:
    """All chunks in windows: a chunk, and where in it a window begins."""
    for chunk in mixer.timeline.chunks:
        for start in range(0, chunk.end - chunk.start, WINDOW):
            yield chunk, start


def _in_order(build: Build, calls: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """What the calls give, in order; a few run at a time in threads, so memory stays bounded."""
    jobs = build.options.jobs or usable_cores()
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
