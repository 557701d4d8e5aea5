"""`sayso script`: review → script, and what an editor would say about it."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.build.options import Options
from sayso.cli import completing
from sayso.cli.console import Progressing, near, plural, print_json, quoted
from sayso.cli.finding_shows import show_of
from sayso.cli.options import (
    kind_option,
    order_option,
    template_option,
)
from sayso.cli.standard_input import keep, name_option
from sayso.model import Outline, Placement, Show

if TYPE_CHECKING:
    from sayso.build.states import Build, Outlined
    from sayso.script import LintNote


@click.command("script")
@click.argument("review", type=click.Path(path_type=Path), shell_complete=completing.reviews)
@click.option("--explain", is_flag=True, help="Say why each paragraph is where it is.")
@click.option("--check", is_flag=True, help="Say what is wrong or odd; write nothing.")
@kind_option
@template_option
@order_option
@click.option("--merge", is_flag=True, help="Write conflicts into the script for you to settle.")
@click.option("--force", is_flag=True, help="Render anew; an edited script is kept as a backup.")
@name_option
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(
    review: Path,
    explain: bool,
    check: bool,
    kind: str | None,
    template: str | None,
    order: Any,
    merge: bool,
    force: bool,
    name: str | None,
    as_json: bool,
) -> int:
    """Turn REVIEW into episodes/NAME/script.md, which is yours to edit.

    An edited script is merged with the new rendering; it is never overwritten. --check takes a
    review or a script and ends with exit code 1 where a build would stop. With - the review is
    read from standard input, and kept as reviews/NAME.md (.txt, .html) first, whatever the options.

    \b
    Examples:
      sayso script reviews/the-long-tide.md
      sayso script reviews/the-long-tide.md --explain
      sayso script reviews/the-long-tide.md --check
      sayso script - --name the-pier < review.md
    """
    from sayso.build import pipeline
    from sayso.build.states import Build, Outlined, Scripted

    review = keep(review, name)
    if check and _is_script(review):
        return _check(review, show_of(review), None, as_json=as_json)
    options = Options(kind=kind, template=template, order=order, merge=merge, force=force)
    with Progressing(quiet=as_json) as reporter:
        show = show_of(review, reporter)
        build = Build(review, show, options, reporter, write=not (explain or check))
        outlined = pipeline.run(build, Outlined)
        if not explain and not check:
            pipeline.run(build, Scripted, after=outlined)
    if check:
        return _check(build.script_path, build.show, (build, outlined), as_json=as_json)
    outline = outlined.outline
    if as_json:
        print_json({"command": "script", "script": str(build.script_path), **_document(outline)})
    elif explain:
        _explain(outline)
    else:
        segments = len({placement.segment for placement in outline.placements})
        click.echo(near(build.script_path))
        click.echo(
            f"next: edit it, then sayso build {quoted(review)}  "
            f"({plural(segments, 'segment')}; --explain says why)",
            err=True,
        )
    return 0


def _is_script(path: Path) -> bool:
    """Whether a file is a script already: its front matter has the script format's number."""
    try:
        with path.open("rb") as stream:
            head = stream.read(4000).decode("utf-8", "replace")
    except OSError:
        return False  # reported when it is read as a review
    return re.match(r"\ufeff?---[ \t]*\r?\n(?:(?!---).*\n)*?sayso:", head) is not None


def _check(
    path: Path, show: Show, unwritten: tuple[Build, Outlined] | None, *, as_json: bool
) -> int:
    """Print all notes on a script; 1 where one of them would stop a build.

    A review that has no script yet is rendered for it (`unwritten`), and nothing is written.
    """
    from sayso.build.lint import lint_script
    from sayso.build.script_file import update_script
    from sayso.errors import SaysoError, flatten
    from sayso.script import LintNote, read_script
    from sayso.speech.spoken import show_lexicon

    try:
        is_new = unwritten is not None and not path.exists()
        script = update_script(*unwritten) if unwritten and is_new else read_script(path)
    except SaysoError as error:
        errors = flatten(error)
        if not all(one.file == str(path) for one in errors):
            raise
        found = tuple(
            LintNote("error", one.line, one.problem, one.code, one.hint) for one in errors
        )
    else:
        found = lint_script(script, show, show_lexicon(show.root))
    n_errors = sum(finding.level == "error" for finding in found)
    if as_json:
        findings = [asdict(finding) for finding in found]
        print_json({"command": "script", "script": str(path), "findings": findings})
    else:
        _print_findings(path, found, n_errors)
    return 1 if n_errors else 0


def _print_findings(path: Path, found: tuple[LintNote, ...], n_errors: int) -> None:
    for finding in found:
        line = "" if finding.line is None else f":{finding.line}"
        hint = f" ({finding.hint})" if finding.hint else ""
        click.secho(
            f"{near(path)}{line}: ", fg="red" if finding.level == "error" else None, nl=False
        )
        click.echo(f"{finding.problem}{hint}  [{finding.code}]")
    if found:
        n_warnings = len(found) - n_errors
        click.echo(f"{plural(n_errors, 'error')}, {plural(n_warnings, 'warning')}", err=True)
    else:
        click.echo("nothing to remark", err=True)


def _document(outline: Outline) -> dict[str, Any]:
    return {
        "kind": outline.kind,
        "kind_reason": outline.kind_reason,
        "shape": outline.shape,
        "placements": [
            {
                "from": placement.origin,
                "line": placement.block.line,
                "segment": placement.segment,
                "reason": placement.reason,
                "runner_up": placement.runner_up,
                "margin": round(placement.margin, 3),
                "unsure": placement.unsure,
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
    click.echo(f"kind: {outline.kind} (by {outline.kind_reason}); shape: {outline.shape}\n")
    for placement in outline.placements:
        _explain_one(placement, outline)
    if outline.asides:
        click.echo("not spoken:")
    for aside in outline.asides:
        click.echo(
            f"  {aside.block.id:>4}  line {aside.block.line}: {aside.bucket}: {aside.reason}: "
            f"{_short(aside.block.text)}"
        )
    unsure = sum(placement.unsure for placement in outline.placements)
    if unsure:
        click.echo(
            f"\ndoubtful, marked ?: {unsure}. To move a paragraph, put <!-- segment: NAME --> "
            "before it in the review.",
            err=True,
        )


def _explain_one(placement: Placement, outline: Outline) -> None:
    from sayso.review.explain import explain_placement

    mark = "?" if placement.unsure else " "
    click.secho(f"{placement.origin:>4} {mark} {placement.segment}", bold=True, nl=False)
    click.echo(f"  {_short(placement.text)}")
    click.echo(f"         {explain_placement(placement, outline)}")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
