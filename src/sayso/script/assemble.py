"""Where the review goes in a script: once, whatever the template does.

The tags of a template leave placeholders; they are filled when the whole template has run, since
only then is it known which segments it names, and in which order the episode has them. A segment
that the template forgets, or captures and never prints, is put after the last one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from sayso.errors import TemplateError, did_you_mean
from sayso.language.sentences import dependent_opening, opens_with_connective
from sayso.model import Outline, Placement, Show
from sayso.script.inline import escape, escape_value, print_value
from sayso.script.template_context import (
    INTRO,
    VERDICT,
    Markup,
    SegmentSurface,
    VoiceSurface,
    Words,
    numbered,
    paragraph_markup,
    segment_surfaces,
)

OPTIONS = ("lead", "voice", "sting", "bed", "title", "always", "order")
_TEXTS = ("sting", "bed", "title")
_PLACEHOLDER = re.compile("\0(\\d+)\0")
_OPENER_WORDS = range(4, 17)
"""A cold open is one sentence that can be said in one breath: sixteen words take six seconds."""

Body = Callable[[Words, SegmentSurface], str]
Section = Callable[["Part"], str]
"""Makes the script of one part of the episode."""

_OPENER, _REST = "opener", "rest"


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, or in the review's own order one of its runs."""

    segment: str
    placed: Sequence[Placement]
    n_before: int = 0
    """How often the segment was there before."""
    leads: bool = True
    """Whether it has the template's words: a segment that recurs has them once."""


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of a tag, checked against the show."""

    voices: tuple[str, ...] = ()
    """Several take turns."""
    sting: str | None = None
    bed: str | None = None
    title: str | None = None
    lead: str | None = None
    """The sentence that leads in, as script markup."""


@dataclass
class Assembly:
    """The state of one rendering: what is placed where, and what is still to be placed."""

    outline: Outline
    show: Show
    known: Collection[str]
    """Ids of the segments of all kinds of review: others are typing errors."""
    order: str = field(init=False)
    placements: list[Placement] = field(init=False)
    segments: list[SegmentSurface] = field(init=False)
    """`segments` in a template; once the template has run, in the episode's order."""
    _named: dict[str, Section] = field(default_factory=dict)
    _rest: Section | None = None
    _placeholders: list[tuple[str, str]] = field(default_factory=list)
    """For each placeholder what fills it: a segment by its id, the rest, or the opener."""
    _empty: dict[str, SegmentSurface] = field(default_factory=dict)
    """Segments that the review does not have and the template wants all the same."""
    _current: str | None = None

    def __post_init__(self) -> None:
        self.order = self.show.order
        self.placements = [p for p in self.outline.placements if p.text]
        self.segments = segment_surfaces(self.outline)

    # -------------------------------------------------------------- what a template calls

    def opener(self) -> Markup:
        """The review's first sentence, taken out of its paragraph to open the episode with it.

        Nothing where it is too long or too short to stand alone, is the whole paragraph, or is
        what the second sentence leans on.
        """
        if self._current is not None:
            raise TemplateError(
                "opener() inside a segment",
                code="segment-placement",
                hint="call it before the first one",
            )
        first = next(iter(self.placements), None)
        taken = any(kind == _OPENER for kind, _ in self._placeholders)
        if taken or first is None or first.first != 0 or len(first.sentences) < 2:
            return Markup("")
        sentence, following = first.sentences[:2]
        if len(sentence.split()) not in _OPENER_WORDS or dependent_opening(following):
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
        self._named[identifier] = self._make_section(given, body)
        return self._add_placeholder("segment", identifier)

    def place_rest(self, options: dict[str, object], body: Body) -> Markup:
        """The `rest` tag."""
        self._check_outside("rest")
        if self._rest is not None:
            raise TemplateError(
                "a second rest", code="segment-placement", hint="a template has one"
            )
        self._rest = self._make_section(self._check_options(options), body)
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
        given = _Options(
            tuple(
                _one_line_name(v)
                for v in (voice if isinstance(voice, list) else [voice])
                if v is not None
            ),
            *(
                _one_line_name(options[key]) if options.get(key) is not None else None
                for key in _TEXTS
            ),
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
        """Put opener and segments into their places; what was forgotten comes after the last."""
        text = self._append_forgotten(self._place_opener(text))
        filled = self._fill_in_order(text) if self.order == "template" else self._fill_as_read(text)
        return _PLACEHOLDER.sub("", filled)  # some may have been captured, and printed in a segment

    def _fill_in_order(self, text: str) -> str:
        """Each segment where its placeholder stands."""
        shown = [
            self._placeholders[int(placeholder[1])] for placeholder in _PLACEHOLDER.finditer(text)
        ]
        unnamed = [s.id for s in self.segments if s.id not in self._named]
        order = list(
            dict.fromkeys(
                i for kind, name in shown for i in ([name] if kind == "segment" else unnamed)
            )
        )
        self._number_segments(order)
        made: dict[tuple[str, str], str] = {}

        def fill_placeholder(placeholder: re.Match[str]) -> str:
            key = self._placeholders[int(placeholder[1])]
            if key in made:
                return ""  # captured once and printed twice
            ids = [key[1]] if key[0] == "segment" else unnamed
            made[key] = "".join(self._print_part(Part(i, self._placed_in(i))) for i in ids)
            return made[key]

        return _PLACEHOLDER.sub(fill_placeholder, text)

    def _fill_as_read(self, text: str) -> str:
        """All segments as runs in the review's order, where the first placeholder stands.

        The introduction's own words come first and the verdict's with its last run, wherever the
        review has them.
        """
        runs: list[list[Placement]] = []
        for placement in self.placements:
            if runs and runs[-1][0].segment == placement.segment:
                runs[-1].append(placement)
            else:
                runs.append([placement])
        shown = [
            self._placeholders[int(placeholder[1])] for placeholder in _PLACEHOLDER.finditer(text)
        ]
        wanted = list(dict.fromkeys(name for kind, name in shown if kind == "segment"))
        order = [run[0].segment for run in runs]
        if INTRO in wanted and order[:1] != [INTRO]:
            runs.insert(0, [])
            order.insert(0, INTRO)
        for name in wanted:
            if name not in order:
                runs.append([])
                order.append(name)
        self._number_segments(list(dict.fromkeys(order)))
        parts = [
            Part(
                name,
                run,
                order[:at].count(name),
                name not in (order[at + 1 :] if name == VERDICT else order[:at]),
            )
            for at, (name, run) in enumerate(zip(order, runs, strict=True))
        ]
        first = next(_PLACEHOLDER.finditer(text))
        before, after = text[: first.start()], _PLACEHOLDER.sub("", text[first.end() :])
        return before + "".join(map(self._print_part, parts)) + after

    def _print_part(self, part: Part) -> str:
        plain = self._make_section(_Options(), lambda text, _: "")
        return (self._named.get(part.segment) or self._rest or plain)(part)

    def _placed_in(self, identifier: str) -> list[Placement]:
        return [p for p in self.placements if p.segment == identifier]

    def _number_segments(self, order: Sequence[str]) -> None:
        surfaces = {segment.id: segment for segment in self.segments} | self._empty
        self.segments[:] = numbered(surfaces[identifier] for identifier in order)

    def _place_opener(self, text: str) -> str:
        number = next(
            (n for n, (kind, _) in enumerate(self._placeholders) if kind == _OPENER), None
        )
        if number is None or f"\0{number}\0" not in text:
            return text
        first = self.placements[0]
        self.placements[0] = replace(first, first=1)
        opening = f"\n\n{paragraph_markup(replace(first, last=1))}\n\n"
        return text.replace(f"\0{number}\0", opening, 1).replace(f"\0{number}\0", "")

    def _append_forgotten(self, text: str) -> str:
        """Placeholders for the segments that have none, after the last that has one."""
        shown = {
            self._placeholders[int(placeholder[1])] for placeholder in _PLACEHOLDER.finditer(text)
        }
        forgotten = [("segment", name) for name in self._named if ("segment", name) not in shown]
        if (_REST, "") not in shown:
            forgotten.append((_REST, ""))
        ends = [placeholder.end() for placeholder in _PLACEHOLDER.finditer(text)]
        at = ends[-1] if ends else len(text)
        return text[:at] + "".join(self._add_placeholder(*what) for what in forgotten) + text[at:]

    def _add_placeholder(self, kind: str, name: str) -> Markup:
        self._placeholders.append((kind, name))
        return Markup(f"\0{len(self._placeholders) - 1}\0")

    def _make_section(self, given: _Options, body: Body) -> Section:
        def make(part: Part) -> str:
            surface = next(s for s in self.segments if s.id == part.segment)
            leans = bool(part.placed) and opens_with_connective(part.placed[0].text)
            self._current = part.segment
            words = ""
            if part.leads:
                words = body(Words(part.segment, part.placed), replace(surface, leans=leans))
                if given.lead and not leans:  # `So, the cast. But it is not only …` would jar
                    words = f"{given.lead}\n\n{words}"
            self._current = None
            # A body that forgets {{ text }} must not lose the review's words.
            paragraphs = [paragraph_markup(placement) for placement in part.placed]
            whole = "\n\n".join(paragraphs) in words  # much faster than one by one
            missed = [] if whole else [p for p in paragraphs if p not in words]
            return "\n\n".join(["", _print_head(surface, given, part.n_before), words, *missed, ""])

        return make


def _print_head(surface: SegmentSurface, given: _Options, n_before: int) -> str:
    turn = (surface.number - 1) % len(given.voices) if given.voices else 0
    voice = given.voices[turn] if given.voices else None
    pairs = (("voice", voice), ("sting", given.sting), ("bed", given.bed))
    options = "".join(f" {key}={print_value(value)}" for key, value in pairs if value is not None)
    title = escape(given.title or " ".join(surface.title.split()))
    identifier = f"{surface.id}-{n_before + 1}" if n_before else surface.id
    return f"## {title} {{#{identifier}{options}}}"


def _one_line_name(value: object) -> str:
    text = value.name if isinstance(value, VoiceSurface) else str(value)
    return " ".join(text.replace("\0", " ").split())
