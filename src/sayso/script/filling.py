"""A template that is filled in once from its variables, and whatever goes wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sayso.errors import EnvironmentProblem, TemplateError
from sayso.script.blocks import check_blocks
from sayso.script.environment import FolderLoader, ReadingEnvironment, bound
from sayso.script.template_errors import template_error


def fill_in(environment: ReadingEnvironment, name: str, variables: Mapping[str, Any]) -> str:
    """The text of template `name`. Raises TemplateError with template, line and mend."""
    try:
        template = environment.get_template(name)
        check_blocks(name, environment)
        parts: list[str] = []
        n_characters = 0
        for part in template.generate(variables):
            parts.append(part)
            n_characters += len(part)
            bound(n_characters)
        return "".join(parts)
    except EnvironmentProblem:
        raise
    except Exception as error:  # a template is a program: whatever it does wrong is its error
        raise template_error(error, environment, _file(environment, name)) from error


def _file(environment: ReadingEnvironment, name: str) -> str:
    assert isinstance(environment.loader, FolderLoader)
    try:
        return str(environment.loader.find(name))
    except TemplateError:
        return name
