"""The script file: rendered once, then the author's. An edit is never overwritten.

Beside `script.md` lies the rendering that it came from. A new rendering is merged into the edited
script with that as the base; where both changed the same lines, nothing is written, and the author
decides.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sayso.build.states import Build, Outlined
from sayso.errors import ReviewError, SaysoError, ScriptConflict, ScriptError
from sayso.model import Outline, Paragraph, Script
from sayso.script import (
    Side,
    has_conflict_markers,
    merge,
    parse_script,
    print_script,
    read_script,
    render_script,
    resolve_conflicts,
)
from sayso.show.finding import lies_in, template_folders
from sayso.show.paths import RENDERED
from sayso.system.atomic_files import exclusive, explain_os_errors, real_path, write_atomic

PENDING = ".rendered.next.md"
"""A new rendering on its way in: the hash of the script that holds it, and the rendering."""


def update_script(build: Build, outlined: Outlined) -> Script:
    """Bring the script file up to date with review and template, and read it.

    Raises ScriptConflict where an edit and the new rendering disagree.
    """
    path = build.script_path
    rendered = print_script(_render(build, outlined))
    _check_owner(build, path)
    reconciled = reconcile(
        path,
        rendered,
        force=build.options.force,
        keep_conflicts=build.options.merge,
        prefer=build.options.prefer,
        write=build.write,
        note=build.reporter.note,
    )
    _refuse_conflicts(reconciled.text, path)
    script = read_script(path) if build.write else parse_script(reconciled.text, path)
    _check_words(script, reconciled, outlined.outline, path)
    return script


def conflicts(build: Build, outlined: Outlined) -> str:
    """The script with both versions in it: what a ScriptConflict of `update_script` is about."""
    rendered = print_script(_render(build, outlined))
    return reconcile(build.script_path, rendered, keep_conflicts=True, write=False).text


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The script's text after a new rendering has come in, and what it was made from."""

    text: str
    edited: str | None = None
    """The script before; None where there was none, or it was thrown away."""
    base: str | None = None
    """The rendering that it came from."""


def reconcile(
    path: Path,
    rendered: str,
    *,
    force: bool = False,
    keep_conflicts: bool = False,
    prefer: Side | None = None,
    write: bool = True,
    note: Callable[[str], None] = lambda text: None,
) -> Reconciled:
    """Bring a new rendering into the script file.

    A process killed at any instant loses nothing, and running again ends with the same files; one
    process at a time changes a script.
    `force` takes the rendering and keeps the edit as a backup; `keep_conflicts` writes conflicts
    into the script instead of raising ScriptConflict, `prefer` settles them for one side;
    `write=False` only says what would be.
    """
    with exclusive(path.parent) if write else contextlib.nullcontext():
        return _reconcile(path, rendered, force, keep_conflicts, prefer, write, note)


def _reconcile(
    path: Path,
    rendered: str,
    force: bool,
    keep_conflicts: bool,
    prefer: Side | None,
    write: bool,
    note: Callable[[str], None],
) -> Reconciled:
    current = _text(path)
    base_path, pending_path = path.with_name(RENDERED), path.with_name(PENDING)
    if current is None:
        if write:  # a rendering without a script is no harm; the script is written last
            _write(base_path, rendered)
            _write(path, rendered)
        return Reconciled(rendered)
    base = _text(base_path)
    held_by, _, pending = (_text(pending_path) or "").partition("\n")
    if held_by == _digest(current):
        base = pending  # killed after the script was written: the rest is done now
        if write:
            _write(base_path, base)
            _remove(pending_path)
    if force:
        text, edited = rendered, None
    elif base is None and current != rendered:
        note(
            f"{path.name} was not rendered here, so changes of the review do not come in; "
            "--force renders it anew and keeps a backup"
        )
        return Reconciled(current, current)
    else:
        _refuse_conflicts(current, path)
        merged = merge(base or rendered, current, rendered)
        text, edited = merged.text, current
        if merged.n_conflicts and prefer:
            text = resolve_conflicts(text, prefer)
            edited = None  # the author gave up what goes with it
        elif merged.n_conflicts and not keep_conflicts:
            raise _conflict(path, text)
        if text not in (current, rendered):
            note("merged your edit of the script with the new rendering")
    if write:
        if _text(path) != current:  # an editor saved it just now
            return _reconcile(path, rendered, force, keep_conflicts, prefer, write, note)
        if text != current:
            if edited is None:
                note(f"kept the edited script as {_back_up(path, current).name}")
            _write(pending_path, f"{_digest(text)}\n{rendered}")
            _write(path, text)
        if _text(base_path) != rendered:
            _write(base_path, rendered)
        _remove(pending_path)
    return Reconciled(text, edited, base)


