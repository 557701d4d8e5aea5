"""The folder of a finished episode → the files of it that are published, and their names.

Media is named after its content: new bytes have a new name, so no cache between the show and its
listeners ever serves old ones, and an upload never overwrites a file.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sayso.episode.checking import Expected, check_episode, read_manifest
from sayso.errors import PublishError
from sayso.publish.targets.base import open_source
from sayso.show.paths import MANIFEST
from sayso.system.atomic_files import explain_os_errors

HASH_DIGITS = 12
"""Of a SHA-256 in a name: 48 bits, so that two versions of one file never share a name."""


@dataclass(frozen=True, slots=True)
class MediaKind:
    """A kind of file that is published: its name in the episode's folder, its ending and type."""

    file: str
    ending: str
    mime: str


AUDIO = MediaKind("episode.mp3", ".mp3", "audio/mpeg")
COVER = MediaKind("cover.jpg", ".jpg", "image/jpeg")
CHAPTERS = MediaKind("chapters.json", ".chapters.json", "application/json+chapters")
CAPTIONS = (
    MediaKind("transcript.vtt", ".vtt", "text/vtt"),
    MediaKind("transcript.srt", ".srt", "application/x-subrip"),
)
TRANSCRIPTS = (
    *CAPTIONS,
    MediaKind("transcript.json", ".transcript.json", "application/json"),
    MediaKind("transcript.html", ".transcript.html", "text/html"),
    MediaKind("transcript.txt", ".txt", "text/plain"),
)
MEDIA = (AUDIO, COVER, CHAPTERS, *TRANSCRIPTS)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file to be uploaded."""

    name: str
    """Below the site's address: `media/the-pier-0a1b2c3d4e5f.mp3`."""
    mime: str
    n_bytes: int
    source: Path | bytes
    """Its bytes, or the file that holds them."""

    def opening(self, n: int) -> bytes:
        """Its first `n` bytes. Raises EnvironmentProblem if it cannot be read."""
        with open_source(self.source) as stream:
            return stream.read(n)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site to be written."""

    name: str
    """Below the site's address: `the-pier/index.html`."""
    html: bytes
    mime: str = "text/html"


@dataclass(frozen=True, slots=True)
class FinishedEpisode:
    """A finished episode, as its manifest describes it."""

    slug: str
    folder: Path
    manifest: Expected
    digest: str
    """SHA-256 of the manifest, which names the hashes of all other files."""
    notes: str
    """The show notes, HTML."""

    def media(self) -> tuple[MediaFile, ...]:
        """Its published files."""
        return tuple(self.media_of(kind) for kind in MEDIA)

    def media_of(self, kind: MediaKind) -> MediaFile:
        """One of its published files. Raises PublishError if the manifest does not list it."""
        for known in self.manifest.files:
            if known.name == kind.file:
                name = f"media/{self.slug}-{known.sha256[:HASH_DIGITS]}{kind.ending}"
                return MediaFile(name, kind.mime, known.n_bytes, self.folder / kind.file)
        raise PublishError(
            f"the episode has no {kind.file}",
            code="damaged-episode",
            file=self.folder,
            hint="build it again",
        )


def read_finished(folder: Path) -> FinishedEpisode:
    """Read the folder of a finished episode.

    Raises PublishError if the manifest is missing or not valid, EnvironmentProblem if the folder
    cannot be read.
    """
    manifest, findings = read_manifest(folder)
    if manifest is None or findings:
        raise PublishError(
            f"the episode is not finished: {findings[0].problem}",
            code="no-episode",
            file=folder / MANIFEST,
            hint="build it again",
        )
    with explain_os_errors(folder / "notes.html"):
        notes = (folder / "notes.html").read_text("utf-8")
    return FinishedEpisode(folder.name, folder, manifest, manifest_digest(folder), notes)


class FinishedEpisodes:
    """A show's finished episodes, by slug; each is read and checked at most once."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders = {folder.name: folder for folder in folders}
        self.digests = {slug: manifest_digest(folder) for slug, folder in self.folders.items()}
        """Of their manifests."""
        self.read = functools.cache(lambda slug: read_finished(self.folders[slug]))
        """Gives a FinishedEpisode; raises as `read_finished` does."""
        self.checked = functools.cache(self._checked)
        """The same, of an episode whose every file was decoded and agrees with its timeline.

        Raises PublishError where something is wrong with one.
        """

    def _checked(self, slug: str) -> FinishedEpisode:
        episode = self.read(slug)
        findings = check_episode(episode.folder).findings
        errors = [finding for finding in findings if finding.severity == "error"]
        if errors:
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            raise PublishError(
                f"the episode is not fit to be published: {errors[0].problem}{more}",
                code="unfit-episode",
                file=episode.folder / errors[0].file,
                hint=f"{errors[0].hint}; sayso check {slug} tells all",
            )
        return episode


def manifest_digest(folder: Path) -> str:
    """SHA-256 of an episode's manifest: what the ledger remembers of a published episode."""
    with explain_os_errors(folder / MANIFEST):
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def named_after_content(stem: str, data: bytes, ending: str, mime: str) -> MediaFile:
    """A file from bytes: `named_after_content("media/cover", …, ".jpg", …)`."""
    digest = hashlib.sha256(data).hexdigest()[:HASH_DIGITS]
    return MediaFile(f"{stem}-{digest}{ending}", mime, len(data), data)
