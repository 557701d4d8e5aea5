"""`sayso preview` as a server: what a page asks for, and what ends up in the files."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from studio.previewing import Preview, item_of, write_show

from sayso.show import starter_folder

pytestmark = pytest.mark.xdist_group("studio")


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    root = tmp_path / "show"
    with Preview(root, str(write_show(root).relative_to(root))) as preview:
        preview.open()
        preview.wait_for_sound()
        yield preview


def test_a_sentence_is_changed_and_it_alone_is_voiced_again(preview: Preview) -> None:
    before = takes(preview.state())
    old_sound = preview.sound(preview.state())
    text = preview.script.read_text("utf-8")
    item = item_of(text, "Anna Lind")
    answer = preview.post(
        "words",
        item=item,
        words="Anna Lind plays her with great care. Nobody else has anything to do.",
    )
    assert answer.status_code == 200, answer.text
    assert "Nobody else has anything to do. {from=p3}" in preview.script.read_text("utf-8")
    state = preview.wait(lambda state: takes(state) != before)
    assert len(takes(state) - before) == 1
    assert len(before - takes(state)) == 1
    new_sound = preview.wait_for_sound(old_sound)
    (key,) = takes(state) - before
    voiced = preview.client.get(f"takes/{key}.wav")
    assert voiced.headers["content-type"] == "audio/wav"
    assert voiced.content[:4] == b"RIFF"
    whole = preview.client.get(new_sound)
    assert whole.headers["content-type"] == "audio/mpeg"
    part = preview.client.get(new_sound, headers={"range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.content == whole.content[100:200]
    assert whole.headers["etag"] == part.headers["etag"]


def test_cues_voices_and_headings_are_changed_in_the_file(preview: Preview) -> None:
    def script() -> str:
        return preview.script.read_text("utf-8")

    preview.post("insert", after=item_of(script(), "Anna Lind"), what="pause", value="1.2")
    assert "\n\n{pause 1.2s}\n\n" in script()
    preview.post("cue", item=item_of(script(), "{pause"), value="0.4")
    assert "{pause 0.4s}" in script()
    preview.post("voice", item=item_of(script(), "Anna Lind"), voice="guest")
    assert "\nguest: Anna Lind" in script()
    head = item_of(script(), "{#premise")
    preview.post("head", item=head, field="title", value="What happens")
    preview.post("head", item=head, field="voice", value="host")
    assert re.search(r"## What happens \{#premise [^}]*voice=host", script())
    preview.post("remove", item=item_of(script(), "{pause"))
    assert "{pause" not in script()
    for _ in range(6):
        assert preview.post("undo").status_code == 200
    assert script() == (preview.script.with_name(".rendered.md")).read_text("utf-8")
    assert preview.post("undo").status_code == 422


def test_a_segment_goes_to_the_review_and_a_name_to_the_lexicon(preview: Preview) -> None:
    state = preview.state()
    names = set(re.findall(r'<option value="([a-z]+)"[^>]*>', state))
    assert "production" in names
    answer = preview.post("segment", block="p3", segment="production")
    assert answer.status_code == 200, answer.text
    review = (preview.root / "reviews" / "ferry.md").read_text("utf-8")
    assert "segments: {3: production}\n---" in review
    assert "Anna Lind" in preview.script.read_text("utf-8").split("{#production")[1]
    preview.post("segment", block="p3", segment="")
    assert "segments" not in (preview.root / "reviews" / "ferry.md").read_text("utf-8")

    before = takes(preview.state())
    assert preview.post("name", name="Ngata", say="Nah-ta").status_code == 200
    assert 'Ngata = "Nah-ta"' in (preview.root / "lexicon.toml").read_text("utf-8").replace(
        '"Ngata"', "Ngata"
    )
    assert len(takes(preview.state()) - before) == 1
    shown = preview.post("spoken", item=1, words="Ngata won 3 prizes.").text
    assert "Nah-ta" in shown
    assert "three" in shown


def test_what_another_editor_saves_shows_and_merges(preview: Preview) -> None:
    seen = preview.seen()
    text = preview.script.read_text("utf-8")
    preview.script.write_text(text.replace("a quiet film", "a silent film"), "utf-8")
    preview.wait(lambda state: "a silent film" in state)
    # A change made on the page as it was before: both are in the file.
    item = item_of(text, "Anna Lind")
    assert (
        preview.post("words", item=item, words="Anna Lind is fine.", seen=seen).status_code == 200
    )
    both = preview.script.read_text("utf-8")
    assert "a silent film" in both
    assert "Anna Lind is fine." in both


@pytest.mark.parametrize("keep", ["edited", "rendered"])
def test_a_conflict_waits_for_a_choice_and_loses_nothing(preview: Preview, keep: str) -> None:
    seen = preview.seen()
    text = preview.script.read_text("utf-8")
    theirs = text.replace("with great care", "with no care")
    preview.script.write_text(theirs, "utf-8")
    answer = preview.post("words", item=item_of(text, "Anna Lind"), words="Mine.", seen=seen)
    assert answer.status_code == 409
    assert preview.script.read_text("utf-8") == theirs
    state = preview.state()
    assert "Mine." in state
    assert "with no care" in state
    preview.post("settle", conflict=answer.json()["conflict"], answer=keep)
    now = preview.script.read_text("utf-8")
    assert ("Mine." in now) == (keep == "edited")
    assert ("with no care" in now) == (keep == "rendered")
    assert "<<<" not in now


def test_an_edit_and_a_new_rendering_of_the_same_lines_wait_for_a_choice(preview: Preview) -> None:
    text = preview.script.read_text("utf-8")
    preview.post("words", item=item_of(text, "Anna Lind"), words="My words of Anna.")
    review = preview.root / "reviews" / "ferry.md"
    review.write_text(review.read_text("utf-8").replace("great care", "her heart"), "utf-8")
    state = preview.wait(lambda state: "her heart" in state and "My words of Anna." in state)
    assert "The new rendering" in state or "new rendering" in state
    assert "her heart" not in preview.script.read_text("utf-8")
    assert preview.post("settle", conflict="rendering", answer="rendered").status_code == 200
    now = preview.script.read_text("utf-8")
    assert "her heart" in now
    assert "My words" not in now
    kept = [path.read_text("utf-8") for path in preview.script.parent.glob("script.backup-*")]
    assert any("My words of Anna." in each for each in kept)


def test_a_broken_template_is_told_with_its_line_and_edits_are_still_heard(
    preview: Preview,
) -> None:
    scripts = preview.root / "scripts"
    scripts.mkdir()
    time.sleep(0.3)
    (scripts / "film.md.j2").write_text("## Title {#a}\n\n{% if %}\n", "utf-8")
    state = preview.wait(lambda state: "scripts/film.md.j2:3" in state)
    assert "Anna Lind" in state
    sound = preview.sound(state)
    item = item_of(preview.script.read_text("utf-8"), "Anna Lind")
    assert preview.post("words", item=item, words="Still heard.").status_code == 200
    preview.wait_for_sound(sound)
    shipped = starter_folder() / "scripts" / "film.md.j2"
    (scripts / "film.md.j2").write_bytes(shipped.read_bytes())
    state = preview.wait(lambda state: "scripts/film.md.j2" not in state)
    assert "Still heard." in state


def test_a_broken_script_is_told_with_its_line_and_mended_by_its_author(preview: Preview) -> None:
    good = preview.script.read_text("utf-8")
    preview.script.write_text(good + "\n{sting}\n", "utf-8")
    state = preview.wait(lambda state: "episodes/ferry/script.md:" in state)
    assert "Anna Lind" in state
    preview.script.write_text(good + "\nnobody: says this.\n", "utf-8")
    preview.wait(lambda state: "unknown voice" in state and "says this" in state)
    preview.script.write_text(good, "utf-8")
    preview.wait(lambda state: "unknown voice" not in state)


def test_build_and_publish_tell_what_they_came_to(preview: Preview) -> None:
    built = preview.post("build")
    assert "episodes/ferry/episode.mp3" in built.text
    assert (preview.script.with_name("episode.json")).is_file()
    refused = preview.post("publish", dry_run=1)
    assert refused.status_code == 200
    assert "[feed]" in refused.text
    show = preview.root / "show.toml"
    show.write_text(
        show.read_text("utf-8") + '\n[feed]\nurl = "https://small.example/"\ncategory = "Arts"\n',
        "utf-8",
    )
    planned = preview.post("publish", dry_run=1).text
    assert "The Slow Ferry" in planned
    assert not (preview.root / "public" / "feed.xml").exists()
    preview.post("publish", dry_run=0)
    assert (preview.root / "public" / "feed.xml").is_file()


# ------------------------------------------------------------------------------------------ strangers


def test_strangers_may_neither_read_nor_write(preview: Preview) -> None:
    client, text = preview.client, preview.script.read_text("utf-8")
    rebound = client.get("", headers={"host": "evil.example:8420"})
    assert rebound.status_code == 403
    assert "Anna" not in rebound.text
    fields = {"item": "1", "words": "Pwned.", "seen": preview.seen()}
    right = {"x-sayso-token": preview.token}
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
    assert preview.script.read_text("utf-8") == text
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


def test_nothing_outside_is_served(preview: Preview) -> None:
    host = httpx.URL(preview.address)
    for path in PATHS:
        url = f"http://{host.host}:{host.port}" + (path if path[0] == "/" else f"/ferry/{path}")
        command = ["curl", "-s", "--path-as-is", "-o", "-", "-w", "%{http_code}", url]
        said = subprocess.run(command, capture_output=True, text=True, timeout=20).stdout
        assert said.endswith("404"), path
        assert "Small Hours" not in said


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
    ("name", {"name": "Anna", "say": "…"}),
    ("settle", {"conflict": "clash-9", "answer": "edited"}),
    ("settle", {"conflict": "rendering", "answer": "edited"}),
)


def test_what_makes_no_sense_is_said_and_changes_nothing(preview: Preview) -> None:
    files = [preview.script, preview.root / "reviews" / "ferry.md"]
    before = [path.read_bytes() for path in files]
    for asked, fields in NONSENSE:
        answer = preview.post(asked, **fields)
        assert answer.status_code == 422, (asked, fields, answer.text)
        assert answer.json()["problem"]
    assert [path.read_bytes() for path in files] == before
    assert not (preview.root / "lexicon.toml").exists()


# ------------------------------------------------------------------------------------------- the end


def test_an_interrupt_ends_it_at_once_with_pages_open(preview: Preview) -> None:
    with preview.client.stream("GET", "events") as events:
        next(events.iter_lines())
        workers = children(preview.process.pid)
        start = time.monotonic()
        preview.process.send_signal(signal.SIGINT)
        assert preview.process.wait(5) == 130
        assert time.monotonic() - start < 2.5
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    assert preview.process.stderr is not None
    assert b"Traceback" not in preview.process.stderr.read()


def test_a_port_that_is_taken_is_said(preview: Preview, tmp_path: Path) -> None:
    port = str(httpx.URL(preview.address).port)
    command = [sys.executable, "-m", "sayso", "preview", "--no-browser", "--port", port]
    done = subprocess.run(command, cwd=preview.root, capture_output=True, text=True, timeout=30)
    assert done.returncode == 3
    assert f"port {port} is taken" in done.stderr


def takes(state: str) -> set[str]:
    """The keys of all takes of a state."""
    return set(re.findall(r'data-take="(\w+)"', state))


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in path.read_text().split()]
