"""The music itself, as a musician writes it: notes and beats.

A line is notes with their lengths in beats: `A4/.5 D5/.5 F5/1` is two quavers and a crotchet;
`D3+A3+F4/2` is a chord; `-/1` is a rest; `x/1` is an unpitched beat. `Bb3` and `F#5` as usual.

All pieces of a mood share one motif of four notes: up a fourth, up a third, and back one step
onto the ninth, which is left hanging like a question. The intro asks it twice and climbs; the
transition asks it in passing; the outro asks once more and lets it fall home.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One instrument's line."""

    instrument: str
    line: str
    level_db: float
    start_beat: float = 0.0
    pan: float = 0.0
    room: float = 1.0
    """How much of it the room hears: 0 dry, 1 as usual."""
    strum_s: float = 0.0
    """Delay from each note of a chord to the next one up."""
    crescendo_db: float = 0.0
    """How much louder the last note is than the first."""
    transpose: int = 0
    """In semitones."""


@dataclass(frozen=True, slots=True)
class Score:
    """A piece: its tempo, where beat 0 lies, and its parts."""

    bpm: float
    length_s: float
    parts: tuple[Part, ...]
    lufs: float
    first_beat_s: float = 0.0
    fade_s: float = 1.5
    """The closing fade; unused where the piece loops."""
    room_s: float = 2.2
    """How long the room takes to fall by 60 dB."""
    room_level: float = 0.30
    loop: bool = False
    speech_dip_db: float = 0.0
    """How far 1–4 kHz is lowered, to leave that region to a voice."""


STING_LUFS = -18.0
BED_LUFS = -24.0


def two_a_bar(notes: str) -> str:
    """A line that strikes each note twice, two beats apart."""
    return " ".join(f"{note}/2 {note}/2" for note in notes.split())


# ------------------------------------------------------------------------- dark: D minor, at night

ASKS = "A4/.5 D5/.5 F5/.5 E5/2.5"
CLIMBS = "A4/.5 D5/.5 F5/.5 G5/.5 A5/3"
COMES_HOME = "A4/.5 D5/.5 F5/.5 E5/2.5 D5/3.5"

# Dm7, Bbmaj7, Gm7 over C, and an open fifth with the ninth: no voice moves more than a third.
DARK_CHORDS = "D3+A3+C4+F4/2 D3+A3+D4+F4/2 D3+Bb3+D4+F4/2 D3+A3+E4+A4/1.8"
DARK_BASS = "D2/2 Bb1/2 C2/2 D2/2"

DARK_INTRO = Score(
    bpm=92,
    first_beat_s=1.05,
    length_s=7.8,
    lufs=STING_LUFS,
    parts=(
        Part("inhale", "D3+A3+F4/1.5", -20, start_beat=-1.5),
        Part("air", "x/1.5", -27, start_beat=-1.5),
        Part("pulse", "D3/.5 D3/.5", -19, start_beat=-1.0, crescendo_db=3),
        Part("drum", "D2/6 D2/2", -16, crescendo_db=3),
        Part("strings", DARK_CHORDS, -21, crescendo_db=2),
        Part("bass", DARK_BASS, -18, room=0.2, crescendo_db=2),
        Part(
            "pulse",
            "D3/.5 D3/.5 D3/.5 D3/.5 Bb2/.5 Bb2/.5 Bb2/.5 Bb2/.5 C3/.5 C3/.5 C3/.5 C3/.5",
            -17,
            crescendo_db=5,
            room=0.5,
        ),
        Part("felt", ASKS, -10, pan=-0.1),
        Part("felt", CLIMBS, -10, start_beat=4, pan=-0.1, crescendo_db=3),
        Part("vibes", ASKS, -22, pan=0.25, transpose=12),
        Part("vibes", CLIMBS, -20, start_beat=4, pan=0.25, crescendo_db=2),
        Part("felt", "D3+A3+D4+E4/3.5", -14, start_beat=6, strum_s=0.02),
    ),
)

DARK_TRANSITION = Score(
    bpm=92,
    first_beat_s=0.12,
    length_s=2.3,
    fade_s=0.9,
    room_s=1.6,
    lufs=STING_LUFS,
    parts=(
        Part("strings", "D3+A3+D4+F4/1.2", -20),
        Part("bass", "Bb1/1.4", -18, room=0.2),
        Part("drum", "Bb1/1", -18),
        Part("felt", "A4/.25 D5/.25 F5/.25 E5/1.6", -9, pan=-0.1),
        Part("vibes", "A4/.25 D5/.25 F5/.25 E5/1.6", -20, pan=0.25, transpose=12),
    ),
)

