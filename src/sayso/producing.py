"""From takes to the finished files: levels, timeline, stretches, MP3, and what goes with it."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from sayso import __version__
from sayso.episode import (
    Measured,
    Picture,
    Tags,
    chapters_json,
    manifest,
    plain,
    srt,
    tag_chapters,
    vtt,
    write_id3,
)
from sayso.files import open_atomic, write_atomic
from sayso.master import FRAME, MasteredStretch, Mp3Format, integrated, master_stretch, write_mp3
from sayso.master.mastering import RECIPE
from sayso.mix import (
    LevelStore,
    Mixer,
    SoundFile,
    estimate_lufs,
    lay_out,
    level_gain_db,
    load_sound,
    place,
    take_level,
    take_samples,
    trim_db,
)
from sayso.mix.layout import Placeable
from sayso.model import Stretch
from sayso.script import sound_files, sting_and_bed_names
from sayso.show import sound_path
from sayso.store import Store, make_key
from sayso.work import Work

FILES = ("episode.mp3", "chapters.json", "transcript.vtt", "transcript.srt", "cover.jpg")
MANIFEST = "episode.json"


def lay_it_out(work: Work) -> None:
    """Give every line, sting and bed its place and its gain."""
    assert work.script is not None
    audio = work.show.audio
    rate, n_channels = audio.sample_rate, audio.n_channels
    sounds: dict[str, SoundFile] = {}
    by_name = {sound.name: sound.file for sound in work.show.sounds}
    for name in sting_and_bed_names(work.script):
        sounds[name] = load_sound(sound_path(work.show, by_name[name]), rate, n_channels)
    for file in sound_files(work.script):
        sounds[file] = load_sound(sound_path(work.show, file), rate, n_channels)

    store = LevelStore(Store(work.cache / "levels"))
    levels = {take.key: take_level(take, store) for take in work.takes}
    gains = {
        key: level_gain_db(level, audio.target_lufs, n_channels, 1) for key, level in levels.items()
    }
    for sound in sounds.values():
        levels[sound.key] = sound.level
        gains[sound.key] = level_gain_db(sound.level, audio.target_lufs, n_channels, n_channels)

    timeline = lay_out(
        work.script,
        work.show,
        work.lines,
        [place(take, rate) for take in work.takes],
        {name: Placeable(sound.key, sound.n_samples) for name, sound in sounds.items()},
    )
    takes = {take.key: take for take in work.takes}
    by_key = {sound.key: sound.samples for sound in sounds.values()}
    work.timeline = timeline
    work.mixer = Mixer(
        timeline,
        n_channels,
        voice=lambda line: take_samples(takes[line.take], rate),
        sound=lambda music: by_key[music.sound],
        gains_db=gains,
    )
    work.trim_db = trim_db(estimate_lufs(timeline, levels, gains, n_channels), audio.target_lufs)


def master(work: Work) -> None:
    """Mix, limit and encode every stretch that is not cached; measure the whole.

    Where limiting has taken so much that the whole misses its target after all, it is corrected
    and mastered once more.
    """
    measured = _master_once(work)
    if measured.integrated_lufs is not None:
        miss = trim_db(measured.integrated_lufs, work.show.audio.target_lufs)
        if miss:
            work.trim_db += miss
            measured = _master_once(work)
    work.measured = measured


def write_episode(work: Work) -> None:
    """Write the episode's files: the MP3 first, the manifest last."""
    assert work.outline is not None
    assert work.timeline is not None
    assert work.measured is not None
    timeline, show, review = work.timeline, work.show, work.outline.review
    assert work.script is not None
    title = work.script.get("title") or review.title
    cover = _cover(work, review.subject or title)
    small: dict[str, bytes | str] = {
        "chapters.json": chapters_json(timeline, title),
        "transcript.vtt": vtt(timeline, show.language),
        "transcript.srt": srt(timeline),
        "cover.jpg": cover[0],
    }
    tag = write_id3(
        Tags(
            title=title,
            artist=show.author or show.title,
            album=show.title,
            date=review.date,
            language=show.language,
            encoded_by=f"sayso {__version__}",
            publisher=show.author,
            comment=review.summary,
            lyrics=plain(timeline),
            length_ms=timeline.ms(timeline.n_samples),
            link=review.link,
            cover=cover[1],
            chapters=tag_chapters(timeline),
        )
    )
    mp3 = work.folder / "episode.mp3"
    store = Store(work.cache / "stretches")
    with open_atomic(mp3) as stream:
        write_mp3(stream, _frames(work, store), _form(work), tag=tag)
    for name, content in small.items():
        write_atomic(work.folder / name, content)
    document = manifest(
        show=show,
        outline=work.outline,
        title=title,
        timeline=timeline,
        measured=work.measured,
        files=small,
        hashes={"episode.mp3": _file_digest(mp3)},
        missing=work.cut,
    )
    write_atomic(work.folder / MANIFEST, document)


