"""From a mastered timeline to the finished files of an episode."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import jinja2

from sayso._version import __version__
from sayso.build.audio import mastered_chunk, mp3_format
from sayso.build.exports import export
from sayso.build.state import Work
from sayso.episode import (
    BuildFacts,
    Picture,
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
from sayso.show import sound_path, template_folders
from sayso.show.paths import EPISODES, MANIFEST
from sayso.system.atomic_files import exclusive, file_digest, open_atomic, sweep, write_atomic
from sayso.system.cache import Store, make_key

REPORT = "report.html"


def write_episode(work: Work) -> None:
    """Write the episode's files: the MP3 first, the manifest last.

    One build at a time writes a folder, and none while a publication reads it: the files that lie
    there are always those of one build.
    """

    def waits() -> None:
        work.reporter.note(f"waited for another sayso that works on {work.slug!r}")

    with (
        exclusive(work.show.root / EPISODES, shared=True, waits=waits),
        exclusive(work.folder, waits=waits),
    ):
        _write_episode(work)


def _write_episode(work: Work) -> None:
    assert work.outline is not None
    assert work.timeline is not None
    assert work.measured is not None
    assert work.energies is not None
    timeline, show, review = work.timeline, work.show, work.outline.review
    assert work.script is not None
    title = work.script.get("title") or review.title
    cover = covers(work, review.subject or title)
    notes = notes_markdown(timeline, work.outline, show, title, template_folders(show))
    # One at a time: those of a long episode would fill much memory together.
    small: dict[str, Callable[[], bytes | str]] = {
        "chapters.json": partial(chapters_json, timeline, title),
        "transcript.vtt": partial(vtt, timeline),
        "transcript.srt": partial(srt, timeline),
        "transcript.json": partial(transcript_json, timeline),
        "transcript.txt": partial(transcript_text, timeline, title),
        "transcript.html": partial(transcript_html, timeline),
        "waveform.svg": partial(waveform_svg, timeline, work.energies, title),
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
    sweep(work.folder)
    mp3 = work.folder / "episode.mp3"
    with open_atomic(mp3) as stream:
        write_mp3(stream, _frames(work), mp3_format(work), tag=tag)
    hashes = {"episode.mp3": file_digest(mp3)}
    for name, make in small.items():
        content = make()
        write_atomic(work.folder / name, content)
        hashes[name] = digest(content)
    hashes |= export(work, _sound_tags(work, title))
    document = manifest(
        show=show,
        outline=work.outline,
        title=title,
        timeline=timeline,
        measured=work.measured,
        files=hashes,
        missing=work.cut,
    )
    path = work.folder / MANIFEST
    report = work.folder / REPORT
    if not _is(path, document) or not report.is_file():
        write_atomic(report, _report(work, title, hashes))
    write_atomic(path, document)
    files = hashes | {MANIFEST: digest(document), REPORT: file_digest(report)}
    work.made |= {name: sha256 for name, (_, sha256) in files.items()}


def compile_templates(work: Work) -> None:
    """Have the templates of notes and report compiled. What is wrong with one is for its turn."""
    report_template()
    with contextlib.suppress(jinja2.TemplateError, SaysoError):
        notes_environment(template_folders(work.show)).get_template(TEMPLATE)


def _sound_tags(work: Work, title: str) -> SoundTags:
    """What other formats than MP3 say of themselves."""
    assert work.outline is not None
    assert work.timeline is not None
    show, review = work.show, work.outline.review
    return SoundTags(
        title=title,
        artist=show.author or show.title,
        album=show.title,
        date=review.date,
        comment=review.summary,
        chapters=tuple(
            SoundChapter(chapter.title, chapter.start_ms, chapter.end_ms)
            for chapter in tag_chapters(work.timeline)
        ),
        cover=work.folder / "cover.jpg",
    )


def _report(work: Work, title: str, files: dict[str, tuple[int, str]]) -> str:
    """The report tells of the build that made the episode what it is, until the next that does."""
    assert work.outline is not None
    assert work.timeline is not None
    assert work.measured is not None
    assert work.energies is not None
    return report_html(
        show=work.show,
        outline=work.outline,
        title=title,
        timeline=work.timeline,
        energies=work.energies,
        measured=work.measured,
        files=files,
        cut=work.cut,
        facts=BuildFacts(work.voiced, work.n_encoded, tuple(work.seconds.items())),
    )


def _is(path: Path, content: str) -> bool:
    """Whether a file has this content already."""
    return path.is_file() and path.read_bytes() == content.encode("utf-8")


def _frames(work: Work) -> Iterator[Encoded]:
    """The frames of all chunks; one that has gone from the cache meanwhile is made again."""
    assert work.timeline is not None
    for chunk in work.timeline.chunks:
        yield mastered_chunk(work, chunk).encoded


def covers(work: Work, subject: str) -> tuple[bytes, Picture]:
    """The cover for the folder, and the smaller one for the tag.

    The review's own (`cover:` in its front matter), or the show's, or one that is drawn.
    """
    from sayso.episode.cover import EPISODE_PX, draw_cover, folder_cover, read_cover, tag_cover

    assert work.outline is not None
    store = Store(work.cache / "covers")
    own = dict(work.outline.review.extra).get("cover") or work.show.cover
    if own is not None:
        data = folder_cover(read_cover(sound_path(work.show, own)))
    else:
        key = make_key("cover-2", __version__, work.show.title, subject)
        found = store.get(key)
        data = found or draw_cover(work.show.title, subject, size_px=EPISODE_PX)
        if found is None:
            store.put(key, data)
    key = make_key("tag-cover-2", __version__, hashlib.sha256(data).hexdigest())
    small = store.get(key)
    if small is None:
        small = tag_cover(data).data
        store.put(key, small)
    return data, Picture("image/jpeg", small)
