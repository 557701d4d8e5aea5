"""`sayso doctor`: what is installed, and whether it works."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from sayso import __version__
from sayso.cli.console import print_json
from sayso.errors import SaysoError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    name: str
    state: str
    """`ok`, `optional` (not there, and not needed) or `wrong`."""
    detail: str


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(as_json: bool) -> int:
    """Check what is installed, and prove by a spoken sentence that it works.

    Exit code 0 where a voice works, 3 where none does.
    """
    findings = [_machine(), *_engines(), _cache(), _starter(), _ffmpeg()]
    speaks = any(f.state == "ok" for f in findings if f.name.startswith("engine "))
    wrong = any(f.state == "wrong" for f in findings) or not speaks
    if as_json:
        print_json(
            {
                "command": "doctor",
                "ok": not wrong,
                "findings": [
                    {"name": f.name, "state": f.state, "detail": f.detail} for f in findings
                ],
            }
        )
    else:
        for finding in findings:
            mark, colour = {
                "ok": ("ok      ", "green"),
                "optional": ("optional", "yellow"),
                "wrong": ("wrong   ", "red"),
            }[finding.state]
            click.secho(mark, fg=colour, nl=False)
            click.echo(f"  {finding.name}: {finding.detail}")
        click.echo("next: sayso new my-show" if not wrong else "mend what is wrong", err=True)
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
        missing = _checked(lambda name=name: engine_class(name).installed())  # type: ignore[misc]
        if missing is not None:
            found.append(Finding(f"engine {name}", "optional", f"not installed: {missing}"))
            continue
        try:
            found.append(Finding(f"engine {name}", "ok", _speak(name)))
        except SaysoError as error:
            found.append(Finding(f"engine {name}", "wrong", str(error)))
    return found


def _speak(engine: str) -> str:
    """Voice a sentence that no cache has, and check that it sounds."""
    import numpy as np

    from sayso.model import Line, Voice
    from sayso.speech.engines import resolve
    from sayso.speech.takes import TakeStore
    from sayso.speech.voicing import voice_lines

    voice = resolve(Voice("host", engine=engine))
    line = Line("Testing, one, two.", "Testing, one, two.", voice, 0)
    with tempfile.TemporaryDirectory() as folder:
        (take,) = voice_lines([line], TakeStore(Path(folder)), jobs=1)
        loudest = int(np.abs(take.samples().astype(np.int32)).max())
    seconds = take.n_samples / take.sample_rate
    return f"speaks with {voice.voice} ({seconds:.1f} s, peak {loudest / 32768:.0%} of full scale)"


def _cache() -> Finding:
    from sayso.files import write_atomic
    from sayso.store import cache_folder

    folder = cache_folder()
    probe = folder / "doctor-probe"
    try:
        write_atomic(probe, b"probe", durable=False)
        probe.unlink()
    except (SaysoError, OSError) as error:
        return Finding("cache", "wrong", f"{error}; set SAYSO_CACHE to a folder of yours")
    free = shutil.disk_usage(folder).free / 1e9
    return Finding("cache", "ok" if free > 0.5 else "wrong", f"{folder}, {free:.1f} GB free")


def _starter() -> Finding:
    from sayso.show import starter_folder

    folder = starter_folder()
    wanted = ("scripts/base.md.j2", "audio/dark/intro.flac", "show.toml")
    lost = [name for name in wanted if not (folder / name).is_file()]
    if lost:
        return Finding(
            "templates and music", "wrong", f"{', '.join(lost)} missing; reinstall sayso"
        )
    return Finding("templates and music", "ok", str(folder))


def _ffmpeg() -> Finding:
    path = shutil.which("ffmpeg")
    if path:
        return Finding("ffmpeg", "ok", f"{path} (not needed)")
    return Finding("ffmpeg", "optional", "not installed, and not needed")


def _checked(ask: Callable[[], str | None]) -> str | None:
    try:
        return ask()
    except SaysoError as error:
        return str(error)
