"""What the page on publishing shows is read by the program itself."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from sayso.cli import COMMANDS, sayso
from sayso.feed.projection import _KEYS, _PREFIX
from sayso.show import feed_tables, parse_show

PAGE = Path(__file__).parents[2] / "docs" / "publish.md"
TEXT = PAGE.read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", blocks("toml"))
def test_settings_are_read(block: str) -> None:
    show = parse_show(f'title = "My Show"\n{block}', Path("show.toml"))
    assert show.feed.url or show.publish.target


def test_every_setting_is_named() -> None:
    whole = blocks("toml")[-1]
    tables = (feed_tables._FEED_KEYS, feed_tables._PUBLISH_KEYS, feed_tables._PERSON_KEYS)
    for key in {key for table in tables for key in table}:
        assert re.search(rf"^{key} = ", whole, re.MULTILINE), key


def test_every_key_of_a_review_is_named() -> None:
    (block,) = [block for block in blocks("yaml") if _PREFIX in block]
    assert set(yaml.safe_load(block)) == {_PREFIX + key for key in _KEYS}


COMMAND_LINES = [
    line.split("#")[0].strip()
    for block in blocks("sh")
    for line in block.splitlines()
    if line.startswith("sayso ")
]


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_commands_are_understood(line: str) -> None:
    name, *arguments = shlex.split(line)[1:]
    command = sayso.get_command(click.Context(sayso), name)
    assert command is not None
    if name != "build":  # whose review must exist
        command.make_context(name, arguments)


def test_the_workflow_runs_commands_that_exist() -> None:
    (workflow,) = [block for block in blocks("yaml") if "jobs:" in block]
    steps = yaml.safe_load(workflow)["jobs"]["publish"]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    names = [run.split()[1] for run in runs if run.startswith("sayso ")]
    assert names == ["build", "publish"]
    assert set(names) <= set(COMMANDS)
