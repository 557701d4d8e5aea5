"""Formats that pandoc reads, and those that nothing reads."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tools import need_package

from sayso.errors import EnvironmentProblem, ReviewError, SaysoError
from sayso.model import Review
from sayso.review import documents, parse_review, read_review, usual_suffix

MARKDOWN = """---
title: The Blue Kettle
author: Ann Low
date: 2024-01-02
---

The kettle is *blue*, and it boils
in two minutes.

# Verdict

1. Buy it.
2. Use it.

> It sings when it boils, and nobody minds.
"""
SAID = [
    ("paragraph", "The kettle is blue, and it boils in two minutes."),
    ("heading", "Verdict"),
    ("item", "1: Buy it."),
    ("item", "2: Use it."),
    ("quote", "It sings when it boils, and nobody minds."),
]
TEXTS = {
    ".org": """#+TITLE: The Blue Kettle
#+AUTHOR: Ann Low
#+DATE: <2024-01-02 Tue>

The kettle is /blue/, and it boils
in two minutes.

* Verdict
  :PROPERTIES:
  :CUSTOM_ID: end
  :END:

1. Buy it.
2. Use it.

#+BEGIN_QUOTE
It sings when it boils, and nobody minds.
#+END_QUOTE
""",
    ".rst": """.. |x| replace:: y

The Blue Kettle
===============
:author: Ann Low
:date: 2024-01-02

The kettle is *blue*, and it boils
in two minutes.

Verdict
-------

1. Buy it.
2. Use it.

..

   It sings when it boils, and nobody minds.
""",
    ".adoc": """= The Blue Kettle
Ann Low
:date: 2024-01-02
:toc:

The kettle is _blue_, and it boils
in two minutes.

== Verdict

. Buy it.
. Use it.

____
It sings when it boils, and nobody minds.
____
""",
    ".tex": r"""\documentclass{article}
\title{The Blue Kettle}
\author{Ann Low}
\date{2024-01-02}
\begin{document}
\maketitle
The kettle is \emph{blue}, and it boils
in two minutes.
\section{Verdict}
\begin{enumerate}
\item Buy it.
\item Use it.
\end{enumerate}
\begin{quote}
It sings when it boils, and nobody minds.
\end{quote}
\end{document}
""",
    ".mediawiki": """---
title: The Blue Kettle
author: Ann Low
date: 2024-01-02
---
The kettle is ''blue'', and it boils
in two minutes.

= Verdict =
# Buy it.
# Use it.

<blockquote>It sings when it boils, and nobody minds.</blockquote>
""",
    ".textile": """Title: The Blue Kettle
Author: Ann Low
Date: 2024-01-02

The kettle is _blue_, and it boils
in two minutes.

h1. Verdict

# Buy it.
# Use it.

