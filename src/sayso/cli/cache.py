"""`sayso cache`: what is kept to make builds fast."""

from __future__ import annotations

from collections.abc import Sequence

import click

from sayso.cli.console import plural, print_json

_WHAT = {
    "covers": "drawn covers",
    "levels": "how loud each sentence and sound is",
    "records": "what each build has read",
    "chunks": "mastered and encoded sound",
    "takes": "voiced sentences",
}
"""The stores of a build, in words."""


@click.command("cache")
@click.option("--clear", is_flag=True, help="Remove everything; the next build makes it again.")
@click.option(
    "--trim", metavar="MB", type=click.IntRange(0), help="Keep at most so many megabytes."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(clear: bool, trim: int | None, as_json: bool) -> None:
    """Show or clear what is kept to make builds fast: voiced sentences, encoded stretches.

    Nothing in it is needed: it can be made again from reviews and scripts. A build that has made
    the cache larger than $SAYSO_CACHE_MB (2,000 if not set) removes what was used longest ago.

    \b
    Examples:
      sayso cache
      sayso cache --trim 500
    """
    from sayso.system.cache import cache_folder, cache_limit_mb, stored_files, trim_stores

    if clear and trim is not None:
        raise click.UsageError("--clear removes everything: leave --trim away, or --clear")
    folder = cache_folder()
    parts = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    n_removed = 0
    if clear or trim is not None:
        limit = 0 if trim is None else trim * 1_000_000
        n_removed = trim_stores(parts, limit, spare_s=0.0 if clear else 3600.0)
    found = {part.name: [n_bytes for _, _, n_bytes in stored_files([part])] for part in parts}
    rows = {name: sizes for name, sizes in found.items() if sizes or name in _WHAT}
    if as_json:
        print_json(
            {
                "command": "cache",
                "folder": str(folder),
                "limit_mb": cache_limit_mb(),
                "removed_bytes": n_removed,
                "parts": {k: {"files": len(v), "bytes": sum(v)} for k, v in rows.items()},
            }
        )
        return
    click.echo(folder)
    for name, sizes in rows.items():
        _print(name, sizes, _WHAT.get(name, ""))
    everything = [size for sizes in rows.values() for size in sizes]
    _print("in all", everything, f"of at most {cache_limit_mb():,.0f} MB ($SAYSO_CACHE_MB)")
    if clear or trim is not None:
        click.echo(f"{n_removed / 1e6:,.1f} MB removed", err=True)
    bound_mb = cache_limit_mb() if trim is None else trim
    if sum(everything) > bound_mb * 1_000_000:
        click.echo("what was used in the last hour stays so long: a build may need it", err=True)
    elif everything and not n_removed:
        click.echo("next: sayso cache --trim 500, or --clear", err=True)


def _print(name: str, sizes: Sequence[int], what: str) -> None:
    click.echo(f"  {name:<10}{plural(len(sizes), 'file'):>13}{sum(sizes) / 1e6:>10,.1f} MB  {what}")
