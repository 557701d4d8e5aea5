"""From a mastered timeline to the finished files of an episode."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import jinja2

from sayso._version import __version__
from sayso.build.audio import ChunkMaster
from sayso.build.covers import make_covers
from sayso.build.exports import export
from sayso.build.states import Build, Mastered
from sayso.episode import (
    BuildFacts,
    Tags,
    chapters_json,
    digest,
    manifest,
    notes_html,
    notes_markdown,
    plain,
    report_html,
    srt,
    tag_chapters,
    transcript_html,
    transcript_json,
    transcript_text,
    vtt,
    waveform_svg,
    write_id3,
)
from sayso.episode.notes import TEMPLATE, notes_environment
from sayso.episode.report import report_template
from sayso.errors import SaysoError
from sayso.master import Encoded, write_mp3
from sayso.master.formats import SoundChapter, SoundTags
from sayso.show.finding import template_folders
from sayso.show.paths import EPISODES, MANIFEST
from sayso.system.atomic_files import exclusive, file_digest, open_atomic, sweep, write_atomic

REPORT = "report.html"


def write_episode(build: Build, mastered: Mastered) -> dict[str, str]:
    """Write the episode's files: the MP3 first, the manifest last.

    One build at a time writes a folder, and none while a publication reads it: the files that lie
    there are always those of one build. Returns the SHA-256 of each file, by its name.
    """

    def waits() -> None:
        build.reporter.note(f"waited for another sayso that works on {build.slug!r}")

    with (
        exclusive(build.show.root / EPISODES, shared=True, waits=waits),
        exclusive(build.folder, waits=waits),
    ):
        return _write_episode(build, mastered)


def _write_episode(build: Build, mastered: Mastered) -> dict[str, str]:
    scripted = mastered.voiced.lined.scripted
    timeline, show, review = mastered.timeline, build.show, scripted.outline.review
    title = scripted.title
    cover = make_covers(build, scripted)
    notes = notes_markdown(timeline, scripted.outline, show, title, template_folders(show))
    # One at a time: those of a long episode would fill much memory together.
    small: dict[str, Callable[[], bytes | str]] = {
        "chapters.json": partial(chapters_json, timeline, title),
        "transcript.vtt": partial(vtt, timeline),
        "transcript.srt": partial(srt, timeline),
        "transcript.json": partial(transcript_json, timeline),
        "transcript.txt": partial(transcript_text, timeline, title),
        "transcript.html": partial(transcript_html, timeline),
        "waveform.svg": partial(waveform_svg, timeline, mastered.energies, title),
        "notes.md": lambda: notes,
        "notes.html": partial(notes_html, notes),
        "cover.jpg": lambda: cover[0],
    }
    tag = write_id3(
        Tags(
            title=title,
            artist=show.author or show.title,
            album=show.title,
            date=review.date,
            language=show.language,
            encoded_by=f"sayso {__version__}",
            publisher=show.author,
            comment=review.summary,
            lyrics=plain(timeline),
            length_ms=timeline.ms(timeline.n_samples),
            link=review.link,
            cover=cover[1],
            chapters=tag_chapters(timeline),
        )
    )
    sweep(build.folder)
    mp3 = build.folder / "episode.mp3"
    with open_atomic(mp3) as stream:
        write_mp3(stream, encoded_chunks(mastered.master), mastered.master.form, tag=tag)
    hashes = {"episode.mp3": file_digest(mp3)}
    for name, make in small.items():
        content = make()
        write_atomic(build.folder / name, content)
        hashes[name] = digest(content)
    formats, stems = export(build, mastered, _sound_tags(build, mastered, title))
    hashes |= formats
    document = manifest(
        show=show,
        outline=scripted.outline,
        title=title,
        timeline=timeline,
        measured=mastered.measured,
        files=hashes,
        missing=scripted.cut,
    )
    path = build.folder / MANIFEST
    report = build.folder / REPORT
    if not _is(path, document) or not report.is_file():
        write_atomic(report, _report(build, mastered, title, hashes))
    write_atomic(path, document)
    files = hashes | {MANIFEST: digest(document), REPORT: file_digest(report)}
    return {name: sha256 for name, (_, sha256) in files.items()} | stems


def compile_templates(build: Build) -> None:
    """Have the templates of notes and report compiled. What is wrong with one is for its turn."""
    report_template()
    with contextlib.suppress(jinja2.TemplateError, SaysoError):
        notes_environment(template_folders(build.show)).get_template(TEMPLATE)


def encoded_chunks(master: ChunkMaster) -> Iterator[Encoded]:
    """The frames of all chunks; one that has gone from the cache meanwhile is made again."""
    for chunk in master.mixer.timeline.chunks:
        mastered, _ = master.master(chunk)
        yield mastered.encoded


def _sound_tags(build: Build, mastered: Mastered, title: str) -> SoundTags:
    """What other formats than MP3 say of themselves."""
    show, review = build.show, mastered.voiced.lined.scripted.outline.review
    return SoundTags(
        title=title,
        artist=show.author or show.title,
        album=show.title,
        date=review.date,
        comment=review.summary,
        chapters=tuple(
            SoundChapter(chapter.title, chapter.start_ms, chapter.end_ms)
            for chapter in tag_chapters(mastered.timeline)
        ),
        cover=build.folder / "cover.jpg",
    )


def _report(build: Build, mastered: Mastered, title: str, files: dict[str, tuple[int, str]]) -> str:
    """The report tells of the build that made the episode what it is, until the next that does."""
    voiced = mastered.voiced
    return report_html(
        show=build.show,
        outline=voiced.lined.scripted.outline,
        title=title,
        timeline=mastered.timeline,
        energies=mastered.energies,
        measured=mastered.measured,
        files=files,
        cut=voiced.lined.scripted.cut,
        facts=BuildFacts(voiced.new_takes, mastered.n_encoded, mastered.seconds),
    )


def _is(path: Path, content: str) -> bool:
    """Whether a file has this content already."""
    return path.is_file() and path.read_bytes() == content.encode("utf-8")
