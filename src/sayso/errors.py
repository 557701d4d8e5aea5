"""Every error that sayso raises for a cause outside its own code.

    SaysoError                 exit 1   something in the input is wrong; the message names the hint
    ├── ReviewError                     a review that cannot be read
    ├── ShowError                       show.toml, a kind of review, the lexicon
    ├── ScriptError                     a script, and what it names
    │   ├── TemplateError               an episode-script template
    │   └── ScriptConflict              an edited script and a new rendering disagree
    ├── SpeechError                     a line that could not be voiced
    ├── SoundError                      a sting, bed, effect or cover
    ├── PublishError                    what cannot be published, or a server that refuses it
    ├── ErrorGroup               exit 1   several at once; exit 3 where all are the machine's
    └── EnvironmentProblem     exit 3   the machine: no space, no permission, nothing installed
        └── EngineMissing               a speech engine that is not installed

Each carries a code, such as `unknown-voice`: what it means is in `sayso.error_codes`. The library
raises; only the command line prints and exits.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from typing_extensions import Self

_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """A stranger's text for a terminal, which would obey control characters: they are spelt out."""
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class SaysoError(Exception):
    """One problem, said once: where it is, what is wrong, and how to mend it.

    `str()` gives `file:line: problem (hint)`, leaving out what is not known.
    """

    exit_code: int = 1
    usual_code: ClassVar[str] = "fault"
    """The code of an error of this class that is raised without one."""

    def __init__(
        self,
        problem: str,
        *,
        code: str | None = None,
        file: str | Path | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = visible(problem)
        self.code = code or self.usual_code
        self.file = None if file is None else str(file)
        self.line = line
        self.hint = None if hint is None else visible(hint)

    @property
    def place(self) -> str:
        """`file:line`, `file`, or an empty string."""
        if self.file is None:
            return ""
        file = visible(self.file)
        return file if self.line is None else f"{file}:{self.line}"

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.problem}{hint}"

    def at(self, file: str | Path | None, line: int | None = None) -> Self:
        """The same error in another place: for who knows better where it comes from."""
        return type(self)(self.problem, code=self.code, file=file, line=line, hint=self.hint)

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders (speech workers); keep the keyword arguments.
        return (_rebuild, (type(self), self.problem, self.code, self.file, self.line, self.hint))


def _rebuild(
    kind: type[SaysoError],
    problem: str,
    code: str,
    file: str | None,
    line: int | None,
    hint: str | None,
) -> SaysoError:
    return kind(problem, code=code, file=file, line=line, hint=hint)


class ReviewError(SaysoError):
    """A review that cannot be read."""

    usual_code = "unreadable"


class ShowError(SaysoError):
    """A setting in show.toml, a kind of review, or a lexicon entry that makes no sense."""

    usual_code = "bad-setting"


class ScriptError(SaysoError):
    """A script that breaks the format or names something that is not there."""

    usual_code = "script-syntax"


class TemplateError(ScriptError):
    """An episode-script template that does not compile or render."""

    usual_code = "template-error"


class ScriptConflict(ScriptError):
    """An edited script and a new rendering changed the same lines."""

    usual_code = "script-conflict"


class SpeechError(SaysoError):
    """A line that an engine could not voice."""

    usual_code = "engine-failed"


class SoundError(SaysoError):
    """A sting, bed, sound effect or picture that cannot be used."""

    usual_code = "bad-sound"


class PublishError(SaysoError):
    """An episode, feed or ledger that cannot be published, or a server that refuses it."""

    usual_code = "server-refused"


class EnvironmentProblem(SaysoError):
    """The machine is at fault: no space, no permission, something not installed."""

    exit_code = 3
    usual_code = "machine"


class EngineMissing(EnvironmentProblem):
    """A speech engine that is not installed here."""

    usual_code = "engine-missing"


class ErrorGroup(SaysoError):
    """Several problems of one run, reported together so that one mending round is enough.

    Where the machine is at fault in all of them, it is in them together.
    """

    def __init__(self, errors: Iterable[SaysoError]) -> None:
        self.errors = tuple(errors)
        code = self.errors[0].code if self.errors else None
        self.exit_code = min((error.exit_code for error in self.errors), default=1)
        super().__init__(f"{len(self.errors)} problems", code=code)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)

    def __reduce__(self) -> tuple[object, ...]:
        return (ErrorGroup, (self.errors,))


def flatten(error: SaysoError) -> tuple[SaysoError, ...]:
    """The problems that an error tells of: those of ErrorGroup, else itself."""
    return error.errors if isinstance(error, ErrorGroup) else (error,)


def raise_all(errors: Sequence[SaysoError]) -> None:
    """Raise nothing, the one error, or all of them as `ErrorGroup`."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ErrorGroup(errors)


def did_you_mean(name: str, known: Iterable[str], *, command: str | None = None) -> str | None:
    """Return `did you mean 'x'?`, or the known names where none is near, or None where none is.

    `command` prints the names: it is told instead of them where they would fill over two lines.
    """
    names = sorted(known)
    near = near_name(name, names)
    if near is not None:
        return f"did you mean '{near}'?"
    listed = f"known: {', '.join(names)}" if names else None
    return f"list them with: {command}" if command and listed and len(listed) > 200 else listed


def near_name(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is most likely meant to be, or None where none is near."""
    by_fold = {n.casefold(): n for n in sorted(known)}
    near = difflib.get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[near[0]] if near else None
