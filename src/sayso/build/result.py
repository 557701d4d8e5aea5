"""What a build tells: the same for the command line, the studio, a batch and Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.build.export_formats import STEMS_FOLDER, format_file, wanted_formats, wants_stems
from sayso.build.left_out import LeftOut, count_left_out
from sayso.errors import SaysoError

if TYPE_CHECKING:
    from sayso.build.states import Build, Finished, Lined
    from sayso.model import Timeline

Because = tuple[tuple[str, tuple[str, ...]], ...]
"""What was done again (`voiced`, `encoded`), each with the names of what had changed."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """An episode that is finished, by this build or by an earlier one that made the same."""

    review: Path
    title: str
    folder: Path
    """`episodes/NAME` of the show, with all files of the episode."""
    script: Path
    formats: tuple[Path, ...]
    """Files beside the MP3, such as `episode.flac`."""
    stems: Path | None
    """The folder of the stems, where there are any."""
    duration_s: float
    integrated_lufs: float | None
    """Loudness by ITU-R BS.1770-4; None for an episode that is silent."""
    true_peak_dbtp: float
    n_chapters: int
    n_sentences: int
    n_voiced: int
    """Sentences that were voiced now; the others were found in the cache."""
    n_chunks: int
    n_encoded: int
    """Chunks that were mixed and encoded now."""
    engines: tuple[str, ...]
    because: Because
    """Why something was done again; empty for a first build."""
    unchanged: bool
    """True where nothing had changed since the last build, and so nothing was looked at."""
    seconds: float
    """How long it took."""
    notes: tuple[str, ...]
    """What the author should know."""
    left_out: LeftOut
    """What of the review is not spoken (`table`, `footnote`) and how many of each."""
    lay_out: Callable[[], Timeline] = field(repr=False, compare=False)
    """Gives the timeline."""

    @property
    def timeline(self) -> Timeline:
        """Where every sentence, sting and chapter lies, in samples.

        Where nothing had changed, it is laid out again, from the cached takes.
        """
        return self.lay_out()

    @property
    def mp3(self) -> Path:
        """The mastered sound, with chapters, cover and tags."""
        return self.folder / "episode.mp3"

    @property
    def reasons(self) -> tuple[str, ...]:
        """`voiced again: script.md changed`: a line for each reason."""
        if self.unchanged:
            return ("nothing changed since the last build",)
        whats: dict[str, list[str]] = {}
        for what, names in self.because:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            whats.setdefault(f"{', '.join(names[:3])}{more} changed", []).append(what)
        return tuple(f"{' and '.join(what)} again: {words}" for words, what in whats.items())

    def for_record(self) -> dict[str, Any]:
        """As plain values that JSON holds; `from_record` reads them back."""
        names = [one.name for one in fields(self) if one.name != "lay_out"]
        return {name: _plain(getattr(self, name)) for name in names}

    @classmethod
    def from_record(
        cls,
        kept: Mapping[str, Any],
        review: Path,
        seconds: float,
        lay_out: Callable[[], Timeline],
    ) -> BuildResult:
        """The result of the last build, for one that had nothing to do."""
        stems = kept["stems"]
        return cls(
            **{
                **kept,
                "review": review,
                "folder": Path(kept["folder"]),
                "script": Path(kept["script"]),
                "formats": tuple(map(Path, kept["formats"])),
                "stems": None if stems is None else Path(stems),
                "engines": tuple(kept["engines"]),
                "notes": tuple(kept["notes"]),
                "left_out": tuple((str(name), int(n)) for name, n in kept["left_out"]),
                "n_voiced": 0,
                "n_encoded": 0,
                "because": (),
                "unchanged": True,
                "seconds": seconds,
            },
            lay_out=lay_out,
        )


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """What a build would do."""

    review: Path
    title: str
    script: Path
    n_sentences: int
    to_voice: tuple[str, ...]
    """The sentences that it would voice, as written."""
    about_s: int
    """About how long the episode would be, in seconds."""
    engines: tuple[str, ...]
    left_out: LeftOut
    """What of the review would not be spoken (`table`, `footnote`) and how many of each."""


@dataclass(frozen=True, slots=True)
class BuildFailure:
    """A review of a batch that could not be built."""

    review: Path
    error: SaysoError


def result_of(
    build: Build,
    finished: Finished,
    changed: Mapping[str, list[str]] | None,
    notes: tuple[str, ...],
    seconds: float,
) -> BuildResult:
    """What a build that has just ended tells.

    `changed` is what differs from the last one, by what the stages read; None for a first build.
    """
    mastered = finished.mastered
    timeline, voiced = mastered.timeline, mastered.voiced
    return BuildResult(
        review=build.source,
        title=voiced.lined.scripted.title,
        folder=build.folder,
        script=build.script_path,
        formats=tuple(build.folder / format_file(name) for name in wanted_formats(build)),
        stems=build.folder / STEMS_FOLDER if wants_stems(build) else None,
        duration_s=round(timeline.n_samples / timeline.sample_rate, 3),
        integrated_lufs=mastered.measured.integrated_lufs,
        true_peak_dbtp=mastered.measured.true_peak_dbtp,
        n_chapters=len(timeline.chapters),
        n_sentences=len(voiced.takes),
        n_voiced=len(voiced.new_takes),
        n_chunks=len(timeline.chunks),
        n_encoded=mastered.n_encoded,
        engines=voiced.lined.engines,
        because=_because(len(voiced.new_takes), mastered.n_encoded, changed),
        unchanged=False,
        seconds=seconds,
        notes=notes,
        left_out=count_left_out(voiced.lined.scripted.outline),
        lay_out=lambda: timeline,
    )


def plan_of(build: Build, lined: Lined) -> BuildPlan:
    """What a build would do once the lines are known."""
    from sayso.speech.takes import TakeStore
    from sayso.speech.voicing import missing

    absent = missing(lined.lines, TakeStore(build.cache / "takes"))
    n_words = sum(len(line.spoken.split()) for line in lined.lines)
    return BuildPlan(
        review=build.source,
        title=lined.scripted.title,
        script=build.script_path,
        n_sentences=len(lined.lines),
        to_voice=tuple(line.written for line in absent),
        about_s=round(n_words / 2.5),
        engines=lined.engines,
        left_out=count_left_out(lined.scripted.outline),
    )


def _because(n_voiced: int, n_encoded: int, changed: Mapping[str, list[str]] | None) -> Because:
    from sayso.build import pipeline  # a build that has nothing to do does without

    if changed is None:
        return ()
    again = {"voiced": ("takes", n_voiced), "encoded": ("sound", n_encoded)}
    return tuple(
        (what, pipeline.reasons(stage, changed) or ("the cache",))
        for what, (stage, n) in again.items()
        if n
    )


def _plain(value: object) -> object:
    """Paths as text; all else as it is."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value
