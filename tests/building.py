"""Episodes built from a script of a test's own, and their sound as others hear it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
from master.signals import run

from sayso.build import pipeline
from sayso.build.options import Options
from sayso.build.states import Build, Finished, Outlined, Scripted
from sayso.script import parse_script
from sayso.show.finding import find_show
from sayso.system.cache import cache_folder

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


@dataclass(frozen=True)
class Built:
    """A finished episode, and all that the stages have made of it."""

    build: Build
    finished: Finished

    def __getattr__(self, name: str) -> Any:
        """What a stage has made, from the last one back; then what the build was given."""
        mastered = self.finished.mastered
        voiced = mastered.voiced
        for made in (mastered, voiced, voiced.lined, voiced.lined.scripted, self.build):
            if hasattr(made, name):
                return getattr(made, name)
        raise AttributeError(name)

    @property
    def n_voiced(self) -> int:
        return len(self.finished.mastered.voiced.new_takes)

    @property
    def trim_db(self) -> float:
        return self.finished.mastered.master.trim_db


def build(
    folder: Path,
    review: str = REVIEW,
    *,
    settings: str = "",
    engine: str | None = "tone",
    jobs: int = 2,
    cache: Path | None = None,
) -> Built:
    """An episode as a user builds it, from review to files."""
    begun = begin(write_review(folder, review, settings), Options(engine=engine, jobs=jobs), cache)
    return Built(begun, pipeline.run(begun, Finished))


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
) -> Built:
    """An episode from a script that no template made; `sounds` are files with samples and rate."""
    source = write_review(folder, settings=settings)
    for name, (samples, rate) in (sounds or {}).items():
        soundfile.write(folder / name, samples, rate)
    begun = begin(source, options or Options(engine=engine, jobs=jobs), cache)
    outline = pipeline.run(begun, Outlined).outline
    text = "---\nsayso: 1\ntitle: A test\n---\n\n" + script
    scripted = Scripted(outline=outline, script=parse_script(text, begun.script_path), cut=())
    return Built(begun, pipeline.run(begun, Finished, after=scripted))


def begin(source: Path, options: Options, cache: Path | None = None) -> Build:
    """A build that has not begun, with a cache of its own or that of all tests."""
    return Build(source, find_show(source), options, cache=cache or cache_folder())


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
