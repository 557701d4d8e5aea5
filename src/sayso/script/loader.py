"""Templates and the style of pages: found in folders by plain file name, their blocks checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import BaseLoader, nodes
from jinja2.environment import Environment

from sayso.errors import TemplateError, did_you_mean
from sayso.system import atomic_files

if TYPE_CHECKING:
    from sayso.script.environment import ScriptEnvironment

SUFFIX = ".md.j2"
"""The end of the names of templates that make Markdown: scripts and show notes."""
MAX_TEMPLATE_BYTES = 64 * 1024
"""The longest template that comes with sayso has 3 kB."""

_NAME = re.compile(r"\w[\w.-]{0,79}\Z")
_NEXT = "\n"
"""Separates a name from how many templates of that name to skip; no file name has it."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


class FolderLoader(BaseLoader):
    """Finds files of one kind by name, in the first folder that has it.

    `suffix` is the end of the names of this kind. A name is a plain file name: no folder, no `..`.
    A symbolic link is refused, since it could show any file of the machine. A template that extends
    its own name gets the next folder's, so that a show's `tv.md.j2` can extend the one that comes
    with sayso.
    """

    def __init__(self, folders: Sequence[Path], suffix: str = SUFFIX) -> None:
        self.folders = tuple(folders)
        self.suffix = suffix
        self.kind = "template" if suffix.endswith(".j2") else "file"

    def find(self, name: str) -> Path:
        """The file of a template. Raises TemplateError where there is none."""
        name, _, n_before = name.partition(_NEXT)
        n_passed = int(n_before) if n_before.isdecimal() else 0
        if (n_before and not n_passed) or not _NAME.match(name) or not name.endswith(self.suffix):
            raise TemplateError(
                f"{name[:80]!r} is not the name of a {self.kind}",
                code="unknown-template",
                hint=f"a plain file name in scripts/ that ends in {self.suffix}",
            )
        for folder in self.folders:
            path = folder / name
            if path.is_symlink():
                raise TemplateError(
                    f"a {self.kind} must not be a symbolic link",
                    code="outside-show",
                    file=path,
                    hint="copy the file",
                )
            if path.is_file() and not n_passed:
                return path
            n_passed -= path.is_file()
        if n_before:
            raise TemplateError(
                f"{name} calls itself", hint="sayso comes with no other template of that name"
            )
        raise TemplateError(
            f"no {self.kind} named {name!r}",
            code="unknown-template",
            hint=did_you_mean(name, self.names()),
        )

    def describe_place(self, name: str) -> str:
        """The path of a template, for messages; its name where there is no such template."""
        try:
            return str(self.find(name))
        except TemplateError:
            return name

    def resolve_template(self, name: str, template: str) -> str:
        """The name for `find` of what `template` means by a name; its own means the next one."""
        own, _, n_before = template.partition(_NEXT)
        name = name.split(_NEXT)[0]
        return f"{name}{_NEXT}{int(n_before or 0) + 1}" if name == own else name

    def names(self) -> list[str]:
        """The names of all files of this kind, sorted."""
        return sorted({p.name for folder in self.folders for p in folder.glob("*" + self.suffix)})

    def read_text(self, path: Path) -> str:
        """The text of a file. Raises TemplateError where it is not text, or too long."""
        what = f"the {self.kind}"
        text = atomic_files.read_text(path, TemplateError, what, MAX_TEMPLATE_BYTES).removeprefix(
            "\ufeff"
        )
        control = _CONTROL.search(text)
        if control:
            raise TemplateError(
                f"a control character (U+{ord(control[0]):04X})",
                code="not-a-text",
                file=path,
                line=text.count("\n", 0, control.start()) + 1,
                hint="delete it",
            )
        return text

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Called by Jinja: text, path, and whether the text is still current."""
        path = self.find(template)
        text = self.read_text(path)
        # A comment starts with `{#` and white space; Jinja is told of the space only.
        return re.sub(r"\{#(?=\r?\n)", "{# ", text), str(path), lambda: True

    def list_templates(self) -> list[str]:
        """Called by Jinja: all names."""
        return self.names()


@dataclass(frozen=True, slots=True)
class TemplateOutline:
    """The blocks of one template file, and what is outside of them."""

    parent: str | None
    """The template that it extends, where that is a plain name."""
    line: int | None
    """The line that says so."""
    file: str
    blocks: tuple[tuple[str, int], ...]
    """All blocks, with their lines."""
    outer: tuple[tuple[str, int], ...]
    """Those that are in no other block."""
    stray: int | None
    """The line of the first words outside of every block."""


def outline_of(tree: nodes.Template, file: str) -> TemplateOutline:
    """The outline of a parsed template."""
    extends = next(iter(tree.find_all(nodes.Extends)), None)
    name = extends.template if extends is not None else None
    return TemplateOutline(
        name.value if isinstance(name, nodes.Const) and isinstance(name.value, str) else None,
        extends.lineno if extends is not None else None,
        file,
        tuple((block.name, block.lineno) for block in tree.find_all(nodes.Block)),
        tuple((node.name, node.lineno) for node in tree.body if isinstance(node, nodes.Block)),
        next(_find_words(tree.body), None),
    )


def check_blocks(name: str, environment: ScriptEnvironment) -> None:
    """Raise TemplateError for a block that no parent has, and for words outside of every block.

    Jinja ignores both. `name` is a template that `environment` has loaded.
    """
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


def _find_words(body: list[nodes.Node]) -> Iterator[int]:
    """The lines of the words in a template's body that are in no block."""
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
