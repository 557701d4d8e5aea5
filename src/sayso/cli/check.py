"""`sayso check`: is a finished episode what it says it is?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.console import clock, near, plural, print_json
from sayso.cli.finding_episodes import all_episodes, episode_folder

if TYPE_CHECKING:
    from sayso.episode.checking import CheckedEpisode


@click.command("check")
@click.argument("episodes", nargs=-1, type=click.Path(path_type=Path), metavar="[EPISODE]...")
@click.option("--json", "as_json", is_flag=True, help="Print the findings for programs.")
def command(episodes: tuple[Path, ...], as_json: bool) -> int:
    """Decode finished episodes and hold them against their timelines.

    EPISODE is a folder of episodes/, its name, or a review; without one, every episode of the show
    is checked: frames, length, loudness, peaks, silence, a voice on every line, tag, chapters,
    cover, transcripts, and the bytes of every file. Exit code 1 where something is wrong.

    \b
    Examples:
      sayso check
      sayso check episodes/the-long-tide
      sayso check reviews/the-long-tide.md --json
    """
    from sayso.episode.checking import check_episode

    folders = [episode_folder(named) for named in episodes] or all_episodes()
    checked = []
    for folder in folders:
        checked.append(check_episode(folder))
        if not as_json:
            _print(checked[-1])
    wrong = [one for one in checked if not one.is_right]
    if as_json:
        documents = [_document(one) for one in checked]
        print_json({"command": "check", "right": not wrong, "episodes": documents})
    elif len(checked) > 1:
        click.echo(f"{len(checked) - len(wrong)} of {plural(len(checked), 'episode')} in order")
    return 1 if wrong else 0


def _print(checked: CheckedEpisode) -> None:
    click.secho(checked.title or near(checked.folder), bold=True)
    for finding in checked.findings:
        colour = "red" if finding.severity == "error" else "yellow"
        click.secho(f"  {finding.severity}: ", fg=colour, nl=False)
        at = "" if finding.at_s is None else f" at {clock(finding.at_s)}"
        click.echo(f"{near(checked.folder / finding.file)}{at}: {finding.problem}")
        click.echo(f"    {finding.mend}")
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
                "mend": finding.mend,
            }
            for finding in checked.findings
        ],
    }
