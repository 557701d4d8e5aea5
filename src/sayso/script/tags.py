"""The two tags that place the review in a script.

`{% segment "cast", voice="critic", sting="transition" %}First the faces. {{ text }}
{% endsegment %}` renders the cast segment, or nothing where the review has none. `{% rest %}…
{% endrest %}` renders, by the same body, every segment that the template names nowhere.
"""

from __future__ import annotations

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from sayso.errors import TemplateError, did_you_mean
from sayso.script.assemble import OPTIONS, Body, Weave
from sayso.script.template_context import Markup


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
            if key.value not in OPTIONS:
                raise TemplateError(
                    f"unknown option {key.value!r} of {tag}",
                    code="template-syntax",
                    file=parser.filename,
                    line=key.lineno,
                    hint=did_you_mean(key.value, OPTIONS),
                )
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