DARK_OUTRO = Score(
    bpm=86,
    first_beat_s=0.15,
    length_s=8.8,
    fade_s=1.8,
    room_s=2.6,
    lufs=STING_LUFS,
    parts=(
        # Gm9, Dm over F, Bbmaj9, A7 with its fourth falling to the third, and home.
        Part(
            "strings",
            "D3+Bb3+F4+A4/2 D3+A3+F4+A4/2 D3+A3+C4+F4/2 "
            "E3+A3+D4+G4/1 E3+A3+C#4+G4/1 D3+A3+D4+F4/2.5",
            -20,
        ),
        Part("bass", "G2/2 F2/2 Bb1/2 A1/2 D2/2.8", -18, room=0.2),
        Part("drum", "G2/4 Bb1/4 D2/2", -18),
        Part("felt", ASKS, -10, pan=-0.1),
        Part("felt", COMES_HOME, -10, start_beat=4, pan=-0.1),
        Part("vibes", ASKS, -21, pan=0.25, transpose=12),
        Part("vibes", COMES_HOME, -21, start_beat=4, pan=0.25, transpose=12),
        Part("felt", "-/2 F3+D4/2 -/2 E3+D4/1 E3+C#4/1 D3+A3+D4+F4/3.5", -15, strum_s=0.025),
    ),
)

# Dm9, Bbmaj9, Gm7, C9sus4, Am7, Bbmaj9, Gm7, A7sus4: every voice by step, and round again.
DARK_BED_CHORDS = (
    "F3+A3+C4+E4/4 F3+A3+C4+D4/4 F3+G3+Bb3+D4/4 G3+Bb3+D4+F4/4 "
    "G3+A3+C4+E4/4 F3+A3+C4+D4/4 F3+G3+Bb3+D4/4 G3+A3+D4+E4/4"
)

DARK_BED = Score(
    bpm=80,
    length_s=24.0,  # 32 beats
    loop=True,
    room_s=3.0,
    room_level=0.45,
    lufs=BED_LUFS,
    speech_dip_db=8.0,
    parts=(
        Part("haze", DARK_BED_CHORDS, -19),
        Part("haze", DARK_BED_CHORDS, -22, transpose=12),
        Part("bass", "D2/4 Bb1/4 G2/4 C2/4 A1/4 Bb1/4 G2/4 A1/4", -23, room=0.3),
        Part("pulse", two_a_bar("D3 Bb2 G2 C3 A2 Bb2 G2 A2"), -25),
        Part(
            "dull felt",  # the motif at half speed, an octave down, and its neighbours
            "A3/1 D4/1 F4/1 E4/5 Bb3/1 D4/1 F4/1 D4/5 G3/1 C4/1 E4/1 D4/5 Bb3/1 D4/1 F4/1 E4/5",
            -15,
            room=1.4,
        ),
    ),
)

# ------------------------------------------------------------------ bright: D major, in the morning

BRIGHT_ASKS = "A4/.5 D5/.5 F#5/.5 E5/2.5"
BRIGHT_CLIMBS = "A4/.5 D5/.5 F#5/.5 B5/.5 A5/2 F#5/3"
BRIGHT_COMES_HOME = "A4/.5 D5/.5 F#5/.5 E5/2.5 D5/3.5"

# Dadd9, Bm7, Gmaj7, A7sus4, and home with the seventh.
BRIGHT_INTRO = Score(
    bpm=108,
    first_beat_s=0.6,
    length_s=7.6,
    room_s=1.7,
    lufs=STING_LUFS,
    parts=(
        Part("air", "x/1", -28, start_beat=-1),
        Part("inhale", "D3+A3+E4/1", -22, start_beat=-1),
        Part(
            "strings",
            "D3+A3+E4+F#4/2 D3+A3+D4+F#4/2 D3+B3+D4+F#4/2 E3+A3+D4+G4/2 D3+A3+C#4+F#4/2.8",
            -24,
        ),
        Part(
            "keys",
            "D4+E4+F#4+A4/.75 D4+E4+F#4+A4/1.25 D4+F#4+A4/.75 D4+F#4+A4/1.25 "
            "D4+F#4+B4/.75 D4+F#4+B4/1.25 D4+E4+G4/.75 D4+E4+G4/1.25 C#4+E4+F#4+A4/3",
            -23,
            strum_s=0.008,
        ),
        Part(
            "bass",
            "D2/.75 D2/.75 A2/.5 B1/.75 B1/.75 F#2/.5 G2/.75 G2/.75 D2/.5 "
            "A1/.75 A1/.75 C#2/.5 D2/2.8",
            -18,
            room=0.2,
        ),
        Part("drum", "D2/2 D2/2 D2/2 D2/2 D2/2", -20, room=0.5),
        Part("shaker", " ".join(["x/.5"] * 16), -23, pan=0.4, crescendo_db=4),
        Part("clear felt", BRIGHT_ASKS, -11),
        Part("clear felt", BRIGHT_CLIMBS, -11, start_beat=4, crescendo_db=2),
        Part("vibes", BRIGHT_ASKS, -18, pan=0.3, transpose=12),
        Part("vibes", BRIGHT_CLIMBS, -17, start_beat=4, pan=0.3),
    ),
)

