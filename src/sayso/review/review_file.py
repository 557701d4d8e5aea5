"""The bytes of a file become a `Review`: here, and nowhere else, a review is read from a file."""

from __future__ import annotations

import codecs
import contextlib
import difflib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sayso.errors import EnvironmentProblem, ReviewError
from sayso.language.text import clean_text, one_line
from sayso.model import Review
from sayso.review.blocks import RawBlock
from sayso.review.documents import READABLE_SUFFIXES, Format, recognise, to_markdown
from sayso.review.front_matter import FrontMatter
from sayso.review.html import HTML_SUFFIXES, declared_encoding, is_html, read_html
from sayso.review.locating import locate_blocks
from sayso.review.parsing import (
    MARKDOWN_SUFFIXES,
    build_review,
    parse_blocks,
    parse_review,
    split_front_matter,
)
from sayso.review.plain_text import begins_with_title, looks_like_markdown
from sayso.system.encodings import Guess, guess_encoding

MAX_BYTES = 2 * 1024 * 1024
"""Our choice: some 350,000 words, two days of speech. A larger file is the wrong one."""
MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
"""Of a document with pictures in it, such as DOCX."""

_MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive"),
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
_HEAD = 4_000
_UTF16 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PRINTING_CONTROLS = b"\t\n\r\f\v\x1a\x1b\x85"
_AS_TEXT = "save the review as plain text or Markdown, in UTF-8"
_MAX_CONTROLS = 8
"""More control characters than this, and more than one byte in 100, make a file binary."""
ENDINGS = (".txt", *sorted(MARKDOWN_SUFFIXES), *sorted(HTML_SUFFIXES), *READABLE_SUFFIXES)
"""Suffixes of the files that count as reviews where none is named."""


def read_review(path: Path) -> Review:
    """Read the review in the file `path`: UTF-8, Markdown, plain text, a web page or a document.

    A byte-order mark and a few stray control characters are dropped.
    Raises ReviewError, with a hint, for a file that is missing, a folder, empty, too large, binary
    or not UTF-8, for a file name that is not UTF-8, and for whatever `parse_review` refuses;
    EnvironmentProblem where the machine does not permit reading it, or lacks the extra that a web
    page (`html`) or a document (`formats`) needs.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        problem = "the name of the file is not UTF-8"
        raise _error(problem, "bad-file-name", path, "give it another name") from error
    data, size = _read_bytes(path)
    return review_from_bytes(data, path, size=size)


def review_from_bytes(data: bytes, source: Path, *, size: int = 0) -> Review:
    """Read the review that `data`, the content of `source`, holds; raises as `read_review` does.

    `size` is the number of bytes in the file, where `data` is cut off after the limit.
    """
    form = recognise(data, source)
    limit = MAX_BYTES if form is None or form.is_text else MAX_DOCUMENT_BYTES
    if len(data) > limit:
        raise _too_large(max(size, len(data)), limit, source)
    if is_html(data, source):
        front, page = split_front_matter(_decode(data, source, declared_encoding(data)), source)
        return build_review(*read_html(front, page, source), source)
    if form is not None:
        return _read_document(data, form, source)
    return parse_review(_decode(data, source), source)


def _read_document(data: bytes, form: Format, source: Path) -> Review:
    """A review in a format that pandoc converts; its own front matter, if any, comes first."""
    front, body = FrontMatter(), ""
    if form.is_text and form.reader is not None:
        front, body = split_front_matter(_decode(data, source), source)
        data = body.encode()
    markdown = to_markdown(data, form, source)
    if len(markdown) > MAX_BYTES:
        raise _too_large(len(markdown), MAX_BYTES, source)
    said, text = split_front_matter(markdown, None)
    blocks: Sequence[RawBlock] = parse_blocks(text, Path("converted.md"))
    blocks = locate_blocks(blocks, body) if body else [replace(b, line=1) for b in blocks]
    fields = {key: re.sub(r"\\([^\w\s])", r"\1", value) for key, value in said.fields}
    fields |= dict(front.fields)
    if "title" not in fields and blocks and _begins_with_title(blocks):
        fields["title"] = blocks[0].text
        blocks = [replace(blocks[0], kind="heading", level=1), *blocks[1:]]
    merged = replace(
        front,
        fields=tuple(fields.items()),
        extra=tuple((dict(said.extra) | dict(front.extra)).items()),
        notes=(*front.notes, *(replace(note, line=1) for note in said.notes)),
    )
    return build_review(merged, blocks, source)


def _begins_with_title(blocks: Sequence[RawBlock]) -> bool:
    """Whether the first line of a document is its title: in bold, or as in plain text."""
    return (blocks[0].kind, blocks[0].level) == ("heading", 0) or begins_with_title(blocks)


def usual_suffix(data: bytes) -> str:
    """The suffix for a file of `data`: `.html` for a web page, `.md` for Markdown, else `.txt`."""
    if is_html(data, None):
        return ".html"
    form = recognise(data, None)
    if form is not None:
        return form.suffixes[0]
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    return ".md" if text.startswith(("---", "+++")) or looks_like_markdown(text) else ".txt"


def read_bytes(path: Path) -> bytes:
    """The content of a file that may be a review. Raises as `read_review` does."""
    return _read_bytes(path)[0]


def _read_bytes(path: Path) -> tuple[bytes, int]:
    """The content of a file, at most one byte more than is allowed, and the file's size."""
    try:
        if path.is_dir():
            raise _error("is a folder, not a review", "not-a-text", path, "name a file in it")
        if path.exists() and not path.is_file():  # a pipe or device may never end
            raise _error("is not a file", "not-a-text", path, "name a text file")
        with path.open("rb") as stream:
            # One byte more than is allowed, to notice a file that has grown since.
            return stream.read(MAX_DOCUMENT_BYTES + 1), path.stat().st_size
    except (FileNotFoundError, NotADirectoryError) as error:
        hint = _suggest_file(path) or "check the path"
        raise _error("there is no such review", "no-such-file", path, hint) from error
    except PermissionError as error:
        problem = "no permission to read this"
        raise EnvironmentProblem(problem, code="no-permission", file=path) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) else error
        raise _error(f"cannot be read: {reason}", "unreadable", path, "check the path") from error


