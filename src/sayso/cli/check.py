"""`sayso check`: are finished episodes and the feed what they say they are?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli import completing
from sayso.cli.console import near, plural, print_json
from sayso.cli.feed_findings import (
    OWN,
    check_named_feed,
    feed_document,
    print_feed_findings,
)
from sayso.cli.finding_episodes import all_episodes, episode_folder
from sayso.errors import visible
from sayso.system.clock import clock

if TYPE_CHECKING:
    from sayso.episode.checking import CheckedEpisode


@click.command("check")
@click.argument(
    "episodes",
    nargs=-1,
    type=click.Path(path_type=Path),
    metavar="[EPISODE]...",
    shell_complete=completing.episodes,
)
@click.option(
    "--feed",
    metavar="FEED",
    is_flag=False,
    flag_value=OWN,
    help="Check a feed instead: this show's, or one by file or address.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings for programs.")
def command(episodes: tuple[Path, ...], feed: str | None, as_json: bool) -> int:
    """Check finished episodes, and the feed.

    EPISODE is a folder of episodes/, its name, or a review; without one, every episode of the show
    is decoded and held against its timeline (frames, length, loudness, peaks, silence, a voice on
    every line, tag, chapters, cover, transcripts, the bytes of every file), and its feed, once
    published, against the rules of the directories and against feed.lock.json.

    --feed checks a feed alone, and asks its server as podcast apps do where it has one. Exit code
    1 where something is wrong.

    \b
    Examples:
      sayso check
      sayso check episodes/the-long-tide
      sayso check reviews/the-long-tide.md --json
      sayso check --feed
      sayso check --feed https://somebody.example/feed.xml
    """
    if feed is not None and episodes:
        raise click.UsageError("--feed checks no episodes: name one or the other")
    checked = [] if feed is not None else _check_episodes(episodes, quiet=as_json)
    if feed is None and not episodes and _is_published():
        feed = OWN
    findings = None if feed is None else check_named_feed(feed)
    is_right = all(one.is_right for one in checked) and not any(
        one.severity == "error" for one in findings or ()
    )
    if as_json:
        document: dict[str, Any] = {"command": "check", "right": is_right}
        document["episodes"] = [_document(one) for one in checked]
        if findings is not None:
            document["feed"] = feed_document(findings)
        print_json(document)
    elif findings is not None:
        print_feed_findings(findings, "the feed" if feed == OWN else str(feed))
    if not as_json and is_right:
        _print_next(fed=feed == OWN)
    return 0 if is_right else 1


def _print_next(*, fed: bool) -> None:
    """What comes after a check that found everything in order."""
    from sayso.publish.targets import is_folder
    from sayso.show.finding import find_show

    show = find_show(Path.cwd())
    if not fed:
        if show.path is not None:
            click.echo("next: sayso publish", err=True)
    elif is_folder(show.publish.target) and show.feed.url is not None:
        click.echo(
            f"next: put what is in {show.publish.target} where {show.feed.url} is served, then\n"
            f"      sayso check --feed {show.feed.url}{show.feed.file}",
            err=True,
        )


def _check_episodes(named: tuple[Path, ...], *, quiet: bool) -> list[CheckedEpisode]:
    from sayso.episode.checking import check_episode

    checked = []
    for folder in [episode_folder(name) for name in named] or all_episodes():
        checked.append(check_episode(folder))
        if not quiet:
            _print(checked[-1])
    if len(checked) > 1 and not quiet:
        n_right = sum(one.is_right for one in checked)
        click.echo(f"{n_right} of {plural(len(checked), 'episode')} in order")
    return checked


def _is_published() -> bool:
    """Whether the show has a feed in a folder of this machine: nothing else is asked unasked."""
    from sayso.publish.ledger import FILE_NAME
    from sayso.publish.targets import is_folder
    from sayso.show.finding import find_show

    show = find_show(Path.cwd())
    return (show.root / FILE_NAME).is_file() and is_folder(show.publish.target)


def _print(checked: CheckedEpisode) -> None:
    click.secho(visible(checked.title or near(checked.folder)), bold=True)
    for finding in checked.findings:
        colour = "red" if finding.severity == "error" else "yellow"
        click.secho(f"  {finding.severity}: ", fg=colour, nl=False)
        at = "" if finding.at_s is None else f" at {clock(finding.at_s)}"
        told = f"{near(checked.folder / finding.file)}{at}: {visible(finding.problem)}"
        click.echo(f"{told}  [{finding.code}]")
        click.echo(f"    {finding.hint}")
    if checked.is_right and checked.duration_s is not None:
        lufs = checked.integrated_lufs
        click.echo(
            f"  in order: {clock(checked.duration_s)}, "
            f"{'silent' if lufs is None else f'{lufs:.1f} LUFS'}, "
            f"{checked.true_peak_dbtp:.1f} dBTP, {plural(checked.n_chapters, 'chapter')}, "
            f"{plural(checked.n_lines, 'sentence')}, {plural(checked.n_files, 'file')}"
        )


def _document(checked: CheckedEpisode) -> dict[str, Any]:
    return {
        "folder": str(checked.folder),
        "title": checked.title,
        "right": checked.is_right,
        "duration_s": checked.duration_s,
        "integrated_lufs": checked.integrated_lufs,
        "true_peak_dbtp": checked.true_peak_dbtp,
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "file": finding.file,
                "at_s": finding.at_s,
                "problem": finding.problem,
                "hint": finding.hint,
            }
            for finding in checked.findings
        ],
    }
