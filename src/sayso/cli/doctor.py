"""`sayso doctor`: what is installed, whether it works, and how to mend what does not."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import click

from sayso._version import __version__
from sayso.cli.console import near, print_json
from sayso.errors import SaysoError, flatten

_ENOUGH_BYTES = 500_000_000
"""Ours: an episode with its takes needs tens of megabytes, and other programs want some, too."""
_EXTRAS = {
    "preview": ("the studio", ("starlette", "uvicorn", "watchfiles")),
    "html": ("reviews that are web pages", ("trafilatura",)),
    "formats": ("reviews in Org, RST, AsciiDoc, DOCX, EPUB, LaTeX …", ("pypandoc",)),
    "publish": ("S3, SFTP and WebDAV", ("s3fs", "sshfs", "webdav4")),
    "cluster": ("a Dask cluster", ("distributed",)),
}
"""Extra → what it is for, and modules that it brings."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    name: str
    state: Literal["ok", "optional", "wrong"]
    """`optional`: not there, and not needed."""
    detail: str
    hint: str | None = None
    """What to do; a command wherever one does it."""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(as_json: bool) -> int:
    """Check what is installed, and prove by a spoken sentence that it works.

    Whatever is wrong or missing is listed with what mends it. Exit code 0 where a voice works and
    nothing is wrong, 3 otherwise.
    """
    findings = [
        *(_machine(), *_engines(), _temporary(), _cache(), _starter()),
        *(*_show(), *_variables(), *_extras(), _ffmpeg()),
    ]
    wrong = [finding for finding in findings if finding.state == "wrong"]
    if as_json:
        found = [asdict(finding) for finding in findings]
        print_json({"command": "doctor", "ok": not wrong, "findings": found})
        return 3 if wrong else 0
    colours = {"ok": "green", "optional": "yellow", "wrong": "red"}
    for finding in findings:
        click.secho(f"{finding.state:<8}", fg=colours[finding.state], nl=False)
        click.echo(f"  {finding.name}: {finding.detail}")
        if finding.hint:
            click.echo(f"            {finding.hint}")
    if wrong:
        click.echo(f"next: {wrong[0].hint or 'mend what is wrong'}; then sayso doctor", err=True)
    else:
        in_show = any(finding.name == "show" for finding in findings)
        step = "sayso build reviews/REVIEW" if in_show else "sayso new my-show"
        click.echo(f"next: {step}", err=True)
    return 3 if wrong else 0


def _machine() -> Finding:
    return Finding(
        "sayso",
        "ok",
        f"{__version__} on Python {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}",
    )


def _engines() -> list[Finding]:
    from sayso.speech.engines import engine_class, find_engines

    found = []
    for name in sorted(find_engines()):
        if name == "tone":
            continue  # a hum for drafts proves nothing
        missing, broken = _asked(lambda name=name: engine_class(name).installed())  # type: ignore[misc]
        if broken is not None:
            found.append(_wrong(f"engine {name}", broken))
        elif missing is not None:
            found.append(Finding(f"engine {name}", "optional", "not installed", missing))
        else:
            try:
                found.append(Finding(f"engine {name}", "ok", _speak(name)))
            except SaysoError as error:
                found.append(_wrong(f"engine {name}", error))
    if not any(finding.state == "ok" for finding in found):
        hint = "pip install 'sayso[neural]'"
        found.append(Finding("voices", "wrong", "no engine speaks here", hint))
    return found


def _speak(engine: str) -> str:
    """Voice a sentence that no cache has, and check that it sounds."""
    import numpy as np

    from sayso.errors import SpeechError
    from sayso.model import Line, Voice
    from sayso.speech.engines import resolve
    from sayso.speech.takes import TakeStore
    from sayso.speech.voicing import voice_lines
    from sayso.system.atomic_files import explain_os_errors

    voice = resolve(Voice("host", engine=engine))
    line = Line("Testing, one, two.", "Testing, one, two.", voice, 0)
    with explain_os_errors(Path(_temporary_folder())), tempfile.TemporaryDirectory() as folder:
        (take,) = voice_lines([line], TakeStore(Path(folder)), jobs=1)
        loudest = int(np.abs(take.samples().astype(np.int32)).max())
    if loudest == 0:
        raise SpeechError(
            f"{voice.voice} says nothing but silence", hint=f"sayso voices --engine {engine}"
        )
    seconds = take.n_samples / take.sample_rate
    return f"speaks with {voice.voice} ({seconds:.1f} s, peak {loudest / 32768:.0%} of full scale)"


