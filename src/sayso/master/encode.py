"""Chunks of sound to MP3 frames by LAME, so that the frames of chunks can be strung together.

Layer III frames lean on one another: each overlaps the last by half a block, and keeps sound data
in the bytes that earlier frames left free (the bit reservoir). Where a chunk begins and ends in
digital silence there is nothing to overlap, and its first frame has no data to look back for. So
frames cut there and put together decode as if they had been encoded at one go.
"""

from __future__ import annotations

import importlib.metadata
import itertools
from collections.abc import Iterable

import lameenc
import numpy as np
import numpy.typing as npt

from sayso.master.central import as_joint_stereo, central_kbps
from sayso.master.decoded import MAX_DBTP
from sayso.master.frames import Mp3Format, walk
from sayso.mix.chunk_grid import FRAME, LEAD_FRAMES, TAIL_FRAMES

Pcm = npt.NDArray[np.int16]

QUALITY = 5
"""LAME's quality: 2 best, 7 fastest. 5 is 1.7 times as fast as 2, and the spectrum of a voice
comes out no further from the original."""
CENTRAL_QUALITY = 7
"""For a voice in the middle. Its bits keep the noise of coding 40 dB and more below it anyway, and
7, which does not move noise about, comes out nearer to the original than 5 in two thirds of the
time. Music keeps QUALITY."""

_CODING_DB = 0.15  # what coding may add to the peaks of a voice


def encode_blocks(blocks: Iterable[Pcm], form: Mp3Format) -> bytes:
    """Encode a chunk at constant bitrate: exactly one frame for every 1,152 samples.

    Its samples come block after block, (n, channels) int16; together they are whole frames, silent
    (0) in the first four and the last two. The same samples give the same bytes. Other threads run
    meanwhile. Raises ValueError for a chunk off the grid or without its silence.

    Blocks of one channel in a stereo format are a voice in the middle: encoded as mono, which is
    faster, and rewrapped (see `central`).
    """
    blocks = iter(blocks)
    first = next(blocks, np.zeros((0, form.n_channels), np.int16))
    blocks = itertools.chain([first], blocks)
    if first.ndim != 2 or not 1 <= first.shape[1] <= form.n_channels:
        raise ValueError(f"a chunk must be (n, {form.n_channels}) int16")
    if first.shape[1] == form.n_channels:
        encoder = _encoder(form.sample_rate, form.n_channels, form.bitrate_kbps, QUALITY)
        return _encode(blocks, encoder, form.n_channels)
    return as_joint_stereo(encode_central(blocks, form), form)


def encode_central(blocks: Iterable[Pcm], form: Mp3Format) -> bytes:
    """The frames of a voice in the middle of `form` as those of one channel, not rewrapped yet.

    They decode to the samples of either side. `blocks` as for `encode_blocks`, (n, 1).
    """
    return _encode(blocks, _encoder(form.sample_rate, 1, central_kbps(form), CENTRAL_QUALITY), 1)


def _encoder(sample_rate: int, n_channels: int, bitrate_kbps: int, quality: int) -> lameenc.Encoder:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(n_channels)
    encoder.set_in_sample_rate(sample_rate)
    encoder.set_out_sample_rate(sample_rate)  # else LAME lowers it at low bitrates
    encoder.set_bit_rate(bitrate_kbps)
    encoder.set_quality(quality)
    return encoder


def _encode(blocks: Iterable[Pcm], encoder: lameenc.Encoder, n_channels: int) -> bytes:
    encoded = bytearray()
    n_samples = 0
    last = np.zeros((0, n_channels), np.int16)
    for block in blocks:
        if block.ndim != 2 or block.shape[1] != n_channels or block.dtype != np.int16:
            raise ValueError(f"a chunk must be (n, {n_channels}) int16")
        head = LEAD_FRAMES * FRAME - n_samples
        if head > 0 and block[:head].any():
            raise ValueError("a chunk must begin with four silent frames")
        encoded += encoder.encode(block.astype("<i2", copy=False).tobytes())
        n_samples += len(block)
        last = np.concatenate([last, block[-TAIL_FRAMES * FRAME :]])[-TAIL_FRAMES * FRAME :]
    if n_samples % FRAME or not n_samples:
        raise ValueError(f"a chunk must be whole frames, not {n_samples} samples")
    if last.any():
        raise ValueError("a chunk must end with two silent frames")
    encoded += encoder.flush()
    return _first_frames(bytes(encoded), n_samples // FRAME)


def silent_frame(form: Mp3Format) -> bytes:
    """One frame of silence that looks back for nothing: what closes an episode."""
    return encode_blocks([np.zeros((FRAME, form.n_channels), np.int16)], form)


def encoder_version() -> str:
    """The encoder and its version: part of the key of everything encoded.

    The same version gives the same bytes; another may not (lameenc 1.7 carries LAME 3.100, 1.9
    carries LAME 4.0).
    """
    return f"lameenc {importlib.metadata.version('lameenc')}"


def makeup_gain_db(form: Mp3Format, *, central: bool = False) -> float:
    """Gain before encoding that undoes LAME's own attenuation at constant bitrate.

    `central` for a voice in the middle of a stereo format, which is encoded at another bitrate.

    LAME scales its input by bitrate (presets.c, apply_abr_preset, column "scale"): by 0.95 up to
    160 kbit/s, 0.97 at 192, 0.98 at 224, 1 above. Measured alike for one and two channels.
    """
    kbps = central_kbps(form) if central else form.bitrate_kbps
    scale = {192: 0.97, 224: 0.98, 256: 1.0, 320: 1.0}.get(kbps, 0.95)
    return float(-20 * np.log10(scale))


def encoder_ceiling_db(form: Mp3Format, *, central: bool = False) -> float:
    """True-peak ceiling in dBTP that the limiter begins with, for sound with its makeup gain.

    Voices decode to at most 0.1 dB above their ceiling from 80 kbit/s on, so that most chunks
    keep to MAX_DBTP at once; for others the ceiling is lowered by what decoding shows.
    """
    return MAX_DBTP - _CODING_DB + makeup_gain_db(form, central=central)


def _first_frames(encoded: bytes, n_frames: int) -> bytes:
    """Cut after `n_frames`: LAME flushes one more, which only holds the silence after the end."""
    for count, (offset, header) in enumerate(walk(encoded), start=1):
        if count == n_frames:
            return encoded[: offset + header.size]
    raise RuntimeError(f"LAME made fewer than {n_frames} frames")
