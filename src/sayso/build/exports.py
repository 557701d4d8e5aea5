"""A mastered episode → the same in other formats, and its stems.

FLAC and WAV come from the limited samples, not from the decoded MP3: nothing is lost to coding, and
nothing is coded twice. Mixing again costs less than decoding.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sayso.build.audio import chunk_key, limited_blocks, stem_blocks
from sayso.build.export_formats import (
    BY_FFMPEG,
    STEMS,
    STEMS_FOLDER,
    format_file,
    wanted_formats,
    wants_stems,
)
from sayso.build.options import Format
from sayso.build.state import Work
from sayso.master.decoded import MAX_DBTP, file_true_peak_db, under_the_ceiling
from sayso.master.formats import (
    CODED_DBTP,
    LosslessFile,
    SoundFormat,
    SoundTags,
    ffmpeg_version,
    write_coded,
)
from sayso.system.atomic_files import file_digest
from sayso.system.cache import Store, make_key

_RECIPE = "export-2"
"""Part of every key: raised when the same sound is written as other bytes."""

STEM_GAIN = 0.25
"""Of every stem: a mix may rise above full scale before it is limited, and FLAC holds no more than
full scale. 12 dB are room for any voice; a power of two loses nothing but two of 24 bits."""


def export(work: Work, tags: SoundTags) -> dict[str, tuple[int, str]]:
    """Write the wanted formats and stems. Returns size and SHA-256 of the formats, by file.

    What is there already, of the same sound, is left alone.
    """
    written: dict[str, tuple[int, str]] = {}
    for name in wanted_formats(work):
        path = work.folder / format_file(name)
        fields = (name, tags, tags.cover and file_digest(tags.cover))
        _make(work, [path], fields, partial(_write_format, work, name, path, tags))
        written[path.name] = file_digest(path)
        work.made[path.name] = written[path.name][1]
    if wants_stems(work):
        folder = work.folder / STEMS_FOLDER
        paths = [folder / f"{name}.flac" for name in STEMS]
        _make(work, paths, (tags.title, tags.album), partial(_write_stems, work, paths, tags))
        for path in paths:
            work.made[f"{STEMS_FOLDER}/{path.name}"] = file_digest(path)[1]
    return written


def _make(work: Work, paths: Sequence[Path], fields: object, write: Callable[[], None]) -> None:
    """Write files, unless they are there as the same sound made them the last time."""
    import soundfile

    assert work.timeline is not None
    coded = any(path.suffix.lstrip(".") in BY_FFMPEG for path in paths)
    key = make_key(
        *(_RECIPE, fields, soundfile.__libsndfile_version__, ffmpeg_version() if coded else ""),
        *(chunk_key(work, chunk) for chunk in work.timeline.chunks),
    )
    store = Store(work.cache / "exports")
    known = store.get(key)
    there = known is not None and all(path.is_file() for path in paths)
    if there and json.loads(known or "") == [file_digest(path)[1] for path in paths]:
        return
    write()
    store.put(key, json.dumps([file_digest(path)[1] for path in paths]).encode())


def _write_format(work: Work, name: Format, path: Path, tags: SoundTags) -> None:
    form = _form(work)
    if name == "flac" or name == "wav":
        with LosslessFile(path, name, form, tags) as file:
            for block in limited_blocks(work, MAX_DBTP):
                file.write(block)
    else:
        kbps = work.show.audio.bitrate_kbps

        def write(ceiling_db: float) -> None:
            write_coded(path, name, limited_blocks(work, ceiling_db), form, tags, bitrate_kbps=kbps)

        under_the_ceiling(write, lambda _: file_true_peak_db(path, form.n_channels), CODED_DBTP)


def _write_stems(work: Work, paths: Sequence[Path], tags: SoundTags) -> None:
    """Speech; stings and bed; sound effects: 24 bits, as long as the episode, all STEM_GAIN."""
    with contextlib.ExitStack() as stack:
        speech, music, effects = (
            stack.enter_context(
                LosslessFile(
                    path,
                    "flac",
                    _form(work),
                    SoundTags(
                        f"{tags.title}: {path.stem}",
                        album=tags.album,
                        comment="12.04 dB below the mix, which the stems add up to",
                    ),
                    bits=24,
                )
            )
            for path in paths
        )
        for block in stem_blocks(work):
            speech.write(block.speech * STEM_GAIN)
            music.write((block.music + block.bed) * STEM_GAIN)
            effects.write(block.effects * STEM_GAIN)


def _form(work: Work) -> SoundFormat:
    assert work.timeline is not None
    audio = work.show.audio
    return SoundFormat(audio.sample_rate, audio.n_channels, work.timeline.n_samples)
