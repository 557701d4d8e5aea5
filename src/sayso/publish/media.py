"""The folder of a finished episode → what of it is published, and under which names.

Media is named after its content: new bytes have a new name, so no cache between the show and its
listeners ever hands out old ones, and what is uploaded is never written over.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sayso.episode.checking import Expected, read_manifest
from sayso.errors import PublishError
from sayso.show.paths import MANIFEST
from sayso.system.atomic_files import explain_os_errors

HASH_DIGITS = 12
"""Of a SHA-256 in a name: 48 bits, so that two versions of one file never meet."""


@dataclass(frozen=True, slots=True)
class MediaKind:
    """A file of an episode that is published: its name in the folder, its ending and type there."""

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
    """Where its bytes are, or they themselves."""

    def opening(self, n: int) -> bytes:
        """Its first `n` bytes. Raises EnvironmentProblem where it cannot be read."""
        if isinstance(self.source, bytes):
            return self.source[:n]
        with explain_os_errors(self.source), self.source.open("rb") as stream:
            return stream.read(n)


@dataclass(frozen=True, slots=True)
class FinishedEpisode:
    """A finished episode, as its manifest tells of it."""

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
        """One of its published files. Raises PublishError where the manifest does not know it."""
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

    Raises PublishError where there is no sound manifest, EnvironmentProblem where the folder cannot
    be read.
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


def manifest_digest(folder: Path) -> str:
    """SHA-256 of an episode's manifest: what the ledger remembers of a published episode."""
    with explain_os_errors(folder / MANIFEST):
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def named_after_content(stem: str, data: bytes, ending: str, mime: str) -> MediaFile:
    """A file that is made, not found: `named_after_content("media/cover", …, ".jpg", …)`."""
    digest = hashlib.sha256(data).hexdigest()[:HASH_DIGITS]
    return MediaFile(f"{stem}-{digest}{ending}", mime, len(data), data)
