"""A finished episode to look at, to check and to damage, made by the program itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from sayso.build.api import build_episode
from sayso.build.options import Options
from sayso.build.result import BuildResult
from sayso.episode import digest
from sayso.master import Encoded, Mp3Format, encode_blocks, write_mp3

REVIEW = """\
---
title: The Pier, Season 2 <b>"live"</b> & more
subject: The Pier
author: Ada Quill
kind: tv
rating: 8/10
date: 2025-10-17
link: https://reviews.example.org/the-pier?season=2&part=1
summary: The lights are out again, & nobody <asks> why.
---

The harbour lights are out again. It cost $3 million, and <script>alert(1)</script> is no joke.

The cast is small and superb. Ada Brill plays the pilot as a woman who has stopped asking, and
who has stopped listening too.

The dialogue is dry & quick. S02E03 is the one to watch.

Overall, it is worth it. I give it 8/10.
"""

SCRIPT = """\
---
sayso: 1
title: The Pier, Season 2 <b>"live"</b> & more
review: pier.md
---

## Introduction {#intro voice=host}

The harbour lights are out again. {from=p1:1}

{sting transition}

This is the pilot episode.

It cost $3 million, and <script>alert(1)</script> is no joke. {from=p1:2}

## The cast {#cast voice=critic}

The cast is small and superb. Ada Brill plays the pilot as a woman who has stopped asking, and
who has stopped listening too. {from=p2}

## The writing {#writing voice=critic}

The dialogue is dry & quick. S02E03 is the one to watch. {from=p3}

## The verdict {#verdict voice=critic}

Overall, it is worth it. I give it 8/10. {from=p4}
"""


def build(folder: Path, script: str = SCRIPT, review: str = REVIEW) -> BuildResult:
    """Build an episode of 25 s in `folder`, hummed by the tone engine."""
    path = folder / "pier.md"
    path.write_text(review, "utf-8")
    own = folder / "episodes" / "pier" / "script.md"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(script, "utf-8")
    return build_episode(path, Options(engine="tone"))


def copy(folder: Path, to: Path) -> Path:
    """A copy of an episode's folder, to be damaged."""
    return Path(shutil.copytree(folder, to))


def manifest(folder: Path) -> Any:
    return json.loads((folder / "episode.json").read_text("utf-8"))


def write_manifest(folder: Path, document: Any) -> None:
    (folder / "episode.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")


def seal(folder: Path) -> None:
    """Have the manifest agree with the files as they are, so that only their content betrays them."""
    document = manifest(folder)
    for name in document["files"]:
        if (folder / name).is_file():
            n_bytes, sha256 = digest((folder / name).read_bytes())
            document["files"][name] = {"bytes": n_bytes, "sha256": sha256}
    write_manifest(folder, document)


def edit(folder: Path, name: str, change: Callable[[str], str]) -> None:
    """Change a text file of the episode; it must differ afterwards."""
    before = (folder / name).read_text("utf-8")
    after = change(before)
    assert after != before
    (folder / name).write_text(after, "utf-8")


def edit_bytes(folder: Path, change: Callable[[bytearray], bytes | bytearray]) -> None:
    """Change the bytes of the MP3."""
    path = folder / "episode.mp3"
    path.write_bytes(change(bytearray(path.read_bytes())))


def tag_of(data: bytes | bytearray) -> bytes:
    """The ID3 tag at the start of an MP3."""
    return bytes(data[: 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])])


def encode_again(
    folder: Path,
    change: Callable[[npt.NDArray[np.float32], int], npt.NDArray[np.float32]],
    form: Mp3Format | None = None,
) -> None:
    """Decode the MP3, change its samples (given with the rate), and encode them: a sound MP3."""
    path = folder / "episode.mp3"
    tag = tag_of(path.read_bytes())
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    changed = change(samples, rate)
    form = form or Mp3Format(rate, changed.shape[1], 128)
    padded = np.zeros((-(-len(changed) // 1152) * 1152, changed.shape[1]), np.float32)
    padded[: len(changed)] = changed
    padded[: 4 * 1152] = padded[-2 * 1152 :] = 0
    pcm = np.clip(np.rint(padded * 32767), -32768, 32767).astype(np.int16)
    frames = encode_blocks([pcm], form)
    with path.open("wb") as stream:
        write_mp3(stream, [Encoded.of(frames)], form, tag=tag)
