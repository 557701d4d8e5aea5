"""`sayso cache`: what is kept to make builds fast."""

from __future__ import annotations

import click

from sayso.cli.console import plural, print_json


@click.command("cache")
@click.option("--clear", is_flag=True, help="Remove everything; the next build makes it again.")
@click.option(
    "--trim", metavar="MB", type=click.IntRange(0), help="Keep at most so many megabytes."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(clear: bool, trim: int | None, as_json: bool) -> None:
    """Show or clear what is kept to make builds fast: voiced sentences, encoded stretches.

    Nothing in it is needed: it can be made again from reviews and scripts.
    """
    from sayso.store import cache_folder, stored_files, trim_stores

    folder = cache_folder()
    parts = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if clear or trim is not None:
        limit = 0 if clear or trim is None else trim * 1_000_000
        trim_stores(parts, limit, spare_s=0.0 if clear else 3600.0)
    rows = {part.name: [n_bytes for _, _, n_bytes in stored_files([part])] for part in parts}
    if as_json:
        print_json(
            {
                "command": "cache",
                "folder": str(folder),
                "parts": {k: {"files": len(v), "bytes": sum(v)} for k, v in rows.items()},
            }
        )
        return
    click.echo(folder)
    for name, sizes in rows.items():
        click.echo(f"  {name:<10} {plural(len(sizes), 'file'):>12} {sum(sizes) / 1e6:9.1f} MB")
