"""A sound episode passes; every damage is found, each by the check that is there for it."""

from __future__ import annotations

import json
import re
import struct
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from finished_episode import (
    SCRIPT,
    build,
    copy,
    edit,
    edit_bytes,
    encode_again,
    manifest,
    seal,
    tag_of,
    write_manifest,
)
from PIL import Image

from sayso.episode.checking import Finding, check_episode
from sayso.errors import EnvironmentProblem
from sayso.master import Mp3Format

Damage = Callable[[Path], None]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("show")).folder


def test_a_finished_episode_is_in_order(finished: Path) -> None:
    checked = check_episode(finished)
    assert checked.findings == ()
    assert checked.is_right
    audio = manifest(finished)["audio"]
    assert round(checked.duration_s or 0, 3) == audio["duration_s"]
    assert checked.integrated_lufs == pytest.approx(audio["integrated_lufs"], abs=0.1)


# ----------------------------------------------------------------- damage, one function each


def first_frame(data: bytes | bytearray) -> int:
    return len(tag_of(data))


def frames_at(data: bytes | bytearray, share: float, n: int) -> tuple[int, int]:
    """Start and end of `n` frames at a share of the file."""
    size = 417  # 128 kbit/s at 44.1 kHz, without the padding byte
    at = data.index(data[first_frame(data) : first_frame(data) + 2], int(len(data) * share))
    return at, at + n * size