def _render(build: Build, outlined: Outlined) -> Script:
    review = replace(outlined.outline.review, source=Path(_review_name(build)))
    show, order = build.show, build.options.order
    return render_script(
        replace(outlined.outline, review=review),
        show if order is None else replace(show, order=order),
        template_folders(show),
        template=build.options.template,
        known_segments=outlined.known_segments,
        filters=build.options.filters,
        functions=build.options.functions,
    )


def _conflict(path: Path, merged: str) -> ScriptConflict:
    return ScriptConflict(
        "your edit and the new rendering change the same lines; nothing was written\n"
        + _first_conflict(merged),
        file=path,
        hint="`sayso script --merge` writes both into the script for you to settle; "
        "`sayso script --force` drops the edit and keeps a backup",
    )


def _refuse_conflicts(text: str, path: Path) -> None:
    marker = has_conflict_markers(text)
    if marker is not None:
        raise ScriptConflict(
            "the script holds a conflict that is not settled",
            code="unsettled-conflict",
            file=path,
            line=marker,
            hint="keep one of the versions and delete the marker lines",
        )


def _check_words(script: Script, reconciled: Reconciled, outline: Outline, path: Path) -> None:
    """Refuse a script that lost a sentence of the review which its author did not take out."""
    if reconciled.edited is None or reconciled.base is None:
        return
    try:
        base = _words(parse_script(reconciled.base))
        edited = _words(parse_script(reconciled.edited))
    except SaysoError:
        return
    text = _words(script)
    for placement in outline.placements:
        for number, sentence in enumerate(placement.sentences, placement.first + 1):
            taken_out = sentence in base and sentence not in edited
            if sentence not in text and not taken_out:
                raise ScriptError(
                    f"the merge lost sentence {placement.block.id}.{number} of the review: "
                    f"{sentence[:60]!r}",
                    code="lost-words",
                    file=path,
                    hint="this is a fault of sayso; `sayso script --force` renders anew and keeps "
                    "a backup of your edit",
                )


def _words(script: Script) -> str:
    return "\n".join(item.text for item in script.items if isinstance(item, Paragraph))


def _check_owner(build: Build, path: Path) -> None:
    """Keep two reviews of one name from sharing an episode."""
    current = _text(path)
    if current is None:
        return
    try:
        named = parse_script(current, path).get("review")
    except SaysoError:
        return  # reported with its lines when the script is read
    other = build.show.root / str(named)
    if named in (None, _review_name(build)) or not other.is_file():
        return
    if build.source.exists() and other.samefile(build.source):
        return
    raise already_taken(build.source, path, str(named))


def already_taken(review: Path, script: Path, owner: str) -> ReviewError:
    """What to say of a review whose episode would be that of another one, `owner`."""
    return ReviewError(
        f"the episode {script.parent.name!r} belongs to {owner}",
        code="already-there",
        file=review,
        hint="rename one of the two reviews, or move the episode's folder away",
    )


def _review_name(build: Build) -> str:
    """The review's path from the show's folder, as the script names it."""
    inside = lies_in(build.show, build.source)
    if inside is not None:
        return inside.as_posix()
    try:
        return Path(os.path.relpath(real_path(build.source), build.show.root)).as_posix()
    except ValueError:  # on another drive of Windows
        return build.source.name


def _back_up(path: Path, text: str) -> Path:
    backup = next(
        candidate
        for number in itertools.count(1)
        if not (candidate := path.with_name(f"{path.stem}.backup-{number}.md")).exists()
    )
    _write(backup, text)
    return backup


def _first_conflict(text: str) -> str:
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("<<<<<<<"))
    end = next(i for i, line in enumerate(lines) if i > start and line.startswith(">>>>>>>"))
    return "\n".join("  " + line[:160] for line in lines[start : end + 1])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _text(path: Path) -> str | None:
    with explain_os_errors(path):
        try:
            return path.read_bytes().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            return None


def _write(path: Path, text: str) -> None:
    write_atomic(path, text.encode("utf-8", "surrogateescape"))


def _remove(path: Path) -> None:
    with explain_os_errors(path):
        path.unlink(missing_ok=True)
