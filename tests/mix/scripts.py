"""Scripts to lay out: a small show, lines of known length, and a timeline as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from sayso.mix import Mixer, Placeable, lay_out
from sayso.model import AudioSettings, Line, Script, Show, Sound, Timeline, Voice
from sayso.script import parse_script
from sayso.speech.lines import script_lines
from sayso.speech.spoken import EMPTY

SHOW = Show(
    root=Path("show"),
    title="Dead Air",
    voices=(Voice("host"), Voice("critic")),
    sounds=(
        Sound("intro", "audio/intro.wav", overlap_ms=1000),
        Sound("transition", "audio/transition.wav", overlap_ms=400),
        Sound("outro", "audio/outro.wav"),
        Sound("bed", "audio/bed.wav", gain_db=-3.0),
        Sound("rain", "audio/rain.wav"),
    ),
)
SECONDS = {"intro": 3.0, "transition": 1.2, "outro": 4.0, "bed": 5.0, "rain": 7.0, "door.wav": 0.5}


def samples(seconds: float, show: Show = SHOW) -> int:
    return round(seconds * show.audio.sample_rate)


def lines_of(script: Script, show: Show = SHOW) -> tuple[Line, ...]:
    def hum(voice: Voice) -> Voice:
        return replace(voice, engine="tone", voice=voice.name)

    return script_lines(script, show, lexicon=EMPTY, resolve=hum)


def takes_of(lines: Sequence[Line], show: Show = SHOW) -> list[Placeable]:
    """A take for each line, of 15 characters a second; its key is its text."""
    return [Placeable(line.written, samples(len(line.written) / 15, show)) for line in lines]


def timeline_of(text: str, show: Show = SHOW) -> Timeline:
    script = parse_script(text)
    lines = lines_of(script, show)
    sounds = {name: Placeable(name, samples(s, show)) for name, s in SECONDS.items()}
    return lay_out(script, show, lines, takes_of(lines, show), sounds)


def readable(timeline: Timeline) -> str:
    """A timeline as text: what is heard from when to when; a rule where one chunk ends."""
    entries = [(c.start, 1, c.end, f"chapter {c.title} {{#{c.id}}}") for c in timeline.chapters]
    entries += [(s.start, 0, s.end, "-" * 44) for s in timeline.chunks]
    entries += [
        (m.start, 2, m.end, f"{m.role} {m.name}" + (f" {m.gain_db:+g} dB" if m.gain_db else ""))
        for m in timeline.music
    ]
    entries += [
        (v.start, 3, v.end, f"{v.line.voice.name} ({v.segment}): {v.line.written}")
        for v in timeline.lines
    ]
    return "".join(
        f"{_clock(timeline, start)}  {_clock(timeline, end)}  {what}\n"
        for start, _, end, what in sorted(entries)
    )


def _clock(timeline: Timeline, sample: int) -> str:
    seconds, ms = divmod(timeline.ms(sample), 1000)
    return f"{seconds // 60}:{seconds % 60:02}.{ms:03}"


def noise(n: int, n_channels: int, seed: str, peak: int = 9_000) -> np.ndarray:
    """Noise like no other, in int16; its first and last sample stand out."""
    rng = np.random.default_rng(list(seed.encode()))
    sound = rng.integers(-peak, peak, (n, n_channels)).astype(np.int16)
    sound[[0, -1]] = peak
    return sound


def mixer_of(text: str, n_channels: int = 2, rate: int = 44_100, gains_db=None) -> Mixer:
    """A mixer whose takes and sounds are noise, with a gain of its own for each."""
    show = replace(SHOW, audio=AudioSettings(sample_rate=rate, n_channels=n_channels))
    script = parse_script(text)
    lines = lines_of(script, show)
    sounds = {name: Placeable(name, samples(s, show)) for name, s in SECONDS.items()}
    timeline = lay_out(script, show, lines, takes_of(lines, show), sounds)
    gains = {line.take: -6.0 + 0.1 * i for i, line in enumerate(timeline.lines)}
    gains |= {name: -12.0 - i for i, name in enumerate(sounds)}
    return Mixer(
        timeline,
        n_channels,
        voice=lambda line: noise(line.n_samples, 1, line.take)[:, 0],
        sound=lambda music: noise(sounds[music.name].n_samples, n_channels, music.name),
        gains_db=gains if gains_db is None else gains_db,
    )
