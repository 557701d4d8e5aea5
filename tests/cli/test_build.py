from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tools import small_disk, without_network, without_writing

from sayso import Options, Show

Sayso = Callable[..., "Result"]  # type: ignore[name-defined]  # noqa: F821 - see conftest.py
FILES = {
    *("script.md", ".rendered.md", "episode.mp3", "episode.json", "chapters.json"),
    *("transcript.vtt", "transcript.srt", "transcript.json", "transcript.txt", "transcript.html"),
    *("cover.jpg", "waveform.svg", "notes.md", "notes.html", "report.html"),
}


def episode(here: Path, name: str = "pier") -> Path:
    return here / "episodes" / name


def test_a_build_makes_the_whole_folder_and_names_the_next_step(here: Path, sayso: Sayso) -> None:
    result = sayso("build", "pier.md", "--engine", "tone")
    assert result.code == 0
    assert {path.name for path in episode(here).iterdir()} == FILES
    assert str(Path("episodes/pier/episode.mp3")) in result.out
    assert "next: listen, edit" in result.err


def test_a_second_build_voices_nothing_and_touches_no_byte(here: Path, sayso: Sayso) -> None:
    sayso("build", "pier.md", "--engine", "tone")
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in episode(here).iterdir()}
    result = sayso("build", "pier.md", "--engine", "tone", "--json")
    report = json.loads(result.out)["episodes"][0]
    assert (report["voiced"], report["encoded"]) == (0, 0)
    assert before == {
        p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in episode(here).iterdir()
    }


def test_a_changed_sentence_is_the_only_one_voiced(here: Path, sayso: Sayso) -> None:
    sayso("build", "pier.md", "--engine", "tone")
    script = episode(here) / "script.md"
    script.write_text(script.read_text("utf-8").replace("small and superb", "tiny and superb"))
    report = json.loads(sayso("build", "pier.md", "--engine", "tone", "--json").out)["episodes"][0]
    assert (report["voiced"], report["encoded"]) == (1, 1)
    assert "tiny and superb" in script.read_text("utf-8")
    assert "tiny and superb" in (episode(here) / "transcript.vtt").read_text("utf-8")


def test_a_changed_review_reaches_an_edited_script(here: Path, sayso: Sayso) -> None:
    sayso("build", "pier.md", "--engine", "tone")
    script = episode(here) / "script.md"
    script.write_text(script.read_text("utf-8").replace("This is", "Welcome to"))
    review = here / "pier.md"
    review.write_text(review.read_text("utf-8").replace("$3 million", "$4 million"))
    assert sayso("build", "pier.md", "--engine", "tone").code == 0
    text = script.read_text("utf-8")
    assert "Welcome to" in text
    assert "$4 million" in text


def test_a_dry_run_writes_nothing(here: Path, sayso: Sayso) -> None:
    result = sayso("build", "pier.md", "--engine", "tone", "--dry-run")
    assert result.code == 0
    assert "would voice" in result.out
    assert not (here / "episodes").exists()


def test_a_draft_leaves_the_episode_alone(here: Path, sayso: Sayso) -> None:
    assert sayso("build", "pier.md", "--draft").code == 0
    assert (episode(here) / "draft" / "episode.mp3").is_file()
    assert not (episode(here) / "episode.mp3").exists()


def test_several_reviews_go_on_after_one_fails(here: Path, sayso: Sayso) -> None:
    (here / "empty.md").write_text("")
    result = sayso("build", "empty.md", "pier.md", "--engine", "tone")
    assert result.code == 1
    assert "empty.md" in result.err
    assert "1 of 2 reviews built" in result.out
    assert (episode(here) / "episode.mp3").is_file()


def test_two_reviews_of_one_name_do_not_share_an_episode(here: Path, sayso: Sayso) -> None:
    sayso("build", "pier.md", "--engine", "tone")
    (here / "other").mkdir()
    shutil.copy(here / "pier.md", here / "show.toml.md")
    (here / "show.toml").write_text('title = "Pier Pressure"\n')
    shutil.copy(here / "pier.md", here / "other" / "pier.md")
    result = sayso("build", "other/pier.md", "--engine", "tone")
    assert result.code == 1
    assert "belongs to pier.md" in result.err


BAD_REVIEWS = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n\t\n", "empty"),
    "binary": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, ""),
    "invalid": (b"A fine show.\nAnd then \xff it broke.\n", "not UTF-8"),
    "large": (b"A long review goes on. " * 450_000, "too large"),
    "yaml": (b"---\ntitle: x\nopen\n---\n\nText.\n", "front matter"),
    "toml": (b"+++\ntitle = open\n+++\n\nText.\n", "front matter"),
    "unclosed": (b"---\ntitle: x\n\nText.\n", "front matter"),
    "emoji": ("😍🔥\n".encode(), ""),
}


