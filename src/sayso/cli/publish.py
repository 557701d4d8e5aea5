"""`sayso publish`: finished episodes → the feed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli import completing
from sayso.cli.console import Progressing, plural, print_json
from sayso.cli.finding_episodes import episode_folder, whole
from sayso.errors import ReviewError, visible
from sayso.show.paths import EPISODES

if TYPE_CHECKING:
    from sayso.feed.rss import Change
    from sayso.model import Show
    from sayso.publish.api import Published
    from sayso.publish.ledger import Entry

_SHOWN = 12


class _Time(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A time as ISO 8601 has it, in this machine's zone where it names none; or `now`."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        if value == "now":
            return datetime.now().astimezone()
        try:
            return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone()
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no time; write 2026-12-01 or 2026-12-01T07:00", param, ctx)


@click.command("publish")
@click.argument(
    "episodes",
    nargs=-1,
    type=click.Path(path_type=Path),
    metavar="[EPISODE]...",
    shell_complete=completing.slugs,
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--at", metavar="TIME", type=_Time(), help="The date to publish with; or schedule.")
@click.option("--due", is_flag=True, help="Publish what was scheduled and is due: for cron.")
@click.option("--redate", is_flag=True, help="Let --at change the date of a published episode.")
@click.option("--adopt", metavar="FEED", help="Begin with a feed from elsewhere: file or address.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, no notes.")
def command(
    episodes: tuple[Path, ...],
    dry_run: bool,
    at: datetime | None,
    due: bool,
    redate: bool,
    adopt: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Put finished episodes on the podcast feed, with their pages.

    EPISODE is a folder of episodes/, its name, or a review; without one, all that is new or has
    changed. Where to is set in show.toml: `url` under [feed], `target` under [publish].

    Every episode is checked first; what was uploaded is fetched and compared before the feed names
    it. GUIDs and dates stay in feed.lock.json: keep that file in version control.

    \b
    Examples:
      sayso publish --dry-run
      sayso publish the-long-tide
      sayso publish the-long-tide --at 2026-12-01T07:00
      sayso publish --due
      sayso publish --adopt https://old-host.example/feed.xml
    """
    from sayso.publish.api import publish
    from sayso.publish.selection import Request
    from sayso.show.finding import find_show

    if due and (episodes or at):
        raise click.UsageError("--due takes no episode and no --at: it goes by what was scheduled")
    if at and not episodes:
        raise click.UsageError("--at needs the episode that it is for")
    folders = [whole(episode_folder(named)) for named in episodes]
    show = find_show(folders[0] if folders else Path.cwd())
    request = Request(tuple(_slug(folder, show) for folder in folders), at, redate, due)
    with Progressing(quiet=quiet or as_json) as reporter:
        done = publish(show, request, adopt=adopt, dry_run=dry_run, reporter=reporter)
    if as_json:
        print_json({"command": "publish", "dry_run": dry_run, **document(done)})
        return 0
    print_published(done, dry_run=dry_run)
    if not quiet:
        _print_next(done, dry_run=dry_run)
    return 0


def _slug(folder: Path, show: Show) -> str:
    """The name of an episode's folder. Raises ReviewError where it is not one of this show's."""
    home = show.root / EPISODES
    if home.is_dir() and folder.parent.samefile(home):
        return folder.name
    raise ReviewError(
        f"is no episode of {show.title}, the show that is published",
        code="no-episode",
        file=folder,
        hint="publish the episodes of one show at a time; a draft cannot be published",
    )


def print_published(done: Published, *, dry_run: bool) -> None:
    """What was done, for a person."""
    would = "would be " if dry_run else ""
    for entry in done.published:
        click.secho(visible(entry.title), bold=True)
        click.echo(f"  {would}published {_date(entry)}, GUID {entry.guid}")
    for entry in done.withdrawn:
        click.secho(visible(entry.title), bold=True)
        click.echo(f"  {would}taken out of the feed; its media and page stay")
    for entry in done.scheduled:
        click.secho(visible(entry.title), bold=True)
        click.echo(f"  {would}scheduled for {_date(entry)}")
    if dry_run:
        _print_plan(done)
    elif done.uploaded:
        n_bytes = sum(file.n_bytes for file in done.uploaded)
        how = "fetched and compared" if done.check == "web" else "checked"
        click.echo(f"{plural(len(done.uploaded), 'file')} uploaded ({_size(n_bytes)}) and {how}")
    if done.feed_changed and not dry_run:
        click.echo(f"{done.feed_url} is up to date")
    elif not dry_run:
        click.echo(f"nothing to change in {done.feed_url}")


def document(done: Published) -> dict[str, Any]:
    """The same for programs."""
    return {
        "feed": done.feed_url,
        "target": done.target,
        "checked": done.check,
        "published": [_entry(entry) for entry in done.published],
        "scheduled": [_entry(entry) for entry in done.scheduled],
        "withdrawn": [_entry(entry) for entry in done.withdrawn],
        "uploaded": [{"name": file.name, "bytes": file.n_bytes} for file in done.uploaded],
        "feed_changed": done.feed_changed,
        "changes": [
            {
                "kind": change.kind,
                "guid": change.guid,
                "title": change.title,
                "elements": [
                    {"name": one.name, "old": one.before, "new": one.after}
                    for one in change.elements
                ],
            }
            for change in done.changes
        ],
    }


def _print_plan(done: Published) -> None:
    click.echo(f"{done.feed_url}, at {done.target}:")
    for change in done.changes[:_SHOWN]:
        _print_change(change)
    if len(done.changes) > _SHOWN:
        click.echo(f"  … and {plural(len(done.changes) - _SHOWN, 'more change')}")
    if not done.changes:
        click.echo("  the feed would not change")
    if done.uploaded:
        n_bytes = sum(file.n_bytes for file in done.uploaded)
        click.echo(f"{plural(len(done.uploaded), 'file')} would be uploaded ({_size(n_bytes)}):")
        for file in done.uploaded[:_SHOWN]:
            click.echo(f"  {file.name}  {_size(file.n_bytes)}")
        if len(done.uploaded) > _SHOWN:
            click.echo(f"  … and {len(done.uploaded) - _SHOWN} more")


def _print_change(change: Change) -> None:
    colour = {"added": "green", "removed": "red", "changed": "yellow"}[change.kind]
    click.secho(visible(f"  {change}"), fg=colour)
    for one in change.elements[:_SHOWN]:
        click.echo(visible(f"      {one}"))


def _print_next(done: Published, *, dry_run: bool) -> None:
    keep = "commit feed.lock.json: it fixes GUIDs and dates for good"
    if dry_run:
        click.echo("next: the same without --dry-run", err=True)
    elif done.feed_changed:
        click.echo(keep, err=True)
        click.echo("next: sayso check --feed", err=True)
    elif done.scheduled:
        click.echo(keep, err=True)
        click.echo("next: sayso publish --due  (when it is time)", err=True)
    elif not done.published:
        click.echo("nothing is new; `sayso build REVIEW` makes an episode", err=True)
        click.echo("next: sayso check --feed", err=True)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "slug": entry.slug,
        "title": entry.title,
        "guid": entry.guid,
        "date": entry.date.isoformat(),
    }


def _date(entry: Entry) -> str:
    return entry.date.astimezone().strftime("%Y-%m-%d %H:%M:%S %z")


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 100_000 else f"{n_bytes / 1e3:.1f} kB"
