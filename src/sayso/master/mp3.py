"""The MP3 file: tag, Info header, the frames of all chunks, a closing frame."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from sayso.errors import SoundError
from sayso.master.crc16 import crc16, join_crc16
from sayso.master.encode import QUALITY, silent_frame
from sayso.master.frames import Mp3Format, read_header
from sayso.master.info import info_header
from sayso.mix.chunk_grid import FRAME


@dataclass(frozen=True, slots=True)
class Encoded:
    """The frames of a chunk."""

    frames: bytes
    crc: int
    """Their CRC-16: that of a file is put together from those of its chunks."""

    @classmethod
    def of(cls, frames: bytes) -> Encoded:
        """With the CRC computed."""
        return cls(frames, crc16(frames))


@dataclass(frozen=True, slots=True)
class Mp3File:
    """What was written."""

    n_samples: int
    """Samples per channel that players play: the length of the timeline."""
    n_frames: int
    """Frames of sound, with the closing one and without the Info header's."""
    n_bytes: int
    """Size of the file."""
    audio_start: int
    """Offset of the Info header: the size of the tag."""


def write_mp3(
    stream: BinaryIO,
    chunks: Iterable[Encoded],
    form: Mp3Format,
    *,
    tag: bytes = b"",
) -> Mp3File:
    """Write an episode to `stream`, which must be able to seek.

    `chunks` are what `encode_blocks` gave, in order, all in the same format; one is held at a
    time. What their CRC is said to be is believed. The closing frame of silence pushes the last
    samples out of the decoder (its delay and the encoder's are 1,105 samples), and the Info
    header's padding trims the rest: decoders that know it give exactly 1,152 samples for every
    frame of the chunks. Raises SoundError where a chunk is no whole run of frames in this
    format.
    """
    start = stream.tell()
    stream.write(tag)
    stream.write(bytes(form.frame_bytes))
    n_bytes = n_frames = music_crc = 0
    closing = silent_frame(form)
    closing_header = read_header(closing[:4])
    assert closing_header is not None
    mode = closing_header.mode
    for chunk in itertools.chain(chunks, [Encoded.of(closing)]):
        n_frames += _count_frames(chunk.frames, form)
        n_bytes += len(chunk.frames)
        music_crc = join_crc16(music_crc, chunk.crc, len(chunk.frames))
        stream.write(chunk.frames)
    n_samples = (n_frames - 1) * FRAME
    stream.seek(start + len(tag))
    header = info_header(
        form,
        n_frames=n_frames,
        n_bytes=n_bytes,
        n_samples=n_samples,
        mode=mode,
        music_crc=music_crc,
        quality=QUALITY,
    )
    stream.write(header)
    size = len(tag) + len(header) + n_bytes
    stream.seek(start + size)
    return Mp3File(n_samples, n_frames, size, len(tag))


def _count_frames(chunk: bytes, form: Mp3Format) -> int:
    header = read_header(bytes(chunk[:4]))
    n_frames = form.n_frames(len(chunk))
    if (
        header is None
        or (header.sample_rate, header.n_channels, header.bitrate_kbps)
        != (form.sample_rate, form.n_channels, form.bitrate_kbps)
        or n_frames is None
    ):
        raise SoundError(
            "an encoded stretch is damaged or in another format",
            code="damaged-cache",
            hint="clear the cache and build again",
        )
    return n_frames
