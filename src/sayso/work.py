"""One episode in the making: what was asked for, and what the stages have made of it so far."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from sayso.errors import ReviewError
from sayso.reporter import Reporter, Silent
from sayso.store import cache_folder, cache_limit_mb, trim_stores

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sayso.episode import Measured
    from sayso.mix import Mixer, NamedSounds
    from sayso.mix.loudness import Floats
    from sayso.model import Line, Outline, Review, Script, Show, Timeline
    from sayso.script import Side
    from sayso.speech.takes import Take

Format = Literal["flac", "wav", "m4a", "opus"]
FORMATS: tuple[Format, ...] = ("flac", "wav", "m4a", "opus")
"""What an episode can be had in besides MP3."""
SCRIPT = "script.md"
RENDERED = ".rendered.md"
"""The last rendering, kept beside the script: what an edit is compared with."""


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


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of one build, beyond the settings of the show; each goes before them."""

    engine: str | None = None
    """The name of an engine that voices everything, instead of those of the cast."""
    draft: bool = False
    """Hum instead of speaking: the timing in a second, without any voice. Made in `draft/`."""
    jobs: int | None = None
    """How many processes voice; None for one a core."""
    formats: tuple[Format, ...] = ()
    """Written beside the MP3: `flac`, `wav`, `m4a`, `opus`; the last two need ffmpeg."""
    stems: bool = False
    """Whether speech, music and effects are written apart, too."""
    kind: str | None = None
    """The kind of review, such as `tv`; None for the review's own, the show's, or a guess."""
    template: str | None = None
    """The name of a template; None for the show's, or the one named after the kind."""
    order: Literal["template", "source"] | None = None
    """Whose order the segments come in; None for the show's."""
    force: bool = False
    """Throw an edited script away for a new rendering (a backup is kept)."""
    merge: bool = False
    """Write conflicts between edit and new rendering into the script, for the author to settle."""
    prefer: Side | None = None
    """Settle such conflicts for one side; the edited script is kept as a backup."""


@dataclass
class Work:
    """The state that stages share."""

    source: Path
    show: Show
    options: Options = Options()
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
    """Keys of stretches that were encoded now."""
    n_encoded: int = 0
    """How many stretches of the episode were."""
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
        folder = self.show.root / "episodes" / self.slug
        return folder / "draft" if self.options.draft else folder

    @property
    def script_path(self) -> Path:
        """The script, which is the author's."""
        return self.show.root / "episodes" / self.slug / SCRIPT


def finished_episodes(show: Show) -> list[Path]:
    """The folders of a show's finished episodes, by name: those with a manifest."""
    return sorted(path.parent for path in (show.root / "episodes").glob("*/episode.json"))


_DEVICE = re.compile("con|prn|aux|nul|(?:com|lpt)[0-9]")
"""Names that no folder can have on Windows (Microsoft: Naming Files, Paths, and Namespaces)."""


def slug(source: Path) -> str:
    """`reviews/The Long Tide!.md` → `the-long-tide`.

    Raises ReviewError where nothing of the name is left.
    """
    ascii_name = unicodedata.normalize("NFKD", source.stem).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", ascii_name.casefold()).strip("-")[:80].strip("-")
    if not name:
        raise ReviewError(
            "no folder can be named after this file",
            code="bad-file-name",
            file=source,
            mend="give it a name with letters from a to z or digits",
        )
    return f"{name}-review" if _DEVICE.fullmatch(name) else name


def bound_cache(folder: Path) -> int:
    """Remove what was used longest ago where the cache is larger than $SAYSO_CACHE_MB allows.

    What was used in the last hour stays, so that builds may share a cache. Returns bytes removed.
    """
    parts = [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    return trim_stores(parts, int(cache_limit_mb() * 1_000_000))
