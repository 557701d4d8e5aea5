"""`sayso preview` as a server: what a page asks for, and what ends up in the files."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from studio.asking import Asking, sound, takes
from studio.served import TEMPLATE, Studio
from tools import need_package

httpx = need_package("httpx")


@pytest.fixture
def page(studio: Studio) -> Iterator[Asking]:
    asking = Asking(studio)
    asking.wait_for_sound()
    yield asking
    asking.client.close()


def test_a_sentence_is_changed_and_it_alone_is_voiced_again(page: Asking) -> None:
    before = takes(page.state())
    old_sound = sound(page.state())
    item = page.item("Imke Vreel")
    answer = page.post(
        "words",
        item=item,
        words="The cast is small and superb. Nobody else has anything to do.",
    )
    assert answer.status_code == 200, answer.text
    assert "Nobody else has anything to do. {from=p3}" in page.studio.script.read_text("utf-8")
    state = page.wait(lambda state: takes(state) != before)
    assert len(takes(state) - before) == 1
    assert len(before - takes(state)) == 1
    new_sound = page.wait_for_sound(old_sound)
    (key,) = takes(state) - before
    voiced = page.client.get(f"takes/{key}.wav")
    assert voiced.headers["content-type"] == "audio/wav"
    assert voiced.content[:4] == b"RIFF"
    whole = page.client.get(new_sound)
    assert whole.headers["content-type"] == "audio/mpeg"
    part = page.client.get(new_sound, headers={"range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.content == whole.content[100:200]
    assert whole.headers["etag"] == part.headers["etag"]


def test_cues_voices_and_headings_are_changed_in_the_file(page: Asking) -> None:
    def script() -> str:
        return page.studio.script.read_text("utf-8")

    page.post("insert", after=page.item("Imke Vreel"), what="pause", value="1.2")
    assert "\n\n{pause 1.2s}\n\n" in script()
    page.post("cue", item=page.item("{pause"), value="0.4")
    assert "{pause 0.4s}" in script()
    page.post("voice", item=page.item("Imke Vreel"), voice="critic")
    assert "\ncritic: The cast is small" in script()
    head = page.item("{#premise")
    page.post("head", item=head, field="title", value="What happens")
    page.post("head", item=head, field="voice", value="host")
    assert re.search(r"## What happens \{#premise [^}]*voice=host", script())
    page.post("remove", item=page.item("{pause"))
    assert "{pause" not in script()
    for _ in range(6):
        assert page.post("undo").status_code == 200
    assert script() == (page.studio.script.with_name(".rendered.md")).read_text("utf-8")
    assert page.post("undo").status_code == 422


def test_a_segment_goes_to_the_review_and_a_name_to_the_lexicon(page: Asking) -> None:
    state = page.state()
    names = set(re.findall(r'<option value="([a-z]+)"[^>]*>', state))
    assert "production" in names
    answer = page.post("segment", block="p3", segment="production")
    assert answer.status_code == 200, answer.text
    review = page.studio.review.read_text("utf-8")
    assert "segments: {3: production}\n---" in review
    assert "Imke Vreel" in page.studio.script.read_text("utf-8").split("{#production")[1]
    page.post("segment", block="p3", segment="")
    assert "segments" not in page.studio.review.read_text("utf-8")

    before = takes(page.state())
    assert page.post("name", name="Vreel", say="Frail").status_code == 200
    assert 'Vreel = "Frail"' in (page.studio.folder / "lexicon.toml").read_text("utf-8").replace(
        '"Vreel"', "Vreel"
    )
    assert len(takes(page.state()) - before) == 1
    shown = page.post("spoken", item=1, words="Vreel won 3 prizes.").text
    assert "Frail" in shown
    assert "three" in shown


def test_what_another_editor_saves_shows_and_merges(page: Asking) -> None:
    seen = page.seen()
    text = page.studio.script.read_text("utf-8")
    page.studio.script.write_text(text.replace("dry and quick", "wry and quick"), "utf-8")
    page.wait(lambda state: "wry and quick" in state)
    # A change made on the page as it was before: both are in the file.
    item = page.item("Imke Vreel")
    assert page.post("words", item=item, words="Imke Vreel is fine.", seen=seen).status_code == 200
    both = page.studio.script.read_text("utf-8")
    assert "wry and quick" in both
    assert "Imke Vreel is fine." in both


@pytest.mark.parametrize("keep", ["edited", "rendered"])
def test_a_conflict_waits_for_a_choice_and_loses_nothing(page: Asking, keep: str) -> None:
    seen = page.seen()
    text = page.studio.script.read_text("utf-8")
    theirs = text.replace("small and superb", "large and superb")
    page.studio.script.write_text(theirs, "utf-8")
    answer = page.post("words", item=page.item("Imke Vreel"), words="Mine.", seen=seen)
    assert answer.status_code == 409
    assert page.studio.script.read_text("utf-8") == theirs
    state = page.state()
    assert "Mine." in state
    assert "large and superb" in state
    page.post("settle", conflict=answer.json()["conflict"], answer=keep)
    now = page.studio.script.read_text("utf-8")
    assert ("Mine." in now) == (keep == "edited")
    assert ("large and superb" in now) == (keep == "rendered")
    assert "<<<" not in now


def test_an_edit_and_a_new_rendering_of_the_same_lines_wait_for_a_choice(page: Asking) -> None:
    page.post("words", item=page.item("Imke Vreel"), words="My words of Imke.")
    review = page.studio.review
    review.write_text(
        review.read_text("utf-8").replace("small and superb", "tiny and superb"), "utf-8"
    )
    state = page.wait(lambda state: "tiny and superb" in state and "My words of Imke." in state)
    assert "The new rendering" in state or "new rendering" in state
    assert "tiny and superb" not in page.studio.script.read_text("utf-8")
    assert page.post("settle", conflict="rendering", answer="rendered").status_code == 200
    now = page.studio.script.read_text("utf-8")
    assert "tiny and superb" in now
    assert "My words" not in now
    kept = [path.read_text("utf-8") for path in page.studio.script.parent.glob("script.backup-*")]
    assert any("My words of Imke." in each for each in kept)


def test_a_broken_template_is_told_with_its_line_and_edits_are_still_heard(
    page: Asking,
) -> None:
    scripts = page.studio.folder / "scripts"
    (scripts / "tv.md.j2").write_text("## Title {#a}\n\n{% if %}\n", "utf-8")
    state = page.wait(lambda state: "scripts/tv.md.j2:3" in state)
    assert "Imke Vreel" in state
    before = sound(state)
    item = page.item("Imke Vreel")
    assert page.post("words", item=item, words="Still heard.").status_code == 200
    page.wait_for_sound(before)
    (scripts / "tv.md.j2").write_text(TEMPLATE, "utf-8")
    state = page.wait(lambda state: "scripts/tv.md.j2" not in state)
    assert "Still heard." in state


def test_a_broken_script_is_told_with_its_line_and_mended_by_its_author(page: Asking) -> None:
    good = page.studio.script.read_text("utf-8")
    page.studio.script.write_text(good + "\n{sting}\n", "utf-8")
    state = page.wait(lambda state: "episodes/the-pier/script.md:" in state)
    assert "Imke Vreel" in state
    page.studio.script.write_text(good + "\nnobody: says this.\n", "utf-8")
    page.wait(lambda state: "nknown voice" in state and "says this" in state)
    page.studio.script.write_text(good, "utf-8")
    page.wait(lambda state: "nknown voice" not in state)


def test_build_and_publish_tell_what_they_came_to(page: Asking) -> None:
    built = page.post("build")
    assert "episodes/the-pier/episode.mp3" in built.text
    assert (page.studio.script.with_name("episode.json")).is_file()
    refused = page.post("publish", dry_run=1)
    assert refused.status_code == 200
    assert "[feed]" in refused.text
    show = page.studio.folder / "show.toml"
    show.write_text(
        show.read_text("utf-8") + '\n[feed]\nurl = "https://small.example/"\ncategory = "Arts"\n',
        "utf-8",
    )
    planned = page.post("publish", dry_run=1).text
    assert "The Pier, Season 2" in planned
    assert not (page.studio.folder / "public" / "feed.xml").exists()
    page.post("publish", dry_run=0)
    assert (page.studio.folder / "public" / "feed.xml").is_file()


# ------------------------------------------------------------------------------------------ strangers


def test_strangers_may_neither_read_nor_write(page: Asking) -> None:
    client, text = page.client, page.studio.script.read_text("utf-8")
    rebound = client.get("", headers={"host": "evil.example:8420"})
    assert rebound.status_code == 403
    assert "Imke" not in rebound.text
    fields = {"item": "1", "words": "Pwned.", "seen": page.seen()}
    right = {"x-sayso-token": page.token}
    for headers in (
        {},
        {"x-sayso-token": "wrong"},
        {**right, "origin": "https://evil.example"},
        {**right, "origin": "null"},
        {**right, "host": "evil.example"},
    ):
        assert client.post("words", data=fields, headers=headers).status_code == 403
    assert client.get("words").status_code in (404, 405)
    large = client.post("words", content=b"words=" + b"x" * 2_000_000, headers=right)
    assert large.status_code == 413
    assert page.studio.script.read_text("utf-8") == text
    page = client.get("")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cross-origin-resource-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"


PATHS = (
    "../../show.toml",
    "..%2f..%2fshow.toml",
    "sound/..%2f..%2fshow.toml.mp3",
    "takes/..%2f..%2fshow.wav",
    "/static/..%2fview.py",
    "/static/%2e%2e/view.py",
    "/static//etc/passwd",
    "/other/",
)


def test_nothing_outside_is_served(page: Asking) -> None:
    host = httpx.URL(page.studio.url)
    for path in PATHS:
        # Not by httpx, which takes `..` out of a path.
        asking = http.client.HTTPConnection(host.host, host.port, timeout=20)
        asking.request("GET", path if path[0] == "/" else f"/the-pier/{path}")
        answer = asking.getresponse()
        assert answer.status == 404, path
        assert b"Dead Air" not in answer.read()
        asking.close()


NONSENSE: tuple[tuple[str, dict[str, object]], ...] = (
    ("words", {"item": "x", "words": "a"}),
    ("words", {"item": 999, "words": "a"}),
    ("words", {"item": 1, "words": ""}),
    ("words", {"item": 1, "words": "an {open brace"}),
    ("words", {"item": 1, "words": "a", "seen": "0" * 32}),
    ("cue", {"item": 1, "value": "1"}),
    ("insert", {"after": -2, "what": "pause"}),
    ("insert", {"after": 0, "what": "pause", "value": "soon"}),
    ("insert", {"after": 0, "what": "pause", "value": "inf"}),
    ("insert", {"after": 0, "what": "bomb"}),
    ("segment", {"block": "p99", "segment": "cast"}),
    ("segment", {"block": "p3", "segment": "nowhere"}),
    ("name", {"name": "", "say": "x"}),
    ("name", {"name": "Imke", "say": "…"}),
    ("settle", {"conflict": "clash-9", "answer": "edited"}),
    ("settle", {"conflict": "rendering", "answer": "edited"}),
)


def test_what_makes_no_sense_is_said_and_changes_nothing(page: Asking) -> None:
    files = [page.studio.script, page.studio.review, page.studio.lexicon]
    before = [path.read_bytes() for path in files]
    for asked, fields in NONSENSE:
        answer = page.post(asked, **fields)
        assert answer.status_code == 422, (asked, fields, answer.text)
        assert answer.json()["problem"]
    assert [path.read_bytes() for path in files] == before


# ------------------------------------------------------------------------------------------- the end


def test_an_interrupt_ends_it_at_once_with_pages_open(studio: Studio) -> None:
    studio.stop()
    command = [sys.executable, "-m", "sayso", "preview", "--no-browser", str(studio.review)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = process.stdout.readline().decode().strip()
        with httpx.stream("GET", f"{address}events", timeout=30) as events:
            next(events.iter_lines())
            workers = children(process.pid)
            start = time.monotonic()
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 130
            assert time.monotonic() - start < 5  # one that waited for its pages would never end
        assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
        assert b"Traceback" not in process.stderr.read()


def test_a_port_that_is_taken_is_said(studio: Studio) -> None:
    command = [sys.executable, "-m", "sayso", "preview", "--no-browser", "--port", str(studio.port)]
    done = subprocess.run(command, cwd=studio.folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert f"port {studio.port} is taken" in done.stderr


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in path.read_text().split()]
