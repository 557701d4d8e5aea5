"""Instruments, a room and a master, in numpy: what compose.py plays its scores on.

A sound is a float array of shape (2, n), left and right, at 44.1 kHz. Every instrument takes a
pitch in hertz, the seconds it is held and a random generator, and returns a sound that begins and
ends at zero. A pitch of 0 Hz stands for an unpitched note.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

RATE = 44_100
Samples = NDArray[np.float64]
Random = np.random.Generator
Instrument = Callable[[float, float, Random], Samples]

# ------------------------------------------------------------------------------------ envelopes


def times(length_s: float) -> Samples:
    return np.arange(round(length_s * RATE)) / RATE


def rise(n: int) -> Samples:
    """Half a raised cosine from 0 to 1: smooth to the second derivative, so it cannot click."""
    return 0.5 - 0.5 * np.cos(np.pi * np.arange(n) / max(1, n))


def shape(n: int, attack_s: float, release_s: float) -> Samples:
    """One in the middle, a raised cosine up at the start and down at the end."""
    up, down = min(n, round(attack_s * RATE)), min(n, round(release_s * RATE))
    envelope = np.ones(n)
    envelope[:up] *= rise(up)
    envelope[n - down :] *= rise(down)[::-1]
    return envelope


def pan(mono: Samples, position: float) -> Samples:
    """Place a mono sound by the equal-power law: -1 left, 0 middle, 1 right."""
    angle = (position + 1) * np.pi / 4
    return np.stack([mono * np.cos(angle), mono * np.sin(angle)])


# ---------------------------------------------------------------------------------- instruments


def pad(
    hz: float,
    held_s: float,
    random: Random,
    *,
    glow_hz: float = 900.0,
    attack_s: float = 0.5,
    release_s: float = 1.2,
) -> Samples:
    """Four detuned, drifting voices across the stereo field, whose upper harmonics swell and sink.

    `glow_hz` is where the harmonics begin to fall by a further 12 dB an octave.
    """
    t = times(held_s + release_s)
    swell = 0.35 + 0.65 * np.sin(np.pi * t / (held_s + release_s)) ** 2
    out = np.zeros((2, t.size))
    for cents, position in ((-7.5, -0.85), (-2.5, 0.35), (2.5, -0.35), (7.5, 0.85)):
        drift = 0.9 * np.sin(2 * np.pi * random.uniform(0.1, 0.3) * t + random.uniform(0, 6.28))
        bend = (cents + random.uniform(-1, 1) + drift) / 1200
        turns = hz * np.cumsum(2.0**bend) / RATE
        gains = [k**-1.25 / (1 + (k * hz / glow_hz) ** 2) * (k * hz < 5000) for k in range(1, 17)]
        body = one_turn(gains[:2], 1, random)
        glow = one_turn(gains[2:], 3, random)
        steady, swelling = along(np.stack([body, glow]), turns)
        out += pan(steady + swell * swelling, position)
    return out * shape(t.size, attack_s, release_s) / 4


TURN = 8192
SINE = np.sin(2 * np.pi * np.arange(TURN) / TURN)


def one_turn(gains: list[float], first: int, random: Random) -> Samples:
    """One period of the harmonics from `first` on, each at a phase of its own."""
    wave = np.zeros(TURN)
    for k, gain in enumerate(gains, first):
        wave += gain * SINE[(k * np.arange(TURN) + random.integers(TURN)) % TURN]
    return wave


def along(waves: Samples, turns: Samples) -> Samples:
    """Read periods, one a row, at the given turns; straight between points is 90 dB clean."""
    at = (turns % 1.0) * TURN
    low = at.astype(np.int32)
    between = at - low
    low %= TURN  # rounding may reach the very end
    rises = np.diff(waves, axis=1, append=waves[:, :1])
    return np.stack(
        [wave.take(low) + rise.take(low) * between for wave, rise in zip(waves, rises, strict=True)]
    )


def felt(hz: float, held_s: float, random: Random, *, softness: float = 1.0) -> Samples:
    """An upright piano with felt on the strings: dull, quick to bloom, with a long aftersound.

    The damper falls when the note is let go, so that neighbours a step apart do not grind.
    """
    t = times(held_s + 0.45)
    out = np.zeros((2, t.size))
    for cents, position in ((-0.7, -0.45), (0.6, 0.45)):
        string = np.zeros(t.size)
        for k in range(1, 13):
            f = hz * 2 ** (cents / 1200) * k * np.sqrt(1 + 0.0004 * k * k)
            gain = k**-1.1 * np.exp(-f * softness / 1500)
            if f > 9000 or gain < 2e-4:
                break
            fade = 0.72 * np.exp(-t * (2.6 + 1.3 * k)) + 0.28 * np.exp(-t * (0.55 + 0.45 * k))
            string += gain * fade * np.sin(2 * np.pi * f * t + random.uniform(0, 6.28))
        out += pan(string, position)
    return add_noise(out, 0.05, 150, 900, 70, random) * shape(t.size, 0.006, 0.4)


def add_noise(
    sound: Samples, level: float, low_hz: float, high_hz: float, decay: float, random: Random
) -> Samples:
    """A short burst of noise at a note's start: a hammer, a skin."""
    n = min(sound.shape[1], RATE // 4)
    burst = band(random.standard_normal((2, n)), low_hz, high_hz) * np.exp(-times(n / RATE) * decay)
    sound = sound.copy()
    sound[:, :n] += level * burst * shape(n, 0.0, 0.05)
    return sound


def vibes(hz: float, held_s: float, random: Random) -> Samples:
    """A vibraphone with the motor on slowly: bars ring at 1, 4 and 9.5 times the pitch."""
    t = times(held_s + 0.7)
    bar = np.zeros(t.size)
    for ratio, gain, decay in ((1.0, 1.0, 1.1), (3.98, 0.16, 3.2), (9.5, 0.018, 16.0)):
        if ratio * hz < 8000:
            wave = np.sin(2 * np.pi * ratio * hz * t + random.uniform(0, 6.28))
            bar += gain * np.exp(-t * decay) * wave
    motor = 0.16 * np.sin(2 * np.pi * 3.7 * t + random.uniform(0, 6.28))
    bar *= shape(t.size, 0.005, 0.65)
    return np.stack([bar * (1 + motor), bar * (1 - motor)])


def keys(hz: float, held_s: float, random: Random) -> Samples:
    """An electric piano: a tine that starts bright and turns round, by frequency modulation."""
    t = times(held_s + 0.9)
    index = (1.5 * np.exp(-t * 6) + 0.35) * min(1.0, 400 / hz)
    turn = 2 * np.pi * hz * t
    tone = np.sin(turn + index * np.sin(turn + random.uniform(-0.3, 0.3)))
    tine = 0.07 * np.exp(-t * 22) * np.sin(7.0 * turn) if 7 * hz < 6500 else 0.0
    sway = 0.12 * np.sin(2 * np.pi * 4.4 * t + random.uniform(0, 6.28))
    mono = (tone + tine) * np.exp(-t * 1.5) * shape(t.size, 0.004, 0.8)
    return np.stack([mono * (1 + sway), mono * (1 - sway)])


def bass(hz: float, held_s: float, random: Random) -> Samples:
    """A round bass: enough second and third harmonic to be heard on a telephone's speaker."""
    t = times(held_s + 0.5)
    turn = 2 * np.pi * hz * t
    tone = np.sin(turn) + 0.38 * np.sin(2 * turn + 0.4) + 0.14 * np.sin(3 * turn + 1.1)
    return pan(tone * np.exp(-t * 0.5) * shape(t.size, 0.018, 0.5 + 0.3 * held_s), 0.0)


def pulse(hz: float, held_s: float, random: Random) -> Samples:
    """A muted low string, plucked: a heartbeat rather than a drum."""
    t = times(0.55)
    tone = np.zeros(t.size)
    for k in range(1, 9):
        gain = k**-0.9 * np.exp(-k * hz / 700)
        tone += gain * np.exp(-t * (5 + 3.2 * k)) * np.sin(2 * np.pi * k * hz * t + 1.7 * k)
    return pan(tone * shape(t.size, 0.007, 0.25), 0.0)


def drum(hz: float, held_s: float, random: Random) -> Samples:
    """A large soft drum, tuned: its pitch falls onto the note, and a little skin is heard."""
    t = times(1.5)
    phase = 2 * np.pi * np.cumsum(hz * (1 + 0.9 * np.exp(-t * 26))) / RATE
    body = np.sin(phase) * np.exp(-t * 4.2)
    return add_noise(pan(body, 0.0), 0.25, 120, 1100, 30, random) * shape(t.size, 0.006, 0.6)


def shaker(hz: float, held_s: float, random: Random) -> Samples:
    """A short breath of filtered noise, well below the harsh top."""
    t = times(0.16)
    grain = band(random.standard_normal((2, t.size)), 3200, 6200)
    return grain * np.exp(-t * 34) * shape(t.size, 0.018, 0.06)


def air(hz: float, held_s: float, random: Random) -> Samples:
    """Wind that rises into the next beat: three bands of noise that open one after another."""
    n = round(held_s * RATE)
    u = np.arange(n) / n
    noise = random.standard_normal((2, n))
    wind = sum(
        band(noise, low, high) * u**steep
        for low, high, steep in ((250, 900, 1.6), (900, 2400, 2.6), (2400, 5200, 4.0))
    )
    return np.asarray(wind) * shape(n, 0.2 * held_s, 0.09)


INSTRUMENTS: dict[str, Instrument] = {
    "pad": partial(pad, glow_hz=750.0),
    "strings": partial(pad, glow_hz=1500.0, attack_s=0.16, release_s=1.0),
    "haze": partial(pad, glow_hz=420.0, attack_s=1.1, release_s=1.9),
    "inhale": partial(pad, glow_hz=1100.0, attack_s=1.0, release_s=0.12),
    "felt": felt,
    "clear felt": partial(felt, softness=0.55),
    "dull felt": partial(felt, softness=3.0),
    "vibes": vibes,
    "keys": keys,
    "bass": bass,
    "pulse": pulse,
    "drum": drum,
    "shaker": shaker,
    "air": air,
}

# ------------------------------------------------------------------------------- filters and room


def filtered(sound: Samples, response: Callable[[Samples], NDArray[np.complex128]]) -> Samples:
    """Multiply the spectrum by `response(hz)`. The signal wraps round, which suits a loop."""
    n = sound.shape[-1]
    return np.fft.irfft(np.fft.rfft(sound) * response(np.fft.rfftfreq(n, 1 / RATE)), n)


def butterworth(s: NDArray[np.complex128], order: int) -> NDArray[np.complex128]:
    """The Butterworth low-pass at s = j·f/fc; at s = fc/(j·f) the high-pass. Causal."""
    out = np.ones_like(s)
    for k in range(order // 2):
        damping = 2 * np.sin(np.pi * (2 * k + 1) / (2 * order))
        out = out / (s * s + damping * s + 1)
    return out


def highpass(sound: Samples, hz: float, order: int = 2) -> Samples:
    return filtered(sound, lambda f: butterworth(hz / (1j * np.maximum(f, 1e-3)), order))


def lowpass(sound: Samples, hz: float, order: int = 2) -> Samples:
    return filtered(sound, lambda f: butterworth(1j * f / hz, order))


def band(sound: Samples, low_hz: float, high_hz: float) -> Samples:
    return lowpass(highpass(sound, low_hz), high_hz)


def dip(sound: Samples, hz: float, octaves: float, db: float) -> Samples:
    """Lower a region by `db` at its middle, as a bell `octaves` wide either side."""

    def response(f: Samples) -> NDArray[np.complex128]:
        bell = np.exp(-0.5 * (np.log2(np.maximum(f, 1.0) / hz) / octaves) ** 2)
        return (10 ** (-db * bell / 20)).astype(complex)

    return filtered(sound, response)


def room(seconds: float, random: Random) -> Samples:
    """The room's answer to a click: noise in four bands, of which the high ones die first.

    Each side has its own noise and a share of a common one, so that mono loses nothing.
    """
    t = times(seconds + 0.4)
    both, sides = random.standard_normal(t.size), random.standard_normal((2, t.size))
    noise = 0.5 * both + 0.85 * sides
    answer = np.zeros((2, t.size))
    for low, high, share in (
        (160, 500, 0.9),
        (500, 1400, 1.0),
        (1400, 3500, 0.66),
        (3500, 7000, 0.36),
    ):
        answer += band(noise, low, high) * 10 ** (-3 * t / (seconds * share))
    answer *= shape(t.size, 0.012, 0.35)
    answer = np.pad(answer, ((0, 0), (round(0.024 * RATE), 0)))  # the first wall is 4 m away
    return answer / np.sqrt((answer**2).sum(axis=1, keepdims=True))


def convolved(sound: Samples, answer: Samples, *, loop: bool) -> Samples:
    """`sound` heard in a room; for a loop the tail wraps round to its start."""
    n = sound.shape[1]
    if loop:
        folded = np.zeros((2, n))
        for start in range(0, answer.shape[1], n):
            piece = answer[:, start : start + n]
            folded[:, : piece.shape[1]] += piece
        return np.fft.irfft(np.fft.rfft(sound) * np.fft.rfft(folded), n)
    size = 1 << (n + answer.shape[1] - 1).bit_length()
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(answer, size), size)[:, :n]


def narrow_lows(sound: Samples, hz: float = 140.0) -> Samples:
    """Fold what lies below `hz` to the middle, where bass belongs."""
    side = highpass((sound[0] - sound[1]) / 2, hz)
    middle = (sound[0] + sound[1]) / 2
    return np.stack([middle + side, middle - side])


# --------------------------------------------------------------------------------------- master


def loudness_lufs(sound: Samples) -> float:
    """Integrated loudness by ITU-R BS.1770-4, gated, the K filter applied as a spectrum."""

    def k_weight(f: Samples) -> NDArray[np.complex128]:
        z = np.exp(-2j * np.pi * f / 48_000)  # the filters are published for 48 kHz: near enough
        shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z * z) / (
            1 - 1.69065929318241 * z + 0.73248077421585 * z * z
        )
        return shelf * (1 - 2 * z + z * z) / (1 - 1.99004745483398 * z + 0.99007225036621 * z * z)

    weighted = filtered(sound, k_weight) ** 2
    hop = RATE // 10
    tenths = (
        weighted[:, : weighted.shape[1] // hop * hop].reshape(2, -1, hop).mean(axis=2).sum(axis=0)
    )
    blocks = np.convolve(tenths, np.full(4, 0.25), "valid")
    level = -0.691 + 10 * np.log10(blocks + 1e-20)
    blocks = blocks[level > -70]
    gate = -0.691 + 10 * np.log10(blocks.mean()) - 10
    return float(-0.691 + 10 * np.log10(blocks[-0.691 + 10 * np.log10(blocks) > gate].mean()))


def rounded_peaks(sound: Samples, knee: float) -> Samples:
    """Leave what is below `knee` alone and bend what is above it towards 1.3 knees."""
    over = np.maximum(np.abs(sound) - knee, 0.0)
    reach = 0.3 * knee
    return np.sign(sound) * (np.minimum(np.abs(sound), knee) + reach * np.tanh(over / reach))


def to_int16(sound: Samples, random: Random) -> NDArray[np.int16]:
    """16-bit samples of shape (n, 2), with triangular dither; exact silence stays silent."""
    dither = random.random(sound.shape) - random.random(sound.shape)
    steps = np.rint(sound * 32768 + np.where(sound == 0.0, 0.0, dither))
    return np.clip(steps, -32768, 32767).astype(np.int16).T
