"""Scripts and texts that Hypothesis makes up: as nasty as an author's keyboard allows."""

from __future__ import annotations

from hypothesis import strategies as st

from sayso.model import (
    BedCue,
    Comment,
    Emphasis,
    Item,
    Paragraph,
    Pause,
    Say,
    Script,
    SegmentHead,
    SoundCue,
    Span,
    StingCue,
    Text,
)

NASTY = (
    *("{", "}", "\\", "*", "**", "[", "]", "#", "##", "---", "<!--", "-->", '"', "'", ":", "="),
    *(
        "{from=p1}",
        " {from=p3:2-5}",
        "{pause 1s}",
        "{sting x}",
        "{#id}",
        '{say="x"}',
        '[a]{say="b"}',
    ),
    *("HOST:", "HOST: ", "Note: ", "\u00e9: ", "<<<<<<< ", "=======", ">>>>>>> x", "||||||| "),
    *(
        "\u00a0",
        "\u2028",
        "\u2029",
        "\u0085",
        "\u2009",
        "\r",
        "\x0b",
        "\x0c",
        "\x1c",
        "\t",
        "\ufeff",
    ),
    *(
        "\U0001f44d\U0001f3fd",
        "\u200d",
        "\u202e",
        "\u05e9\u05dc\u05d5\u05dd",
        "\u0301",
        "\u0130",
        "\u00df",
    ),
    *("\x00", "\x01", "\\{", "\\\\", "word", "A sentence.", " ", "  "),
)
BLANKS = " \t\r"

fragments = st.lists(
    st.one_of(
        st.sampled_from(NASTY), st.characters(exclude_categories=("Cs",), exclude_characters="\n")
    ),
    max_size=8,
).map("".join)
words = fragments.map(lambda text: text.strip(BLANKS)).filter(lambda text: bool(text.strip()))
"""Words of a paragraph: anything but line ends, not blank, without white space at the ends."""

names = st.one_of(
    st.sampled_from(["host", "intro", "a b", "a=b", "#x", '"', "\\", "ünï-1"]),
    fragments.map(lambda text: text.replace("\n", "")),
)
"""Names of stings, sounds, beds, and values of attributes: anything on one line."""

voices = st.from_regex(r"[^\W\d_][\w-]{0,8}", fullmatch=True)
origins = st.sampled_from(["p1", "p3:2", "p3:2-5", "p12,p13:1"])
ids = st.from_regex(r"[\w-]{1,8}", fullmatch=True)

texts = fragments.filter(bool).map(Text)
stressed = fragments.filter(lambda text: bool(text) and text == text.strip()).map(Emphasis)
said = st.builds(
    Say, fragments.filter(lambda text: bool(text.strip())), say=names, ipa=st.none() | names
) | st.builds(Say, words, ipa=names)


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """As a script has them: plain words side by side are one, none at the ends but has words."""
    found: list[Span] = []
    for span in spans:
        if isinstance(span, Text) and found and isinstance(found[-1], Text):
            found[-1] = Text(found[-1].text + span.text)
        else:
            found.append(span)
    if found and isinstance(found[0], Text):
        found[0] = Text(found[0].text.lstrip(BLANKS))
    if found and isinstance(found[-1], Text):
        found[-1] = Text(found[-1].text.rstrip(BLANKS))
    return tuple(span for span in found if span.text)


spans = (
    st.lists(st.one_of(texts, texts, stressed, said), min_size=1, max_size=5)
    .map(_joined)
    .filter(lambda spans: bool("".join(span.text for span in spans).strip()))
)
options = st.none() | names
heads = st.builds(
    SegmentHead,
    words.filter(lambda title: len(title) < 200),
    ids,
    voice=options,
    sting=options,
    bed=options,
)
paragraphs = st.builds(
    Paragraph, spans, voice=st.none() | voices, origin=st.none() | origins
) | st.builds(Paragraph, spans, origin=origins)
cues = st.one_of(
    st.builds(Pause, st.integers(0, 60_000)),
    st.builds(StingCue, names),
    st.builds(SoundCue, names),
    st.builds(BedCue, st.none() | names.filter(lambda name: name != "off")),
)
comments = st.builds(
    Comment,
    st.lists(fragments, max_size=3)
    .map(lambda lines: "\n".join(lines).replace("-->", "").strip(BLANKS + "\n"))
    .filter(lambda text: "-->" not in text),
)
items: st.SearchStrategy[Item] = st.one_of(heads, paragraphs, paragraphs, cues, cues, comments)
metas = st.dictionaries(
    st.from_regex(r"[^\W\d][\w-]{0,8}", fullmatch=True),
    st.lists(fragments, max_size=2).map("\n".join),
    max_size=4,
).map(lambda meta: tuple(meta.items()))
scripts = st.builds(Script, metas, st.lists(items, max_size=6).map(tuple))

lines = st.one_of(
    fragments,
    st.sampled_from(
        [
            *(
                "",
                "---",
                "title: x",
                "<!-- a",
                "b -->",
                "## Cast {#cast voice=host}",
                "{pause 0.5s}",
            ),
            *(
                "Words. {from=p1}",
                "HOST: hello",
                "{bed off}",
                '[a]{say="b"} c',
                "*a* b",
                "\ufeff---",
            ),
        ]
    ),
)
files = st.lists(lines, max_size=10).flatmap(
    lambda found: st.sampled_from(["\n", "\r\n"]).map(lambda end: end.join(found))
)
"""Texts of files: valid scripts now and then, rubbish otherwise."""