def _temporary_folder() -> str:
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        return "/tmp"  # none of those that Python tries can be written; it is named in the error


def _temporary() -> Finding:
    folder = Path(_temporary_folder())
    return _writable("temporary files", folder, "export TMPDIR=FOLDER, one that you can write to")


def _cache() -> Finding:
    from sayso.system.cache import cache_folder

    return _writable(
        "cache", cache_folder(), "export SAYSO_CACHE=FOLDER, one that you can write to"
    )


def _writable(name: str, folder: Path, hint: str) -> Finding:
    """Whether a folder takes a file, and a megabyte in it."""
    from sayso.system.atomic_files import write_atomic

    probe = folder / f"doctor-probe-{platform.node()}"
    try:
        write_atomic(probe, bytes(1_000_000), durable=False)
        probe.unlink()
        free = shutil.disk_usage(folder).free
    except (SaysoError, OSError) as error:
        problem = error.problem if isinstance(error, SaysoError) else str(error)
        full = isinstance(error, SaysoError) and error.code == "no-space"
        return Finding(
            name, "wrong", f"{folder}: {problem}", f"free some space, or {hint}" if full else hint
        )
    if free < _ENOUGH_BYTES:
        return Finding(
            name, "wrong", f"{folder}: only {free / 1e6:.0f} MB free", f"free some space, or {hint}"
        )
    return Finding(name, "ok", f"{folder}, {free / 1e9:.1f} GB free")


def _starter() -> Finding:
    from sayso.show.finding import starter_folder

    folder = starter_folder()
    wanted = ("scripts/base.md.j2", "audio/dark/intro.flac", "show.toml")
    lost = [name for name in wanted if not (folder / name).is_file()]
    if lost:
        return Finding(
            *("templates and music", "wrong", f"{', '.join(lost)} missing in {folder}"),
            "pip install --force-reinstall --no-deps sayso",
        )
    return Finding("templates and music", "ok", str(folder))


def _show() -> Iterator[Finding]:
    """The show around this folder, where there is one, and whether its cast can speak."""
    from sayso.build.cast import resolve_voice
    from sayso.show.finding import find_show

    try:
        show = find_show(Path.cwd())
        if show.path is None:
            return
        for voice in show.voices:
            resolve_voice(show, voice)
    except SaysoError as error:
        for one in flatten(error):
            yield _wrong("show", one)
    else:
        yield Finding("show", "ok", f"{show.title} ({near(show.path)})")


def _variables() -> Iterator[Finding]:
    from sayso.cli.config import odd_variables

    for one in odd_variables():
        yield _wrong("environment", one)


def _extras() -> Iterator[Finding]:
    for extra, (purpose, modules) in _EXTRAS.items():
        lost = [name for name in modules if importlib.util.find_spec(name) is None]
        if lost:
            detail = f"not installed ({', '.join(lost)})"
            yield Finding(purpose, "optional", detail, f"pip install 'sayso[{extra}]'")
        else:
            yield Finding(purpose, "ok", f"installed (extra {extra})")


def _ffmpeg() -> Finding:
    path = shutil.which("ffmpeg")
    if path:
        return Finding("ffmpeg", "ok", f"{path} (for M4A and Opus)")
    return Finding(
        *("ffmpeg", "optional", "not installed; M4A and Opus need it"),
        "install the package ffmpeg of your system",
    )


def _wrong(name: str, error: SaysoError) -> Finding:
    place = f"{near(error.file)}{f':{error.line}' if error.line else ''}: " if error.file else ""
    return Finding(name, "wrong", f"{place}{error.problem}  [{error.code}]", error.hint)


def _asked(ask: Callable[[], str | None]) -> tuple[str | None, SaysoError | None]:
    """What an engine says that it misses, or the error in place of an answer."""
    try:
        return ask(), None
    except SaysoError as error:
        return None, error
