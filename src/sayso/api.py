"""sayso for Python programs: the same functions that the command line calls.

    from sayso import Show

    show = Show.open("my-show")
    episode = show.build("reviews/the-long-tide.md")
    print(episode.mp3, episode.timeline.chapters[0].title)
    show.publish("the-long-tide")

Nothing is printed; errors are raised (see `sayso.errors`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sayso import model
from sayso.build import pipeline
from sayso.build.api import build_episode, plan_episode
from sayso.build.options import Options
from sayso.build.result import BuildFailure, BuildPlan, BuildResult
from sayso.build.states import Build, Outlined, Scripted
from sayso.errors import ReviewError, did_you_mean
from sayso.reporter import Reporter, Silent
from sayso.show.finding import find_show
from sayso.show.paths import EPISODES, MANIFEST, SCRIPT, finished_episodes

if TYPE_CHECKING:
    from sayso.build.lint import UnknownName
    from sayso.episode.checking import CheckedEpisode
    from sayso.feed.validation import FeedFinding
    from sayso.publish.api import Published
    from sayso.speech.engines.listing import ListedEngine
    from sayso.speech.spoken import Spoken

Functions = Mapping[str, Callable[..., object]]


@dataclass(frozen=True, slots=True)
class Episode:
    """A finished episode, as its manifest tells of it."""

    name: str
    """The name of its folder, by which it is published."""
    folder: Path
    """`episodes/NAME` of the show, with all of its files."""
    title: str
    duration_s: float
    integrated_lufs: float | None
    """Loudness by ITU-R BS.1770-4; None for an episode that is silent."""
    chapters: tuple[model.Chapter, ...]
    """The segments that listeners see, in samples."""
    sample_rate: int
    """Samples a second."""

    @property
    def mp3(self) -> Path:
        """The mastered sound, with chapters, cover and tags."""
        return self.folder / "episode.mp3"

    @property
    def script(self) -> Path:
        """The script, which is its author's to edit."""
        return self.folder / SCRIPT