@pytest.mark.parametrize("name", BAD_REVIEWS)
def test_a_bad_review_is_one_clear_error(name: str, here: Path, sayso: Sayso) -> None:
    content, words = BAD_REVIEWS[name]
    (here / f"{name}.md").write_bytes(content)
    result = sayso("build", f"{name}.md", "--engine", "tone")
    assert result.code == 1
    assert result.err.count("error: ") == 1
    assert f"{name}.md" in result.err
    assert words in result.err
    assert not (here / "episodes").exists()


ODD_REVIEWS = {
    "hangul": "The show 오징어 게임 is great. 정말 좋아요. 😍🔥\n\n😍😍😍\n\nIt ends well, I think.",
    "html": "A review.\n\n<script>alert(1)</script>\n\nThe cast is <b>good</b>. It ends well.\n",
    "zero": "A review with \x00 a NUL byte. It goes on.\n",
    "endless": "word " * 400 + ".",
}


@pytest.mark.parametrize("name", ODD_REVIEWS)
def test_an_odd_review_is_a_sound_episode(name: str, here: Path, sayso: Sayso) -> None:
    (here / f"{name}.md").write_text(ODD_REVIEWS[name], "utf-8")
    assert sayso("build", f"{name}.md", "--engine", "tone").code == 0
    assert "alert(1)" not in (episode(here, name) / "transcript.vtt").read_text("utf-8")


def test_a_script_that_no_voice_reads_is_noted_and_stops_nothing(here: Path, sayso: Sayso) -> None:
    (here / "k.md").write_text(
        "The show 오징어 게임, or 鱿鱼游戏, is great. I mean it. 😍🔥", "utf-8"
    )
    result = sayso("build", "k.md", "--engine", "hibari", "--kind", "tv")
    assert result.code == 0
    assert "hibari cannot read 鱿鱼游戏" in result.err


def test_an_unknown_voice_names_file_line_and_mend(here: Path, sayso: Sayso) -> None:
    sayso("script", "pier.md")
    script = episode(here) / "script.md"
    text = script.read_text("utf-8") + "\nCRITIK: One more thing.\n\n{sting fanfare}\n"
    script.write_text(text)
    result = sayso("build", "pier.md", "--engine", "tone")
    assert result.code == 1
    line = text.splitlines().index("CRITIK: One more thing.") + 1
    assert f"script.md:{line}: unknown voice 'CRITIK'" in result.err
    assert "did you mean 'critic'?" in result.err
    assert "unknown sting 'fanfare'" in result.err


def test_a_broken_template_names_file_and_line(here: Path, sayso: Sayso) -> None:
    (here / "scripts").mkdir()
    (here / "scripts" / "mine.md.j2").write_text("{{ show.title }}\n{{ reviw.title }}\n")
    result = sayso("build", "pier.md", "--template", "mine", "--engine", "tone")
    assert result.code == 1
    assert "mine.md.j2:2" in result.err
    assert "did you mean 'review'?" in result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "nowhere.md"), "no such review"),
        (("build", "pier.md", "--engine", "hibarri"), "did you mean 'hibari'?"),
        (("build", "pier.md", "--kind", "tvv"), "did you mean 'tv'?"),
        (("build", "pier.md", "--template", "bas"), "did you mean 'base.md.j2'?"),
    ],
)
def test_a_wrong_name_is_met_with_the_right_one(
    arguments: tuple[str, ...], words: str, here: Path, sayso: Sayso
) -> None:
    result = sayso(*arguments)
    assert result.code == 1
    assert words in result.err


def test_wrong_usage_is_exit_2(here: Path, sayso: Sayso) -> None:
    assert sayso("build").code == 2
    assert sayso("build", "pier.md", "--jobs", "0").code == 2
    unknown = sayso("biuld")
    assert unknown.code == 2
    assert "did you mean 'build'?" in unknown.err


def test_a_full_disk_is_one_clear_error_and_loses_nothing(here: Path, sayso: Sayso) -> None:
    sayso("build", "pier.md", "--engine", "tone")
    with small_disk(here / "disk", "300k"):
        shutil.copy(here / "pier.md", here / "disk" / "pier.md")
        result = sayso("build", "disk/pier.md", "--engine", "tone")
        assert result.code == 3
        assert "the disk is full" in result.err
        left = {p.name for p in (here / "disk").rglob("*") if p.is_file()}
        assert left <= {"pier.md", "script.md", ".rendered.md"}


def test_a_folder_that_cannot_be_written_is_one_clear_error(here: Path, sayso: Sayso) -> None:
    with small_disk(here / "disk", "1m") as disk:
        shutil.copy(here / "pier.md", disk / "pier.md")
        without_writing(disk)
        result = sayso("build", "disk/pier.md", "--engine", "tone")
        assert result.code == 3
        assert "read-only" in result.err