bq. It sings when it boils, and nobody minds.
""",
}
CERTAIN = [".org", ".adoc", ".tex"]
BINARY = ["docx", "odt", "epub", "rtf", "ipynb"]


@pytest.fixture
def pandoc() -> Path:
    need_package("pypandoc")
    program = documents._find_pandoc()
    assert program is not None
    return program


def said(review: Review) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in review.blocks]


def told(review: Review) -> tuple[str, str | None, str | None]:
    return review.title, review.author, review.date


@pytest.mark.parametrize("suffix", TEXTS)
def test_a_text_of_another_format(suffix: str, pandoc: Path, tmp_path: Path) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_text(TEXTS[suffix], "utf-8")
    review = read_review(path)
    assert said(review) == SAID
    assert told(review) == ("The Blue Kettle", "Ann Low", "2024-01-02")
    lines = TEXTS[suffix].split("\n")
    for block in review.blocks:
        first = re.findall(r"[A-Za-z]+", block.text)[0]
        assert first in lines[block.line - 1]


@pytest.mark.parametrize("suffix", CERTAIN)
@pytest.mark.parametrize("name", ["x.txt", "x.md", "x"])
def test_a_text_is_known_by_how_it_begins(
    suffix: str, name: str, pandoc: Path, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(TEXTS[suffix], "utf-8")
    assert said(read_review(path)) == SAID
    assert usual_suffix(path.read_bytes()) == suffix


@pytest.mark.parametrize("form", BINARY)
def test_a_document(form: str, pandoc: Path, tmp_path: Path) -> None:
    path = tmp_path / f"x.{form}"
    subprocess.run([pandoc, "-s", "-o", path], input=MARKDOWN.encode(), check=True, cwd=tmp_path)
    review = read_review(path)
    spoken = [block.text for block in review.blocks if block.sentences]
    # rich text has its numbers as words, and a notebook no title
    expected = [
        text for kind, text in SAID if kind != "heading" and (form, kind) != ("rtf", "item")
    ]
    assert [text for text in spoken if text in expected] == expected
    assert {block.line for block in review.blocks} == {1}
    if form != "ipynb":
        assert review.title == "The Blue Kettle"
    if form in ("docx", "odt", "epub"):
        bare = tmp_path / "x"
        path.rename(bare)
        assert said(read_review(bare)) == said(review)
        assert usual_suffix(bare.read_bytes()) == f".{form}"


def test_nothing_beside_the_document_is_read(pandoc: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("The secret is out.")
    texts = {
        "x.org": f'#+INCLUDE: "{tmp_path}/secret.txt"\n\n#+INCLUDE: "secret.txt"\n\nHello there.\n',
        "x.rst": f".. include:: {tmp_path}/secret.txt\n\n.. include:: secret.txt\n\nHello there.\n",
        "x.tex": f"\\input{{{tmp_path}/secret.txt}}\n\\include{{secret}}\nHello there.\n",
        "x.adoc": f"include::{tmp_path}/secret.txt[]\n\nHello there.\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        try:
            words = " ".join(block.text for block in read_review(tmp_path / name).blocks)
        except ReviewError as error:
            words = str(error)
        assert "secret is out" not in words


@pytest.mark.parametrize("suffix", [".docx", ".epub", ".odt", ".ipynb"])
def test_what_is_not_of_its_format_is_refused(suffix: str, pandoc: Path, tmp_path: Path) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(b"Hello there.")
    with pytest.raises(ReviewError, match="cannot be read as"):
        read_review(path)


def test_what_takes_too_long_is_given_up(
    pandoc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_MAX_SECONDS", 0.0001)
    path = tmp_path / "x.org"
    path.write_text(TEXTS[".org"])
    with pytest.raises(ReviewError, match="pandoc was not done"):
        read_review(path)


@pytest.mark.parametrize("suffix", documents.READABLE_SUFFIXES)
def test_without_the_extra_it_is_refused_by_name(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_find_pandoc", lambda: None)
    path = tmp_path / f"x{suffix}"
    path.write_text("Hello there.")
    with pytest.raises(EnvironmentProblem, match=r"needs the extra `formats`") as error:
        read_review(path)
    assert "pip install 'sayso[formats]'" in str(error.value)


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("x.pdf", b"%PDF-1.7\n", "a PDF"),
        ("x.md", b"%PDF-1.7\n", "a PDF"),
        ("x.pages", b"PK\x03\x04", "a document of Pages"),
        ("x.doc", b"\xd0\xcf\x11\xe0", "an old Word document"),
        ("x.pptx", b"PK\x03\x04", "a presentation"),
        ("x.gdoc", b"{}", "a link to a Google document"),
    ],
)
def test_what_nothing_reads_is_refused_by_name(
    name: str, data: bytes, what: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SaysoError, match=f"is {what}, which sayso cannot read"):
        read_review(tmp_path / name)


@pytest.mark.parametrize(
    "text",
    [
        "= 5 is the answer to it =\n\nHello there.",
        "#+1 from me. I like it.",
        ".. and so it began. I like it.",
        "{\\it is} good.",
        "#hashtags are fun. I like it.",
    ],
)
def test_plain_text_stays_plain_text(text: str) -> None:
    assert documents.recognise(text.encode(), Path("x.txt")) is None
    assert parse_review(text, Path("x.txt")).blocks
