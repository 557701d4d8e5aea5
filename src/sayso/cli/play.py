"""`sayso play`: hear an episode, from a chapter on, with a player that is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from sayso.cli import completing
from sayso.cli.console import INTERRUPTED
from sayso.cli.finding_episodes import episode_folder
from sayso.cli.options import setting
from sayso.errors import EnvironmentProblem, SaysoError, did_you_mean, visible
from sayso.show.paths import MANIFEST
from sayso.system.clock import clock

FRAME = 1152
"""Samples of an MP3 frame (ISO/IEC 11172-3 §2.4.2.1): what mpg123 counts in."""


@dataclass(frozen=True, slots=True)
class Player:
    """A program that plays an MP3."""

    program: str
    arguments: Callable[[str, float, int], list[str]]
    """File, start in seconds, sample rate → arguments."""
    can_start_within: bool = True
    plays_wav: bool = True


PLAYERS = (
    Player("mpv", lambda file, at, _: ["--no-video", f"--start={at:.3f}", "--", file]),
    Player(
        "ffplay",
        lambda file, at, _: [
            *("-nodisp", "-autoexit", "-hide_banner", "-loglevel", "error"),
            *("-ss", f"{at:.3f}", "-i", file),
        ],
    ),
    Player(
        "mpg123",
        lambda file, at, rate: ["-q", "-k", str(int(at * rate / FRAME)), file],
        plays_wav=False,
    ),
    Player(
        "cvlc", lambda file, at, _: ["--quiet", "--play-and-exit", f"--start-time={at:.3f}", file]
    ),
    Player("play", lambda file, at, _: ["-q", file, "trim", f"{at:.3f}"]),
    Player("afplay", lambda file, at, _: [file], can_start_within=False),
)
"""In the order in which they are tried."""


@click.command("play")
@click.argument("episode", type=click.Path(path_type=Path), shell_complete=completing.episodes)
@click.option(
    "--segment",
    metavar="NAME",
    shell_complete=completing.segments,
    help="Start with this chapter: verdict, cast …",
)
@setting(
    "--player",
    metavar="NAME",
    type=click.Choice([player.program for player in PLAYERS]),
    help=f"One of {', '.join(player.program for player in PLAYERS)}.",
)
def command(episode: Path, segment: str | None, player: str | None) -> int:
    """Play EPISODE (a folder of episodes/, its name, or a review).

    \b
    Examples:
      sayso play reviews/the-long-tide.md
      sayso play the-long-tide --segment verdict
    """
    folder = episode_folder(episode)
    mp3 = (folder / "episode.mp3").resolve()
    if not mp3.is_file():
        raise SaysoError(
            "the episode has no sound",
            code="damaged-episode",
            file=mp3,
            hint="build the episode again",
        )
    start_s, rate, title = _start(folder, segment)
    chosen, program = _choose(player, start_s)
    click.echo(
        f"playing {visible(title)} from {clock(start_s)} with {chosen.program}; Ctrl-C stops",
        err=True,
    )
    try:
        _run(chosen, program, mp3, start_s, rate)
    except KeyboardInterrupt:
        return INTERRUPTED  # as was told: there is nothing to say
    return 0


def play_wav(path: Path) -> None:
    """Play a WAV file. Raises EnvironmentProblem where no player is installed."""
    _run(*_choose(None, 0.0, wav=True), path.resolve(), 0.0, 1)


def _run(player: Player, program: str, file: Path, start_s: float, rate: int) -> None:
    done = subprocess.run([program, *player.arguments(str(file), start_s, rate)], check=False)
    if done.returncode:
        raise EnvironmentProblem(
            f"{player.program} gave up with code {done.returncode}",
            code="no-player",
            file=file,
            hint="try another with --player, or open the file yourself",
        )


def _start(folder: Path, segment: str | None) -> tuple[float, int, str]:
    """Where to start, in seconds; the sample rate; what it is called."""
    path = folder / MANIFEST
    try:
        document = json.loads(path.read_bytes())
        rate, title = int(document["audio"]["sample_rate"]), str(document["title"])
        chapters = [
            (str(c["id"]), str(c["title"]), int(c["start"]) / rate) for c in document["chapters"]
        ]
    except (ValueError, TypeError, KeyError, ZeroDivisionError) as error:
        raise SaysoError(
            "the manifest cannot be read",
            code="damaged-episode",
            file=path,
            hint="build the episode again",
        ) from error
    if segment is None:
        return 0.0, rate, title
    for chapter_id, name, start_s in chapters:
        if segment.casefold() in (chapter_id.casefold(), name.casefold()):
            return start_s, rate, f"{title}: {name}"
    raise SaysoError(
        f"no segment {segment!r} in this episode",
        code="unknown-segment",
        file=path,
        hint=did_you_mean(segment, (chapter_id for chapter_id, _, _ in chapters)),
    )


def _choose(wanted: str | None, start_s: float, *, wav: bool = False) -> tuple[Player, str]:
    """The first player that is installed and can do it, and its path."""
    for player in PLAYERS:
        if wanted not in (None, player.program) or (start_s and not player.can_start_within):
            continue
        if wav and not player.plays_wav:
            continue
        program = shutil.which(player.program)
        if program is not None:
            return player, program
    names = ", ".join(player.program for player in PLAYERS if player.can_start_within)
    if wanted is not None:
        problem = f"{wanted} is not installed, or cannot start within a file"
    else:
        problem = "no player for sound files is installed"
    raise EnvironmentProblem(
        problem, code="no-player", hint=f"install one of {names}, or open the file yourself"
    )