def cut_the_end(folder: Path) -> None:
    edit_bytes(folder, lambda data: data[: len(data) * 2 // 3])


def flip_bytes(folder: Path) -> None:
    def flip(data: bytearray) -> bytearray:
        for at in range(len(data) // 2, len(data) // 2 + 400):
            data[at] ^= 0x5A
        return data

    edit_bytes(folder, flip)


def flip_one_bit_of_sound(folder: Path) -> None:
    def flip(data: bytearray) -> bytearray:
        start, _ = frames_at(data, 0.5, 1)
        data[start + 200] ^= 1
        return data

    edit_bytes(folder, flip)


def drop_a_frame(folder: Path) -> None:
    def drop(data: bytearray) -> bytearray:
        start, end = frames_at(data, 0.4, 1)
        del data[start:end]
        return data

    edit_bytes(folder, drop)


def double_a_frame(folder: Path) -> None:
    def double(data: bytearray) -> bytearray:
        start, end = frames_at(data, 0.4, 1)
        return data[:end] + data[start:end] + data[end:]

    edit_bytes(folder, double)


def append_rubbish(folder: Path) -> None:
    edit_bytes(folder, lambda data: data + b"TAG" + bytes(125))


def overwrite_the_info_header(folder: Path) -> None:
    def blank(data: bytearray) -> bytearray:
        at = data.index(b"Info", first_frame(data))
        data[at : at + 4] = bytes(4)
        return data

    edit_bytes(folder, blank)


def claim_another_length(folder: Path) -> None:
    def claim(data: bytearray) -> bytearray:
        at = data.index(b"LAME", first_frame(data)) + 21
        data[at : at + 3] = (576 << 12 | 1200).to_bytes(3, "big")
        return data

    edit_bytes(folder, claim)


def write_text_for_sound(folder: Path) -> None:
    (folder / "episode.mp3").write_text("Not found. " * 500)


def empty_the_sound(folder: Path) -> None:
    (folder / "episode.mp3").write_bytes(b"")


def make_it_louder(folder: Path) -> None:
    encode_again(folder, lambda samples, _: samples * np.float32(10 ** (2 / 20)))


def make_it_quieter(folder: Path) -> None:
    encode_again(folder, lambda samples, _: samples * np.float32(10 ** (-2 / 20)))


def overdrive_a_word(folder: Path) -> None:
    start = manifest(folder)["lines"][4]["start"]

    def overdrive(samples: Any, rate: int) -> Any:
        samples[start : start + rate // 2] *= 9
        return samples

    encode_again(folder, overdrive)


def silence_a_sentence(folder: Path) -> None:
    line = manifest(folder)["lines"][5]

    def silence(samples: Any, _: int) -> Any:
        samples[line["start"] : line["end"]] = 0
        return samples

    encode_again(folder, silence)


def silence_a_part_of_a_sentence(folder: Path) -> None:
    line = max(manifest(folder)["lines"], key=lambda line: line["end"] - line["start"])
    middle = (line["start"] + line["end"]) // 2

    def silence(samples: Any, rate: int) -> Any:
        samples[middle - rate : middle + rate] = 0
        return samples

    encode_again(folder, silence)


def insert_a_long_silence(folder: Path) -> None:
    end = manifest(folder)["lines"][2]["end"]
    encode_again(
        folder,
        lambda samples, rate: np.insert(samples, [end] * 3 * rate, np.float32(0), axis=0),
    )


def shift_the_sound(folder: Path) -> None:
    encode_again(folder, lambda samples, rate: np.roll(samples, rate, axis=0))


def add_a_noise_in_a_pause(folder: Path) -> None:
    def add(samples: Any, rate: int) -> Any:
        lines = manifest(folder)["lines"]
        gap = next(
            (a["end"], b["start"])
            for a, b in pairwise(lines)
            if 0.25 < (b["start"] - a["end"]) / rate < 1.0
        )
        middle = sum(gap) // 2
        n = rate // 50
        samples[middle - n : middle + n] += 0.2 * np.sin(np.arange(2 * n) * 0.2)[:, None]
        return samples

    encode_again(folder, add)


def make_it_mono(folder: Path) -> None:
    form = Mp3Format(44_100, 1, 128)
    encode_again(folder, lambda samples, _: samples[:, :1], form)


def play_it_slower(folder: Path) -> None:
    encode_again(folder, lambda samples, _: samples, Mp3Format(32_000, 2, 128))


def replace_the_cover_by_text(folder: Path) -> None:
    (folder / "cover.jpg").write_text("<html>Not found</html>")


def cut_the_cover(folder: Path) -> None:
    path = folder / "cover.jpg"
    path.write_bytes(path.read_bytes()[:20_000])


def shrink_the_cover(folder: Path) -> None:
    Image.new("RGB", (300, 300), "red").save(folder / "cover.jpg")


def blacken_the_tags_cover(folder: Path) -> None:
    def blacken(data: bytearray) -> bytearray:
        at = data.index(b"\xff\xd8\xff")
        data[at + 3 : at + 3000] = bytes(2997)
        return data

    edit_bytes(folder, blacken)


def damage_the_tag(folder: Path) -> None:
    def damage(data: bytearray) -> bytearray:
        at = data.index(b"CHAP")
        data[at + 4 : at + 8] = b"\x00\x7f\x00\x00"
        return data

    edit_bytes(folder, damage)


def remove_the_tag(folder: Path) -> None:
    edit_bytes(folder, lambda data: data[first_frame(data) :])


def rename_the_title_in_the_tag(folder: Path) -> None:
    old, new = "The Pier".encode("utf-16-le"), "The Peer".encode("utf-16-le")
    edit_bytes(folder, lambda data: data.replace(old, new, 1))


def unmark_the_table_of_contents(folder: Path) -> None:
    edit_bytes(folder, lambda data: data.replace(b"toc\x00\x03", b"toc\x00\x01", 1))


def swap_chapters_in_the_tag(folder: Path) -> None:
    def swap(data: bytearray) -> bytearray:
        start = manifest(folder)["chapters"][1]["start"] * 1000 // 44_100
        at = data.index(b"CHAP", data.index(b"CHAP") + 1)
        place = data.index(b"\0", at + 10) + 1
        (told,) = struct.unpack_from(">I", data, place)
        assert abs(told - start) <= 1
        struct.pack_into(">I", data, place, told + 5_000)
        return data

    edit_bytes(folder, swap)


def edit_chapters(change: Callable[[list[dict[str, Any]]], None]) -> Damage:
    def damage(folder: Path) -> None:
        document = json.loads((folder / "chapters.json").read_text("utf-8"))
        change(document["chapters"])
        (folder / "chapters.json").write_text(json.dumps(document), "utf-8")

    return damage


def swap_titles(chapters: list[dict[str, Any]]) -> None:
    chapters[1]["title"], chapters[2]["title"] = chapters[2]["title"], chapters[1]["title"]


def shift_a_second(chapters: list[dict[str, Any]]) -> None:
    chapters[2]["startTime"] += 1


def start_late(chapters: list[dict[str, Any]]) -> None:
    chapters[0]["startTime"] = 2.5


def drop_last(chapters: list[dict[str, Any]]) -> None:
    del chapters[-1]


def turn_round(chapters: list[dict[str, Any]]) -> None:
    chapters.reverse()


def break_the_chapters(folder: Path) -> None:
    edit(folder, "chapters.json", lambda text: text[: len(text) // 2])


def shift_the_captions(folder: Path) -> None:
    def shift(text: str) -> str:
        return re.sub(r"(?m)^00:00:(\d\d)", lambda m: f"00:00:{(int(m[1]) + 1) % 60:02}", text)

    edit(folder, "transcript.vtt", shift)


def delete_line(name: str, words: str) -> Damage:
    """Delete the block (between blank lines) that holds some words."""

    def damage(folder: Path) -> None:
        edit(
            folder,
            name,
            lambda text: "\n\n".join(b for b in text.split("\n\n") if words not in b),
        )

    return damage


def swap(name: str, a: str, b: str) -> Damage:
    def damage(folder: Path) -> None:
        edit(folder, name, lambda t: t.replace(a, "\0").replace(b, a).replace("\0", b))

    return damage


def replace(name: str, old: str, new: str) -> Damage:
    return lambda folder: edit(folder, name, lambda text: text.replace(old, new, 1))


def run_beyond_the_end(folder: Path) -> None:
    edit(
        folder,
        "transcript.vtt",
        lambda text: text.rstrip() + "\n\n01:00:00.000 --> 01:00:01.000\n<v Host>More.</v>\n",
    )


def edit_manifest(change: Callable[[Any], None]) -> Damage:
    def damage(folder: Path) -> None:
        document = manifest(folder)
        change(document)
        write_manifest(folder, document)

    return damage


def rewrite_a_line(document: Any) -> None:
    document["lines"][4]["written"] = "Nobody ever said this."


def move_a_line(document: Any) -> None:
    document["lines"][4]["start"] = document["audio"]["n_samples"] + 5


def lengthen(document: Any) -> None:
    document["audio"]["n_samples"] += 44_100
    document["chapters"][-1]["end"] += 44_100


def forget_lines(document: Any) -> None:
    del document["lines"]


def point_outside(document: Any) -> None:
    document["files"]["../../secret"] = {"bytes": 1, "sha256": "0" * 64}


DAMAGES: dict[str, tuple[Damage, str, str, str]] = {
    # name: damage, code, file, words of the problem
    "cut short": (cut_the_end, "frames", "episode.mp3", "cut short|no frame"),
    "half of it": (cut_the_end, "duration", "episode.mp3", "fewer than"),
    "flipped bytes": (flip_bytes, "frames", "episode.mp3", ""),
    "one bit": (flip_one_bit_of_sound, "info", "episode.mp3", "sum"),
    "a dropped frame": (drop_a_frame, "info", "episode.mp3", "counts"),
    "a doubled frame": (double_a_frame, "info", "episode.mp3", "counts"),
    "rubbish at the end": (append_rubbish, "frames", "episode.mp3", "no frame follows"),
    "no Info header": (overwrite_the_info_header, "info", "episode.mp3", "no Info header"),
    "a false length": (claim_another_length, "info", "episode.mp3", "tells"),
    "text for sound": (write_text_for_sound, "frames", "episode.mp3", "no MP3 frame"),
    "nothing for sound": (empty_the_sound, "frames", "episode.mp3", "empty"),
    "louder": (make_it_louder, "loudness", "episode.mp3", r"\+1\.\d LU"),
    "quieter": (make_it_quieter, "loudness", "episode.mp3", r"-2\.\d LU"),
    "overdriven": (overdrive_a_word, "peak", "episode.mp3", "true peak"),
    "clipped": (overdrive_a_word, "clipping", "episode.mp3", "full scale"),
    "a silent sentence": (silence_a_sentence, "voice", "episode.mp3", "no voice is heard"),
    "a hole": (silence_a_part_of_a_sentence, "voice", "episode.mp3", "silence inside"),
    "a long silence": (insert_a_long_silence, "silence", "episode.mp3", "of silence"),
    "longer": (insert_a_long_silence, "duration", "episode.mp3", "more than"),
    "shifted sound": (shift_the_sound, "noise", "episode.mp3", "timeline has none"),
    "a noise": (add_a_noise_in_a_pause, "noise", "episode.mp3", "timeline has none"),
    "mono": (make_it_mono, "format", "episode.mp3", "1 channels"),
    "another rate": (play_it_slower, "format", "episode.mp3", "32000 Hz"),
    "text for a cover": (replace_the_cover_by_text, "cover", "cover.jpg", ""),
    "half a cover": (cut_the_cover, "cover", "cover.jpg", ""),
    "a small cover": (shrink_the_cover, "cover", "cover.jpg", "300"),
    "a broken tag cover": (blacken_the_tags_cover, "cover", "episode.mp3", "decoded"),
    "a broken tag": (damage_the_tag, "tag", "episode.mp3", "longer than"),
    "no tag": (remove_the_tag, "tag", "episode.mp3", "no ID3"),
    "another title": (rename_the_title_in_the_tag, "tag", "episode.mp3", "title"),
    "no table of contents": (unmark_the_table_of_contents, "tag", "episode.mp3", "contents"),
    "tag chapters": (swap_chapters_in_the_tag, "chapters", "episode.mp3", "chapter 2 starts"),
    "swapped chapters": (edit_chapters(swap_titles), "chapters", "chapters.json", "is named"),
    "a shifted chapter": (edit_chapters(shift_a_second), "chapters", "chapters.json", "chapter 3"),
    "a late start": (edit_chapters(start_late), "chapters", "chapters.json", "start at 0"),
    "a lost chapter": (edit_chapters(drop_last), "chapters", "chapters.json", "it has 3"),
    "chapters reversed": (edit_chapters(turn_round), "chapters", "chapters.json", "order"),
    "half of chapters.json": (break_the_chapters, "chapters", "chapters.json", "cannot be read"),
    "shifted captions": (shift_the_captions, "transcript", "transcript.vtt", "when it is said"),
    "a lost caption": (
        delete_line("transcript.vtt", "small and superb"),
        *("transcript", "transcript.vtt", "where the timeline has"),
    ),
    "another word": (
        replace("transcript.vtt", "superb", "awful"),
        *("transcript", "transcript.vtt", "awful"),
    ),
    "another speaker": (
        replace("transcript.vtt", "<v Critic>", "<v Somebody>"),
        *("transcript", "transcript.vtt", "Somebody is named"),
    ),
    "captions beyond the end": (run_beyond_the_end, "transcript", "transcript.vtt", "beyond"),
    "no WEBVTT": (
        replace("transcript.vtt", "WEBVTT", "VTT"),
        *("transcript", "transcript.vtt", "WEBVTT"),
    ),
    "misnumbered SRT": (
        replace("transcript.srt", "\n\n2\n", "\n\n7\n"),
        *("transcript", "transcript.srt", "numbered '7'"),
    ),
    "SRT words": (
        replace("transcript.srt", "superb", "awful"),
        *("transcript", "transcript.srt", "awful"),
    ),
    "JSON words": (
        replace("transcript.json", "small and superb", "small"),
        *("transcript", "transcript.json", "where the timeline has"),
    ),
    "JSON times": (
        lambda f: edit(
            f, "transcript.json", lambda t: re.sub(r"(Time\": )0\.\d+", r"\g<1>9.5", t, count=1)
        ),
        *("transcript", "transcript.json", "before"),
    ),
    "text in another order": (
        swap("transcript.txt", "small and superb", "dry & quick"),
        *("transcript", "transcript.txt", "not in its place"),
    ),
    "HTML words": (
        replace("transcript.html", "superb", "awful"),
        *("transcript", "transcript.html", "not in its place"),
    ),
    "an edited manifest": (
        edit_manifest(rewrite_a_line),
        *("transcript", "transcript.vtt", "Nobody ever said this"),
    ),
    "a line outside": (edit_manifest(move_a_line), "manifest", "episode.json", "line 5"),
    "a longer manifest": (edit_manifest(lengthen), "duration", "episode.mp3", "fewer"),
    "no lines": (edit_manifest(forget_lines), "manifest", "episode.json", "no lines"),
    "a path": (edit_manifest(point_outside), "manifest", "episode.json", "no file name"),
    "half a manifest": (
        lambda folder: edit(folder, "episode.json", lambda text: text[:500]),
        *("manifest", "episode.json", "not JSON"),
    ),
}
UNSEALED: dict[str, tuple[Damage, str, str]] = {
    "no manifest": (lambda f: (f / "episode.json").unlink(), "missing", "episode.json"),
    "no sound": (lambda f: (f / "episode.mp3").unlink(), "missing", "episode.mp3"),
    "no captions": (lambda f: (f / "transcript.vtt").unlink(), "missing", "transcript.vtt"),
    "no notes": (lambda f: (f / "notes.html").unlink(), "missing", "notes.html"),
    "edited notes": (replace("notes.md", "Credits", "credits"), "hash", "notes.md"),
    "longer notes": (replace("notes.md", "Credits", "The credits"), "size", "notes.md"),
    "a foreign picture": (replace("waveform.svg", "stroke", "strike"), "hash", "waveform.svg"),
    "one bit of sound": (flip_one_bit_of_sound, "hash", "episode.mp3"),
}


def found(findings: tuple[Finding, ...], code: str, file: str, words: str = "") -> bool:
    return any(
        finding.code == code and finding.file == file and re.search(words, finding.problem)
        for finding in findings
    )


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_by_what_it_does_and_not_only_by_its_hash(
    name: str, finished: Path, tmp_path: Path
) -> None:
    damage, code, file, words = DAMAGES[name]
    folder = copy(finished, tmp_path / "damaged")
    damage(folder)
    if name not in ("half a manifest",):
        seal(folder)
    checked = check_episode(folder)
    assert found(checked.findings, code, file, words), checked.findings
    assert not found(checked.findings, "hash", file)
    assert not checked.is_right
    assert all(finding.hint for finding in checked.findings)


@pytest.mark.parametrize("name", UNSEALED)
def test_every_file_must_be_as_it_was_built(name: str, finished: Path, tmp_path: Path) -> None:
    damage, code, file = UNSEALED[name]
    folder = copy(finished, tmp_path / "damaged")
    damage(folder)
    checked = check_episode(folder)
    assert found(checked.findings, code, file), checked.findings
    assert not checked.is_right


def test_a_foreign_file_is_a_warning_and_the_authors_own_are_none(
    finished: Path, tmp_path: Path
) -> None:
    folder = copy(finished, tmp_path / "more")
    (folder / "script.backup-1.md").write_text("Old.")
    (folder / "draft").mkdir()
    assert check_episode(folder).findings == ()
    (folder / "ideas.txt").write_text("More bass.")
    checked = check_episode(folder)
    assert [(f.code, f.file, f.severity) for f in checked.findings] == [
        ("extra", "ideas.txt", "warning")
    ]
    assert checked.is_right


def test_a_pause_that_the_script_asks_for_is_no_finding(tmp_path: Path) -> None:
    work = build(tmp_path, SCRIPT + "\n{pause 4s}\n\nGood night.\n")
    assert "Good night." in (work.folder / "transcript.txt").read_text("utf-8")
    assert check_episode(work.folder).findings == ()


def test_a_check_holds_no_more_than_a_few_seconds_of_sound(finished: Path) -> None:
    tracemalloc.start()
    try:
        check_episode(finished)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    samples = manifest(finished)["audio"]["n_samples"] * 2 * 4
    assert peak < max(48_000_000, samples // 4)


def test_no_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="no such folder"):
        check_episode(tmp_path / "nowhere")
