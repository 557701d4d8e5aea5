"""The two tags that place the review in a script.

`{% segment "cast", voice="critic", sting="transition" %}First the faces. {{ text }}
{% endsegment %}` renders the cast segment, or nothing where the review has none. `{% rest %}…
{% endrest %}` renders, by the same body, every segment that the template names nowhere.

Since a template may name a segment after its `rest`, both leave a placeholder; the placeholders are
filled when the whole template has run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from jinja2 import nodes
from jinja2.exceptions import TemplateRuntimeError
from jinja2.ext import Extension
from jinja2.parser import Parser

from sayso.errors import did_you_mean
from sayso.model import Outline, Placement
from sayso.script.attributes import print_value
from sayso.script.inline import escape
from sayso.script.surface import Markup, SegmentSurface, paragraph_markup, segment_surfaces

_OPTIONS = ("voice", "sting", "bed", "title", "always")
_HOLE = re.compile(r"\x00(\d+)\x00")
_OPENER_WORDS = range(4, 25)
"""A cold open is one sentence that can be said in one breath."""

Body = Callable[[Markup, SegmentSurface], str]


@dataclass
class Weave:
    """The state of one rendering: what is placed where, and what is still to be placed."""

    outline: Outline
    known: Collection[str]
    """Ids of the segments of all kinds of review: others are typing errors."""
    order: str
    placements: list[Placement] = field(init=False)
    surfaces: dict[str, SegmentSurface] = field(init=False)
    named: dict[str, Callable[[str, bool], str]] = field(default_factory=dict)
    rest: Callable[[str, bool], str] | None = None
    holes: list[str | None] = field(default_factory=list)
    """For each placeholder the segment that fills it; None for the rest."""

    def __post_init__(self) -> None:
        self.placements = list(self.outline.placements)
        self.surfaces = {surface.id: surface for surface in segment_surfaces(self.outline)}

    def opener(self) -> Markup:
        """Take the review's first sentence out of its paragraph, to open the episode with it.

        Nothing where it is too long or too short to stand alone, or the whole paragraph.
        """
        first = next((p for p in self.placements if p.block.sentences), None)
        if first is None or first.first != 0 or len(first.sentences) < 2:
            return Markup("")
        if len(first.sentences[0].split()) not in _OPENER_WORDS:
            return Markup("")
        self.placements[self.placements.index(first)] = replace(first, first=1)
        return Markup(f"\n\n{paragraph_markup(replace(first, last=1))}\n\n")

    def segment(self, name: object, options: dict[str, object], body: Body) -> Markup:
        """The `segment` tag."""
        if name not in self.known:
            raise TemplateRuntimeError(
                f"unknown segment {name!r} ({did_you_mean(str(name), self.known)})"
            )
        identifier = str(name)
        if identifier in self.named:
            raise TemplateRuntimeError(f"segment {identifier!r} is named twice")
        _check(options)
        surface = self.surfaces.get(identifier)
        if surface is None and not options.get("always"):
            return Markup("")
        if surface is None:
            title = next((n.title for n in self.outline.names if n.id == identifier), identifier)
            surface = SegmentSurface(identifier, title, title.lower(), 0, 0)
            self.surfaces[identifier] = surface
        self.named[identifier] = self._section(options, body)
        return self._hole(identifier)

    def remainder(self, options: dict[str, object], body: Body) -> Markup:
        """The `rest` tag."""
        if self.rest is not None:
            raise TemplateRuntimeError("a template has one rest")
        _check(options)
        self.rest = self._section(options, body)
        return self._hole(None)

    def fill(self, text: str) -> str:
        """Put the segments into their places; what the template forgot comes after the last."""
        ids = [name.id for name in self.outline.names if name.id in self.surfaces]
        unnamed = [i for i in ids if i not in self.named]
        if self.order == "source":
            return self._fill_in_source_order(text)
        section = self.rest or self._section({}, lambda text, _: text)
        if unnamed and self.rest is None:
            text = self._append_hole(text)
        for number, identifier in enumerate(unnamed, 1):
            self.surfaces[identifier] = replace(self.surfaces[identifier], number=number)
        filled: dict[str | None, str] = {None: "".join(section(i, True) for i in unnamed)}
        filled |= {identifier: make(identifier, True) for identifier, make in self.named.items()}
        return _HOLE.sub(lambda hole: filled[self.holes[int(hole[1])]], text)

    def _fill_in_source_order(self, text: str) -> str:
        """All segments as runs in the review's order, where the first placeholder stands."""
        if not self.holes:
            text = self._append_hole(text)
        runs: list[list[Placement]] = []
        for placement in self.placements:
            if runs and runs[-1][0].segment == placement.segment:
                runs[-1].append(placement)
            else:
                runs.append([placement])
        everything, seen, made = self.placements, set[str](), []
        plain = self._section({}, lambda text, _: text)
        empty = [i for i in self.named if all(p.segment != i for p in everything)]
        for run in runs:
            identifier = run[0].segment
            self.placements = run
            again = identifier in seen
            make = plain if again else self.named.get(identifier) or self.rest or plain
            made.append(make(identifier, not again))
            seen.add(identifier)
        self.placements = everything
        before = "".join(self.named[i](i, True) for i in empty)
        first = min(_HOLE.finditer(text), key=lambda hole: hole.start())
        return (
            _HOLE.sub("", text[: first.start()])
            + before
            + "".join(made)
            + _HOLE.sub("", text[first.end() :])
        )

    def _append_hole(self, text: str) -> str:
        last = [hole.end() for hole in _HOLE.finditer(text)]
        at = last[-1] if last else len(text)
        return text[:at] + self._hole(None) + text[at:]

    def _hole(self, identifier: str | None) -> Markup:
        self.holes.append(identifier)
        return Markup(f"\x00{len(self.holes) - 1}\x00")

    def _section(self, options: dict[str, object], body: Body) -> Callable[[str, bool], str]:
        def make(identifier: str, with_lead: bool) -> str:
            surface = self.surfaces[identifier]
            paragraphs = [
                paragraph_markup(p) for p in self.placements if p.segment == identifier and p.text
            ]
            text = Markup("\n\n" + "\n\n".join(paragraphs) + "\n\n") if paragraphs else Markup("")
            words = body(text, surface) if with_lead else text
            # A body that forgets {{ text }} must not lose the review's words.
            missed = [p for p in paragraphs if p not in words]
            return "\n\n".join(["", _head(surface, options), words, *missed, ""])

        return make