@dataclass(frozen=True, slots=True)
class Show:
    """A show folder: its reviews become scripts and episodes, its episodes a feed.

    A review is named by its file: a path that is there from where the program runs, else one within
    the show's folder.
    """

    settings: model.Show
    """What show.toml says, with every default filled in."""
    reporter: Reporter = field(default_factory=Silent)
    """Told of progress and notes; the one that comes with it is silent."""
    filters: Functions = field(default_factory=dict, hash=False)
    """Filters of the program's own that templates may use, by name."""
    functions: Functions = field(default_factory=dict, hash=False)
    """Functions of the program's own that templates may call, by name."""

    @classmethod
    def open(
        cls,
        folder: str | Path = ".",
        *,
        reporter: Reporter | None = None,
        filters: Functions | None = None,
        functions: Functions | None = None,
    ) -> Show:
        """The show that `folder` is: its show.toml, or the built-in settings where it has none.

        `filters` and `functions` are for the templates of this program's own; they are trusted,
        where templates are not. Raises ShowError (or ErrorGroup, for several at once) for settings
        that are not valid.
        """
        return cls(find_show(Path(folder)), reporter or Silent(), filters or {}, functions or {})

    # ------------------------------------------------------------------- from review to episode

    def build(
        self,
        review: str | Path | None = None,
        options: Options | None = None,
        *,
        text: str | None = None,
        name: str | None = None,
    ) -> BuildResult:
        """Make the episode of a review, or bring it up to date: only what changed is done again.

        A review that is no file yet is given as `text` and `name`: it is kept as reviews/NAME.md
        first. Raises SaysoError; what was voiced until then is cached, and the same call goes on
        from there.
        """
        if text is not None and name is not None and review is None:
            review = self.add_review(name, text)
        if review is None or (text is not None and name is None):
            raise TypeError("build() takes the file of a review, or text= and name=")
        return build_episode(
            *(self._find(review), self._with_functions(options)),
            show=self.settings,
            reporter=self.reporter,
        )

    def build_all(
        self,
        reviews: Iterable[str | Path],
        options: Options | None = None,
        *,
        workers: str | None = None,
    ) -> tuple[BuildResult | BuildFailure, ...]:
        """Build several reviews with one set of workers: one is voiced while another is mixed.

        A review that fails is told as a BuildFailure, in its place; the others are built.
        `workers` is the address of a Dask cluster; None for processes of this machine.
        """
        from sayso.build.batch import build_all

        sources = [self._find(review) for review in reviews]
        outcomes = build_all(
            *(sources, self._with_functions(options)),
            show=self.settings,
            reporter_of=lambda source: self.reporter,
            workers=workers,
        )
        return tuple(one for one in outcomes if not isinstance(one, BuildPlan))

    def plan(self, review: str | Path, options: Options | None = None) -> BuildPlan:
        """What a build would do; nothing is written. Raises SaysoError as a build would."""
        return plan_episode(
            *(self._find(review), self._with_functions(options)),
            show=self.settings,
            reporter=self.reporter,
        )

    def script(self, review: str | Path, options: Options | None = None) -> model.Script:
        """Write the script of a review, or bring it up to date, and read it.

        An edited script is merged with the new rendering; where both changed the same lines,
        ScriptConflict is raised and nothing is written. Raises SaysoError for whatever else is
        wrong with review, template or settings.
        """
        return pipeline.run(self._build(review, options), Scripted).script

    def outline(self, review: str | Path, options: Options | None = None) -> model.Outline:
        """The review with every paragraph placed in a segment, and why; writes nothing.

        Raises ReviewError or ShowError.
        """
        return pipeline.run(self._build(review, options), Outlined).outline

    def add_review(self, name: str, text: str) -> Path:
        """Keep a text as a review of the show: the file, reviews/NAME.md.

        Raises ReviewError for a text that is no review, and for a name that a different one has.
        """
        from sayso.build.new_review import keep_review

        return keep_review(self.settings, text.encode("utf-8"), name)

    # ---------------------------------------------------------------------- how it will sound

    def say(self, text: str) -> Spoken:
        """What a voice gets for a text as in a script, and each rule that fired."""
        from sayso.build.say import how_said

        return how_said(self.settings, text)

    def voices(self, engine: str | None = None) -> tuple[ListedEngine, ...]:
        """All engines with their voices, the best-sounding first; or those of one engine."""
        from sayso.speech.engines.listing import list_engines

        return list_engines(engine)

    def unknown_names(
        self, review: str | Path, options: Options | None = None
    ) -> tuple[UnknownName, ...]:
        """Names of a review that a voice may stumble on and lexicon.toml does not have."""
        from sayso.build.lint import unknown_in_review
        from sayso.speech.spoken import show_lexicon

        return unknown_in_review(self.outline(review, options), show_lexicon(self.settings.root))

    # --------------------------------------------------------------------- finished episodes

    def episodes(self) -> tuple[Episode, ...]:
        """The finished episodes, by name. Raises PublishError for a damaged manifest."""
        return tuple(map(_episode, finished_episodes(self.settings)))

    def episode(self, name: str) -> Episode:
        """A finished episode, by the name of its folder. Raises ReviewError where there is none."""
        folder = self.settings.root / EPISODES / name
        if not (folder / MANIFEST).is_file():
            known = [one.name for one in finished_episodes(self.settings)]
            raise ReviewError(
                f"no episode named {name!r}",
                code="no-episode",
                hint=did_you_mean(name, known) or "build one first",
            )
        return _episode(folder)

    def check(self, *names: str) -> tuple[CheckedEpisode, ...]:
        """Decode finished episodes and compare them with their timelines; all, or those named."""
        from sayso.episode.checking import check_episode

        episodes = [self.episode(name) for name in names] if names else self.episodes()
        return tuple(check_episode(episode.folder) for episode in episodes)

    def check_feed(self) -> tuple[FeedFinding, ...]:
        """Hold the feed, where it is published to, against every rule, its ledger and its media.

        Raises PublishError where there is no feed.
        """
        from sayso.publish.api import check_published

        return check_published(self.settings)

    # -------------------------------------------------------------------------------- the feed

    def publish(
        self,
        *episodes: str,
        at: datetime | None = None,
        adopt: str | None = None,
        dry_run: bool = False,
    ) -> Published:
        """Put finished episodes on the feed, by the names of their folders.

        Without a name, all that is new or has changed. `at` is the date to publish with, by its
        zone; in the future it schedules. `adopt` is the file or address of a feed from elsewhere,
        to begin with. `dry_run` writes nothing and tells what would change. Raises SaysoError;
        whatever it was, the same call goes on from there.
        """
        from sayso.publish.api import publish
        from sayso.publish.selection import Request

        return publish(
            *(self.settings, Request(episodes, at)),
            adopt=adopt,
            dry_run=dry_run,
            reporter=self.reporter,
        )

    def unpublish(self, *episodes: str, dry_run: bool = False) -> Published:
        """Take episodes out of the feed; their media and pages stay. Raises SaysoError."""
        from sayso.publish.api import publish

        return publish(self.settings, withdrawn=episodes, dry_run=dry_run, reporter=self.reporter)

    def _find(self, review: str | Path) -> Path:
        path = Path(review)
        return path if path.is_file() else self.settings.root / path

    def _build(self, review: str | Path, options: Options | None) -> Build:
        options = self._with_functions(options)
        return Build(self._find(review), self.settings, options, self.reporter)

    def _with_functions(self, options: Options | None) -> Options:
        options = options or Options()
        return replace(
            options,
            filters={**self.filters, **options.filters},
            functions={**self.functions, **options.functions},
        )


def _episode(folder: Path) -> Episode:
    from sayso.publish.media import read_finished

    manifest = read_finished(folder).manifest
    return Episode(
        name=folder.name,
        folder=folder,
        title=manifest.title,
        duration_s=manifest.seconds(manifest.n_samples),
        integrated_lufs=manifest.integrated_lufs,
        chapters=tuple(
            model.Chapter(each.id, each.title, each.start, each.end) for each in manifest.chapters
        ),
        sample_rate=manifest.sample_rate,
    )
