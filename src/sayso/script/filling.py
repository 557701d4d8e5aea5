"""A template that is filled in once from its variables, and whatever goes wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sayso.errors import EnvironmentProblem
from sayso.script.blocks import check_blocks
from sayso.script.environment import FolderLoader, ReadingEnvironment
from sayso.script.template_errors import template_error


def fill_in(environment: ReadingEnvironment, name: str, variables: Mapping[str, Any]) -> str:
    """The text of template `name`. Raises TemplateError with template, line and hint."""
    try:
        template = environment.get_template(name)
        check_blocks(name, environment)
        return environment.printed(template, variables)
    except EnvironmentProblem:
        raise
    except Exception as error:  # a template is a program: whatever it does wrong is its error
        assert isinstance(environment.loader, FolderLoader)
        raise template_error(error, environment, environment.loader.place(name)) from error
