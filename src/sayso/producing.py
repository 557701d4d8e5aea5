"""From takes to the finished files: levels, timeline, stretches, MP3, and what goes with it."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso import __version__
from sayso.episode import (
    BuildFacts,
    Measured,
    Picture,
    Tags,
    chapters_json,
    digest,
    manifest,
    notes_html,
    notes_markdown,
    plain,
    report_html,
    srt,
    tag_chapters,
    transcript_html,
    transcript_json,
    transcript_text,
    vtt,
    waveform_svg,
    write_id3,
)
from sayso.errors import SaysoError, raise_all
from sayso.files import open_atomic, sweep, write_atomic
from sayso.master import MasteredStretch, Mp3Format, master_windows, write_mp3
from sayso.master.mastering import RECIPE
from sayso.mix import (
    FRAME,
    VOICE_LU,
    LevelStore,
    Mixer,
    SoundFile,
    Sounds,
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
from sayso.model import Stretch
from sayso.script import sound_files, sting_and_bed_names
from sayso.show import sound_path, template_folders
from sayso.store import Store, make_key
from sayso.work import Work

MAX_MISS_LU = 0.45
"""EBU R128 allows a programme 0.5 LU either way; what is nearer is not worth encoding twice."""

MANIFEST = "episode.json"
REPORT = "report.html"


def lay_it_out(work: Work) -> None:
    """Give every line, sting and bed its place and its gain."""
    assert work.script is not None
    audio = work.show.audio
    rate, n_channels = audio.sample_rate, audio.n_channels
    store = Store(work.cache / "levels")
    sounds = Sounds(store, rate, n_channels)
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

    known = LevelStore(store)
    levels = {take.key: take_level(take, known) for take in work.takes}
    gains = {
        key: level_gain_db(level, audio.target_lufs + VOICE_LU, n_channels, 1)
        for key, level in levels.items()
    }
    for sound in found.values():
        levels[sound.key] = sound.level
        gains[sound.key] = level_gain_db(sound.level, audio.target_lufs, n_channels, n_channels)

    timeline = lay_out(
        work.script,
        work.show,
        work.lines,
        [place(take, rate) for take in work.takes],
        {name: Placeable(sound.key, sound.n_samples) for name, sound in found.items()},
    )
    takes = {take.key: take for take in work.takes}
    work.timeline = timeline
    work.mixer = Mixer(
        timeline,
        n_channels,
        voice=lambda line: take_samples(takes[line.take], rate),
        sound=lambda music: sounds.samples(music.sound),
        gains_db=gains,
        contents={take.key: take.content for take in work.takes},
    )
    work.trim_db = trim_db(estimate_lufs(timeline, levels, gains, n_channels), audio.target_lufs)


def master(work: Work) -> None:
    """Mix, limit and encode every stretch that is not cached; measure the whole.

    Where limiting has taken so much that the whole misses its target after all, it is corrected
    and mastered once more.
    """
    measured = _master_once(work)
    lufs, target_lufs = measured.integrated_lufs, work.show.audio.target_lufs
    if lufs is not None and abs(lufs - target_lufs) > MAX_MISS_LU:
        work.trim_db += trim_db(lufs, target_lufs)
        measured = _master_once(work)
    work.measured = measured


def write_episode(work: Work) -> None:
    """Write the episode's files: the MP3 first, the manifest last."""
    assert work.outline is not None
    assert work.timeline is not None
    assert work.measured is not None
    assert work.energies is not None
    timeline, show, review = work.timeline, work.show, work.outline.review
    assert work.script is not None
    title = work.script.get("title") or review.title
    cover = _cover(work, review.subject or title)
    notes = notes_markdown(timeline, work.outline, show, title, template_folders(show))
    small: dict[str, bytes | str] = {
        "chapters.json": chapters_json(timeline, title),
        "transcript.vtt": vtt(timeline),
        "transcript.srt": srt(timeline),
        "transcript.json": transcript_json(timeline),
        "transcript.txt": transcript_text(timeline, title),
        "transcript.html": transcript_html(timeline),
        "waveform.svg": waveform_svg(timeline, work.energies, title),
        "notes.md": notes,
        "notes.html": notes_html(notes),
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
    sweep(work.folder)
    mp3 = work.folder / "episode.mp3"
    with open_atomic(mp3) as stream:
        write_mp3(stream, _frames(work), _form(work), tag=tag)
    for name, content in small.items():
        write_atomic(work.folder / name, content)
    hashes = {"episode.mp3": _file_digest(mp3)}
    document = manifest(
        show=show,
        outline=work.outline,
        title=title,
        timeline=timeline,
        measured=work.measured,
        files=small,
        hashes=hashes,
        missing=work.cut,
    )
    path = work.folder / MANIFEST
    files = hashes | {name: digest(content) for name, content in small.items()}
    report = work.folder / REPORT
    if not _is(path, document) or not report.is_file():
        write_atomic(report, _report(work, title, files))
    write_atomic(path, document)
    files |= {MANIFEST: digest(document), REPORT: _file_digest(report)}
    work.made = {name: sha256 for name, (_, sha256) in files.items()}


def _report(work: Work, title: str, files: dict[str, tuple[int, str]]) -> str:
    """The report tells of the build that made the episode what it is, until the next that does."""
    assert work.outline is not None
    assert work.timeline is not None
    assert work.measured is not None
    assert work.energies is not None
    return report_html(
        show=work.show,
        outline=work.outline,
        title=title,
        timeline=work.timeline,
        energies=work.energies,
        measured=work.measured,
        files=files,
        cut=work.cut,
        facts=BuildFacts(work.voiced, work.n_encoded, tuple(work.seconds.items())),
    )


def _is(path: Path, content: str) -> bool:
    """Whether a file has this content already."""
    return path.is_file() and path.read_bytes() == content.encode("utf-8")


def _master_once(work: Work) -> Measured:
    assert work.timeline is not None
    stretches = work.timeline.stretches
    energies, peaks, limited = [], [-120.0], [0.0]
    for done, (mastered, is_new) in enumerate(_mastered(work), 1):
        work.n_encoded += is_new
        energies.append(mastered.energies.copy())  # without the frames that lie in its memory
        peaks.append(mastered.true_peak_dbtp)
        limited.append(mastered.limited_db)
        work.reporter.progress(done, len(stretches))
    work.energies = np.concatenate(energies)
    lufs = integrated(work.energies, FRAME, work.timeline.sample_rate)
    return Measured(lufs, max(peaks), max(limited))


def _mastered(work: Work) -> Iterator[tuple[MasteredStretch, bool]]:
    """Every stretch, in order; a few at a time in threads, so that memory stays bounded."""
    assert work.timeline is not None
    jobs = work.options.jobs or os.cpu_count() or 1
    with ThreadPoolExecutor(jobs) as pool:
        waiting: deque[Future[tuple[MasteredStretch, bool]]] = deque()
        try:
            for stretch in work.timeline.stretches:
                waiting.append(pool.submit(_one, work, stretch))
                if len(waiting) > 4 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _one(work: Work, stretch: Stretch) -> tuple[MasteredStretch, bool]:
    """A mastered stretch, and whether it had to be made."""
    assert work.mixer is not None
    form = _form(work)
    store = _stretch_store(work)
    key = make_key(RECIPE, work.mixer.key(stretch), work.trim_db, form)
    raw = store.get(key)
    if raw is not None:
        return MasteredStretch.unpack(raw), False

    def window(first: int, last: int) -> npt.NDArray[np.float32]:
        assert work.mixer is not None
        return work.mixer.mix(stretch, (stretch.start + first, stretch.start + last))

    n_samples = stretch.end - stretch.start
    mastered = master_windows(window, n_samples, form, gain_db=work.trim_db)
    store.put(key, mastered.pack())
    return mastered, True


def _frames(work: Work) -> Iterator[bytes]:
    """The frames of all stretches; one that has gone from the cache meanwhile is made again."""
    assert work.timeline is not None
    for stretch in work.timeline.stretches:
        yield _one(work, stretch)[0].frames


def _stretch_store(work: Work) -> Store:
    return Store(work.cache / "stretches")


def _form(work: Work) -> Mp3Format:
    audio = work.show.audio
    return Mp3Format(audio.sample_rate, audio.n_channels, audio.bitrate_kbps)


def _cover(work: Work, subject: str) -> tuple[bytes, Picture]:
    """The cover for the folder, and the smaller one for the tag.

    The review's own (`cover:` in its front matter), or the show's, or one that is drawn.
    """
    from sayso.episode.cover import draw_cover, folder_cover, read_cover, tag_cover

    assert work.outline is not None
    store = Store(work.cache / "covers")
    own = dict(work.outline.review.extra).get("cover") or work.show.cover
    if own is not None:
        data = folder_cover(read_cover(sound_path(work.show, own)))
    else:
        key = make_key("cover-1", __version__, work.show.title, subject)
        found = store.get(key)
        data = found if found is not None else draw_cover(work.show.title, subject)
        if found is None:
            store.put(key, data)
    key = make_key("tag-cover-2", __version__, hashlib.sha256(data).hexdigest())
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
