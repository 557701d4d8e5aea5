"""A review and its script as they are now, down to the lines: what the page shows as text.

What is broken (a template, the script, a name in it) is told beside the last good state. The script
is read without a new rendering where none can be made: an edit of it is heard in spite of a broken
template.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from sayso.build import pipeline
from sayso.build.lint import lint_script
from sayso.build.options import Options
from sayso.build.script_file import conflicts, update_script
from sayso.build.states import Build, Lined, Outlined, Scripted
from sayso.errors import SaysoError, ScriptConflict, flatten
from sayso.model import Line, Outline, Paragraph, Script, SegmentHead, Show, Voice
from sayso.reporter import Reporter
from sayso.script import LintNote, cut_sentences, has_conflict_markers, parse_script
from sayso.show.finding import find_show
from sayso.speech.spoken import EMPTY, Lexicon, show_lexicon
from sayso.speech.voicing import line_key
from sayso.system.atomic_files import explain_os_errors


@dataclass(frozen=True, slots=True)
class Disputed:
    """Versions that disagree: the script with both of them in it, between markers."""

    text: str
    written: bool
    """Whether the script's file holds it; else nothing was written."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that is known of an episode before it is voiced."""

    show: Show
    review_text: str
    """The review's file, as text."""
    text: str
    """The script's file."""
    outline: Outline
    script: Script
    lines: tuple[Line, ...]
    keys: tuple[str, ...]
    """The key of each line's take."""
    lexicon: Lexicon
    remarks: tuple[LintNote, ...]
    cut: tuple[str, ...]
    """Ids of sentences of the review that the script does not hold."""

    @property
    def can_sound(self) -> bool:
        """Whether no error of the script would stop a build."""
        return bool(self.lines) and all(found.level != "error" for found in self.remarks)


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading."""

    reading: Reading | None
    """The last good one, where nothing better can be had."""
    errors: tuple[SaysoError, ...] = ()
    disputed: Disputed | None = None


def read(
    source: Path, root: Path, options: Options, last: Reading | None, reporter: Reporter
) -> Read:
    """Read a review of the show in `root`, bring its script up to date, and cut it into lines.

    Raises EnvironmentProblem where files cannot be read; all else that is wrong is in the result.
    """
    errors: list[SaysoError] = []
    try:
        build = Build(source, find_show(root), options, reporter)
    except SaysoError as error:
        return Read(last, flatten(error))
    try:
        outlined = pipeline.run(build, Outlined)
    except SaysoError as error:
        errors += flatten(error)
        if last is None:
            return Read(None, tuple(errors))
        outlined = Outlined(outline=last.outline, known_segments=())
    disputed = None
    script: Script | None = None
    if not errors:
        try:
            script = update_script(build, outlined)
        except ScriptConflict:
            disputed = _dispute(build, outlined)
        except SaysoError as error:
            errors += flatten(error)
    if script is None:
        script = last.script if last is not None else None
        if build.script_path.is_file() and not (disputed is not None and disputed.written):
            try:
                script = parse_script(text_of(build.script_path), build.script_path)
            except SaysoError as error:
                told = {str(each) for each in errors}
                errors += [each for each in flatten(error) if str(each) not in told]
                return Read(last, tuple(errors), disputed)
    if script is None:
        return Read(None, tuple(errors), disputed)
    reading, problems = _down_to_lines(build, outlined.outline, script)
    return Read(reading, (*errors, *problems), disputed)


def text_of(path: Path) -> str:
    """A file as text, whatever its bytes. Raises EnvironmentProblem where it cannot be read."""
    with explain_os_errors(path):
        return path.read_bytes().decode("utf-8", "surrogateescape")


def digest(text: str) -> str:
    """Tells one state of a file from another."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _dispute(build: Build, outlined: Outlined) -> Disputed:
    text = text_of(build.script_path)
    if has_conflict_markers(text) is not None:
        return Disputed(text, written=True)
    return Disputed(conflicts(build, outlined), written=False)


def _down_to_lines(
    build: Build, outline: Outline, script: Script
) -> tuple[Reading, tuple[SaysoError, ...]]:
    """The rest of a reading. A voice that is not in the cast is the first one's meanwhile."""
    show = build.show
    cut = cut_sentences(script, outline)
    errors: tuple[SaysoError, ...] = ()
    lexicon = EMPTY
    lines: tuple[Line, ...] = ()
    try:
        lexicon = show_lexicon(show.root)
        if any(isinstance(item, Paragraph) for item in script.items):
            whole_cast = replace(show, voices=(*show.voices, *_stand_ins(script, show)))
            scripted = Scripted(outline=outline, script=script, cut=cut)
            lines = pipeline.run(replace(build, show=whole_cast), Lined, after=scripted).lines
    except SaysoError as error:
        errors = flatten(error)
    return (
        Reading(
            show=show,
            review_text=text_of(build.source),
            text=text_of(build.script_path),
            outline=outline,
            script=script,
            lines=lines,
            keys=tuple(map(line_key, lines)),
            lexicon=lexicon,
            remarks=lint_script(script, show, lexicon),
            cut=cut,
        ),
        errors,
    )


def _stand_ins(script: Script, show: Show) -> list[Voice]:
    known = {voice.name.casefold() for voice in show.voices}
    named = {
        item.voice
        for item in script.items
        if isinstance(item, SegmentHead | Paragraph) and item.voice is not None
    }
    return [
        replace(show.voices[0], name=name) for name in sorted(named) if name.casefold() not in known
    ]
