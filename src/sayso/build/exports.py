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

from sayso.build.audio import limited_blocks, stem_blocks
from sayso.build.export_formats import (
    BY_FFMPEG,
    STEMS,
    STEMS_FOLDER,
    format_file,
    wanted_formats,
    wants_stems,
)
from sayso.build.options import Format
from sayso.build.states import Build, Mastered
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


def export(
    build: Build, mastered: Mastered, tags: SoundTags
) -> tuple[dict[str, tuple[int, str]], dict[str, str]]:
    """Write the formats and stems that are wanted.

    What is there already, of the same sound, is left alone. Returns size and SHA-256 of the
    formats, by file, and SHA-256 of the stems.
    """
    written: dict[str, tuple[int, str]] = {}
    for name in wanted_formats(build):
        path = build.folder / format_file(name)
        fields = (name, tags, tags.cover and file_digest(tags.cover))
        write = partial(_write_format, build, mastered, name, path, tags)
        _make(build, mastered, [path], fields, write)
        written[path.name] = file_digest(path)
    stems: dict[str, str] = {}
    if wants_stems(build):
        folder = build.folder / STEMS_FOLDER
        paths = [folder / f"{name}.flac" for name in STEMS]
        write = partial(_write_stems, build, mastered, paths, tags)
        _make(build, mastered, paths, (tags.title, tags.album), write)
        stems = {f"{STEMS_FOLDER}/{path.name}": file_digest(path)[1] for path in paths}
    return written, stems


def _make(
    build: Build,
    mastered: Mastered,
    paths: Sequence[Path],
    fields: object,
    write: Callable[[], None],
) -> None:
    """Write files, unless they are there as the same sound made them the last time."""
    import soundfile

    coded = any(path.suffix.lstrip(".") in BY_FFMPEG for path in paths)
    key = make_key(
        *(_RECIPE, fields, soundfile.__libsndfile_version__, ffmpeg_version() if coded else ""),
        *(mastered.master.key(chunk) for chunk in mastered.timeline.chunks),
    )
    store = Store(build.cache / "exports")
    known = store.get(key)
    there = known is not None and all(path.is_file() for path in paths)
    if there and json.loads(known or "") == [file_digest(path)[1] for path in paths]:
        return
    write()
    store.put(key, json.dumps([file_digest(path)[1] for path in paths]).encode())


def _write_format(
    build: Build, mastered: Mastered, name: Format, path: Path, tags: SoundTags
) -> None:
    form = _form(mastered)
    if name == "flac" or name == "wav":
        with LosslessFile(path, name, form, tags) as file:
            for block in limited_blocks(build, mastered.master, MAX_DBTP):
                file.write(block)
    else:
        kbps = mastered.master.form.bitrate_kbps

        def write(ceiling_db: float) -> None:
            blocks = limited_blocks(build, mastered.master, ceiling_db)
            write_coded(path, name, blocks, form, tags, bitrate_kbps=kbps)

        under_the_ceiling(write, lambda _: file_true_peak_db(path, form.n_channels), CODED_DBTP)


def _write_stems(build: Build, mastered: Mastered, paths: Sequence[Path], tags: SoundTags) -> None:
    """Speech; stings and bed; sound effects: 24 bits, as long as the episode, all STEM_GAIN."""
    with contextlib.ExitStack() as stack:
        speech, music, effects = (
            stack.enter_context(
                LosslessFile(
                    path,
                    "flac",
                    _form(mastered),
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
        for block in stem_blocks(build, mastered.master):
            speech.write(block.speech * STEM_GAIN)
            music.write((block.music + block.bed) * STEM_GAIN)
            effects.write(block.effects * STEM_GAIN)


def _form(mastered: Mastered) -> SoundFormat:
    form = mastered.master.form
    return SoundFormat(form.sample_rate, form.n_channels, mastered.timeline.n_samples)
