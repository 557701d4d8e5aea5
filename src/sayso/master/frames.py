"""MPEG audio layer III frames: their headers, and where their sound data lies.

After ISO/IEC 11172-3 §2.4.1-2.4.2 (MPEG-1) and ISO/IEC 13818-3 §2.4.1-2.4.2 (MPEG-2: half the
sample rates, one granule per frame).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from sayso.errors import ShowError
from sayso.mix.chunk_grid import FRAME

BITRATES_KBPS = (64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""The bitrates that we encode at. Lower ones of the standard leave no room for the Info header."""
SAMPLE_RATES = (32_000, 44_100, 48_000)
"""The sample rates of MPEG-1, whose frames hold 1,152 samples."""

# ISO/IEC 11172-3 §2.4.2.3 and ISO/IEC 13818-3 §2.4.2.3; index 0 is "free", 15 is forbidden.
_BITRATES_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES_MPEG1 = (44_100, 48_000, 32_000)

Buffer = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class Mp3Format:
    """What all frames of an episode share. Raises ShowError for what MPEG-1 layer III lacks."""

    sample_rate: int
    n_channels: int
    bitrate_kbps: int

    def __post_init__(self) -> None:
        for value, known, what in (
            (self.sample_rate, SAMPLE_RATES, "a sample rate of {} Hz"),
            (self.n_channels, (1, 2), "{} channels"),
            (self.bitrate_kbps, BITRATES_KBPS, "a bitrate of {} kbit/s"),
        ):
            if value not in known:
                raise ShowError(
                    f"an MP3 episode cannot have {what.format(value)}",
                    hint=f"choose one of {', '.join(map(str, known))}",
                )

    @property
    def frame_bytes(self) -> int:
        """Bytes of a frame without the padding byte (§2.4.3.1: 144 * bitrate / sample rate)."""
        return FRAME // 8 * self.bitrate_kbps * 1000 // self.sample_rate

    def n_frames(self, n_bytes: int) -> int | None:
        """How many frames make `n_bytes`; None where no whole number does.

        Padding keeps the size of any run of frames within a byte of the average (§2.4.3.1).
        """
        bits = FRAME * self.bitrate_kbps * 1000  # of one frame, times the sample rate
        n_frames = round(8 * n_bytes * self.sample_rate / bits)
        miss = abs(n_bytes - n_frames * bits / 8 / self.sample_rate)
        return n_frames if n_frames and miss <= 1 else None


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """The four bytes at the head of a frame."""

    mpeg: int
    """1 or 2; 2 also for the unofficial 2.5."""
    sample_rate: int
    bitrate_kbps: int
    n_channels: int
    mode: int
    """0 stereo, 1 joint stereo, 2 two channels, 3 one channel."""
    padding: int
    """1 where the frame is a byte longer."""
    has_crc: bool

    @property
    def n_samples(self) -> int:
        """Samples per channel that the frame decodes to."""
        return FRAME if self.mpeg == 1 else FRAME // 2

    @property
    def size(self) -> int:
        """Bytes of the whole frame."""
        return self.n_samples // 8 * self.bitrate_kbps * 1000 // self.sample_rate + self.padding

    @property
    def side_info_at(self) -> int:
        """Offset of the side information in the frame."""
        return 6 if self.has_crc else 4

    @property
    def side_info_size(self) -> int:
        """Bytes of side information (ISO/IEC 11172-3 §2.4.1.7)."""
        if self.mpeg == 1:
            return 17 if self.n_channels == 1 else 32
        return 9 if self.n_channels == 1 else 17


@dataclass(frozen=True, slots=True)
class SideInfo:
    """What the side information says about the place of the sound data."""

    main_data_begin: int
    """How many bytes before this frame's own data its sound data begins: the bit reservoir."""
    main_data_bits: int
    """Length of its sound data: the sum of all part2_3_length."""


@functools.lru_cache(maxsize=256)
def read_header(word: bytes) -> FrameHeader | None:
    """The header in four bytes, or None where they are no header of layer III."""
    if len(word) < 4 or word[0] != 0xFF or word[1] & 0xE6 != 0xE2:  # sync, layer III
        return None
    version, bitrate_index, rate_index = word[1] >> 3 & 3, word[2] >> 4, word[2] >> 2 & 3
    if version == 1 or bitrate_index in (0, 15) or rate_index == 3:
        return None
    mpeg1 = version == 3
    mode = word[3] >> 6
    return FrameHeader(
        mpeg=1 if mpeg1 else 2,
        sample_rate=_SAMPLE_RATES_MPEG1[rate_index] >> {3: 0, 2: 1, 0: 2}[version],
        bitrate_kbps=(_BITRATES_MPEG1 if mpeg1 else _BITRATES_MPEG2)[bitrate_index],
        n_channels=1 if mode == 3 else 2,
        mode=mode,
        padding=word[2] >> 1 & 1,
        has_crc=not word[1] & 1,
    )


def write_header(form: Mp3Format, mode: int) -> bytes:
    """A header of MPEG-1 layer III without CRC and padding, marked as an original."""
    return bytes(
        (
            0xFF,
            0xFB,
            _BITRATES_MPEG1.index(form.bitrate_kbps) << 4
            | _SAMPLE_RATES_MPEG1.index(form.sample_rate) << 2,
            mode << 6 | 0x04,
        )
    )


def read_side_info(data: Buffer, offset: int, header: FrameHeader) -> SideInfo:
    """Side information of the frame at `offset` (ISO/IEC 11172-3 §2.4.1.7)."""
    at = offset + header.side_info_at
    n_bits = 8 * header.side_info_size
    bits = int.from_bytes(data[at : at + header.side_info_size], "big")
    mono = header.n_channels == 1
    if header.mpeg == 1:
        n_granules, begin_bits, granule_bits = 2, 9, 59
        position = 9 + (5 if mono else 3) + 4 * header.n_channels  # private bits, scfsi
    else:
        n_granules, begin_bits, granule_bits = 1, 8, 63
        position = 8 + (1 if mono else 2)
    length = 0
    for _ in range(n_granules * header.n_channels):
        length += bits >> (n_bits - position - 12) & 0xFFF
        position += granule_bits
    return SideInfo(bits >> (n_bits - begin_bits), length)


def walk(data: Buffer, start: int = 0) -> Iterator[tuple[int, FrameHeader]]:
    """Offset and header of each frame from `start`, until something else or the end follows."""
    offset = start
    while (header := read_header(bytes(data[offset : offset + 4]))) is not None:
        yield offset, header
        offset += header.size


def audio_start(data: Buffer) -> int:
    """Offset of the first frame: after the ID3v2 tag, if there is one (ID3v2.3 §3.1)."""
    head = bytes(data[:10])
    if len(head) < 10 or head[:3] != b"ID3":
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return 10 + size + (10 if head[5] & 0x10 else 0)
