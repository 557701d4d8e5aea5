"""sayso for Python programs: the same stages that the command line runs.

    from sayso import Show

    show = Show.open("my-show")
    episode = show.build("reviews/the-long-tide.md")
    print(episode.mp3, episode.timeline.chapters[0].title)
    show.publish("the-long-tide")

Nothing is printed; errors are raised (see `sayso.errors`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sayso import model
from sayso.build.options import Options
from sayso.build.state import Work
from sayso.reporter import Reporter, Silent
from sayso.show import find_show

if TYPE_CHECKING:
    from sayso.publish.api import Published


@dataclass(frozen=True, slots=True)
class Episode:
    """A finished episode, as `Show.build` has made it."""

    folder: Path
    """`episodes/NAME` of the show, with all of its files."""
    script: Path
    """The script, which is its author's to edit."""
    mp3: Path
    """The mastered sound, with chapters, cover and tags."""
    title: str
    """As listeners see it."""
    timeline: model.Timeline
    """Where every sentence, sting and chapter lies, in samples."""
    integrated_lufs: float | None
    """Loudness by ITU-R BS.1770-4; None for an episode that is silent."""
    n_voiced: int
    """Sentences that this build voiced; the others were cached."""
    n_encoded: int
    """Chunks that this build mixed and encoded."""


@dataclass(frozen=True, slots=True)
class Show:
    """A show folder: its reviews become scripts and episodes, its episodes a feed."""

    settings: model.Show
    """What show.toml says, with every default filled in."""
    reporter: Reporter = field(default_factory=Silent)
    """Told of progress and notes; the one that comes with it is silent."""

    @classmethod
    def open(cls, folder: str | Path = ".", *, reporter: Reporter | None = None) -> Show:
        """The show that `folder` is: its show.toml, or the built-in settings where it has none.

        Raises ShowError (or ErrorGroup, for several at once) for settings that make no sense.
        """
        return cls(find_show(Path(folder)), reporter or Silent())

    def script(self, review: str | Path, options: Options | None = None) -> model.Script:
        """Write the script of a review, or bring it up to date, and read it.

        `review` is a file, relative to the show folder. An edited script is merged with the new
        rendering; where both changed the same, ScriptConflict is raised and nothing is written.
        Raises SaysoError for whatever else is wrong with review, template or settings.
        """
        work = self._run(review, options, until="script")
        assert work.script is not None
        return work.script

    def outline(self, review: str | Path, options: Options | None = None) -> model.Outline:
        """The review with every paragraph placed in a segment, and why; writes nothing.

        `review` is a file, relative to the show folder. Raises ReviewError or ShowError.
        """
        work = self._run(review, options, until="outline")
        assert work.outline is not None
        return work.outline

    def build(self, review: str | Path, options: Options | None = None) -> Episode:
        """Make the episode of a review, or bring it up to date: only what changed is done again.

        `review` is a file, relative to the show folder. Raises SaysoError; what was voiced until
        then is kept, and the same call goes on from there.
        """
        work = self._run(review, options)
        assert work.script is not None
        assert work.timeline is not None
        assert work.measured is not None
        return Episode(
            folder=work.folder,
            script=work.script_path,
            mp3=work.folder / "episode.mp3",
            title=work.script.get("title") or "",
            timeline=work.timeline,
            integrated_lufs=work.measured.integrated_lufs,
            n_voiced=work.n_voiced,
            n_encoded=work.n_encoded,
        )

    def publish(self, *episodes: str, at: datetime | None = None) -> Published:
        """Put finished episodes on the feed, by the names of their folders.

        Without a name, all that is new or has changed. `at` is the date to publish with, by its
        zone; in the future it schedules. Raises SaysoError; whatever it was, the same call goes on
        from there.
        """
        from sayso.publish import Request
        from sayso.publish import api as publishing

        return publishing.publish(self.settings, Request(episodes, at), reporter=self.reporter)

    def _run(self, review: str | Path, options: Options | None, until: str | None = None) -> Work:
        from sayso.build import pipeline

        source = self.settings.root / review
        work = Work(source, self.settings, options or Options(), self.reporter)
        pipeline.run(work, until=until)
        return work


__all__ = ["Episode", "Options", "Show"]
