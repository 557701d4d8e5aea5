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
from sayso.build import pipeline
from sayso.build.api import build_episode
from sayso.build.options import Options
from sayso.build.result import BuildResult
from sayso.build.states import Build, Outlined, Scripted
from sayso.reporter import Reporter, Silent
from sayso.show import find_show

if TYPE_CHECKING:
    from sayso.publish.api import Published


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
        return pipeline.run(self._build(review, options), Scripted).script

    def outline(self, review: str | Path, options: Options | None = None) -> model.Outline:
        """The review with every paragraph placed in a segment, and why; writes nothing.

        `review` is a file, relative to the show folder. Raises ReviewError or ShowError.
        """
        return pipeline.run(self._build(review, options), Outlined).outline

    def build(self, review: str | Path, options: Options | None = None) -> BuildResult:
        """Make the episode of a review, or bring it up to date: only what changed is done again.

        `review` is a file, relative to the show folder. Raises SaysoError; what was voiced until
        then is kept, and the same call goes on from there.
        """
        return build_episode(
            *(self.settings.root / review, options), show=self.settings, reporter=self.reporter
        )

    def publish(self, *episodes: str, at: datetime | None = None) -> Published:
        """Put finished episodes on the feed, by the names of their folders.

        Without a name, all that is new or has changed. `at` is the date to publish with, by its
        zone; in the future it schedules. Raises SaysoError; whatever it was, the same call goes on
        from there.
        """
        from sayso.publish import api as publishing
        from sayso.publish.selection import Request

        return publishing.publish(self.settings, Request(episodes, at), reporter=self.reporter)

    def _build(self, review: str | Path, options: Options | None) -> Build:
        source = self.settings.root / review
        return Build(source, self.settings, options or Options(), self.reporter)


__all__ = ["BuildResult", "Options", "Show"]
