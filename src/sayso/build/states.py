"""What one stage hands to the next: frozen, and complete from the moment that it is made.

    Begun ─► Reviewed ─► Outlined ─► Scripted ─► Lined ─► Voiced ─► LaidOut ─► Mastered ─► Finished

Each holds the one before it where a later stage needs more than the last result. `Build` is what is
fixed for the whole way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.build.options import Options
from sayso.reporter import Reporter, Silent
from sayso.show.paths import EPISODES, SCRIPT, slug
from sayso.system.cache import cache_folder

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sayso.build.audio import ChunkMaster
    from sayso.episode import Measured
    from sayso.mix import NamedSounds
    from sayso.mix.loudness import Floats
    from sayso.model import Line, Outline, Review, Script, Show, Timeline
    from sayso.speech.takes import Take

_LONG_LINES = 500
"""About half an hour: a longer episode is built with an eye on memory rather than on time."""


@dataclass(frozen=True, slots=True)
class Build:
    """What is fixed for one build: whose review, with which settings, told to whom."""

    source: Path
    """The review's file."""
    show: Show
    options: Options = field(default_factory=Options)
    reporter: Reporter = field(default_factory=Silent)
    cache: Path = field(default_factory=cache_folder)
    executor: Executor | None = None
    """Voices the lines; None for workers of this build's own. A batch shares one."""
    prefetch: bool = True
    """Master what is there while voices still speak. A batch is busy enough without."""
    write: bool = True
    """False: find out what would be done, and write nothing but the cache."""

    @property
    def slug(self) -> str:
        """The name of the episode's folder."""
        return slug(self.source)

    @property
    def script_path(self) -> Path:
        """The script, which is the author's."""
        return self.show.root / EPISODES / self.slug / SCRIPT

    @property
    def folder(self) -> Path:
        """Where the episode is made."""
        folder = self.script_path.parent
        return folder / "draft" if self.options.draft else folder


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What all results have in common."""

    seconds: tuple[tuple[str, float], ...] = ()
    """How long each stage took until here, by name; the pipeline notes it."""

    @property
    def is_long(self) -> bool:
        """Whether the episode is so long that memory counts more than time."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun(State):
    """Nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(State):
    """The review, read."""

    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlined(State):
    """The review with every paragraph placed in a segment."""

    outline: Outline
    known_segments: tuple[str, ...]
    """Ids of the segments of all kinds of review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted(State):
    """The script as its author wants it."""

    outline: Outline
    script: Script
    cut: tuple[str, ...]
    """Ids of sentences of the review that the script does not hold word for word."""

    @property
    def title(self) -> str:
        """The episode's title."""
        return self.script.get("title") or self.outline.review.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Lined(State):
    """What will be voiced, sentence by sentence."""

    scripted: Scripted
    lines: tuple[Line, ...]

    @property
    def is_long(self) -> bool:
        """Whether there are more lines than fit in about half an hour."""
        return len(self.lines) > _LONG_LINES

    @property
    def engines(self) -> tuple[str, ...]:
        """The names of all engines that speak, sorted."""
        return tuple(sorted({line.voice.engine for line in self.lines}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiced(State):
    """Every line with its take."""

    lined: Lined
    takes: tuple[Take, ...]
    """One for each line, in order."""
    new_takes: frozenset[str] = frozenset()
    """Keys of those that were voiced now; the others were found in the cache."""
    music: NamedSounds | None = None
    """The sounds of the script, where they were looked up while voices spoke."""
    new_chunks: frozenset[str] = frozenset()
    """Keys of the chunks that were encoded while voices spoke."""

    @property
    def is_long(self) -> bool:
        """Whether the lines are many."""
        return self.lined.is_long


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut(State):
    """Everything in its place in time, with its level."""

    voiced: Voiced
    master: ChunkMaster

    @property
    def timeline(self) -> Timeline:
        """Where everything lies."""
        return self.master.mixer.timeline

    @property
    def is_long(self) -> bool:
        """Whether the lines are many."""
        return self.voiced.is_long


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastered(LaidOut):
    """Every chunk mixed, limited and encoded, in the cache; and what the whole measures.

    `master` has the correction that the whole needed in the end.
    """

    measured: Measured
    energies: Floats
    """K-weighted energy per MP3 frame of the whole episode: (frames,)."""
    n_encoded: int
    """How many chunks of the episode were encoded now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(State):
    """The episode's files, written."""

    mastered: Mastered
    files: Mapping[str, str]
    """SHA-256 of each file, by its name in the episode's folder."""
