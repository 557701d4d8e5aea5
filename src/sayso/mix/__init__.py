"""The mix room: takes and sounds in, a `Timeline` and the samples of its chunks out.

Everything has its place in integer samples before a sample is touched; pydub joins what lies in a
chunk. Voices and music are levelled one by one, so a changed sentence changes one chunk.
"""

from sayso.mix.balance import VOICE_LU, estimate_lufs, trim_db
from sayso.mix.chunk import Mixer, Stems
from sayso.mix.chunk_grid import FRAME, LEAD_FRAMES, TAIL_FRAMES
from sayso.mix.layout import Placeable, lay_out
from sayso.mix.levels import Level, LevelStore, level_gain_db
from sayso.mix.loudness import frame_energies, integrated, loudness_range, relative_gate, short_term
from sayso.mix.sounds import NamedSounds, SoundFile, Sounds
from sayso.mix.voices import place, take_level, take_samples