class SegmentTags(Extension):
    """Parses `segment` and `rest`; the environment's `weave` does the work."""

    tags = {"segment", "rest"}  # noqa: RUF012 - Jinja declares it so

    def parse(self, parser: Parser) -> nodes.Node:
        """Jinja's call for a tag of ours."""
        token = next(parser.stream)
        tag, line = token.value, token.lineno
        arguments: list[nodes.Expr] = []
        if tag == "segment":
            if parser.stream.current.type == "block_end":
                parser.fail('segment needs a name: {% segment "cast" %}', line)
            arguments.append(parser.parse_expression())
        keys: list[nodes.Pair] = []
        while parser.stream.current.type != "block_end":
            parser.stream.skip_if("comma")
            key = parser.stream.expect("name")
            parser.stream.expect("assign")
            keys.append(nodes.Pair(nodes.Const(key.value), parser.parse_expression()))
        arguments.append(nodes.Dict(keys))
        body = parser.parse_statements((f"name:end{tag}",), drop_needle=True)
        parameters = [nodes.Name("text", "param"), nodes.Name("segment", "param")]
        call = self.call_method(f"_{tag}", arguments, lineno=line)
        return nodes.CallBlock(call, parameters, [], body, lineno=line)

    def _segment(self, name: object, options: dict[str, object], caller: Body) -> Markup:
        weave: Weave = self.environment.weave  # type: ignore[attr-defined]
        return weave.segment(name, options, caller)

    def _rest(self, options: dict[str, object], caller: Body) -> Markup:
        weave: Weave = self.environment.weave  # type: ignore[attr-defined]
        return weave.remainder(options, caller)


def _head(surface: SegmentSurface, options: dict[str, object]) -> str:
    title = escape(str(options.get("title") or surface.title))
    given = "".join(
        f" {key}={print_value(str(options[key]))}"
        for key in ("voice", "sting", "bed")
        if options.get(key) is not None
    )
    return f"## {title} {{#{surface.id}{given}}}"


def _check(options: dict[str, object]) -> None:
    for key in options:
        if key not in _OPTIONS:
            raise TemplateRuntimeError(f"unknown option {key!r} ({did_you_mean(key, _OPTIONS)})")
