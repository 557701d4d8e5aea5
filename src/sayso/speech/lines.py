"""`Script` → `Line`s: every sentence with its voice, its spoken form and where it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from sayso.language.sentences import split_sentences
from sayso.model import Block, Line, Paragraph, Say, Script, SegmentHead, Show, Span, Text, Voice
from sayso.script.coverage import sentence_origins
from sayso.speech.spoken import Lexicon, Spoken, sayable, speak
from sayso.speech.spoken.pieces import pieces

_MOST_CHARACTERS = 1_500  # a minute and a half of speech: nobody writes such a sentence on purpose


def script_lines(
    script: Script,
    show: Show,
    *,
    blocks: Iterable[Block] = (),
    lexicon: Lexicon,
    resolve: Callable[[Voice], Voice],
) -> tuple[Line, ...]:
    """The lines of a script, in order.

    `blocks` are those of the review, to tell which sentences are its own; `resolve` fills in the
    engine and its voice. Every voice that the script names must be in the cast (`check_names`). A
    sentence of over 1,500 characters becomes several lines, cut at clauses. One without a letter or
    digit (an emoji, a row of dots) is written with its neighbour: no voice can say it alone.
    """
    cast = {voice.name.casefold(): voice for voice in show.voices}
    resolved: dict[str, Voice] = {}
    by_id = {block.id: block for block in blocks}
    lines: list[Line] = []
    segment_voice: str | None = None
    for index, item in enumerate(script.items):
        named = item.voice if isinstance(item, SegmentHead | Paragraph) else None
        if isinstance(item, SegmentHead):
            segment_voice = item.voice
        if not isinstance(item, Paragraph):
            continue
        name = (named or segment_voice or show.voices[0].name).casefold()
        if name not in resolved:
            resolved[name] = resolve(cast[name])
        origins = dict(sentence_origins(item, by_id))
        for sentence, written, spoken in spoken_sentences(
            item.spans, language=show.language, lexicon=lexicon
        ):
            lines.append(Line(written, spoken.text, resolved[name], index, origins.get(sentence)))
    return tuple(_merge_unsayable(lines))


def spoken_sentences(
    spans: Sequence[Span], *, language: str, lexicon: Lexicon
) -> Iterator[tuple[str, str, Spoken]]:
    """The sentences of a paragraph: each one, the part of it that is said at once, and how.

    All but enormous sentences are one part.
    """
    for sentence in _sentences(spans):
        whole = "".join(span.text for span in sentence)
        for part in _portions(sentence):
            written = "".join(span.text for span in part)
            yield whole, written, speak(part, language=language, lexicon=lexicon)


def _sentences(spans: Sequence[Span]) -> list[tuple[Span, ...]]:
    """Cut spans at sentence ends; a respelled word is never cut."""
    text = "".join(span.text for span in spans)
    ends, at = [], 0
    for sentence in split_sentences(text):
        at = text.index(sentence[:1], at) if sentence else at
        at += _length_in(text, at, sentence)
        ends.append(at)
    sentences: list[list[Span]] = [[]]
    position = 0
    for span in spans:
        start = position
        position += len(span.text)
        if isinstance(span, Say):
            inside = [end for end in ends if start < end < position]
            ends = [end for end in ends if end not in inside]
            sentences[-1].append(span)
        else:
            cut = start
            for end in [end for end in ends if start < end < position]:
                sentences[-1].append(replace(span, text=text[cut:end]))
                sentences.append([])
                cut = end
            sentences[-1].append(replace(span, text=text[cut:position]))
        if position in ends:
            sentences.append([])
    return [tidy for sentence in sentences if (tidy := _strip(sentence))]


def _portions(sentence: Sequence[Span]) -> list[tuple[Span, ...]]:
    """A sentence as it is, or, where it is enormous, in parts that a cache and a mix can hold."""
    if sum(len(span.text) for span in sentence) <= _MOST_CHARACTERS:
        return [tuple(sentence)]
    portions: list[list[Span]] = [[]]
    length = 0
    for span in sentence:
        whole = isinstance(span, Say) or len(span.text) <= _MOST_CHARACTERS // 2
        texts = [span.text] if whole else list(pieces(span.text, limit=_MOST_CHARACTERS // 2))
        for n, text in enumerate(texts):
            if portions[-1] and length + len(text) > _MOST_CHARACTERS:
                portions.append([])
                length = 0
            after = " " if n < len(texts) - 1 else ""
            portions[-1].append(span if whole else replace(span, text=text + after))
            length += len(text)
    return [tidy for portion in portions if (tidy := _strip(portion))]


def _length_in(text: str, at: int, sentence: str) -> int:
    """How many characters of `text` from `at` a sentence takes: white space may be longer there."""
    position = at
    for word in sentence.split():
        position = text.index(word, position) + len(word)
    return position - at


def _strip(sentence: Sequence[Span]) -> tuple[Span, ...]:
    """Take the white space off both ends; nothing where only white space is left."""
    spans = [span for span in sentence if span.text]
    while spans and isinstance(spans[0], Text) and not spans[0].text.lstrip():
        spans.pop(0)
    while spans and isinstance(spans[-1], Text) and not spans[-1].text.rstrip():
        spans.pop()
    if not spans:
        return ()
    spans[0] = replace(spans[0], text=spans[0].text.lstrip())
    spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip())
    return tuple(spans)


def _merge_unsayable(lines: Sequence[Line]) -> list[Line]:
    merged: list[Line] = []
    waiting = ""
    for line in lines:
        if not sayable(line.spoken):
            if merged and merged[-1].item == line.item:
                before = merged[-1]
                merged[-1] = replace(before, written=f"{before.written} {line.written}")
            else:
                waiting = f"{waiting}{line.written} "
            continue
        merged.append(replace(line, written=waiting + line.written) if waiting else line)
        waiting = ""
    if waiting and merged:
        merged[-1] = replace(merged[-1], written=f"{merged[-1].written} {waiting.rstrip()}")
    return merged
