"""Every command, file and setting that the documentation shows is run, or read as sayso reads it."""

from __future__ import annotations

import contextlib
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import click
import pytest
import yaml
from docs.fences import PAGES, Block, blocks, prose
from docs.session import Session, new_session, shows, toml, tomllib, understood

from sayso.review import load_kinds, parse_review
from sayso.script import parse_script, print_script
from sayso.show.show_file import parse_show

pytestmark = pytest.mark.xdist_group("docs")  # one cache for all pages


def run_console(block: Block, session: Session) -> None:
    """`$ command` and what it prints. A command may fail where the page shows its error."""
    for part in re.split(r"^\$ ", block.text, flags=re.M)[1:]:
        line, _, shown = part.partition("\n")
        code, printed = session.shell(line)
        assert code == 0 or "error: " in shown, f"{block.place}: {line}\n{printed}"
        lost = shows(shown, printed)
        assert lost is None, f"{block.place}: not printed: {lost!r}, but\n{printed}"


def run_lines(block: Block, session: Session) -> None:
    """Commands, a line each, or more with a backslash at the end."""
    for line in block.text.replace("\\\n", " ").splitlines():
        code, printed = session.shell(line)
        assert code == 0, f"{block.place}: {line}\n{printed}"


def run_python(block: Block, session: Session) -> None:
    session.python(block.text)


def read_toml(block: Block, session: Session) -> None:
    """Settings of a show, a kind of review, a lexicon, or of a Python package."""
    table = tomllib.loads(block.text)
    if block.title is None or block.title == "show.toml":
        whole = toml({"title": "Dead Air", **table})
        parse_show(whole, Path("show.toml"))
    elif block.title.startswith("kinds/"):
        load_kinds([(session.here / block.title).parent])
    else:
        assert Path(block.title).name in ("lexicon.toml", "pyproject.toml"), block.place


def read_markdown(block: Block, session: Session) -> None:
    """A review, or a script, which is printed as it was read."""
    if block.title is not None and block.title.startswith("reviews/"):
        assert parse_review(block.text).blocks
    else:
        assert print_script(parse_script(block.text)) == block.text


def read_yaml(block: Block, session: Session) -> None:
    """Front matter of a review, or a workflow, whose commands are understood."""
    if block.text.startswith("---"):
        parse_review(f"{block.text}\nThe water is back.\n")
        return
    for line in re.findall(r"run: (sayso .*)", str(yaml.safe_load(block.text)) and block.text):
        understood(shlex.split(line)[1:])


def render_template(block: Block, session: Session) -> None:
    """A template of a script makes one of the sample review."""
    assert block.title is not None, f"{block.place}: which file is it?"
    name = Path(block.title).name.removesuffix(".md.j2")
    line = f"sayso script reviews/the-long-tide.md --template {name} --force"
    code, printed = session.shell(line)
    assert code == 0, f"{block.place}: {printed}"


def read_cron(block: Block, session: Session) -> None:
    """Five fields of time, and a command that is understood."""
    for line in block.text.splitlines():
        fields = line.split(maxsplit=5)
        assert all(re.fullmatch(r"[\d*/,-]+", field) for field in fields[:5]), block.place
        (call,) = re.findall(r"sayso ([^|>&]+)", fields[5])
        understood(shlex.split(call))


def written(block: Block, session: Session) -> None:
    """A file that later blocks or other tests use."""
    assert block.title is not None, f"{block.place}: which file is it?"


def elsewhere(block: Block, session: Session) -> None:
    """What a test of its own runs."""


def shown(block: Block, session: Session) -> None:
    """Nothing that a machine would read."""
    assert not re.search(r"^(\$ )?sayso ", block.text, re.M), f"{block.place}: a command"


LANGUAGES: dict[str, Callable[[Block, Session], None]] = {
    "console": run_console,
    "sh": run_lines,
    "python": run_python,
    "toml": read_toml,
    "markdown": read_markdown,
    "yaml": read_yaml,
    "jinja": render_template,
    "cron": read_cron,
    "gitignore": written,
    "html": elsewhere,  # rendered by tests/feed/site/test_docs.py
    "css": written,
    "nginx": elsewhere,  # served by tests/feed/test_docs.py
    "text": shown,
}
"""What is done with a block, by its language."""
FILLED = {"MB": "500", "N": "1", "SHELL": "bash", "TIME": "2026-01-09"}
"""What a reader might write for a word in capitals."""


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page(page: str, tmp_path: Path) -> None:
    """In order, in one folder, as a reader who follows it."""
    session = new_session(tmp_path)
    for block in blocks(page):
        assert block.language in LANGUAGES, f"{block.place}: a block of {block.language!r}"
        for command in block.first:
            code, printed = session.shell(command)
            assert code == 0, f"{block.place}: {command}\n{printed}"
        if block.title is not None:
            session.write(block.title, block.text)
        if block.not_run is not None or (block.title and block.language == "python"):
            continue
        LANGUAGES[block.language](block, session)


def test_little_is_shown_and_not_run() -> None:
    reasons = [block.not_run for page in PAGES for block in blocks(page) if block.not_run]
    assert len(reasons) <= 12
    assert all(len(reason.split()) >= 3 for reason in reasons)


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_running_text_are_understood(page: str) -> None:
    """`sayso build x.md --draft` between backticks, with capitals for what the reader fills in."""
    for line in re.findall(r"`(sayso [^`]+)`", prose(page)):
        assert not re.search(r'"[^"]*\$', line), f"a shell would fill in what follows $: {line}"
        arguments = shlex.split(re.split(" [<>|] ", line.replace("…", "x"))[0])[1:]
        filled = [FILLED.get(one, one) for one in arguments]
        if filled[0] != "COMMAND" and "[OPTIONS]" not in filled:
            with contextlib.suppress(click.MissingParameter):  # `sayso build --draft`
                understood(filled)
