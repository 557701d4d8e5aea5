"""The Info header: a silent first frame that tells players length, seek points and exact edges.

Layout after Xing's header ("Xing" for variable, "Info" for constant bitrate) and the LAME tag
(Gabriel Bouvigne, "Mp3 Info Tag revision 1 Specifications", and LAME 3.100's VbrTag.c).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from sayso.master.crc16 import crc16
from sayso.master.frames import Buffer, FrameHeader, Mp3Format, write_header
from sayso.mix.chunk_grid import FRAME

ENCODER_DELAY = 576
"""Samples of silence that LAME puts before the first sample (its ENCDELAY)."""
DECODER_DELAY = 529
"""Samples of silence that every decoder adds (LAME tag specification: 528 + 1)."""

_FIELDS = 0x0F  # frame count, byte count, table of contents, quality: all there
_LAME_TAG_SIZE = 36


@dataclass(frozen=True, slots=True)
class InfoHeader:
    """What an Info header says."""

    n_frames: int
    """Frames of sound, without the header's own."""
    n_bytes: int
    """Bytes from the header's frame to the end."""
    delay: int
    padding: int
    """Samples to drop after the end: n_frames * 1152 = delay + length + padding."""
    music_bytes: int
    """`n_bytes` again, as the LAME tag has it."""
    music_crc: int
    """CRC of everything after the header's frame."""
    tag_crc_right: bool

    @property
    def n_samples(self) -> int:
        """Exact length of the sound."""
        return self.n_frames * FRAME - self.delay - self.padding


def info_header(
    form: Mp3Format,
    *,
    n_frames: int,
    n_bytes: int,
    n_samples: int,
    mode: int,
    music_crc: int = 0,
    quality: int = 5,
) -> bytes:
    """The header's frame, `form.frame_bytes` long, for constant bitrate.

    `n_frames` and `n_bytes` count the sound that follows; `n_samples` is the length that players
    are to play; `mode` is the stereo mode of the sound's own headers. Raises ValueError where the
    frames cannot hold the samples or the padding does not fit its twelve bits.
    """
    padding = n_frames * FRAME - ENCODER_DELAY - n_samples
    if not DECODER_DELAY <= padding < 4096:
        raise ValueError(f"{n_frames} frames cannot end exactly after {n_samples} samples")
    frame = bytearray(form.frame_bytes)
    frame[:4] = write_header(form, mode)
    at = _tag_offset(form.n_channels)
    total = n_bytes + len(frame)
    struct.pack_into(">4sIII", frame, at, b"Info", _FIELDS, n_frames, total)
    # At constant bitrate byte and time are proportional: seek point i is at i % of the bytes.
    frame[at + 16 : at + 116] = bytes(i * 256 // 100 for i in range(100))
    struct.pack_into(">I", frame, at + 116, 60 - quality)  # as LAME: 100 - 10 * 4 - quality

    tag = at + 120
    frame[tag : tag + 9] = b"LAME3.100"  # whose layout this is: players look for the name
    frame[tag + 9] = 0x01  # revision 0, constant bitrate
    frame[tag + 20] = min(255, form.bitrate_kbps)
    frame[tag + 21 : tag + 24] = (ENCODER_DELAY << 12 | padding).to_bytes(3, "big")
    stereo = {3: 0, 0: 1, 2: 2, 1: 3}[mode]
    source_rate = {32_000: 0, 44_100: 1, 48_000: 2}[form.sample_rate]
    frame[tag + 24] = source_rate << 6 | stereo << 2
    struct.pack_into(">IH", frame, tag + 28, total, music_crc)
    struct.pack_into(">H", frame, tag + 34, crc16(frame[: tag + 34]))
    return bytes(frame)


def read_info(data: Buffer, offset: int, header: FrameHeader) -> InfoHeader | None:
    """The Info header in the frame at `offset`; None where that is a frame of sound.

    Reads the headers that `info_header` and LAME write: those with all four fields and a tag.
    """
    at = offset + header.side_info_at + header.side_info_size
    frame = bytes(data[offset : offset + header.size])
    at -= offset
    if frame[at : at + 4] not in (b"Info", b"Xing") or len(frame) < at + 120 + _LAME_TAG_SIZE:
        return None
    fields, n_frames, n_bytes = struct.unpack_from(">III", frame, at + 4)
    if fields & _FIELDS != _FIELDS:
        return None
    tag = at + 120
    edges = int.from_bytes(frame[tag + 21 : tag + 24], "big")
    music_bytes, music_crc, tag_crc = struct.unpack_from(">IHH", frame, tag + 28)
    return InfoHeader(
        n_frames=n_frames,
        n_bytes=n_bytes,
        delay=edges >> 12,
        padding=edges & 0xFFF,
        music_bytes=music_bytes,
        music_crc=music_crc,
        tag_crc_right=tag_crc == crc16(frame[: tag + 34]),
    )


def _tag_offset(n_channels: int) -> int:
    return 4 + (17 if n_channels == 1 else 32)