@pytest.mark.parametrize("engine", ["hibari", "pyttsx3"])
def test_no_network_no_espeak_no_ffmpeg(engine: str, here: Path) -> None:
    """Only Python on the path, and no network at all."""
    alone = without_network()
    (here / "bin").mkdir()
    environment = os.environ | {"PATH": str(here / "bin"), "SAYSO_CACHE": str(here / "cache")}
    command = [sys.executable, "-m", "sayso", "build", "pier.md", "--kind", "tv"]
    command += ["--engine", engine]
    done = subprocess.run(
        [*alone, *command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"next: listen, edit {Path('episodes/pier/script.md')}, and build again\n"
    assert (here / "episodes" / "pier" / "episode.mp3").stat().st_size > 100_000


def test_an_episode_has_a_picture_of_its_own(here: Path, sayso: Sayso) -> None:
    from PIL import Image

    (here / "show.toml").write_text('title = "Here"\n')
    Image.new("RGB", (1400, 1400), (200, 30, 30)).save(here / "pier.png")
    review = here / "pier.md"
    review.write_text("---\ncover: pier.png\n---\n\n" + review.read_text("utf-8"), "utf-8")
    assert sayso("build", "pier.md", "--draft").code == 0
    with Image.open(episode(here) / "draft" / "cover.jpg") as cover:
        assert (cover.format, cover.size) == ("JPEG", (1400, 1400))
        red, green, blue = cover.getpixel((700, 700))
        assert abs(red - 200) + abs(green - 30) + abs(blue - 30) < 12
    review.write_text(review.read_text("utf-8").replace("pier.png", "none.png"), "utf-8")
    told = sayso("build", "pier.md", "--draft")
    assert told.code == 0
    assert "pier.md:2: the cover 'none.png' is no file of the show; a cover is drawn" in told.err


@pytest.mark.parametrize(
    "cover", ["https://example.org/a.jpg", "{image: /img/a.jpg}", "../a.jpg", "//x/a.jpg"]
)
def test_a_cover_of_another_program_is_a_note_before_anything_is_voiced(
    cover: str, here: Path, sayso: Sayso
) -> None:
    review = here / "pier.md"
    review.write_text(f"---\ncover: {cover}\n---\n\n" + review.read_text("utf-8"), "utf-8")
    told = sayso("build", "pier.md", "--draft")
    assert told.code == 0
    assert told.err.index("no file of the show") < told.err.index("next:")


def test_a_broken_cover_of_the_show_is_an_error_before_anything_is_voiced(
    here: Path, sayso: Sayso
) -> None:
    (here / "pier.png").write_bytes(b"text")
    review = here / "pier.md"
    review.write_text("---\ncover: pier.png\n---\n\n" + review.read_text("utf-8"), "utf-8")
    told = sayso("script", "pier.md")
    assert told.code == 1
    assert "neither a JPEG nor a PNG" in told.err


@pytest.mark.parametrize(
    "said", ["kind: post", "kind: page", "kind: long-form", "shape: dreadnought"]
)
def test_a_kind_of_the_blog_is_a_note(said: str, here: Path, sayso: Sayso) -> None:
    review = here / "pier.md"
    review.write_text(f"---\n{said}\n---\n\n" + review.read_text("utf-8"), "utf-8")
    told = sayso("script", "pier.md")
    assert told.code == 0
    assert f"`{said}` in the review is no {said.split(':')[0]} that sayso knows" in told.err


TABLE = "\n| Good | Bad |\n|---|---|\n| light | cold |\n"
NOTE = "note: {}left out: 1 table; sayso script --explain lists it"


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_what_is_left_out_is_told_in_every_form(
    here: Path, sayso: Sayso, options: tuple[str, ...]
) -> None:
    (here / "pier.md").write_text((here / "pier.md").read_text("utf-8") + TABLE, "utf-8")
    (here / "quay.md").write_text((here / "pier.md").read_text("utf-8").replace("|", ""), "utf-8")
    command = ("build", "--engine", "tone", *options)
    for _ in range(2):  # also where nothing has changed
        assert NOTE.format("") in sayso(*command, "pier.md").err
    batch = sayso(*command, "pier.md", "quay.md")
    assert NOTE.format("pier: ") in batch.err
    assert NOTE.format("quay: ") not in batch.err
    told = json.loads(sayso(*command, "pier.md", "quay.md", "--json").out)["episodes"]
    assert [each["left_out"] for each in told] == [{"table": 1}, {}]
    (told,) = json.loads(sayso(*command, "pier.md", "--json").out)["episodes"]
    assert told["left_out"] == {"table": 1}
    show = Show.open(here)
    plan = show.plan("pier.md", Options(engine="tone"))
    assert plan.left_out == (("table", 1),)
    if not options:
        assert show.build("pier.md", Options(engine="tone")).left_out == (("table", 1),)