BRIGHT_TRANSITION = Score(
    bpm=108,
    first_beat_s=0.06,
    length_s=2.2,
    fade_s=0.9,
    room_s=1.4,
    lufs=STING_LUFS,
    parts=(
        Part("strings", "D3+B3+D4+F#4/1.4", -25),
        Part("keys", "D4+F#4+B4/.75 D4+F#4+A4/1.4", -22, strum_s=0.008),
        Part("bass", "G2/.75 G2/1.4", -19, room=0.2),
        Part("drum", "G2/1", -21),
        Part("shaker", "x/.5 x/.5", -24, pan=0.4),
        Part("clear felt", "A4/.25 D5/.25 F#5/.25 E5/1.8", -10),
        Part("vibes", "A4/.25 D5/.25 F#5/.25 E5/1.8", -17, pan=0.3, transpose=12),
    ),
)

BRIGHT_OUTRO = Score(
    bpm=100,
    first_beat_s=0.1,
    length_s=8.2,
    fade_s=1.8,
    room_s=2.0,
    lufs=STING_LUFS,
    parts=(
        # Gmaj9, D over F#, Em7, A7 with its fourth falling to the third, D.
        Part(
            "strings",
            "D3+B3+F#4+A4/2 D3+A3+F#4+A4/2 D3+B3+E4+G4/2 "
            "E3+A3+D4+G4/1 E3+A3+C#4+G4/1 D3+A3+D4+F#4/2.8",
            -24,
        ),
        Part(
            "keys",
            "D4+F#4+B4/.75 D4+F#4+B4/1.25 D4+F#4+A4/.75 D4+F#4+A4/1.25 "
            "D4+E4+G4/.75 D4+E4+G4/1.25 D4+E4+G4/1 C#4+E4+G4/1 D4+F#4+A4/3.5",
            -22,
            strum_s=0.012,
        ),
        Part("bass", "G2/1.5 D2/.5 F#2/2 E2/1.5 B1/.5 A1/2 D2/3", -18, room=0.2),
        Part("drum", "G2/2 F#2/2 E2/2 A1/2 D2/2", -21, room=0.5),
        Part("shaker", " ".join(["x/.5"] * 16), -25, pan=0.4),
        Part("clear felt", BRIGHT_ASKS, -11),
        Part("clear felt", BRIGHT_COMES_HOME, -11, start_beat=4),
        Part("vibes", BRIGHT_ASKS, -18, pan=0.3, transpose=12),
        Part("vibes", BRIGHT_COMES_HOME, -18, start_beat=4, pan=0.3, transpose=12),
    ),
)

# Dadd9, Bm7, Gmaj7, A7sus4, D over F#, Gmaj9, Em9, A7.
BRIGHT_BED_CHORDS = (
    "F#3+A3+D4+E4/4 F#3+A3+B3+D4/4 G3+B3+D4+F#4/4 G3+A3+D4+E4/4 "
    "F#3+A3+D4+E4/4 F#3+A3+B3+D4/4 G3+B3+D4+F#4/4 G3+A3+C#4+E4/4"
)

BRIGHT_BED = Score(
    bpm=96,
    length_s=20.0,  # 32 beats
    loop=True,
    room_s=2.2,
    room_level=0.4,
    lufs=BED_LUFS,
    speech_dip_db=8.0,
    parts=(
        Part("haze", BRIGHT_BED_CHORDS, -20),
        Part("haze", BRIGHT_BED_CHORDS, -22, transpose=12),
        Part("bass", "D2/4 B1/4 G2/4 A1/4 F#2/4 G2/4 E2/4 A1/4", -23, room=0.3),
        Part("pulse", two_a_bar("D3 B2 G2 A2 F#2 G2 E3 A2"), -27),
        Part(
            "dull felt",
            "A3/.5 D4/.5 F#4/.5 E4/2.5 A3/.5 D4/.5 F#4/.5 D4/2.5 "
            "B3/.5 D4/.5 F#4/.5 A4/2.5 A3/.5 D4/.5 G4/.5 E4/2.5 "
            "A3/.5 D4/.5 F#4/.5 A4/2.5 B3/.5 D4/.5 F#4/.5 D4/2.5 "
            "B3/.5 E4/.5 G4/.5 F#4/2.5 A3/.5 C#4/.5 E4/.5 G4/2.5",
            -17,
            room=1.3,
        ),
    ),
)

MOODS: dict[str, dict[str, Score]] = {
    "dark": {
        "intro": DARK_INTRO,
        "transition": DARK_TRANSITION,
        "outro": DARK_OUTRO,
        "bed": DARK_BED,
    },
    "bright": {
        "intro": BRIGHT_INTRO,
        "transition": BRIGHT_TRANSITION,
        "outro": BRIGHT_OUTRO,
        "bed": BRIGHT_BED,
    },
}
