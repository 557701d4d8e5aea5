"""`sayso preview`: the studio, a local page where a script is edited and heard."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from sayso.build.options import Options
from sayso.cli import completing
from sayso.cli.console import Progressing
from sayso.cli.finding_shows import show_of
from sayso.cli.options import (
    engine_option,
    jobs_option,
    kind_option,
    port_option,
    template_option,
)


@click.command("preview")
@click.argument(
    "review", required=False, type=click.Path(path_type=Path), shell_complete=completing.reviews
)
@port_option
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@engine_option
@kind_option
@template_option
@jobs_option
def command(
    review: Path | None,
    port: int | None,
    no_browser: bool,
    engine: str | None,
    kind: str | None,
    template: str | None,
    jobs: int | None,
) -> int:
    """Edit the script of REVIEW in the browser, and hear every change at once.

    Everything that is changed in the page is written to the files: to the script, to lexicon.toml,
    or, for the segment of a paragraph, to the review. Files that another editor saves show at once.
    Without REVIEW, the page lists the reviews of the show. It answers to this machine alone.

    \b
    Examples:
      sayso preview reviews/the-long-tide.md
      sayso preview --no-browser --port 8000
    """
    from sayso.errors import EngineMissing, ReviewError, raise_all
    from sayso.show.finding import find_show

    try:
        from sayso.studio.listing import reviews_of
        from sayso.studio.serving import serve
    except ImportError as error:
        if (error.name or "").split(".")[0] == "sayso":
            raise
        raise EngineMissing(
            f"the studio needs {error.name}, which is not installed",
            code="extra-missing",
            hint="pip install 'sayso[preview]'",
        ) from error
    if review is not None and not review.is_file():
        raise ReviewError(
            "there is no such file", code="no-such-file", file=review, hint="name a review"
        )
    with Progressing() as reporter:
        show = find_show(Path.cwd()) if review is None else show_of(review, reporter)
    reviews = reviews_of(show, review)
    if not reviews.sources:
        raise_all(reviews.unfit)
        raise ReviewError(
            "there is no review in this show",
            code="no-such-file",
            file=show.root / "reviews",
            hint="put one there, or name one: sayso preview REVIEW",
        )

    def ready(address: str) -> None:
        page = address if review is None else f"{address}{next(iter(reviews.sources))}/"
        click.echo(page)
        click.echo("Ctrl-C ends it", err=True)
        if not no_browser and _has_browser():
            click.launch(page)

    options = Options(engine=engine, kind=kind, template=template, jobs=jobs)
    serve(show, reviews, options, port=port, ready=ready)
    return 0


def _has_browser() -> bool:
    """Whether a browser may open: on a Linux without a screen, xdg-open only complains."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return not sys.platform.startswith("linux") or any(map(os.environ.get, screens))
