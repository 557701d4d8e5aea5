"""Sound → files in other formats than MP3: FLAC and WAV by libsndfile, M4A and Opus by ffmpeg.

Blocks come one after another, so an episode of any length needs little memory. The same blocks and
tags give the same bytes (with the same version of the library or of ffmpeg).
"""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Literal, cast

import numpy as np
import numpy.typing as npt

from sayso.errors import EnvironmentProblem
from sayso.system.atomic_files import name_atomic, open_atomic, scratch

Floats = npt.NDArray[np.float32]
Lossless = Literal["flac", "wav"]
Coded = Literal["m4a", "opus"]

CODED_DBTP = -1.5
"""Ceiling in dBTP that the sound for a lossy coder begins with. Coding lifts peaks by some tenths
of a dB, so most episodes decode to MAX_DBTP or less at once."""
_MAX_WAV_BYTES = (1 << 32) - (1 << 16)  # sizes in a RIFF header have 32 bits; room for the tags
_OPUS_SHARE = 0.75
"""Of the MP3's bitrate: Opus needs no more for as good a sound."""


@dataclass(frozen=True, slots=True)
class SoundChapter:
    """A chapter; times in milliseconds."""

    title: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class SoundTags:
    """What a file says of itself, as far as its format can."""

    title: str
    artist: str | None = None
    album: str | None = None
    date: str | None = None
    comment: str | None = None
    chapters: tuple[SoundChapter, ...] = ()
    """Only in M4A and Opus."""
    cover: Path | None = None
    """A JPEG; only in M4A."""

    def texts(self) -> dict[str, str]:
        """Those that there are, by the name that libsndfile and ffmpeg both give them."""
        named = {
            "title": self.title,
            "artist": self.artist,
            "album": self.album,
            "date": self.date,
            "comment": self.comment,
        }
        return {name: text for name, text in named.items() if text}


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """The samples that come in."""

    sample_rate: int
    n_channels: int
    n_samples: int


class LosslessFile:
    """A FLAC or WAV file that blocks are written to; use it as a context manager.

    16 bits hold what the takes hold; 24 leave room for work to follow. What is above full scale is
    cut there. A WAV file that would be too long for its header becomes RF64 (EBU Tech 3306).
    """

    def __init__(
        self,
        path: Path,
        container: Lossless,
        form: SoundFormat,
        tags: SoundTags,
        *,
        bits: Literal[16, 24] = 16,
    ) -> None:
        self._path, self._container, self._form = path, container, form
        self._tags, self._bits = tags, bits
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> LosslessFile:
        import soundfile

        with contextlib.ExitStack() as stack:
            out = _Out(stack.enter_context(open_atomic(self._path)))
            stack.callback(out.complain)
            form = self._form
            n_bytes = form.n_samples * form.n_channels * self._bits // 8
            long = self._container == "wav" and n_bytes > _MAX_WAV_BYTES
            self._file = stack.enter_context(
                soundfile.SoundFile(
                    *(out, "w", form.sample_rate, form.n_channels),
                    subtype=f"PCM_{self._bits}",
                    format="RF64" if long else self._container.upper(),
                )
            )
            for name, text in self._tags.texts().items():
                setattr(self._file, name, text)
            self._out, self._stack = out, stack.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.__exit__(*raised)  # type: ignore[arg-type]

    def write(self, samples: Floats) -> None:
        """Add (n, channels) float32, full scale 1."""
        full = 1 << (self._bits - 1)
        whole = np.clip(np.rint(samples * np.float32(full)), -full, full - 1).astype(np.int32)
        try:
            self._file.write(whole << (32 - self._bits))
        finally:
            self._out.complain()


