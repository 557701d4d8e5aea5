"""The report and the folder as a whole, read by others: parsers, mutagen, ffprobe."""

from __future__ import annotations

import json
import re
import subprocess
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from episode.test_chapters import check_against_the_schema
from finished_episode import SCRIPT, build, manifest
from tools import need, need_package

from sayso.build.result import BuildResult
from sayso.episode.loudness_chart import HEIGHT, loudness_chart

VOID = {"meta", "br", "img", "link", "hr", "input"}


class Page(HTMLParser):
    """Checks that a page nests; keeps elements, addresses, ids and headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    return build(tmp_path_factory.mktemp("show"))


@pytest.fixture(scope="module")
def html(work: BuildResult) -> str:
    return (work.folder / "report.html").read_text("utf-8")


def test_the_report_says_what_is_said_and_where_it_is_from(html: str) -> None:
    words = Page(html).words
    assert 'The Pier, Season 2 <b>"live"</b> & more' in words
    assert "script’s own 0:0" in words  # the line that no review holds
    assert "p2, line 14" in words
    assert "said: season two episode three is the one to watch." in words
    assert re.search(r"Here for .*; next best: .*, \d+\.\d behind", words)
    assert "Voiced" in words
    assert re.search(r"Loudness −1\d\.\d LUFS target −16\.0", words)


def test_the_report_needs_no_network_and_no_script(html: str) -> None:
    page = Page(html)
    for tag, attributes in page.seen:
        assert tag not in ("script", "iframe", "object", "embed", "form", "link", "img")
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in ("src", "href"):
                assert not re.match(r"(?:[a-z]+:|//)", value or "")
    assert "@import" not in html
    assert "url(" not in html
    assert "<script>alert" not in html


def test_the_report_can_be_read_by_ear_and_keyboard(html: str) -> None:
    page = Page(html)
    levels = [int(tag[1]) for tag, _ in page.seen if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    anchors = [a["href"] or "" for tag, a in page.seen if tag == "a"]
    assert {anchor[1:] for anchor in anchors if anchor.startswith("#")} <= set(ids)
    assert dict(page.seen)["html"]["lang"] == "en-US"
    assert all(a.get("scope") for tag, a in page.seen if tag == "th")
    for tag, attributes in page.seen:
        if tag == "svg":
            assert attributes.get("role") == "img"
            assert attributes.get("aria-label") or attributes.get("aria-labelledby")
    assert "@media print" in html
    assert "prefers-color-scheme: dark" in html


def test_the_report_tells_of_the_build_that_made_the_episode(tmp_path: Path) -> None:
    folder = build(tmp_path, SCRIPT + "\nA sentence of its own, said once.\n").folder
    first = (folder / "report.html").read_text("utf-8")
    assert "A sentence of its own, said once. new" in Page(first).words
    build(tmp_path, SCRIPT + "\nA sentence of its own, said once.\n")
    assert (folder / "report.html").read_text("utf-8") == first  # nothing was made anew
    build(tmp_path, SCRIPT + "\nAnother one, said instead.\n")
    words = Page((folder / "report.html").read_text("utf-8")).words
    assert "Another one, said instead. new" in words
    assert re.search(r"Voiced 1 of \d+", words)


def test_the_same_input_gives_the_same_bytes_but_for_the_report(
    work: BuildResult, tmp_path: Path
) -> None:
    again = build(tmp_path).folder
    files = manifest(again)["files"]
    assert "report.html" not in files
    for name in [*files, "episode.json"]:
        assert (again / name).read_bytes() == (work.folder / name).read_bytes(), name


# ---------------------------------------------------------------------- what other readers make of it


def test_chapters_json_keeps_to_its_specification(work: BuildResult) -> None:
    document = json.loads((work.folder / "chapters.json").read_text("utf-8"))
    check_against_the_schema(document)


def test_mutagen_reads_what_the_manifest_says(work: BuildResult) -> None:
    mp3 = need_package("mutagen.mp3").MP3(work.folder / "episode.mp3")
    wanted = manifest(work.folder)
    assert mp3.tags is not None
    assert str(mp3.tags["TIT2"]) == wanted["title"]
    chapters = sorted(mp3.tags.getall("CHAP"), key=lambda frame: frame.start_time)
    assert [str(frame.sub_frames["TIT2"]) for frame in chapters] == [
        chapter["title"] for chapter in wanted["chapters"]
    ]
    assert mp3.info.length == pytest.approx(wanted["audio"]["duration_s"], abs=0.05)


def test_ffprobe_reads_what_the_manifest_says(work: BuildResult) -> None:
    options = ("-v", "error", "-show_chapters", "-show_format", "-of", "json")
    done = subprocess.run(
        [need("ffprobe"), *options, str(work.folder / "episode.mp3")],
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    told = json.loads(done.stdout)
    wanted = manifest(work.folder)
    rate = wanted["audio"]["sample_rate"]
    assert told["format"]["tags"]["title"] == wanted["title"]
    assert float(told["format"]["duration"]) == pytest.approx(
        wanted["audio"]["duration_s"], abs=0.05
    )
    assert [
        (chapter["tags"]["title"], round(float(chapter["start_time"]), 3))
        for chapter in told["chapters"]
    ] == [
        (chapter["title"], pytest.approx(chapter["start"] / rate, abs=0.001))
        for chapter in wanted["chapters"]
    ]


@pytest.mark.parametrize(("target_lufs", "told"), [(-9, "9"), (-16.4, "16.4"), (-30, "30")])
def test_the_chart_tells_target_and_gate_inside_its_picture(target_lufs: float, told: str) -> None:
    loud = np.full(200, 1152 * 10 ** ((target_lufs + 0.691) / 10), np.float32)
    chart = ET.fromstring(loudness_chart(loud, 44_100, target_lufs, (0.0,)))
    labels = {text.text: float(text.get("y")) for text in chart.iter("text") if text.get("class")}
    assert list(labels) == [f"target −{told} LUFS", f"gate −{-target_lufs + 10:.0f} LUFS"]
    assert all(11 <= y <= HEIGHT for y in labels.values())
