"""The transcript as JSON, text and HTML: the written words, whole, in order, in their places."""

from __future__ import annotations

import json
from html.parser import HTMLParser

from episode.timelines import EVENING, spoken, timelines
from hypothesis import given
from hypothesis import strategies as st

from sayso.episode import transcript_html, transcript_json, transcript_text
from sayso.episode.transcript_json import written_words
from sayso.model import Timeline

TEXT = """\
An evening

[00:00:00] Intro

Host: Good evening.

Cats & dogs, <live>.

[00:01:03] The "cast" & <co>

critic: S02E03 cost $3 million.

[01:01:40] Verdict

Host: Good night.
"""


def test_the_text_is_as_a_person_would_write_it() -> None:
    assert transcript_text(EVENING, "An evening") == TEXT


def test_the_html_names_speakers_and_times_and_escapes_everything() -> None:
    html = transcript_html(EVENING)
    assert '<cite>critic:</cite>\n<time datetime="PT64S">00:01:04</time>\n<p>' in html
    assert 'data-start="64.000" data-end="68.000">S02E03 cost $3 million.</span>' in html
    assert "Cats &amp; dogs, &lt;live&gt;." in html
    assert "<live>" not in html
    assert '<h3>The "cast" &amp; &lt;co&gt;</h3>' in html


def test_json_has_every_line_and_the_times_of_its_words() -> None:
    document = json.loads(transcript_json(EVENING))
    assert document["version"] == "1.0.0"
    first, second, third, _ = document["segments"]
    assert first == {
        "speaker": "Host",
        "startTime": 0.1,
        "endTime": 1.1,
        "body": "Good evening.",
        "words": [
            {"startTime": 0.12, "endTime": 0.5, "body": "Good"},
            {"startTime": 0.5, "endTime": 1.1, "body": "evening."},
        ],
    }
    assert "words" not in second
    assert [(word["body"], word["startTime"]) for word in third["words"]] == [
        ("S02E03", 64.0),  # four words are said for it
        ("cost", 65.8),
        ("$3", 66.2),  # three for these two
        ("million.", 66.6),
    ]


WORD = st.text("abc'", min_size=1, max_size=5)


@given(
    st.lists(WORD, min_size=1, max_size=12),
    st.lists(st.tuples(WORD, st.integers(0, 4_000)), max_size=14),
)
def test_written_words_are_all_there_and_never_run_backwards(
    written: list[str], marks: list[tuple[str, int]]
) -> None:
    marks = [(word, ms) for (word, _), ms in zip(marks, sorted(m for _, m in marks), strict=True)]
    words = written_words(spoken(" ".join(written), 0, 3, words=marks), 3_000)
    if not [ms for _, ms in marks if ms < 3_000]:
        assert words == ()
        return
    assert [word.word for word in words] == written
    times = [time for word in words for time in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert times[-1] == 3_000


class Reader(HTMLParser):
    """Checks that tags nest, and collects what paragraphs say."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "p":
            self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if "p" in self.open:
            self.said.append(data)


@given(timelines())
def test_every_form_says_every_word(any_timeline: Timeline) -> None:
    words = " ".join(line.line.written for line in any_timeline.lines).split()
    bodies = [row["body"] for row in json.loads(transcript_json(any_timeline))["segments"]]
    assert " ".join(bodies).split() == words
    reader = Reader()
    reader.feed(transcript_html(any_timeline))
    reader.close()
    assert reader.open == []
    assert "".join(reader.said).split() == words
    text = transcript_text(any_timeline, "T")
    at = 0
    for line in any_timeline.lines:
        at = text.index(line.line.written, at)
