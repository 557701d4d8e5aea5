"""`sayso unpublish`: an episode out of the feed."""

from __future__ import annotations

from pathlib import Path

import click

from sayso.cli import completing
from sayso.cli.console import Progressing, print_json
from sayso.cli.finding_episodes import whole
from sayso.cli.publish import document, print_published


@click.command("unpublish")
@click.argument(
    "episodes",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="EPISODE...",
    shell_complete=completing.slugs,
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, no notes.")
def command(episodes: tuple[Path, ...], dry_run: bool, as_json: bool, quiet: bool) -> int:
    """Take episodes out of the feed.

    EPISODE is a folder of episodes/, its name, or a review. Its media and its page stay where they
    are: who has it goes on hearing it. Published again, it has the same GUID and date.

    \b
    Example:
      sayso unpublish the-long-tide
    """
    from sayso.publish.api import publish
    from sayso.show.finding import find_show
    from sayso.show.paths import slug

    slugs = tuple(slug(whole(named)) for named in episodes)
    with Progressing(quiet=quiet or as_json) as reporter:
        done = publish(find_show(Path.cwd()), withdrawn=slugs, dry_run=dry_run, reporter=reporter)
    if as_json:
        print_json({"command": "unpublish", "dry_run": dry_run, **document(done)})
        return 0
    print_published(done, dry_run=dry_run)
    return 0
