"""Templates from folders: by plain file name, never through a symbolic link."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from jinja2 import BaseLoader
from jinja2.environment import Environment

from sayso.errors import TemplateError, did_you_mean
from sayso.files import explain_os_errors

SUFFIX = ".md.j2"
MAX_TEMPLATE_BYTES = 64 * 1024
"""The longest that comes with sayso has 3 kB."""

_NAME = re.compile(r"\w[\w.-]{0,79}\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


class FolderLoader(BaseLoader):
    """Templates by file name from a list of folders, the first that has it.

    A name is a plain file name: no folder, no `..`; a symbolic link is refused, since it could show
    any file of the machine.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)

    def find(self, name: str) -> Path:
        """The file of a template. Raises TemplateError where there is none."""
        if not _NAME.match(name) or not name.endswith(SUFFIX):
            raise TemplateError(
                f"{name[:80]!r} is not the name of a template",
                mend=f"a plain file name in scripts/ that ends in {SUFFIX}",
            )
        for folder in self.folders:
            path = folder / name
            if path.is_symlink():
                raise TemplateError(
                    "a template must not be a symbolic link", file=path, mend="copy the file"
                )
            if path.is_file():
                return path
        raise TemplateError(f"no template named {name!r}", mend=did_you_mean(name, self.names()))

    def names(self) -> list[str]:
        """File names of all templates, sorted."""
        return sorted({p.name for folder in self.folders for p in folder.glob("*" + SUFFIX)})

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Jinja's question for a template's text."""
        path = self.find(template)
        with explain_os_errors(path), path.open("rb") as stream:
            raw = stream.read(MAX_TEMPLATE_BYTES + 1)
        if len(raw) > MAX_TEMPLATE_BYTES:
            raise TemplateError(
                "the template is too long", file=path, mend=f"at most {MAX_TEMPLATE_BYTES:,} bytes"
            )
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise TemplateError(
                f"not UTF-8: byte {error.start}", file=path, mend="save the file as UTF-8"
            ) from error
        control = _CONTROL.search(text)
        if control:
            raise TemplateError(
                f"a control character (U+{ord(control[0]):04X})",
                file=path,
                line=text.count("\n", 0, control.start()) + 1,
                mend="delete it",
            )
        # A comment starts with `{#` and white space; Jinja is told of the space only.
        return re.sub(r"\{#(?=\r?\n)", "{# ", text), str(path), lambda: True

    def list_templates(self) -> list[str]:
        """Jinja's question for all names."""
        return self.names()
