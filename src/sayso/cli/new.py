"""`sayso new`: a folder for a show."""

from __future__ import annotations

import re
from pathlib import Path

import click

from sayso.cli.console import near, quoted
from sayso.errors import ShowError
from sayso.system.atomic_files import real_path, write_atomic

SHOW = """\
# The settings of your show. Everything but the title may be left out.

title = {title}
# author = "Your name"
# description = "One sentence about the show."
language = "en-US"
# cover = "audio/cover.jpg"     square, 1400 to 3000 pixels; without it sayso draws one
# order = "source"              the review's own order instead of the template's

# The cast. `sayso voices` lists what this machine can do.
[voices.host]
speaker = "Host"
engine = "auto"

[voices.critic]
speaker = "Critic"
engine = "auto"

# Music. Any WAV, FLAC, OGG or MP3 file will do; `overlap` lets speech begin under its tail.
[sounds.intro]
file = "audio/{mood}/intro.flac"
overlap = 2.0

[sounds.transition]
file = "audio/{mood}/transition.flac"
overlap = 0.9

[sounds.outro]
file = "audio/{mood}/outro.flac"

[sounds.bed]
file = "audio/{mood}/bed.flac"

# The podcast feed. `sayso publish` needs url and category; directories want the e-mail address.
[feed]
# url = "https://example.com/show"    where the site will be; any address does to try it here
category = "TV & Film > TV Reviews"
# email = "show@example.com"            public; Spotify and YouTube send their codes to it

# Where `sayso publish` writes to; without it, the folder public/.
# [publish]
# target = "s3://bucket/show"           or a folder, sftp://user@host/path, webdav+https://…
"""
REVIEW = "the-long-tide.md"
IGNORE = """\
episodes/*/draft/
# The published site: a folder to upload, or a checkout of a branch of its own.
/public/
"""


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", help="The name of the show; the folder's if not given.")
@click.option(
    "--mood", type=click.Choice(["dark", "bright"]), default="dark", help="Which music to take."
)
@click.option("--inside", is_flag=True, help="Also within the folder of another show.")
def command(folder: Path, title: str | None, mood: str, inside: bool) -> None:
    """Make FOLDER a show: settings, templates, music, a sample review.

    Files that are there already are left alone. Within the folder of another show nothing is made,
    unless --inside is given.

    \b
    Example:
      sayso new my-show --title "Late Seats"
    """
    from sayso.show.finding import starter_folder
    from sayso.show.paths import FILE_NAME

    name = folder.resolve().name
    title = " ".join((title or re.sub(r"[-_]+", " ", name).title()).split())
    if (folder / FILE_NAME).exists():
        raise ShowError(
            "there is a show already",
            code="already-there",
            file=folder,
            hint="choose another folder, or go on there: sayso build reviews/REVIEW",
        )
    around = [above for above in real_path(folder).parents if (above / FILE_NAME).is_file()]
    if around and not inside:
        raise ShowError(
            f"this is within the show {around[0]}",
            code="already-there",
            file=folder,
            hint="go on in that show, name a folder outside of it, or add --inside for a show of "
            "its own in there",
        )
    starter = starter_folder()
    copied = [
        # All templates, those of pages and their style too: they are there to be edited.
        *sorted(starter.glob("scripts/*.j2")),
        *sorted(starter.glob("scripts/*.css")),
        *sorted(starter.glob("scripts/README.md")),
        *sorted(starter.glob(f"audio/{mood}/*.flac")),
        starter / "reviews" / REVIEW,
        starter / "lexicon.toml",
    ]
    files = [(path.relative_to(starter), path.read_bytes()) for path in copied]
    files.append((Path(".gitignore"), IGNORE.encode()))
    # show.toml last: without it the folder is no show, and the command can be run again.
    files.append((Path(FILE_NAME), SHOW.format(title=_quoted(title), mood=mood).encode()))
    for relative, content in files:
        if not (folder / relative).exists():
            write_atomic(folder / relative, content)
    click.echo(near(folder))
    enter = "" if near(folder) == "." else f"cd {quoted(folder)} && "
    click.echo(f"next: {enter}sayso build reviews/{REVIEW}", err=True)


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", " ", escaped) + '"'
