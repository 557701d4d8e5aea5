"""Episodes built from a script of a test's own, and their sound as others hear it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from master.signals import run

from sayso.build import pipeline
from sayso.build.options import Options
from sayso.build.state import Work
from sayso.script import parse_script
from sayso.show import find_show

Floats = npt.NDArray[np.float32]

REVIEW = """\
---
title: The Glass Ferry
subject: The Glass Ferry
author: Ada Quill
kind: tv
rating: 8/10
---

Nobody warns you about the fog. The Glass Ferry opens in it, and for ten minutes there is nothing
to see and a great deal to hear.

The story follows a pilot who hears her dead brother on the radio. She steers by his voice.

Imke Vreel plays the pilot. She is superb: dry, tired, and funny when it hurts.

The creatures are barely there. One kind knocks. The other kind waits.

It is worth every minute, and I give it 8/10.
"""


def write_review(folder: Path, review: str = REVIEW, settings: str = "") -> Path:
    """A show folder with one review; `settings` is the rest of its show.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "show.toml").write_text('title = "Dead Air"\n' + settings, "utf-8")
    path = folder / "review.md"
    path.write_text(review, "utf-8")
    return path


def build(
    folder: Path,
    review: str = REVIEW,
    *,
    settings: str = "",
    engine: str | None = "tone",
    jobs: int = 2,
    cache: Path | None = None,
) -> Work:
    """An episode as a user builds it, from review to files."""
    work = _work(write_review(folder, review, settings), engine, jobs, cache)
    pipeline.run(work)
    return work


def build_script(
    folder: Path,
    script: str,
    *,
    settings: str = "",
    sounds: Mapping[str, tuple[Floats, int]] | None = None,
    engine: str | None = "tone",
    jobs: int = 2,
    cache: Path | None = None,
    options: Options | None = None,
) -> Work:
    """An episode from a script that no template made; `sounds` are files with samples and rate."""
    source = write_review(folder, settings=settings)
    for name, (samples, rate) in (sounds or {}).items():
        soundfile.write(folder / name, samples, rate)
    work = _work(source, engine, jobs, cache)
    work.options = options or work.options
    pipeline.run(work, until="outline")
    work.script = parse_script("---\nsayso: 1\ntitle: A test\n---\n\n" + script, work.script_path)
    pipeline.run(work, after="script")
    return work


def _work(source: Path, engine: str | None, jobs: int, cache: Path | None) -> Work:
    work = Work(source, find_show(source), Options(engine=engine, jobs=jobs))
    if cache is not None:
        work.cache = cache
    return work


def decoded(mp3: Path) -> Floats:
    """The sound as ffmpeg decodes it: (n, channels) float32."""
    with soundfile.SoundFile(mp3) as stream:
        n_channels = stream.channels
    done = run("ffmpeg", "-v", "warning", "-i", mp3, "-map", "0:a", "-f", "f32le", "-")
    assert not done.stderr.strip(), done.stderr
    return np.frombuffer(done.stdout, "<f4").reshape(-1, n_channels)


def metered(mp3: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP, as ffmpeg's meter has them."""
    meter = "ebur128=peak=true:framelog=verbose"
    done = run("ffmpeg", "-hide_banner", "-nostats", "-i", mp3, "-af", meter, "-f", "null", "-")
    text = done.stderr.decode()
    lufs = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", text)[-1])
    return lufs, float(re.findall(r"Peak:\s+(-?[\d.]+|-inf) dBFS", text)[-1])


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the report, which tells how long the build took."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "report.html"
    }