def _master_once(work: Work) -> Measured:
    assert work.timeline is not None
    store = Store(work.cache / "stretches")
    stretches = work.timeline.stretches
    energies, peaks, limited = [], [-120.0], [0.0]
    keys: list[str] = []
    for done, (key, mastered) in enumerate(_mastered(work, store), 1):
        keys.append(key)
        energies.append(mastered.energies)
        peaks.append(mastered.true_peak_dbtp)
        limited.append(mastered.limited_db)
        work.reporter.progress(done, len(stretches))
    work.stretch_keys = tuple(keys)
    lufs = integrated(np.concatenate(energies), FRAME, work.timeline.sample_rate)
    return Measured(lufs, max(peaks), max(limited))


def _mastered(work: Work, store: Store) -> Iterator[tuple[str, MasteredStretch]]:
    """Every stretch, in order; a few at a time in threads, so that memory stays bounded."""
    assert work.timeline is not None
    jobs = work.options.jobs or os.cpu_count() or 1
    with ThreadPoolExecutor(jobs) as pool:
        waiting: deque[Future[tuple[str, MasteredStretch]]] = deque()
        try:
            for stretch in work.timeline.stretches:
                waiting.append(pool.submit(_one, work, store, stretch))
                if len(waiting) > 4 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _one(work: Work, store: Store, stretch: Stretch) -> tuple[str, MasteredStretch]:
    assert work.mixer is not None
    form = _form(work)
    key = make_key(RECIPE, work.mixer.key(stretch), work.trim_db, form)
    raw = store.get(key)
    if raw is not None:
        return key, MasteredStretch.unpack(raw)
    mastered = master_stretch(work.mixer.mix(stretch), form, gain_db=work.trim_db)
    store.put(key, mastered.pack())
    work.n_encoded += 1
    return key, mastered


def _frames(work: Work, store: Store) -> Iterator[bytes]:
    """The frames of all stretches; one that has gone from the cache meanwhile is made again."""
    assert work.timeline is not None
    for key, stretch in zip(work.stretch_keys, work.timeline.stretches, strict=True):
        raw = store.get(key)
        yield (MasteredStretch.unpack(raw) if raw else _one(work, store, stretch)[1]).frames


def _form(work: Work) -> Mp3Format:
    audio = work.show.audio
    return Mp3Format(audio.sample_rate, audio.n_channels, audio.bitrate_kbps)


def _cover(work: Work, subject: str) -> tuple[bytes, Picture]:
    """The cover for the folder, and the smaller one for the tag; drawn where the show has none."""
    from sayso.episode.cover import draw_cover, read_cover, tag_cover

    store = Store(work.cache / "covers")
    if work.show.cover is not None:
        data = read_cover(sound_path(work.show, work.show.cover)).data
    else:
        key = make_key("cover-1", __version__, work.show.title, subject)
        found = store.get(key)
        data = found if found is not None else draw_cover(work.show.title, subject)
        if found is None:
            store.put(key, data)
    key = make_key("tag-cover-1", __version__, hashlib.sha256(data).hexdigest())
    small = store.get(key)
    if small is None:
        small = tag_cover(data).data
        store.put(key, small)
    return data, Picture("image/jpeg", small)


def _file_digest(path: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return path.stat().st_size, digest.hexdigest()