class _Out:
    """A file for libsndfile, which has no words for a full disk: keeps what the system said."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._error: OSError | None = None

    def complain(self) -> None:
        """Raise the OSError that there was, once."""
        error, self._error = self._error, None
        if error is not None:
            raise error from None

    def write(self, data: bytes) -> int:
        """As a file does it; 0 where it cannot."""
        try:
            return self._stream.write(data)
        except OSError as error:
            self._error = self._error or error
            return 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """As a file does it, which writes its buffer first."""
        try:
            return self._stream.seek(offset, whence)
        except OSError as error:
            self._error = self._error or error
            return -1

    def tell(self) -> int:
        """As a file does it."""
        return self._stream.tell()


def write_coded(
    path: Path,
    kind: Coded,
    blocks: Iterable[Floats],
    form: SoundFormat,
    tags: SoundTags,
    *,
    bitrate_kbps: int,
) -> None:
    """Have ffmpeg write AAC in an M4A file, or Opus in an Ogg file.

    `bitrate_kbps` is the MP3's. Raises EnvironmentProblem where ffmpeg is not there or fails.
    """
    with contextlib.ExitStack() as stack:
        metadata, told = stack.enter_context(scratch(path.parent))
        metadata.write(_metadata(tags).encode())
        metadata.flush()
        errors = stack.enter_context(tempfile.TemporaryFile())
        temporary = stack.enter_context(name_atomic(path))
        command = _command(kind, form, bitrate_kbps, told, tags.cover, temporary)
        try:
            coder = stack.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stderr=errors)
            )
        except FileNotFoundError as error:
            raise EnvironmentProblem(
                f"{kind} is made by ffmpeg, which is not on the PATH",
                code="ffmpeg-missing",
                hint="install ffmpeg",
            ) from error
        stdin = cast(IO[bytes], coder.stdin)
        try:
            with contextlib.suppress(BrokenPipeError):  # its exit code and words tell more
                for block in blocks:
                    stdin.write(block.astype("<f4", copy=False).tobytes())
                stdin.close()
            code = coder.wait()
        except BaseException:
            coder.kill()
            raise
        errors.seek(0)
        words = errors.read().decode("utf-8", "replace").strip().splitlines()
        full = os.strerror(errno.ENOSPC)
        if any(full in word for word in words):  # some versions call that a success
            raise OSError(errno.ENOSPC, full)
        if code:
            raise EnvironmentProblem(
                f"ffmpeg could not write it: {words[-1] if words else f'exit code {code}'}",
                code="ffmpeg-failed",
                file=path,
                hint=f"use an ffmpeg that can write {kind}, or leave this format out",
            )


def ffmpeg_version() -> str:
    """The first line of what ffmpeg says of itself; empty where there is none."""
    try:
        done = subprocess.run(["ffmpeg", "-version"], capture_output=True, check=False)
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "replace").partition("\n")[0]


def _command(
    kind: Coded,
    form: SoundFormat,
    bitrate_kbps: int,
    told: Path,
    cover: Path | None,
    out: Path,
) -> list[str]:
    raw = ["-f", "f32le", "-ar", str(form.sample_rate), "-ac", str(form.n_channels), "-i", "pipe:0"]
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *raw, "-f", "ffmetadata", "-i", str(told)]
    maps = ["-map", "0:a", "-map_metadata", "1", "-map_chapters", "1"]
    same = ["-fflags", "+bitexact", "-flags:a", "+bitexact"]
    if kind == "opus":
        coder = ["-c:a", "libopus", "-b:a", f"{round(bitrate_kbps * _OPUS_SHARE)}k"]
        coder += ["-vbr", "constrained", "-f", "opus"]  # else a tonal voice takes half as much more
    else:
        coder = ["-c:a", "aac", "-b:a", f"{bitrate_kbps}k", "-movflags", "+faststart"]
        coder += ["-movie_timescale", str(form.sample_rate), "-f", "ipod"]  # exact to the sample
        if cover is not None:
            command += ["-i", str(cover)]
            maps += ["-map", "2:v", "-c:v", "copy", "-disposition:v", "attached_pic"]
    return [*command, *maps, *coder, *same, str(out)]


def _metadata(tags: SoundTags) -> str:
    """ffmpeg's metadata file (its documentation, "Metadata")."""
    lines = [";FFMETADATA1"]
    lines += [f"{name}={_escaped(text)}" for name, text in tags.texts().items()]
    for chapter in tags.chapters:
        times = [f"START={chapter.start_ms}", f"END={chapter.end_ms}"]
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", *times, f"title={_escaped(chapter.title)}"]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "=;#\\\n" else char for char in text)
