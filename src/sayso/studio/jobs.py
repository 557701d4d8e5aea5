"""What the page's two buttons start: a build of the episode, and its publication."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sayso.build.api import build_episode
from sayso.episode.report import db
from sayso.errors import SaysoError, flatten
from sayso.feed.rss import Change
from sayso.publish import api as publishing
from sayso.publish.selection import Request
from sayso.show.finding import find_show
from sayso.show.paths import MANIFEST
from sayso.studio.session import Session
from sayso.studio.showing import near, show_error
from sayso.studio.view import OutcomeView, Remark
from sayso.system.clock import clock

_MOST_CHANGES = 40  # lines of a diff that anybody reads in a dialog


@dataclass(slots=True)
class _Telling:
    """A reporter that tells the page, and keeps the notes."""

    tell: Callable[[str, dict[str, object]], None]
    notes: list[str]
    what: str = ""

    def stage(self, name: str, what: str) -> None:
        """A stage begins."""
        self.what = what
        self.tell("progress", {"text": what, "done": 0, "total": 0})

    def progress(self, done: int, total: int) -> None:
        """So many of so many."""
        text = f"{self.what}: {done} of {total}"
        self.tell("progress", {"text": text, "done": done, "total": total})

    def note(self, text: str) -> None:
        """Something for the author to know."""
        if text not in self.notes:
            self.notes.append(text)


def build(session: Session) -> OutcomeView:
    """Build the episode, as `sayso build` does."""
    reporter = _Telling(session.tell, [])
    try:
        done = build_episode(
            *(session.source, session.options),
            show=find_show(session.root),
            reporter=reporter,
            workers=session.executor,
        )
        # Left alone where its bytes are the same: but what it was made of is what is there now.
        (done.folder / MANIFEST).touch()
    except SaysoError as error:
        return _failed("not built", error, session.root)
    finally:
        session.tell("progress", {"text": "", "done": 0, "total": 0})
        session.refresh()
    lufs = done.integrated_lufs
    return OutcomeView(
        ok=True,
        summary=f"built {near(done.mp3, session.root)}",
        facts=(
            ("length", clock(int(done.duration_s))),
            ("loudness", "silent" if lufs is None else f"{db(lufs)} LUFS"),
            ("true peak", f"{db(done.true_peak_dbtp)} dBTP"),
            ("voiced", f"{done.n_voiced} of {done.n_sentences} sentences"),
            ("encoded", f"{done.n_encoded} of {done.n_chunks} stretches"),
        ),
        remarks=tuple(Remark("warning", note) for note in reporter.notes),
    )


def publish(session: Session, *, dry_run: bool) -> OutcomeView:
    """Publish the episode, as `sayso publish` does; or say what would change."""
    reporter = _Telling(session.tell, [])
    slug = session.script_path.parent.name
    try:
        done = publishing.publish(
            find_show(session.root), Request((slug,)), dry_run=dry_run, reporter=reporter
        )
    except SaysoError as error:
        return _failed("not published", error, session.root)
    finally:
        session.tell("progress", {"text": "", "done": 0, "total": 0})
    n_bytes = sum(file.n_bytes for file in done.uploaded)
    n_files = len(done.uploaded)
    would = "would be " if dry_run else ""
    changes = bool(done.feed_changed or done.changes or done.uploaded)
    if not changes:
        summary = "nothing to change: the feed has this episode as it is"
    else:
        summary = f"{would}published to {done.target}"
    return OutcomeView(
        ok=True,
        summary=summary,
        facts=(
            ("feed", done.feed_url),
            ("files", f"{n_files} {would}uploaded, {n_bytes / 1e6:.1f} MB"),
            *(("GUID", entry.guid) for entry in done.published),
        ),
        remarks=tuple(Remark("warning", note) for note in reporter.notes),
        changes="\n".join(_lines(done.changes)) or None,
        can_go_on=dry_run and changes,
    )


def _lines(changes: tuple[Change, ...]) -> list[str]:
    """A diff of the feed, for a person."""
    lines: list[str] = []
    for change in changes:
        lines += [str(change), *(f"    {one}" for one in change.elements)]
    more = len(lines) - _MOST_CHANGES
    return [*lines[:_MOST_CHANGES], *([f"… and {more} more lines"] if more > 0 else [])]


def _failed(summary: str, error: SaysoError, root: Path) -> OutcomeView:
    remarks = tuple(show_error(one, root) for one in flatten(error))
    return OutcomeView(False, summary, remarks=remarks)