def _too_large(n_bytes: int, limit: int, path: Path) -> ReviewError:
    return _error(
        f"is too large for a review: {_mebibytes(n_bytes)}, and the limit is {_mebibytes(limit)}",
        *("too-large", path, "check that it is the right file, or split it"),
    )


def _mebibytes(n_bytes: int) -> str:
    return f"{n_bytes / 1024 / 1024:.1f} MiB"


def _decode(data: bytes, path: Path, encoding: str | None = None) -> str:
    """The text of a file: UTF-8, else `encoding`, else ReviewError."""
    if not data.strip():
        raise _error("is empty", "empty-review", path, "write the review first")
    guess = guess_encoding(data) if data.startswith(_UTF16) or b"\0" in data[:_HEAD] else None
    if guess is not None:
        raise _not_utf8(data, path, guess, 0)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise _error(f"is {what}, not a text", "not-a-text", path)
    controls = sum(data.count(byte) for byte in range(32) if byte not in _PRINTING_CONTROLS)
    if controls > _MAX_CONTROLS and controls * 100 > len(data):
        raise _error(f"is not text: it has {controls} control characters", "not-a-text", path)
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if encoding is not None:
            return data.decode(encoding, "replace")
        raise _not_utf8(data, path, guess_encoding(data), error.start) from error


def _not_utf8(data: bytes, path: Path, guess: Guess | None, at: int) -> ReviewError:
    """The error for a text in another encoding; it shows how the line would read as guessed."""
    line = data.count(b"\n", 0, at) + 1
    if guess is None:
        problem = f"is not UTF-8: byte 0x{data[at]:02x} at offset {at} does not belong"
        return _error(problem, "not-utf8", path).at(path, line)
    lines = data.decode(guess.codec, "replace").splitlines()
    shown = [each for each in lines[line - 1 :] if not each.isascii()] or lines[:1] or [""]
    sample = one_line(clean_text(shown[0]))
    name = str(path) if re.fullmatch(r"[\w./\\:~-]+", str(path)) else f'"{path}"'  # in any shell
    start = max(0, next((i for i, char in enumerate(sample) if char > "\x7f"), 0) - 30)
    return ReviewError(
        f"is not UTF-8; it looks like {guess.name}, and reads '{sample[start:][:60]}' then",
        code="not-utf8",
        file=path,
        line=line,
        hint=f"sayso convert {name} --from {guess.codec}",
    )


def _error(problem: str, code: str, file: Path, hint: str = _AS_TEXT) -> ReviewError:
    return ReviewError(problem, code=code, file=file, hint=hint)


def _suggest_file(path: Path) -> str | None:
    """A hint of the review that a path without a file may mean: one beside it, or in reviews/."""
    beside: dict[str, Path] = {}
    for folder in (path.parent / "reviews", path.parent):
        with contextlib.suppress(OSError):
            beside |= {one.name: one for one in sorted(folder.iterdir()) if one.is_file()}
    texts = {name: one for name, one in beside.items() if one.suffix in ENDINGS}
    wanted = path.name if path.suffix else f"{path.name}.md"
    close = difflib.get_close_matches(wanted, texts, n=1, cutoff=0.75)
    return f"did you mean '{texts[close[0]]}'?" if close else None
