"""A change of a script is written as a person would write it, and disturbs nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from script.strategies import (
    cues,
    fragments,
    heads,
    items,
    names,
    options,
    paragraphs,
    scripts,
    voices,
    words,
)

from sayso.errors import SaysoError, ScriptError
from sayso.model import (
    BedCue,
    Comment,
    Item,
    Paragraph,
    Pause,
    Script,
    SegmentHead,
    SoundCue,
    StingCue,
    Text,
)
from sayso.script import parse_script, print_script
from sayso.script.inline import read_spans
from sayso.script.parse import slug
from sayso.studio.edits import (
    insert_after,
    remove,
    set_bed,
    set_head,
    set_pause,
    set_sound,
    set_sting,
    set_voice,
    set_words,
    words_of,
)

WRAPPED = (
    "---\r\ntitle:  The Tide\r\n---\r\n\r\n\r\n"
    "HOST:  It is cold, and\r\n"
    "  [Imke Vreel]{say=\"Im-kuh\r\n"
    "Vrayl\"} is *very*  good\r\n"
    "in it. {from=p4:3}  \r\n\r\n"
    "   <!-- a note -->\r\n{pause 600ms}\r\nOne more."
)  # fmt: skip


def words_in(text: str, item: int) -> str:
    paragraph = parse_script(text).items[item]
    assert isinstance(paragraph, Paragraph)
    return words_of(paragraph)


def test_words_are_shown_with_their_markup_on_one_line() -> None:
    assert words_in(WRAPPED, 0) == (
        'It is cold, and [Imke Vreel]{say="Im-kuh Vrayl"} is *very* good in it.'
    )
    assert words_in(WRAPPED, 3) == "One more."


@pytest.mark.parametrize(
    ("old", "words", "new"),
    [
        ("A b c.\n", "A b d.", "A b d.\n"),
        ("A b c. {from=p1}\n", "A c.", "A c. {from=p1}\n"),
        ("HOST: A b.\n", "A\n\n b c.  ", "HOST: A b c.\n"),
        ("HOST:\nA b.\n", "B.", "HOST:\nB.\n"),
        # Line ends stay between words that stay.
        ("one two\nthree four\nfive six\n", "one two three 4 five six", "one two\nthree 4\nfive six\n"),
        ("one two\nthree four\nfive six\n", "1 two three four five 6", "1 two\nthree four\nfive 6\n"),
        ("one two\nthree four\nfive\n", "one four five", "one\nfour\nfive\n"),
        ("one two\nthree four\n", "one two and three four", "one two and\nthree four\n"),
        ("one   two\nthree\n", "one two 3", "one   two\n3\n"),
        ("one\r\n  two\r\n", "one 2", "one\r\n  2\r\n"),
        ("one two", "one 2", "one 2"),
        # What would be no word at the start of a line or paragraph.
        ("x\n", "## x", "\\## x\n"),
        ("x\n", "# x", "\\# x\n"),
        ("x\n", "<!-- x", "\\<!-- x\n"),
        ("x\n", "Note: x", "Note\\: x\n"),
        ("x\n", "--- x", "\\--- x\n"),
        ("x\n", "<<<<<<< x", "\\<<<<<<< x\n"),
        ("x\n", "\\{pause 1s}", None),
        ("x\n", "\\{pause 1s\\}", "\\{pause 1s\\}\n"),
        ("HOST: x\n", "CRITIC: x", "HOST: CRITIC: x\n"),
        ("a b\nc d\n", "a b # d", "a b\n\\# d\n"),
        ("a b\nc d\n", "a b ======= d", "a b\n\\======= d\n"),
        ("a # b\nc d\n", "# b c d", "\\# b\nc d\n"),
        ("HOST:\nx\n", "# y", "HOST:\n\\# y\n"),
        # A line of its own that would be a cue.
        ('[a]{say="b\nc\nd"} e\n', '[a]{say="b {x} d"} e', '[a]{say="b {x} d"} e\n'),
        ("a b {from=p1}\n", "a {from=p2}", None),
        ("x\n", "{pause 1s}", None),
        ("x\n", "[a]{sya=\"b\"}", None),
        ("x\n", "a {", None),
        ("x\n", " \n ", None),
        ("x\n", "\u00a0", None),
    ],
)  # fmt: skip
def test_words(old: str, words: str, new: str | None) -> None:
    if new is None:
        with pytest.raises(ScriptError) as raised:
            set_words(old, 0, words)
        assert raised.value.hint
    else:
        assert set_words(old, 0, words) == new


def test_a_word_in_a_wrapped_paragraph() -> None:
    new = set_words(WRAPPED, 0, words_in(WRAPPED, 0).replace("cold", "warm"))
    assert new == WRAPPED.replace("cold", "warm")


def test_the_problem_and_the_mend_are_those_of_the_format() -> None:
    with pytest.raises(ScriptError, match=r"unknown attribute 'sya'.*did you mean 'say'"):
        set_words("x\n", 0, '[a]{sya="b"}')
    with pytest.raises(ScriptError, match="delete the paragraph"):
        set_words("x\n", 0, "")


@pytest.mark.parametrize(
    ("old", "voice", "new"),
    [
        ("A b.\n", "host", "host: A b.\n"),
        ("HOST:   A\nb.\n", "critic", "critic:   A\nb.\n"),
        ("HOST: A b.\n", None, "A b.\n"),
        ("HOST:\n  A b. {from=p1}\n", None, "A b. {from=p1}\n"),
        ("HOST: # A\n", None, "\\# A\n"),
        ("HOST: Note:   A\n", None, "Note\\:   A\n"),
        ("Note\\: A\n", "host", "host: Note\\: A\n"),
        ("HOST: A\n", "two words", None),
        ("HOST: A\n", "", None),
        ("HOST: A\n", "1st", None),
        ("## The cast\n", "host", "## The cast {voice=host}\n"),
        ("## The cast {#cast}\r\n", "host", "## The cast {#cast voice=host}\r\n"),
        ("## The cast  { voice=host #cast }  \n", "a b", '## The cast  { voice="a b" #cast }  \n'),
        ("## The cast {voice=host #cast}\n", None, "## The cast {#cast}\n"),
        ("## The cast {#cast voice=host sting=x}\n", None, "## The cast {#cast sting=x}\n"),
        ("## The cast {voice=host}\n", None, "## The cast\n"),
        ("## The cast {voice=host}\n", "a\nb", None),
    ],
)
def test_voices(old: str, voice: str | None, new: str | None) -> None:
    if new is None:
        with pytest.raises(ScriptError) as raised:
            set_voice(old, 0, voice)
        assert raised.value.hint
    else:
        assert set_voice(old, 0, voice) == new


def test_cues() -> None:
    text = (
        '{pause  0.6 s}\r\n{pause 600ms}  \n{sting intro}\n {sound "a b.wav"}\n{bed x}\n{bed off}\n'
    )
    assert set_pause(text, 0, 1250) == text.replace("0.6 s", "1.25s")
    assert set_pause(text, 1, 1250) == text.replace("600ms", "1250ms")
    assert set_pause(text, 1, 0) == text.replace("600ms", "0ms")
    assert set_sting(text, 2, "two words") == text.replace("intro", '"two words"')
    assert set_sound(text, 3, "c.wav") == text.replace('"a b.wav"', "c.wav")
    assert set_bed(text, 4, None) == text.replace("{bed x}", "{bed off}")
    assert set_bed(text, 5, "y") == text.replace("off", "y")
    for bad in (-1, 60_001):
        with pytest.raises(ScriptError, match="0 to 60 s"):
            set_pause(text, 0, bad)
    with pytest.raises(ScriptError, match="cannot hold"):
        set_sting(text, 2, "a\nb")
    with pytest.raises(ScriptError, match="cannot hold"):
        set_bed(text, 4, "off")


def test_headings() -> None:
    text = "##  The *cast*   {#cast sting=a bed=b}  \r\n\r\n## Cast\n"
    assert set_head(text, 0, title="Old {faces}") == text.replace("The *cast*", "Old \\{faces\\}")
    assert set_head(text, 0, title=" The  cast", sting="c", bed=None) == (
        text.replace("sting=a bed=b", "sting=c")
    )
    assert set_head(text, 1, title="CAST!") == text.replace("## Cast", "## CAST!")
    assert set_head(text, 1, title="Faces") == text.replace("## Cast", "## Faces {#cast}")
    assert set_head(text, 1, title="Faces", bed="#x") == (
        text.replace("## Cast", '## Faces {#cast bed="#x"}')
    )
    assert set_head("## A {bed=x}", 0, title="B") == "## B {#a bed=x}"
    with pytest.raises(ScriptError, match="delete the heading"):
        set_head(text, 0, title=" ")


@pytest.mark.parametrize(
    ("old", "at", "new", "expected"),
    [
        ("", -1, Pause(500), "{pause 0.5s}\n"),
        ("A\n", -1, Pause(500), "{pause 0.5s}\n\nA\n"),
        ("\ufeffA\n", -1, Pause(500), "\ufeff{pause 0.5s}\n\nA\n"),
        ("---\na: b\n---\nA\n", -1, Pause(500), "---\na: b\n---\n\n{pause 0.5s}\n\nA\n"),
        ("A\n", 0, Pause(500), "A\n\n{pause 0.5s}\n"),
        ("A\r\n", 0, Pause(500), "A\r\n\r\n{pause 0.5s}\r\n"),
        ("A", 0, Pause(500), "A\n\n{pause 0.5s}"),
        ("A\n\n\n\nB", 0, Pause(500), "A\n\n\n\n{pause 0.5s}\n\nB"),
        ("{bed x}\nB\n", 0, Pause(500), "{bed x}\n\n{pause 0.5s}\n\nB\n"),
        ("A\n", -1, Paragraph((Text("---"),)), "\\---\n\nA\n"),
        ("A\r\n", -1, Comment("a\nb"), "<!-- a\r\nb -->\r\n\r\nA\r\n"),
        ("A\n", -1, Paragraph((Text("\ufeffB"),)), "\n\ufeffB\n\nA\n"),
    ],
)
def test_an_item_is_put_in(old: str, at: int, new: Item, expected: str) -> None:
    assert insert_after(old, at, new) == expected


@pytest.mark.parametrize(
    ("old", "at", "expected"),
    [
        ("A\n\nB\n\nC\n", 0, "B\n\nC\n"),
        ("A\n\nB\n\nC\n", 1, "A\n\nC\n"),
        ("A\n\nB\n\nC\n", 2, "A\n\nB\n"),
        ("A\n\nB", 1, "A\n"),
        ("A\n", 0, ""),
        ("---\na: b\n---\n\nA\n", 0, "---\na: b\n---\n\n"),
        ("A\n{pause 1s}\nB\n", 1, "A\n\nB\n"),
        ("A\r\n{pause 1s}\r\n\r\nB\r\n", 1, "A\r\n\r\nB\r\n"),
        ("A\n\n{pause 1s}\nB\n", 1, "A\n\nB\n"),
        ("## A\n{pause 1s}\nB\n", 1, "## A\nB\n"),
        ("A\n\n---\nb: c\n---\n", 0, "\n---\nb: c\n---\n"),
        ("\ufeffA\n\nB\n", 0, "\ufeffB\n"),
    ],
)
def test_an_item_is_taken_away(old: str, at: int, expected: str) -> None:
    assert remove(old, at) == expected


def test_an_item_that_is_not_there() -> None:
    with pytest.raises(ScriptError, match="load the page again"):
        remove("A\n", 1)
    with pytest.raises(ScriptError, match="item 0 is not a pause"):
        set_pause("A\n", 0, 1)
    with pytest.raises(ScriptError, match="no item -2"):
        insert_after("A\n", -2, Pause(1))


@st.composite
def texts(draw: st.DrawFn, some: st.SearchStrategy[Item] = items) -> str:
    """Scripts as authors have them: wrapped, indented, with either line end, with a mark or not.

    There is one of `some` in it.
    """
    found = draw(scripts)
    at = draw(st.integers(0, len(found.items)))
    text = print_script(replace(found, items=(*found.items[:at], draw(some), *found.items[at:])))
    script = parse_script(text)
    for at in draw(st.lists(st.integers(0, max(len(text) - 1, 0)), max_size=6)):
        blank = draw(st.sampled_from(["\n", " \n  ", "  "]))
        if text[at : at + 1] == " ":
            wrapped = text[:at] + blank + text[at + 1 :]
            try:
                same = evened(parse_script(wrapped)) == evened(script)
            except SaysoError:
                same = False
            text = wrapped if same else text
    if draw(st.booleans()):
        crlf = re.sub("(?<!\r)\n", "\r\n", text)
        text = crlf if evened(parse_script(crlf)) == evened(script) else text
    text = text.rstrip("\r\n") if draw(st.booleans()) else text
    text = f"\ufeff{text}" if draw(st.booleans()) and not text.startswith("\ufeff") else text
    try:
        parse_script(text)
    except SaysoError:
        assume(False)
    return text


def evened(script: Script) -> Script:
    """With single spaces, and the line ends of Unix in notes."""
    found: list[Item] = []
    for item in script.items:
        if isinstance(item, Paragraph):
            words = re.sub(
                r"[ \t\r]+", " ", repr(item.spans).replace("\\t", "\t").replace("\\r", "\r")
            )
            item = replace(item, spans=(Text(words),))
        elif isinstance(item, Comment):
            item = replace(item, text=item.text.replace("\r\n", "\n"))
        found.append(item)
    return replace(script, items=tuple(found))


def around(text: str, item: int) -> tuple[str, str]:
    script = parse_script(text)
    before = script.head_source + "".join(each.source for each in script.items[:item])
    return before, "".join(each.source for each in script.items[item + 1 :])


def with_item(script: Script, item: int, new: Item) -> Script:
    return replace(script, items=(*script.items[:item], new, *script.items[item + 1 :]))


def assert_only_that_changed(text: str, result: str, item: int, new: Item) -> None:
    before, after = around(text, item)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    result = (
        result if result.startswith(before) else mark + result.removeprefix(mark).lstrip("\r\n")
    )
    assert result.startswith(before)
    assert result.endswith(after)
    assert evened(parse_script(result)) == evened(with_item(parse_script(text), item, new))


@given(texts(paragraphs), st.integers(0, 5), fragments)
@settings(max_examples=50)
@example("a b\nc", 0, "a b\n\n# d")
def test_a_paragraph_says_what_was_typed_or_nothing_changes(
    text: str, item: int, typed: str
) -> None:
    script = parse_script(text)
    those = [n for n, each in enumerate(script.items) if isinstance(each, Paragraph)]
    item = those[item % len(those)]
    words = words_in(text, item)
    assert set_words(text, item, words) == text
    cut = len(typed) % (len(words) + 1)
    for new in (typed, words[:cut] + typed + words[cut:], words[:cut] + words[cut + 3 :]):
        new = " ".join(re.findall(r"[^ \t\r\n]+", new))
        spans, problems = read_spans(new)
        if problems or not "".join(span.text for span in spans).strip():
            with pytest.raises(SaysoError):
                set_words(text, item, new)
            continue
        result = set_words(text, item, new)
        old = script.items[item]
        assert isinstance(old, Paragraph)
        assert_only_that_changed(text, result, item, replace(old, spans=spans))
        assert set_words(result, item, new) == result


@given(texts(paragraphs | heads), st.integers(0, 5), st.none() | voices)
@settings(max_examples=40)
def test_a_voice_is_all_that_changes(text: str, item: int, voice: str | None) -> None:
    script = parse_script(text)
    those = [n for n, i in enumerate(script.items) if isinstance(i, Paragraph | SegmentHead)]
    item = those[item % len(those)]
    result = set_voice(text, item, voice)
    old = script.items[item]
    assert isinstance(old, Paragraph | SegmentHead)
    assert_only_that_changed(text, result, item, replace(old, voice=voice))
    assert set_voice(result, item, voice) == result
    assert set_voice(text, item, old.voice) == text


@given(texts(heads), st.integers(0, 5), words, options, options)
@settings(max_examples=40)
def test_a_heading_is_all_that_changes(
    text: str, item: int, title: str, sting: str | None, bed: str | None
) -> None:
    script = parse_script(text)
    those = [n for n, each in enumerate(script.items) if isinstance(each, SegmentHead)]
    title = " ".join(re.findall(r"[^ \t\r\n]+", title))
    item = those[item % len(those)]
    old = script.items[item]
    assert isinstance(old, SegmentHead)
    result = set_head(text, item, title=title, sting=sting, bed=bed)
    new = replace(old, title=title, sting=sting, bed=bed)
    if " ".join(re.findall(r"[^ \t\r\n]+", old.title)) == title:
        new = replace(new, title=old.title)
    assert_only_that_changed(text, result, item, new)
    assert set_head(result, item, title=title, sting=sting, bed=bed) == result
    assert set_head(text, item, title=old.title, sting=old.sting, bed=old.bed) == text


@given(
    texts(cues),
    st.integers(0, 5),
    st.integers(0, 60_000),
    names.filter(lambda name: name != "off"),
)
@settings(max_examples=40)
def test_the_argument_of_a_cue_is_all_that_changes(
    text: str, item: int, pause_ms: int, name: str
) -> None:
    script = parse_script(text)
    kinds = Pause | StingCue | SoundCue | BedCue
    those = [n for n, each in enumerate(script.items) if isinstance(each, kinds)]
    item = those[item % len(those)]
    match script.items[item]:
        case Pause():
            result, new = set_pause(text, item, pause_ms), Pause(pause_ms)
        case StingCue():
            result, new = set_sting(text, item, name), StingCue(name)
        case SoundCue():
            result, new = set_sound(text, item, name), SoundCue(name)
        case _:
            result, new = set_bed(text, item, name), BedCue(name)
    assert_only_that_changed(text, result, item, new)


@given(texts(), st.integers(0, 6), items)
@settings(max_examples=50)
def test_an_item_put_in_disturbs_no_other_and_can_be_taken_away(
    text: str, at: int, new: Item
) -> None:
    script = parse_script(text)
    at = at % (len(script.items) + 1) - 1
    result = insert_after(text, at, new)
    wanted = (*script.items[: at + 1], new, *script.items[at + 1 :])
    assert evened(parse_script(result)) == evened(replace(script, items=wanted))
    back = remove(result, at + 1)
    assert evened(parse_script(back)) == evened(script)
    assert back.split() == text.split()


@given(texts(), st.integers(0, 5))
@settings(max_examples=40)
def test_what_is_taken_away_takes_nothing_with_it(text: str, item: int) -> None:
    script = parse_script(text)
    item %= len(script.items)
    result = remove(text, item)
    wanted = replace(script, items=(*script.items[:item], *script.items[item + 1 :]))
    assert evened(parse_script(result)) == evened(wanted)
    before, after = around(text, item)
    assert "".join(result.split()) == "".join((before + after).split())


def test_a_title_keeps_its_id() -> None:
    assert slug("The cast") == "the-cast"
    (head,) = parse_script(set_head("## The cast\n", 0, title="Who plays")).items
    assert isinstance(head, SegmentHead)
    assert (head.title, head.id) == ("Who plays", "the-cast")
