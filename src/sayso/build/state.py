"""One episode in the making: what was asked for, and what the stages have made of it so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sayso.build.options import Options
from sayso.reporter import Reporter, Silent
from sayso.show.paths import EPISODES, SCRIPT, slug
from sayso.system.cache import cache_folder

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sayso.episode import Measured
    from sayso.mix import Mixer, NamedSounds
    from sayso.mix.loudness import Floats
    from sayso.model import Line, Outline, Review, Script, Show, Timeline
    from sayso.speech.takes import Take


class Watching(Protocol):
    """Who looks at what a build reads, to know the next time what has changed (see `watch`)."""

    def see_script(self, work: Work) -> None:
        """The script has just been read."""

    def may_speak(self) -> bool:
        """Whether there may be something to voice: a text, voice or engine has changed."""

    def changed(self, work: Work) -> dict[str, list[str]] | None:
        """What differs from the last build, by what stages read; None for a first build."""

    def keep(self, work: Work, result: Mapping[str, object], notes: Sequence[str]) -> None:
        """The build is finished."""


@dataclass
class Work:
    """The state that stages share."""

    source: Path
    show: Show
    options: Options = field(default_factory=Options)
    reporter: Reporter = field(default_factory=Silent)
    cache: Path = field(default_factory=cache_folder)
    executor: Executor | None = None
    """Where lines are voiced; None for workers of this build's own. A batch shares one."""
    watch: Watching | None = None
    """Looks at files before they are read, for a record of this build; None for no record."""
    ahead: bool = True
    """Master what is there while voices still speak. A batch is busy enough without."""
    write: bool = True
    """False: say what would be done; nothing is written but the cache."""

    review: Review | None = None
    outline: Outline | None = None
    known_segments: tuple[str, ...] = ()
    """Ids of the segments of all kinds of review."""
    script: Script | None = None
    cut: tuple[str, ...] = ()
    """Ids of sentences of the review that the script does not hold word for word."""
    lines: tuple[Line, ...] = ()
    takes: tuple[Take, ...] = ()
    n_voiced: int = 0
    """Sentences that were voiced now, not found in the cache."""
    voiced: frozenset[str] = frozenset()
    """Keys of their takes."""
    trim_db: float = 0.0
    """The correction of the whole episode's loudness."""
    timeline: Timeline | None = None
    mixer: Mixer | None = None
    music: NamedSounds | None = None
    """The sounds that the script names, once they have been looked up."""
    encoded: set[str] = field(default_factory=set)
    """Keys of chunks that were encoded now."""
    n_encoded: int = 0
    """How many chunks of the episode were."""
    measured: Measured | None = None
    energies: Floats | None = None
    """K-weighted energy per MP3 frame of the whole episode."""
    made: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the episode's finished files, by name."""
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each stage took."""

    @property
    def slug(self) -> str:
        """The name of the episode's folder."""
        return slug(self.source)

    @property
    def is_long(self) -> bool:
        """Whether it has more than 500 lines, half an hour: then memory goes before time."""
        return len(self.lines) > 500

    @property
    def folder(self) -> Path:
        """Where the episode is made."""
        folder = self.show.root / EPISODES / self.slug
        return folder / "draft" if self.options.draft else folder

    @property
    def script_path(self) -> Path:
        """The script, which is the author's."""
        return self.show.root / EPISODES / self.slug / SCRIPT
