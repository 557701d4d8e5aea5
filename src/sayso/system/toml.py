"""A TOML text as a table of plain values, or the one thing that is wrong with it, and where."""

from __future__ import annotations

import ast
import re
import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)\Z")
_TABLE_AGAIN = re.compile(r"Cannot declare (\(.*\)) twice\Z")
_VALUE_AGAIN = "Cannot overwrite a value"
_LARGEST = 2**63 - 1  # TOML 1.0.0, Integer: 64 bits, and an error for what does not fit


class TomlProblem(Exception):
    """A text that is no TOML: the problem in words, its line and hint where they are known."""

    def __init__(self, problem: str, line: int | None = None, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.hint = hint


def read_toml(text: str) -> dict[str, Any]:
    """The table that `text` holds. Raises TomlProblem."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = str(error)
        place = _PLACE.search(told)
        told = _PLACE.sub("", told)
        line = int(place[1]) if place and place[1] else text.rstrip().count("\n") + 1
        again = _TABLE_AGAIN.match(told)
        if again:
            name = ".".join(ast.literal_eval(again[1]))
            raise TomlProblem(f"[{name}] stands there twice", line, "make one of both") from error
        if told == _VALUE_AGAIN:
            raise TomlProblem("a key is given twice", line, "keep one of both") from error
        raise TomlProblem(told[:1].lower() + told[1:], line) from error
    except RecursionError as error:
        raise TomlProblem("its values are nested too deep") from error
    except ValueError as error:  # Python makes no number of thousands of digits
        raise TomlProblem("a number has too many digits") from error
    if not _fits(table):
        raise TomlProblem("a whole number is too large")
    return table


def _fits(table: dict[str, Any]) -> bool:
    """Whether all whole numbers in it are as large as TOML lets them be."""
    waiting: list[Any] = [table]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, int) and not -_LARGEST - 1 <= value <= _LARGEST:
            return False
    return True
