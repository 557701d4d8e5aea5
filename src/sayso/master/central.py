"""A voice in the middle: encoded once, as mono, and rewrapped as joint stereo without a loss.

Joint stereo codes M = (L + R) / √2 and S = (L - R) / √2. A voice that plays alike on both sides has
no S, and its M is the mono signal times √2, which is two steps of a granule's global gain. So the
frames of a mono stream become those of a stereo stream by moving bits: the M channel is the mono
one, two steps louder, the S channel is empty. LAME analyses one channel instead of four.

After ISO/IEC 11172-3 §2.4.1.7 (side information) and §2.4.3.4.9.2 (middle and side).
"""

from __future__ import annotations

from sayso.master.frames import Mp3Format, read_header, walk, write_header
from sayso.mix.chunk_grid import FRAME

_MONO_SIDE, _STEREO_SIDE = 17, 32
_HEADER = 4
_RESERVOIR = 511  # main_data_begin has nine bits

# The next bitrate of the standard below that of the stereo stream: what the longer side information
# of stereo takes is then always there, and a voice has more bits than each channel of a pair would.
_CENTRAL_KBPS = {
    64: 56,
    80: 64,
    96: 80,
    112: 96,
    128: 112,
    160: 128,
    192: 160,
    224: 192,
    256: 224,
    320: 256,
}

_JOINT_STEREO, _MIDDLE_SIDE = 1, 0x20
_GRANULE = (1 << 59) - 1  # the bits of a granule's side information
_GAIN_AT = 30  # global_gain's lowest bit
_ROOT_TWO = 2 << _GAIN_AT  # a step is a factor of 2 ** (1/4)
_SWITCHING = 1 << 25  # window_switching_flag
_BLOCK_TYPE = 0xF << 22  # the flag, block_type and mixed_block_flag: alike in both channels


def central_kbps(form: Mp3Format) -> int:
    """The bitrate that a voice in the middle is encoded at."""
    return _CENTRAL_KBPS[form.bitrate_kbps]


def as_joint_stereo(mono: bytes, form: Mp3Format) -> bytes:
    """The frames of `mono`, encoded at `central_kbps(form)`, as frames of `form`.

    Decodes to the same samples on both sides, as many frames as before. The first frame must look
    back for nothing; neither does the first that is returned.
    """
    areas = bytearray()  # what frames hold besides header and side information, strung together
    sides: list[tuple[int, int]] = []  # where each frame's sound data starts there, its side info
    for offset, header in walk(mono):
        at = offset + _HEADER
        side = int.from_bytes(mono[at : at + _MONO_SIDE], "big")
        sides.append((len(areas) - (side >> 127), side))
        areas += mono[at + _MONO_SIDE : offset + header.size]

    heads = [_head(form, padding) for padding in (0, 1)]
    room = form.frame_bytes - _HEADER - _STEREO_SIDE
    spare, remainder = 0, FRAME // 8 * form.bitrate_kbps * 1000 % form.sample_rate
    data = bytearray()  # the areas of the new frames
    frames: list[tuple[int, bytes]] = []  # padding and side information
    area = 0
    for start, side in sides:
        first, second = side >> 59 & _GRANULE, side & _GRANULE
        n_bytes = -(-((first >> 47) + (second >> 47)) // 8)
        data += bytes(max(0, area - _RESERVOIR - len(data)))
        middle_first, middle_second = _louder(first), _louder(second)
        wide = (
            (area - len(data)) << 247
            | (side >> 118 & 0xF) << 240
            | middle_first << 177
            | _empty(first) << 118
            | middle_second << 59
            | _empty(second)
        )
        data += areas[start : start + n_bytes]
        # As LAME does it: a byte more whenever the fractions left over make one.
        padding = 1 if frames and spare < remainder else 0
        spare += (form.sample_rate if padding else 0) - (remainder if frames else 0)
        frames.append((padding, wide.to_bytes(_STEREO_SIDE, "big")))
        area += room + padding
    data += bytes(area - len(data))

    joined = bytearray()
    area = 0
    for padding, wide_side in frames:
        joined += heads[padding]
        joined += wide_side
        joined += data[area : area + room + padding]
        area += room + padding
    return bytes(joined)


def _head(form: Mp3Format, padding: int) -> bytes:
    head = bytearray(write_header(form, _JOINT_STEREO))
    head[2] |= padding << 1
    head[3] |= _MIDDLE_SIDE
    assert read_header(bytes(head)) is not None
    return bytes(head)


def _louder(granule: int) -> int:
    """A granule's side information, for the middle channel; an empty one has no gain to raise."""
    return granule + _ROOT_TWO if granule >> 47 else granule


def _empty(granule: int) -> int:
    """Side information of the side channel: no data, but the same blocks as the middle one."""
    return granule & _BLOCK_TYPE if granule & _SWITCHING else 0
