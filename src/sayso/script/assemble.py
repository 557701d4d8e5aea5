"""Puts the review into a script: each sentence once, whatever the template does.

The tags of a template leave placeholders. They are filled when the whole template has run, since
only then are the segments that it names, and their order in the episode, known. A segment that the
template forgets, or captures and never prints, follows the last one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from sayso.errors import TemplateError, did_you_mean
from sayso.language.sentences import opens_with_connective
from sayso.language.text import one_line
from sayso.model import Outline, Placement, SegmentHead, Show
from sayso.script.inline import escape_value
from sayso.script.opener import find_opener
from sayso.script.printing import print_item
from sayso.script.template_context import (
    INTRO,
    VERDICT,
    Markup,
    SegmentSurface,
    VoiceSurface,
    Words,
    numbered,
    paragraph_markup,
    paragraphs_markup,
    segment_surfaces,
)

OPTIONS = ("lead", "voice", "sting", "bed", "title", "always", "order")
_TEXTS = ("sting", "bed", "title")
_PLACEHOLDER = re.compile("\0(\\d+)\0")

Body = Callable[[Words, SegmentSurface], str]
_SEGMENT, _REST, _OPENER = "segment", "rest", "opener"
"""The kinds of placeholder."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment; in the review's own order, one of its runs."""

    segment: str
    placed: Sequence[Placement]
    n_before: int = 0
    """The number of earlier parts of the segment."""
    leads: bool = True
    """Whether it has the template's words: a segment with several parts has them once."""


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of a tag, checked against the show."""

    voices: tuple[str, ...] = ()
    """The segments of a rest take them in turn."""
    sting: str | None = None
    bed: str | None = None
    title: str | None = None
    lead: str | None = None
    """The sentence that leads in, as script markup."""


@dataclass
class Assembly:
    """The state of one rendering: what the template has placed so far, and where.

    The methods that a template calls raise TemplateError where it misuses them.
    """

    outline: Outline
    show: Show
    known: Collection[str]
    """Ids of the segments of all kinds of review; any other id is a typing error."""
    order: str = field(init=False)
    placements: list[Placement] = field(init=False)
    segments: list[SegmentSurface] = field(init=False)
    """`segments` in a template; once the template has run, in the episode's order."""
    _named: dict[str, tuple[_Options, Body]] = field(default_factory=dict)
    _rest: tuple[_Options, Body] | None = None
    _placeholders: list[tuple[str, str]] = field(default_factory=list)
    """For each placeholder, its kind and, if that is `segment`, the segment's id."""
    _empty: dict[str, SegmentSurface] = field(default_factory=dict)
    """Segments that the review does not have, but the template wants always."""
    _current: str | None = None

    def __post_init__(self) -> None:
        self.order = self.show.order
        self.placements = [p for p in self.outline.placements if p.text]
        self.segments = segment_surfaces(self.outline)

    # -------------------------------------------------------------- what a template calls

    def opener(self) -> Markup:
        """The review's first sentence, taken out of its paragraph to open the episode.

        A warning, an update or the like before it stays where it is. Nothing where the sentence is
        too long or too short to stand alone, is the whole paragraph, or the second depends on it.
        """
        if self._current is not None:
            raise TemplateError(
                "opener() inside a segment",
                code="segment-placement",
                hint="call it before the first one",
            )
        taken = any(kind == _OPENER for kind, _ in self._placeholders)
        if taken or find_opener(self.placements) is None:
            return Markup("")
        return self._add_placeholder(_OPENER, "")

    def ahead(self, n_most: int = 4) -> list[SegmentSurface]:
        """The segments between this one and the verdict, in the episode's order.

        Where there are more than `n_most`, those with the most words.
        """
        ids = [segment.id for segment in self.segments]
        start = ids.index(self._current) + 1 if self._current in ids else 0
        coming = [s for s in self.segments[start:] if s.id not in (INTRO, VERDICT)]
        longest = sorted(coming, key=lambda segment: -segment.words)[: max(int(n_most), 0)]
        return [segment for segment in coming if segment in longest]

    def has(self, name: object) -> bool:
        """Whether the episode has a segment."""
        return self._check_segment(name) in (segment.id for segment in self.segments)

    def place_segment(self, name: object, options: dict[str, object], body: Body) -> Markup:
        """The `segment` tag."""
        identifier = self._check_segment(name)
        self._check_outside("segment")
        if identifier in self._named:
            raise TemplateError(
                f"segment {identifier!r} is named twice",
                code="segment-placement",
                hint="name each segment once",
            )
        given = self._check_options(options)
        if identifier not in (segment.id for segment in self.segments):
            if not options.get("always"):
                return Markup("")
            title = next((n.title for n in self.outline.names if n.id == identifier), identifier)
            self._empty[identifier] = SegmentSurface(identifier, title, title.lower(), 0, 0)
        self._named[identifier] = (given, body)
        return self._add_placeholder(_SEGMENT, identifier)

    def place_rest(self, options: dict[str, object], body: Body) -> Markup:
        """The `rest` tag."""
        self._check_outside("rest")
        if self._rest is not None:
            raise TemplateError(
                "a second rest", code="segment-placement", hint="a template has one"
            )
        self._rest = (self._check_options(options), body)
        if options.get("order") is not None:
            if options["order"] not in ("source", "template"):
                raise TemplateError(
                    f"unknown order {str(options['order'])[:40]!r}", hint='"source" or "template"'
                )
            self.order = str(options["order"])
        return self._add_placeholder(_REST, "")

    def _check_segment(self, name: object) -> str:
        identifier = str(name)
        if identifier not in self.known:
            raise TemplateError(
                f"unknown segment {identifier[:80]!r}",
                code="unknown-segment",
                hint=did_you_mean(identifier, self.known),
            )
        return identifier

    def _check_outside(self, tag: str) -> None:
        if self._current is not None:
            raise TemplateError(
                f"a {tag} inside segment {self._current!r}",
                code="segment-placement",
                hint="put one after the other",
            )

    def _check_options(self, options: dict[str, object]) -> _Options:
        names = [voice.name for voice in self.show.voices]
        folded = {name.casefold() for name in names}
        sounds = [sound.name for sound in self.show.sounds]
        voice = options.get("voice")
        voices = voice if isinstance(voice, list) else [voice]
        texts = [options.get(key) for key in _TEXTS]
        given = _Options(
            tuple(_one_line_name(v) for v in voices if v is not None),
            *(None if text is None else _one_line_name(text) for text in texts),
        )
        lead = options.get("lead")
        if lead is not None:
            words = str(lead) if isinstance(lead, Markup) else escape_value(_one_line_name(lead))
            given = replace(given, lead=words)
        bool(options.get("always"))  # raises for what is undefined
        unknown = [("voice", v, names) for v in given.voices if v.casefold() not in folded]
        if given.sting is not None and given.sting not in sounds:
            unknown.append(("sting", given.sting, sounds))
        if given.bed is not None and given.bed not in (*sounds, "off"):
            unknown.append(("bed", given.bed, [*sounds, "off"]))
        for what, name, known in unknown:
            raise TemplateError(
                f"unknown {what} {name[:80]!r}",
                code="unknown-voice" if what == "voice" else "unknown-sound",
                hint=did_you_mean(name, known),
            )
        return given

    # ------------------------------------------------------------------------- filling in

    def fill_placeholders(self, text: str) -> str:
        """The script of what the template printed: with opener and segments in their places."""
        text = self._append_forgotten(self._place_opener(text))
        filled = self._fill_in_order(text) if self.order == "template" else self._fill_as_read(text)
        return _PLACEHOLDER.sub("", filled)  # some may have been captured, and printed in a segment

    def _fill_in_order(self, text: str) -> str:
        """Each segment where its placeholder is."""
        unnamed = [s.id for s in self.segments if s.id not in self._named]
        filling = {
            key: [key[1]] if key[0] == _SEGMENT else unnamed for key in self._find_shown(text)
        }
        self._number_segments([segment for segments in filling.values() for segment in segments])

        def fill(found: re.Match[str]) -> str:
            # Nothing the second time: it was captured once and printed twice.
            ids = filling.pop(self._placeholders[int(found[1])], [])
            placed = {i: [p for p in self.placements if p.segment == i] for i in ids}
            return "".join(self._print_part(_Part(i, placed[i])) for i in ids)

        return _PLACEHOLDER.sub(fill, text)

    def _fill_as_read(self, text: str) -> str:
        """All segments as runs in the review's order, where the first placeholder is.

        Wherever the review has them, the introduction's own words come first, and the verdict's
        with its last run.
        """
        grouped = groupby(self.placements, key=lambda placement: placement.segment)
        runs = [(segment, list(run)) for segment, run in grouped]
        wanted = [name for kind, name in self._find_shown(text) if kind == _SEGMENT]
        if INTRO in wanted and [segment for segment, _ in runs[:1]] != [INTRO]:
            runs.insert(0, (INTRO, []))
        present = {segment for segment, _ in runs}
        runs += ((segment, []) for segment in wanted if segment not in present)
        order = [segment for segment, _ in runs]
        self._number_segments(order)
        parts = [
            _Part(
                segment,
                run,
                order[:at].count(segment),
                segment not in (order[at + 1 :] if segment == VERDICT else order[:at]),
            )
            for at, (segment, run) in enumerate(runs)
        ]
        first = next(_PLACEHOLDER.finditer(text))
        return text[: first.start()] + "".join(map(self._print_part, parts)) + text[first.end() :]

    def _find_shown(self, text: str) -> list[tuple[str, str]]:
        """What the placeholders in a text are for, each once, in order."""
        numbers = [int(found[1]) for found in _PLACEHOLDER.finditer(text)]
        return list(dict.fromkeys(self._placeholders[number] for number in numbers))

    def _number_segments(self, order: Sequence[str]) -> None:
        surfaces = {segment.id: segment for segment in self.segments} | self._empty
        self.segments[:] = numbered(surfaces[identifier] for identifier in dict.fromkeys(order))

    def _place_opener(self, text: str) -> str:
        key = (_OPENER, "")
        if key not in self._find_shown(text):
            return text
        placeholder = f"\0{self._placeholders.index(key)}\0"
        at = find_opener(self.placements)
        assert at is not None
        first = self.placements[at]
        self.placements[at] = replace(first, first=1)
        opening = f"\n\n{paragraph_markup(replace(first, last=1))}\n\n"
        return text.replace(placeholder, opening, 1).replace(placeholder, "")

    def _append_forgotten(self, text: str) -> str:
        """The text with placeholders for the segments that have none, after the last that has."""
        keys = [*((_SEGMENT, name) for name in self._named), (_REST, "")]
        shown = self._find_shown(text)
        added = "".join(self._add_placeholder(*key) for key in keys if key not in shown)
        ends = [found.end() for found in _PLACEHOLDER.finditer(text)]
        at = ends[-1] if ends else len(text)
        return text[:at] + added + text[at:]

    def _add_placeholder(self, kind: str, name: str) -> Markup:
        self._placeholders.append((kind, name))
        return Markup(f"\0{len(self._placeholders) - 1}\0")

    def _print_part(self, part: _Part) -> str:
        """The script of a part: its heading, the template's words, and the review's."""
        nothing: tuple[_Options, Body] = (_Options(), lambda text, segment: "")
        given, body = self._named.get(part.segment) or self._rest or nothing
        surface = next(s for s in self.segments if s.id == part.segment)
        leans = bool(part.placed) and self._needs_no_lead(part.placed[0])
        words = ""
        if part.leads:
            self._current = part.segment
            words = body(Words(part.segment, part.placed), replace(surface, leans=leans))
            self._current = None
            if given.lead and not leans:
                words = f"{given.lead}\n\n{words}"
        # A body that forgets {{ text }} must not lose the review's words.
        paragraphs = paragraphs_markup(part.placed)
        is_whole = "\n\n".join(paragraphs) in words  # much faster than one by one
        missed = [] if is_whole else [p for p in paragraphs if p not in words]
        return "\n\n".join(["", _print_head(surface, given, part.n_before), words, *missed, ""])

    def _needs_no_lead(self, first: Placement) -> bool:
        """Whether a lead-in would jar before a segment: `So, the cast. But it is not only …`."""
        names_item = self.outline.shape == "roundup" and first.block.kind == "heading"
        return names_item or opens_with_connective(first.text)


def _print_head(surface: SegmentSurface, given: _Options, n_before: int) -> str:
    turn = (surface.number - 1) % len(given.voices) if given.voices else 0
    return print_item(
        SegmentHead(
            given.title or one_line(surface.title),
            f"{surface.id}-{n_before + 1}" if n_before else surface.id,
            given.voices[turn] if given.voices else None,
            given.sting,
            given.bed,
        )
    )


def _one_line_name(value: object) -> str:
    text = value.name if isinstance(value, VoiceSurface) else str(value)
    return one_line(text.replace("\0", " "))
