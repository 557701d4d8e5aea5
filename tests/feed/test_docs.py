"""The pages about publishing: their options, workflow, server and messages are real."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import click
import yaml
from docs.fences import blocks, read
from servers.starting import AS_ROOT, answers, free_port, running
from tools import need

from sayso.cli import sayso
from sayso.cli.new import SHOW
from sayso.publish.media import MEDIA
from sayso.show.show_file import parse_show

ROOT = Path(__file__).parents[2]
PUBLISH, PLACES = "docs/publish.md", "docs/how-to/places.md"
PAGES = "docs/how-to/github-pages.md"


def steps() -> list[dict[str, str]]:
    """The steps of the workflow, and those that the page says to put in their place."""
    workflow, part = (yaml.safe_load(block.text) for block in blocks(PAGES, "yaml"))
    (job,) = workflow["jobs"].values()
    return [*job["steps"], *part]


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
        show = parse_show(f'title = "Dead Air"\n{chosen}', Path("show.toml"))
        assert show.feed.url == "https://example.com/show/"
        assert show.feed.owner_email
        assert show.publish.target == "s3://bucket/show"


def test_the_pages_show_every_option() -> None:
    pages = "".join(map(read, (PUBLISH, "docs/how-to/moving.md", "docs/how-to/cron.md")))
    for name in ("publish", "unpublish"):
        command = sayso.get_command(click.Context(sayso), name)
        assert command is not None
        options = {
            option for one in command.params for option in one.opts if one.opts[0] != "--json"
        }
        long = {option for option in options if option.startswith("--")} - {"--quiet", "--help"}
        assert {option for option in long if option not in pages} == set()


def test_the_workflow_is_one() -> None:
    workflow = yaml.safe_load(blocks(PAGES, "yaml")[0].text)
    assert workflow["permissions"]["contents"] == "write"
    all_steps = steps()
    assert all(("run" in step) != ("uses" in step) for step in all_steps)
    ids = {step["id"] for step in all_steps if "id" in step}
    assert set(re.findall(r"steps\.(\w+)\.", str(all_steps))) <= ids
    ran = [step["run"].split()[:2] for step in all_steps if step.get("run", "").startswith("sayso")]
    assert [name for _, name in ran] == ["build", "publish", "check", "publish"]


def test_what_it_says_that_sayso_says_is_said() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src/sayso").rglob("*.py"))
    said = re.findall(
        r"^\| `([^`]+)` \|", read(PUBLISH).partition("## When something is wrong")[2], re.M
    )
    assert len(said) > 8
    assert [text for text in said if text not in source] == []


def test_nginx_serves_what_the_feed_says(tmp_path: Path) -> None:
    (snippet,) = (block.text for block in blocks(PLACES, "nginx"))
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
