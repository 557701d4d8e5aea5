"""The page that leads to the directories: its settings, commands, workflow and server are real."""

from __future__ import annotations

import re
import shlex
import urllib.request
from pathlib import Path

import click
import pytest
import yaml
from feed.starting import AS_ROOT, answers, free_port, running
from tools import need

from sayso.cli import COMMANDS, sayso
from sayso.cli.new import SHOW
from sayso.feed import projection
from sayso.feed.finished import MEDIA
from sayso.review import parse_review
from sayso.show import feed_tables, parse_show

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "publish.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str, page: str = PAGE) -> list[str]:
    """The fenced examples of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def whole(toml: str) -> str:
    """An example as a show.toml: one that is a part is given a title."""
    return toml if toml.startswith("title = ") else f'title = "Dead Air"\n{toml}'


def commands() -> list[str]:
    """Every command line of sayso: in examples, in the workflow, in running text."""
    shown = [*blocks("console"), *blocks("console", README), *blocks("sh"), *blocks("sh", README)]
    shown += [run for step in steps() if (run := step.get("run"))]
    lines = [line.strip().removeprefix("$ ") for text in shown for line in text.splitlines()]
    found = [line for line in lines if line.startswith("sayso ")]
    found += re.findall(r"sayso publish --\S+(?= >)", PAGE)
    prose = re.sub(r"^```.*?^```$", "", PAGE, flags=re.DOTALL | re.MULTILINE)
    return list(dict.fromkeys([*found, *re.findall(r"`(sayso [^`]+)`", prose)]))


def steps() -> list[dict[str, str]]:
    """The steps of the workflow, and those that the page says to put in their place."""
    workflow, part = (yaml.safe_load(text) for text in blocks("yaml") if "run:" in text)
    (job,) = workflow["jobs"].values()
    return [*job["steps"], *part]


@pytest.mark.parametrize("toml", blocks("toml"), ids=lambda text: text.splitlines()[0])
def test_settings_are_read(toml: str) -> None:
    show = parse_show(whole(toml), Path("show.toml"))
    assert show.feed.url or show.publish.target != "public"
    alternatives = re.sub(r"^# (\w+ = )", r"\1", toml, flags=re.MULTILINE)
    alternatives = re.sub(r'(" {2,})(\w)', r"\1# \2", alternatives)
    parse_show(whole(alternatives), Path("show.toml"))


def test_every_setting_is_on_the_page() -> None:
    known = {
        *feed_tables._FEED_KEYS,
        *feed_tables._FUNDING_KEYS,
        *feed_tables._PERSON_KEYS,
        *feed_tables._PUBLISH_KEYS,
    }
    (text,) = (text for text in blocks("toml") if text.startswith("title = "))
    tables = re.sub(
        r"\[feed\.verify\].*?(?=\[publish\])", "", text[text.index("[feed]") :], flags=re.S
    )
    assert set(re.findall(r"^(?:# )?(\w+) = ", tables, re.MULTILINE)) == known
    assert all(f"[feed.{name}]" in PAGE for name in feed_tables._FEED_TABLES)


def test_a_new_show_says_where_to_begin() -> None:
    """Its settings are read as they are, and with what they leave to choose."""
    for text in (
        SHOW.format(title='"Dead Air"', mood="dark"),
        (ROOT / "show.toml").read_text("utf-8"),
    ):
        assert parse_show(text, Path("show.toml")).feed.categories
        feed = text[text.index("\n[feed]") :]
        chosen = re.sub(r"^# (?=\[|\w+ = )", "", feed, flags=re.MULTILINE)
        chosen = re.sub(r'^(\w+ = "[^"]*")  .*', r"\1", chosen, flags=re.MULTILINE)
        show = parse_show(whole(chosen), Path("show.toml"))
        assert show.feed.url == "https://example.com/show/"
        assert show.feed.owner_email
        assert show.publish.target == "s3://bucket/show"


def test_front_matter_names_every_key_of_an_episode() -> None:
    (text,) = (text for text in blocks("yaml") if text.startswith("---"))
    extra = dict(parse_review(f"{text}\nThe water is back.\n").extra)
    assert set(extra) == {f"podcast_{key}" for key in projection._KEYS}


@pytest.mark.parametrize("line", commands())
def test_commands_are_understood(line: str) -> None:
    _, name, *arguments = shlex.split(line, comments=True)
    assert name in COMMANDS
    command = sayso.get_command(click.Context(sayso), name)
    assert command is not None
    command.make_context(name, arguments)  # raises UsageError


def test_the_page_shows_every_option() -> None:
    for name in ("publish", "unpublish"):
        command = sayso.get_command(click.Context(sayso), name)
        assert command is not None
        options = {
            option for one in command.params for option in one.opts if one.opts[0] != "--json"
        }
        long = {option for option in options if option.startswith("--")} - {"--quiet", "--help"}
        assert {option for option in long if option not in PAGE} == set()


def test_the_workflow_is_one() -> None:
    (workflow, _) = (yaml.safe_load(text) for text in blocks("yaml") if "run:" in text)
    assert workflow["permissions"]["contents"] == "write"
    all_steps = steps()
    assert all(("run" in step) != ("uses" in step) for step in all_steps)
    ids = {step["id"] for step in all_steps if "id" in step}
    assert set(re.findall(r"steps\.(\w+)\.", str(all_steps))) <= ids
    ran = [step["run"].split()[:2] for step in all_steps if step.get("run", "").startswith("sayso")]
    assert [name for _, name in ran] == ["build", "publish", "check", "publish"]


def test_what_it_says_that_sayso_says_is_said() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src/sayso").rglob("*.py"))
    said = re.findall(r"^\| `([^`]+)` \|", PAGE.partition("## When something is wrong")[2], re.M)
    assert len(said) > 8
    assert [text for text in said if text not in source] == []


def test_nginx_serves_what_the_feed_says(tmp_path: Path) -> None:
    (snippet,) = blocks("nginx")
    program, port, site = need("nginx", "/usr/sbin"), free_port(), tmp_path / "site"
    (site / "media").mkdir(parents=True)
    wanted = {f"media/the-tide-0a1b2c3d4e5f{kind.ending}": kind.mime for kind in MEDIA}
    wanted |= {
        "feed.xml": "application/rss+xml",
        "feed-1-0123456789.xml": "application/rss+xml",
        "index.html": "text/html",
    }
    for name in wanted:
        (site / name).write_bytes(b"x")
    conf = tmp_path / "nginx.conf"
    conf.write_text(
        f"daemon off; master_process off; {'user root;' if AS_ROOT else ''} pid {tmp_path}/pid;\n"
        "events {}\nhttp {\n"
        + "".join(
            f"{name}_temp_path {tmp_path}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        # The types that every nginx comes with, as far as they matter here.
        + "types { text/html html; text/plain txt; audio/mpeg mp3; image/jpeg jpg; text/xml xml; }\n"
        f'access_log off;\nserver {{ listen 127.0.0.1:{port}; root "{site}";\n{snippet}}}\n}}\n'
    )
    command = [program, "-p", str(tmp_path), "-c", str(conf), "-e", str(tmp_path / "error.log")]
    with running(command, tmp_path / "log", ready=lambda: answers(port)):
        for name, mime in wanted.items():
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{name}", timeout=10) as answer:
                assert answer.headers.get_content_type() == mime, name
                is_kept = "immutable" in (answer.headers["Cache-Control"] or "")
                assert is_kept == name.endswith((".mp3", ".jpg")), name
                is_open = answer.headers["Access-Control-Allow-Origin"] == "*"
                assert is_open == name.endswith((".vtt", ".srt", ".json")), name
