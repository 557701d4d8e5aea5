"""The script file: rendered once, then the author's. An edit is never overwritten.

Beside `script.md` lies the rendering that it came from. A new rendering is merged into the edited
script with that as the base; where both changed the same lines, nothing is written, and the author
decides.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

from sayso.errors import ReviewError, ScriptConflict, ScriptError
from sayso.files import explain_os_errors, write_atomic
from sayso.model import Script
from sayso.script import (
    has_conflict_markers,
    merge,
    parse_script,
    print_script,
    read_script,
    render_script,
)
from sayso.show import template_folders
from sayso.work import RENDERED, Work


def draft(work: Work) -> Script:
    """Bring the script file up to date with review and template, and read it.

    Raises ScriptConflict where an edit and the new rendering disagree.
    """
    path = work.script_path
    rendered = print_script(_render(work))
    text = _settle(work, path, rendered)
    marker = has_conflict_markers(text)
    if marker is not None:
        raise ScriptConflict(
            "the script holds a conflict that is not settled",
            file=path,
            line=marker,
            mend="keep one of the versions and delete the marker lines",
        )
    return read_script(path) if work.write else parse_script(text, path)


def _render(work: Work) -> Script:
    assert work.outline is not None
    source = _relative(work.source, work.show.root)
    review = replace(work.outline.review, source=source)
    return render_script(
        replace(work.outline, review=review),
        work.show if work.options.order is None else replace(work.show, order=work.options.order),
        template_folders(work.show),
        template=work.options.template,
        known_segments=work.known_segments,
    )


def _settle(work: Work, path: Path, rendered: str) -> str:
    """The script's text after the new rendering has come in."""
    base_path = path.with_name(RENDERED)
    current = _text(path)
    if current is None:
        _write(work, path, rendered)
        _write(work, base_path, rendered)
        return rendered
    _check_owner(work, current, path)
    base = _text(base_path)
    if work.options.force and current != rendered:
        _back_up(work, path, current)
        text = rendered
    elif base is None:
        return current  # written by hand, or by a program that keeps no rendering: the author's
    else:
        merged = merge(base, current, rendered)
        if merged.n_conflicts and not work.options.merge:
            raise ScriptConflict(
                "your edit and the new rendering change the same lines; nothing was written\n"
                + _first_conflict(merged.text),
                file=path,
                mend="`sayso script --merge` writes both into the script for you to settle; "
                "`sayso script --force` drops the edit and keeps a backup",
            )
        text = merged.text
        if text not in (current, rendered):
            work.reporter.note("merged your edit of the script with the new rendering")
    # The script first: killed in between, the next run merges to the same text again.
    if text != current:
        _write(work, path, text)
    if base != rendered:
        _write(work, base_path, rendered)
    return text


def _check_owner(work: Work, current: str, path: Path) -> None:
    """Keep two reviews of one name from sharing an episode."""
    try:
        named = parse_script(current, path).get("review")
    except ScriptError:
        return  # reported with its lines when the script is read
    mine = _relative(work.source, work.show.root).as_posix()
    if named is not None and named != mine:
        raise ReviewError(
            f"the episode {work.slug!r} belongs to {named}",
            file=work.source,
            mend="rename one of the two reviews, or move the episode's folder away",
        )


def _back_up(work: Work, path: Path, text: str) -> None:
    backup = next(
        candidate
        for number in itertools.count(1)
        if not (candidate := path.with_name(f"{path.stem}.backup-{number}.md")).exists()
    )
    _write(work, backup, text)
    work.reporter.note(f"kept the edited script as {backup.name}")


def _first_conflict(text: str) -> str:
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("<<<<<<<"))
    end = next(i for i, line in enumerate(lines) if i > start and line.startswith(">>>>>>>"))
    return "\n".join("  " + line[:160] for line in lines[start : end + 1])


def _relative(source: Path, root: Path) -> Path:
    """The review's path as the script names it: within the show where it lies there."""
    resolved = source.resolve()
    return resolved.relative_to(root) if resolved.is_relative_to(root) else Path(source.name)


def _text(path: Path) -> str | None:
    with explain_os_errors(path):
        try:
            return path.read_bytes().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            return None


def _write(work: Work, path: Path, text: str) -> None:
    if work.write:
        write_atomic(path, text.encode("utf-8", "surrogateescape"))
