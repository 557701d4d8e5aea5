"""`sayso script`: review → script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sayso.cli.console import Progressing, near, plural, print_json
from sayso.model import Outline, Placement
from sayso.work import Options, Work


@click.command("script")
@click.argument("review", type=click.Path(path_type=Path))
@click.option("--explain", is_flag=True, help="Say why each paragraph is where it is.")
@click.option("--kind", metavar="KIND", help="tv, film, game, book, gadget, restaurant …")
@click.option("--template", metavar="NAME", help="A template of scripts/ instead of the usual one.")
@click.option("--order", type=click.Choice(["template", "source"]), help="Whose order of segments.")
@click.option("--merge", is_flag=True, help="Write conflicts into the script for you to settle.")
@click.option("--force", is_flag=True, help="Render anew; an edited script is kept as a backup.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(
    review: Path,
    explain: bool,
    kind: str | None,
    template: str | None,
    order: Any,
    merge: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Turn REVIEW into episodes/NAME/script.md, which is yours to edit.

    An edited script is merged with the new rendering; it is never overwritten.

    \b
    Examples:
      sayso script reviews/the-long-tide.md
      sayso script reviews/the-long-tide.md --explain
    """
    from sayso import pipeline
    from sayso.show import find_show

    options = Options(kind=kind, template=template, order=order, merge=merge, force=force)
    with Progressing(quiet=as_json) as reporter:
        work = Work(review, find_show(review), options, reporter, write=not explain)
        pipeline.run(work, until="outline" if explain else "script")
    assert work.outline is not None
    if as_json:
        print_json(
            {"command": "script", "script": str(work.script_path), **_document(work.outline)}
        )
    elif explain:
        _explain(work.outline)
    else:
        segments = len({placement.segment for placement in work.outline.placements})
        click.echo(near(work.script_path))
        click.echo(
            f"next: edit it, then sayso build {near(review)}  "
            f"({plural(segments, 'segment')}; --explain says why)",
            err=True,
        )


def _document(outline: Outline) -> dict[str, Any]:
    return {
        "kind": outline.kind,
        "kind_reason": outline.kind_reason,
        "placements": [
            {
                "from": placement.origin,
                "line": placement.block.line,
                "segment": placement.segment,
                "reason": placement.reason,
                "runner_up": placement.runner_up,
                "margin": round(placement.margin, 3),
                "doubtful": placement.doubtful,
                "cues": [
                    {"segment": cue.segment, "words": cue.words, "score": round(cue.score, 2)}
                    for cue in placement.cues
                ],
                "text": placement.text,
            }
            for placement in outline.placements
        ],
        "left_out": [
            {
                "id": aside.block.id,
                "line": aside.block.line,
                "bucket": aside.bucket,
                "reason": aside.reason,
                "text": aside.block.text,
            }
            for aside in outline.asides
        ],
    }


def _explain(outline: Outline) -> None:
    click.echo(f"kind: {outline.kind} (by {outline.kind_reason})\n")
    for placement in outline.placements:
        _explain_one(placement)
    if outline.asides:
        click.echo("not spoken:")
    for aside in outline.asides:
        click.echo(
            f"  {aside.block.id:>4}  {aside.bucket}: {aside.reason}: {_short(aside.block.text)}"
        )
    doubtful = sum(placement.doubtful for placement in outline.placements)
    if doubtful:
        click.echo(
            f"\ndoubtful, marked ?: {doubtful}. To move a paragraph, put <!-- segment: NAME --> "
            "before it in the review.",
            err=True,
        )


def _explain_one(placement: Placement) -> None:
    mark = "?" if placement.doubtful else " "
    click.secho(f"{placement.origin:>4} {mark} {placement.segment}", bold=True, nl=False)
    click.echo(f"  {_short(placement.text)}")
    if placement.reason != "cues":
        click.echo(f"         because of your {placement.reason}")
        return
    own = [cue.words for cue in placement.cues if cue.segment == placement.segment]
    words = ", ".join(dict.fromkeys(own)) or "its place in the review"
    rival = f"; then {placement.runner_up} by {placement.margin:.1f}" if placement.runner_up else ""
    click.echo(f"         {words}{rival}")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
