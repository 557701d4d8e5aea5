"""Holds the frames of a finished MP3 against the standard, without decoding them."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.master.crc16 import crc16
from sayso.master.frames import Buffer, audio_start, read_header, read_side_info
from sayso.master.info import read_info

_RESERVOIR = 511  # ISO/IEC 11172-3 §2.4.2.7: main_data_begin has nine bits
_RESERVOIR_MPEG2 = 255  # ISO/IEC 13818-3 §2.4.2.7: eight


@dataclass(frozen=True, slots=True)
class FrameFinding:
    """Something wrong in the stream of frames."""

    problem: str
    offset: int
    """Byte of the file."""
    frame: int | None = None
    """Number of the frame from 0, counting the Info header's; None for the file as a whole."""

    def __str__(self) -> str:
        where = f"byte {self.offset}" if self.frame is None else f"frame {self.frame}"
        return f"{where}: {self.problem}"


def check_frames(data: Buffer) -> list[FrameFinding]:
    """What is wrong with the MP3 in `data` (bytes or a memory map); an empty list if nothing.

    Frames must follow one another from the tag to the last byte, all of one format and bitrate;
    sound data must lie in bytes that are there (main_data_begin) and end within its frame; the
    Info header must count frames and bytes right, and its check sums must fit.
    """
    start = offset = audio_start(data)
    end = len(data)
    first = read_header(bytes(data[start : start + 4]))
    if first is None:
        return [FrameFinding("no MP3 frame where the sound should begin", start)]
    findings: list[FrameFinding] = []
    info = read_info(data, start, first)
    fixed = (first.mpeg, first.sample_rate, first.bitrate_kbps, first.n_channels)
    reservoir = available = n_frames = 0
    limit = _RESERVOIR if first.mpeg == 1 else _RESERVOIR_MPEG2
    while offset < end:
        header = read_header(bytes(data[offset : offset + 4]))
        if header is None:
            findings.append(FrameFinding("no frame follows where one should", offset, n_frames))
            break
        size = header.size
        if offset + size > end:
            missing = offset + size - end
            findings.append(FrameFinding(f"cut short by {missing} bytes", offset, n_frames))
            break
        if (header.mpeg, header.sample_rate, header.bitrate_kbps, header.n_channels) != fixed:
            findings.append(
                FrameFinding("another format or bitrate than the first frame", offset, n_frames)
            )
        if n_frames or info is None:
            side = read_side_info(data, offset, header)
            own = size - header.side_info_at - header.side_info_size
            if side.main_data_begin > available:
                findings.append(
                    FrameFinding(
                        f"looks back {side.main_data_begin} bytes where {available} are there",
                        offset,
                        n_frames,
                    )
                )
            # What lies between the end of the last frame's data and the start of this one's is
            # stuffing; data of two frames must not overlap.
            elif side.main_data_begin > reservoir:
                findings.append(
                    FrameFinding("its data begins inside the last frame's", offset, n_frames)
                )
            free = side.main_data_begin + own - -(-side.main_data_bits // 8)
            if free < 0:
                findings.append(
                    FrameFinding(f"its data runs {-free} bytes over its end", offset, n_frames)
                )
            reservoir = max(0, free)
            available = min(limit, available + own)
        offset += size
        n_frames += 1
    if info is None:
        findings.append(FrameFinding("no Info header", start))
        return findings
    n_sound = n_frames - 1
    if info.n_frames != n_sound:
        findings.append(
            FrameFinding(f"Info header counts {info.n_frames} frames of {n_sound}", start)
        )
    if info.n_bytes != end - start or info.music_bytes != end - start:
        findings.append(
            FrameFinding(f"Info header counts {info.n_bytes} bytes of {end - start}", start)
        )
    if info.n_samples < 0:
        findings.append(FrameFinding("Info header trims more than there is", start))
    if not info.tag_crc_right:
        findings.append(FrameFinding("Info header's own check sum is wrong", start))
    if info.music_crc != crc16(memoryview(data)[start + first.size : end]):
        findings.append(FrameFinding("the sound is not what the Info header's sum says", start))
    return findings
