"""What stands where in a template: Jinja ignores a misspelt block and text outside of blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import nodes

from sayso.errors import TemplateError, did_you_mean

if TYPE_CHECKING:
    from sayso.script.environment import ScriptEnvironment


@dataclass(frozen=True, slots=True)
class TemplateOutline:
    """The plan of one template file."""

    parent: str | None
    """The template that it extends, where that is a plain name."""
    line: int | None
    """Where it says so."""
    file: str
    blocks: tuple[tuple[str, int], ...]
    """All blocks, with their lines."""
    outer: tuple[tuple[str, int], ...]
    """Those that stand in no other block."""
    stray: int | None
    """The line of the first words outside of every block."""


def outline_of(tree: nodes.Template, file: str) -> TemplateOutline:
    """The plan of a parsed template."""
    extends = next(iter(tree.find_all(nodes.Extends)), None)
    name = extends.template if extends is not None else None
    return TemplateOutline(
        name.value if isinstance(name, nodes.Const) and isinstance(name.value, str) else None,
        extends.lineno if extends is not None else None,
        file,
        tuple((block.name, block.lineno) for block in tree.find_all(nodes.Block)),
        tuple((node.name, node.lineno) for node in tree.body if isinstance(node, nodes.Block)),
        next(_words(tree.body), None),
    )


def check_blocks(name: str, environment: ScriptEnvironment) -> None:
    """Raise TemplateError for a block that no parent has, or words that are never said."""
    sense = "hear" if environment.extensions else "see"
    chain = [name]
    while (named := environment.outlines[chain[-1]].parent) is not None:
        child = environment.outlines[chain[-1]]
        parent = environment.join_path(named, chain[-1])
        if parent in chain:
            break
        try:
            environment.get_template(parent)
        except TemplateError as error:
            file, line = (
                error.file or child.file,
                error.line or (child.line if not error.file else None),
            )
            raise error.at(file, line) from error
        chain.append(parent)
    outlines = [environment.outlines[each] for each in chain]
    for at, outline in enumerate(outlines):
        if outline.parent is None:
            continue
        known = {block for above in outlines[at + 1 :] for block, _ in above.blocks}
        for block, line in outline.outer:
            if block not in known:
                raise TemplateError(
                    f"unknown block {block!r}",
                    code="unknown-block",
                    file=outline.file,
                    line=line,
                    hint=did_you_mean(block, known),
                )
        if outline.stray is not None:
            raise TemplateError(
                f"words outside of every block, which nobody would {sense}",
                code="unknown-block",
                file=outline.file,
                line=outline.stray,
                hint="put them into a block: a template that extends another only changes its "
                f"blocks, which are {', '.join(sorted(known))}",
            )


def _words(body: list[nodes.Node]) -> Iterator[int]:
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData):
                    yield part.lineno
                elif part.data.strip():
                    before = part.data[: len(part.data) - len(part.data.lstrip())]
                    yield part.lineno + before.count("\n")
        elif isinstance(node, nodes.CallBlock):
            yield node.lineno
