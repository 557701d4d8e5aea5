"""Formats that pandoc reads → Markdown: Org, RST, AsciiDoc, DOCX, EPUB, LaTeX and their kin.

pandoc (GPL-2 or later, a program of its own that the extra `formats` brings) is the only reader we
found that knows them all. It runs in its sandbox, in which it opens no file and no network, with
limits on time and memory; what it makes is Markdown with front matter, which the ordinary reader
reads. What it cannot read is refused by name.
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sayso.errors import EnvironmentProblem, ReviewError

_MAX_SECONDS = 60
_MAX_MEMORY = "1g"
_TO = "commonmark+yaml_metadata_block+footnotes+pipe_tables+task_lists+strikeout+fancy_lists"
"""The Markdown that our reader knows; attributes, which it does not, are left out."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of documents."""

    name: str
    reader: str | None
    """What pandoc calls it; None for what pandoc cannot read."""
    suffixes: tuple[str, ...]
    begins: re.Pattern[bytes] | None = None
    """How a file begins that is certainly of this format."""
    is_text: bool = True
    """Whether it is written by hand, line by line; else a line of the file means nothing."""


def _begins(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}" + pattern, re.DOTALL | re.IGNORECASE)


_ZIPPED = rb"PK\x03\x04.{26}"
FORMATS = (
    Format("Org", "org", (".org",), _begins(rb"#\+(?:title|author|date|options|begin_\w+):? ")),
    Format("reStructuredText", "rst", (".rst", ".rest"), _begins(rb"\.\. [\w-]{1,30}:: ")),
    Format(
        *("AsciiDoc", "asciidoc", (".adoc", ".asciidoc")),
        _begins(rb"= [^\n]{1,200}\r?\n(?:[^\n=]{1,200}\r?\n){0,3}:[a-z][\w-]{0,40}:"),
    ),
    Format("LaTeX", "latex", (".tex", ".latex", ".ltx"), _begins(rb"\\documentclass[\[{]")),
    Format("MediaWiki", "mediawiki", (".mediawiki", ".wiki", ".mw")),
    Format("DokuWiki", "dokuwiki", (".dokuwiki",)),
    Format("Textile", "textile", (".textile",)),
    Format("Typst", "typst", (".typ",)),
    Format("Djot", "djot", (".dj", ".djot")),
    Format("Muse", "muse", (".muse",)),
    Format("POD", "pod", (".pod",)),
    Format("a notebook", "ipynb", (".ipynb",), _begins(rb'\{\s{0,20}"cells"\s{0,20}:'), False),
    Format("rich text", "rtf", (".rtf",), _begins(rb"\{\\rtf"), False),
    Format("a Word document", "docx", (".docx",), _begins(_ZIPPED + rb".{0,4000}?word/"), False),
    Format(
        *("an OpenDocument text", "odt", (".odt",)),
        *(_begins(_ZIPPED + rb"mimetypeapplication/vnd.oasis.opendocument.text"), False),
    ),
    Format(
        *("an EPUB book", "epub", (".epub",)),
        *(_begins(_ZIPPED + rb"mimetypeapplication/epub"), False),
    ),
    Format("an FB2 book", "fb2", (".fb2",), None, False),
    Format("a PDF", None, (".pdf",), _begins(rb"%PDF"), False),
    Format("a document of Pages", None, (".pages",), None, False),
    Format("an old Word document", None, (".doc", ".dot"), None, False),
    Format("a WordPerfect document", None, (".wpd",), None, False),
    Format("a presentation", None, (".ppt", ".pptx", ".odp", ".key"), None, False),
    Format("a spreadsheet", None, (".xls", ".xlsx", ".ods", ".numbers"), None, False),
    Format("a link to a Google document", None, (".gdoc",), None, False),
    Format("an ebook of Kindle", None, (".mobi", ".azw", ".azw3"), None, False),
)
"""What is known by its suffix or, where that is certain, by how it begins."""
_BY_SUFFIX = {suffix: one for one in FORMATS for suffix in one.suffixes}
READABLE_SUFFIXES = tuple(suffix for one in FORMATS if one.reader for suffix in one.suffixes)


def recognise(data: bytes, source: Path | None) -> Format | None:
    """The format of a file that is neither Markdown, plain text nor a web page."""
    named = _BY_SUFFIX.get(source.suffix.casefold()) if source is not None else None
    if named is not None:
        return named
    return next((one for one in FORMATS if one.begins and one.begins.match(data)), None)


def to_markdown(data: bytes, form: Format, source: Path | None) -> str:
    """A document as Markdown with its metadata as front matter.

    Raises ReviewError for a format that cannot be read and for what is not of its format,
    EnvironmentProblem where pandoc is missing.
    """
    if form.reader is None:
        raise ReviewError(
            f"is {form.name}, which sayso cannot read",
            code="not-a-text",
            file=source,
            hint="export it as DOCX, EPUB or Markdown, and build that",
        )
    program = _find_pandoc()
    if program is None:
        raise EnvironmentProblem(
            f"is {form.name}, which needs the extra `formats`; it is not installed",
            code="extra-missing",
            file=source,
            hint="pip install 'sayso[formats]', or save the review as Markdown or plain text",
        )
    command = [str(program), "--sandbox", f"--from={form.reader}", f"--to={_TO}"]
    command += ["--standalone", "--wrap=none", "+RTS", f"-M{_MAX_MEMORY}", "-RTS"]
    try:
        with tempfile.TemporaryDirectory(prefix="sayso-") as folder:
            done = subprocess.run(
                command,
                input=data,
                capture_output=True,
                check=False,
                cwd=folder,
                timeout=_MAX_SECONDS,
            )
    except OSError as error:
        raise EnvironmentProblem(
            f"pandoc does not start: {error.strerror}", code="extra-missing", file=source
        ) from error
    except subprocess.TimeoutExpired as error:
        raise _not_read(form, f"pandoc was not done after {_MAX_SECONDS} s", source) from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().split("\n")
        raise _not_read(form, told[0][:200] or "pandoc gave up", source)
    return done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")


def _not_read(form: Format, reason: str, source: Path | None) -> ReviewError:
    return ReviewError(
        f"cannot be read as {form.name}: {reason}",
        code="unreadable",
        file=source,
        hint="open it in the program that wrote it, and save it as Markdown or plain text",
    )


def _find_pandoc() -> Path | None:
    """The program: that of the extra, or else one that is installed."""
    with contextlib.suppress(ImportError, ValueError):
        found = importlib.util.find_spec("pypandoc")
        if found is not None and found.origin is not None:
            name = "pandoc.exe" if sys.platform == "win32" else "pandoc"
            program = Path(found.origin).parent / "files" / name
            if program.is_file():
                return program
    on_path = shutil.which("pandoc")
    return None if on_path is None else Path(on_path)
