"""What is asked of a build."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sayso.script import Side
    from sayso.speech.engines import Engine

Format = Literal["flac", "wav", "m4a", "opus"]
FORMATS: tuple[Format, ...] = ("flac", "wav", "m4a", "opus")
"""What an episode can be had in besides MP3."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of one build, beyond the settings of the show; each goes before them."""

    engine: str | Engine | None = None
    """An engine that voices everything, instead of those of the cast: its name, or one that a
    program has made itself."""
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
    filters: Mapping[str, Callable[..., object]] = field(default_factory=dict, hash=False)
    """Filters of a program's own for its templates, by name."""
    functions: Mapping[str, Callable[..., object]] = field(default_factory=dict, hash=False)
    """Functions of a program's own that its templates may call, by name."""
    prefer: Side | None = None
    """Settle such conflicts for one side; the edited script is kept as a backup."""

    @property
    def engine_name(self) -> str | None:
        """The name of the engine that voices everything."""
        return (
            self.engine if self.engine is None or isinstance(self.engine, str) else self.engine.name
        )
