"""A file's bytes become text: the edge where a review comes in."""

from __future__ import annotations

import codecs
import contextlib
import difflib
from pathlib import Path

from sayso.errors import EnvironmentProblem, ReviewError
from sayso.language.text import clean_text
from sayso.model import Review
from sayso.review.html import declared_encoding, is_html, read_page
from sayso.review.parsing import build_review, parse_review
from sayso.review.plain_text import looks_like_markdown

MAX_BYTES = 2 * 1024 * 1024
"""Our choice: some 350,000 words, two days of speech. More is a mistake, such as a wrong file."""

_MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive, as word processors write"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a rich-text file"),
    (b"ID3", "an MP3"),
    (b"\xff\xfb", "an MP3"),
    (b"OggS", "an Ogg sound file"),
    (b"fLaC", "a FLAC sound file"),
    (b"RIFF", "a WAV sound file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old word-processor file"),
    (b"SQLite format 3", "a database"),
)
_UTF16 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PRINTING_CONTROLS = b"\t\n\r\f\v\x1a\x1b\x85"
_AS_TEXT = "save the review as plain text or Markdown, in UTF-8"


def read_review(path: Path) -> Review:
    """Read the review in the file `path`: UTF-8, Markdown, plain text or a web page.

    A byte-order mark is dropped; a few stray control characters are too.
    Raises ReviewError, naming the hint, for a file that is missing, a folder, empty, too large,
    binary or not UTF-8, as its name must be too, and for whatever `parse_review` refuses;
    EnvironmentProblem where the machine does not let it be read, or the extra `html` is missing
    for a page.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise ReviewError(
            "the name of the file is not UTF-8",
            code="bad-file-name",
            file=path,
            hint="give it another name",
        ) from error
    data, size = _read_bytes(path)
    return review_from_bytes(data, path, size=size)


def review_from_bytes(data: bytes, source: Path, *, size: int = 0) -> Review:
    """Read the review that `data`, the content of `source`, holds; raises as `read_review` does.

    `size` is how many bytes there are, where `data` is cut off after the limit.
    """
    if len(data) > MAX_BYTES:
        raise ReviewError(
            f"is too large for a review: {_mebibytes(max(size, len(data)))}, and the limit is "
            f"{_mebibytes(MAX_BYTES)}",
            code="too-large",
            file=source,
            hint="check that it is the right file, or split it",
        )
    if is_html(data, source):
        page = clean_text(_decode(data, source, declared_encoding(data)))
        return build_review(*read_page(page, source), source)
    return parse_review(_decode(data, source), source)


def usual_suffix(data: bytes) -> str:
    """The suffix for a file of `data`: `.html` for a web page, `.md` for Markdown, else `.txt`."""
    if is_html(data, None):
        return ".html"
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    return ".md" if text.startswith(("---", "+++")) or looks_like_markdown(text) else ".txt"


def _read_bytes(path: Path) -> tuple[bytes, int]:
    try:
        if path.is_dir():
            raise ReviewError(
                "is a folder, not a review", code="not-a-text", file=path, hint="name a file in it"
            )
        if path.exists() and not path.is_file():
            # A pipe or device may never end.
            raise ReviewError(
                "is not a file", code="not-a-text", file=path, hint="name a text file"
            )
        with path.open("rb") as stream:
            # One byte more than is allowed, so that a file that grows is seen too.
            return stream.read(MAX_BYTES + 1), path.stat().st_size
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReviewError(
            "there is no such review",
            code="no-such-file",
            file=path,
            hint=_suggest_file(path) or "check the path",
        ) from error
    except PermissionError as error:
        raise EnvironmentProblem(
            "no permission to read this", code="no-permission", file=path
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) else error
        raise ReviewError(
            f"cannot be read: {reason}", code="unreadable", file=path, hint="check the path"
        ) from error


def _mebibytes(n_bytes: int) -> str:
    return f"{n_bytes / 1024 / 1024:.1f} MiB"


def _decode(data: bytes, path: Path, encoding: str | None = None) -> str:
    if not data.strip():
        raise ReviewError("is empty", code="empty-review", file=path, hint="write the review first")
    if data.startswith(_UTF16):
        raise ReviewError(
            "is UTF-16 or UTF-32 text, not UTF-8", code="not-utf8", file=path, hint=_AS_TEXT
        )
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise ReviewError(f"is {what}, not a text", code="not-a-text", file=path, hint=_AS_TEXT)
    controls = sum(data.count(byte) for byte in range(32) if byte not in _PRINTING_CONTROLS)
    if controls > 8 and controls * 100 > len(data):
        raise ReviewError(
            f"is not text: it has {controls} control characters",
            code="not-a-text",
            file=path,
            hint=_AS_TEXT,
        )
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if encoding is not None:
            return data.decode(encoding, "replace")
        raise ReviewError(
            f"is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start} does not belong",
            code="not-utf8",
            file=path,
            line=data.count(b"\n", 0, error.start) + 1,
            hint=_AS_TEXT,
        ) from error


def _suggest_file(path: Path) -> str | None:
    """Which review may be meant by a path that leads to none: one beside it, or in reviews/."""
    beside: dict[str, Path] = {}
    for folder in (path.parent / "reviews", path.parent):
        with contextlib.suppress(OSError):
            beside |= {one.name: one for one in sorted(folder.iterdir()) if one.is_file()}
    texts = {name: one for name, one in beside.items() if one.suffix in ENDINGS}
    wanted = path.name if path.suffix else f"{path.name}.md"
    near = difflib.get_close_matches(wanted, texts, n=1, cutoff=0.75)
    return f"did you mean '{texts[near[0]]}'?" if near else None


ENDINGS = (".md", ".markdown", ".txt", ".html", ".htm")
"""Of files that are taken for reviews where none is named."""
