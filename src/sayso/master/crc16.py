"""CRC-16 as the LAME tag uses it: polynomial 0x8005, bits reversed, start 0 (CRC-16/ARC).

The loop over bytes of the textbook takes a second for a few minutes of MP3. A CRC that starts at 0
is linear: crc(a + b) = shift(crc(a), len(b)) ^ crc(b), and leading zeros change nothing. So the
CRCs of all pairs of bytes are looked up at once and then joined two by two.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

_POLYNOMIAL = 0xA001  # 0x8005 reversed
_CHUNK_BITS = 18
_CHUNK = 1 << _CHUNK_BITS  # bytes per pass: bounds the memory

Words = npt.NDArray[np.uint16]


def crc16(data: bytes | bytearray | memoryview, crc: int = 0) -> int:
    """CRC of `data` after data whose CRC is `crc`."""
    view = memoryview(data)
    for first in range(0, len(view), _CHUNK):
        chunk = view[first : first + _CHUNK]
        crc = join_crc16(crc, _crc_from_zero(chunk), len(chunk))
    return crc


def join_crc16(first: int, second: int, n_bytes: int) -> int:
    """The CRC of data whose parts have these; the second part is `n_bytes` long."""
    return _shift(first, n_bytes) ^ second


def _crc_from_zero(chunk: memoryview) -> int:
    n_padded = max(2, 1 << (len(chunk) - 1).bit_length())
    padded = np.zeros(n_padded, np.uint8)
    padded[n_padded - len(chunk) :] = chunk
    # CRC of two bytes from 0: the little-endian word itself, shifted through two bytes.
    crcs = _shift_table(1)[padded.view("<u2")]
    for power in range(1, n_padded.bit_length() - 1):
        crcs = _shift_table(power)[crcs[0::2]] ^ crcs[1::2]
    return int(crcs[0])


def _shift(crc: int, n_bytes: int) -> int:
    """The CRC after `n_bytes` more bytes of zero."""
    for power in range(n_bytes.bit_length()):
        if n_bytes >> power & 1:
            crc = int(_shift_table(power)[crc])
    return crc


@functools.cache
def _shift_table(power: int) -> Words:
    """For every CRC, what it is after 2 ** power bytes of zero."""
    if power:
        half = _shift_table(power - 1)
        return half[half]
    table: Words = np.arange(1 << 16, dtype=np.uint16)
    for _ in range(8):
        table = (table >> np.uint16(1)) ^ (table & np.uint16(1)) * np.uint16(_POLYNOMIAL)
    return table
