"""What the shell offers after a command or an option: reviews, episodes, voices and so on.

Each looks at the show around the current folder. A broken show offers nothing: the command itself
will say why.
"""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

Names = Callable[[click.Context], Iterable[str]]
Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _completer(names: Names, *, files: bool = False) -> Completer:
    """Offers the names that begin as what is typed; where none does, files if these do too."""

    @functools.wraps(names)
    def complete(
        ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from sayso.errors import SaysoError

        found: list[str] = []
        with contextlib.suppress(SaysoError, OSError):
            found = [name for name in names(ctx) if name.startswith(incomplete)]
        if not found and files:
            return [CompletionItem(incomplete, type="file")]
        return [CompletionItem(name) for name in found]

    return complete


@_completer
def engines(ctx: click.Context) -> Iterable[str]:
    """The engines that are installed or could be."""
    from sayso.speech.engines import find_engines

    return sorted(find_engines())


@_completer
def kinds(ctx: click.Context) -> Iterable[str]:
    """The kinds of review that come with sayso, and the show's own."""
    from sayso.review import kinds_of_show
    from sayso.show.finding import find_show

    return [kind.id for kind in kinds_of_show(find_show(Path.cwd()).root)]


@_completer
def templates(ctx: click.Context) -> Iterable[str]:
    """The templates of scripts."""
    from sayso.script.loader import SUFFIX, FolderLoader
    from sayso.show.finding import find_show, template_folders

    loader = FolderLoader(template_folders(find_show(Path.cwd())))
    return [name.removesuffix(SUFFIX) for name in loader.names()]


@_completer
def cast(ctx: click.Context) -> Iterable[str]:
    """The voices of the show."""
    from sayso.show.finding import find_show

    return [voice.name for voice in find_show(Path.cwd()).voices]


@_completer
def voices(ctx: click.Context) -> Iterable[str]:
    """The voices of the engines that are installed, or of the one after --engine."""
    from sayso.errors import SaysoError
    from sayso.speech.engines import engine_class, find_engines, load_engine

    found: list[str] = []
    only = ctx.params.get("engine")
    for name in [str(only)] if only else sorted(find_engines()):
        with contextlib.suppress(SaysoError):
            if engine_class(name).installed() is None:
                found += [voice.id for voice in load_engine(name).voices()]
    return found


@functools.partial(_completer, files=True)
def reviews(ctx: click.Context) -> Iterable[str]:
    """The reviews of the show, by their path from here; any other file where none is meant."""
    from sayso.cli.console import near
    from sayso.show.finding import find_show

    given = {str(path) for path in ctx.params.get("reviews") or ()}
    folder = find_show(Path.cwd()).root / "reviews"
    paths = sorted(path for path in folder.glob("[!.]*.*") if path.is_file())
    return [near(path) for path in paths if near(path) not in given]


def _slugs() -> list[str]:
    from sayso.show.finding import find_show
    from sayso.show.paths import finished_episodes

    return [folder.name for folder in finished_episodes(find_show(Path.cwd()))]


@_completer
def slugs(ctx: click.Context) -> Iterable[str]:
    """The finished episodes."""
    given = {str(name) for name in ctx.params.get("episodes") or ()}
    return [slug for slug in _slugs() if slug not in given]


@functools.partial(_completer, files=True)
def episodes(ctx: click.Context) -> Iterable[str]:
    """The finished episodes, which folders and reviews can name, too."""
    return _slugs()


@_completer
def segments(ctx: click.Context) -> Iterable[str]:
    """The chapters of the episode that is named."""
    from sayso.cli.finding_episodes import episode_folder
    from sayso.show.paths import MANIFEST

    # An option without its value yet keeps click from sorting the words: then they are in `args`.
    named = ctx.params.get("episode") or next(iter(ctx.args), None)
    if named is None:
        return []
    with contextlib.suppress(ValueError, KeyError, TypeError):
        document = json.loads((episode_folder(Path(named)) / MANIFEST).read_bytes())
        return [str(chapter["id"]) for chapter in document["chapters"]]
    return []


@_completer
def codes(ctx: click.Context) -> Iterable[str]:
    """The codes of errors."""
    from sayso import error_codes

    return error_codes.codes()
