"""The filters and tests of templates: a short list, each with its cost counted."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from jinja2 import Undefined
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from sayso.errors import TemplateError
from sayso.script.cost_limit import MAX_WORK, CostLimit, size
from sayso.script.template_context import SegmentSurface, Words

MAX_CHARACTERS = 4_000_000
"""The longest text that a template may make; a four-hour script has 200,000."""

MAX_ELEMENTS = 100_000
"""The longest list that a template may make."""

_TEXT_FILTERS = ("capitalize", "lower", "title", "trim", "upper")
_LIST_FILTERS = (
    *("first", "last", "list", "map", "max", "min", "reject", "rejectattr", "reverse"),
    *("select", "selectattr", "sort", "unique"),
)
_OTHER_FILTERS = ("abs", "d", "default", "int")
_TIMES = {"do_sort": 10, "test_in": 10}
"""How often some functions touch each element, roughly."""
_TESTS = (
    *("==", "!=", "<", "<=", ">", ">=", "eq", "ne", "lt", "le", "gt", "ge", "equalto", "in"),
    *("defined", "undefined", "none", "odd", "even", "divisibleby", "string", "number"),
)


def filters(cost: CostLimit) -> dict[str, Callable[..., Any]]:
    """All filters, by name."""
    texts = {name: _for_text(name, FILTERS[name]) for name in _TEXT_FILTERS}
    lists = {name: _for_list(name, FILTERS[name]) for name in _LIST_FILTERS}
    others: dict[str, Any] = {name: FILTERS[name] for name in _OTHER_FILTERS}
    own: dict[str, Callable[..., Any]] = {
        **{"length": length, "count": length, "join": join, "replace": replace, "sum": add_up},
        **{"round": round_off, "join_and": join_and, "names": names, "ordinal": ordinal},
        **{"spoken": spoken, "pick": pick},
    }
    return {
        name: _counted(function, cost)
        for name, function in {**texts, **lists, **others, **own}.items()
    }


def tests(cost: CostLimit) -> dict[str, Callable[..., Any]]:
    """All tests (`x is …`), by name."""
    known: dict[str, Any] = {name: TESTS[name] for name in _TESTS}
    return {name: _counted(function, cost) for name, function in known.items()}


def _counted(function: Callable[..., Any], cost: CostLimit) -> Callable[..., Any]:
    @functools.wraps(function)  # keeps Jinja's marks: which argument the environment is
    def counted(*arguments: Any, **options: Any) -> Any:
        touched = sum(size(a) for a in (*arguments, *options.values()))
        cost.count_step(touched * _TIMES.get(function.__name__, 1))
        result = function(*arguments, **options)
        if not isinstance(result, (str, int, float, Sequence, Mapping, Undefined, type(None))):
            result = list(itertools.islice(result, MAX_WORK)) if _is_lazy(result) else result
        cost.charge(size(result))
        return result

    return counted


def _is_lazy(value: object) -> bool:
    return hasattr(value, "__next__")


def _for_text(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def of_text(value: object, *arguments: Any) -> Any:
        return function(_read_text(value, name), *arguments)

    return of_text


def _for_list(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def of_list(*arguments: Any, **options: Any) -> Any:
        if any(isinstance(value, Words) for value in arguments):
            raise _words_error(name)
        return function(*arguments, **options)

    return of_list


def _read_text(value: object, name: str) -> str:
    if isinstance(value, Words):
        raise _words_error(name)
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, Undefined):
        return str(value)  # raises, naming what is undefined
    raise TemplateError(f"{name} needs text", hint="a list becomes text by join_and")


def _words_error(name: str) -> TemplateError:
    return TemplateError(
        f"{name} would change the words of the review",
        code="lost-words",
        hint="print {{ text }} as it is",
    )


# ---------------------------------------------------------------------------------- plain filters


def length(value: object) -> int:
    """How many characters, elements or keys."""
    if not hasattr(value, "__len__"):
        raise TemplateError("length needs text or a list")
    return len(value)


def join(values: Iterable[object], between: str = "", attribute: str | None = None) -> str:
    """The values as one text, with another between them."""
    if attribute is not None:
        raise TemplateError("join takes no attribute", hint='use map(attribute="…") before it')
    return _join_texts([_read_text(value, "join") for value in values], _read_text(between, "join"))


def replace(value: object, old: object, new: object) -> str:
    """The text with every `old` replaced by `new`."""
    text, was, becomes = (_read_text(part, "replace") for part in (value, old, new))
    check_length(len(text) + (text.count(was) if was else len(text) + 1) * len(becomes))
    return text.replace(was, becomes)


def add_up(values: Iterable[object]) -> float:
    """The sum of numbers."""
    numbers = [value for value in values if isinstance(value, (int, float))]
    return sum(numbers)


def round_off(value: float, places: int = 0) -> float:
    """The number rounded; without decimals, a whole number."""
    if not 0 <= places <= 9:
        raise TemplateError("round takes 0 to 9 places")
    return round(value, places) if places else round(value)


# ------------------------------------------------------------------------------------ for speech


def join_and(values: Iterable[object]) -> str:
    """`a`, `a and b`, `a, b and c`; with a comma before the `and` where a part has an `and`."""
    words = [_read_text(value, "join_and") for value in values]
    if len(words) < 2:
        return "".join(words)
    nested = any(" and " in word for word in words)
    return f"{_join_texts(words[:-1], ', ')}{',' if nested else ''} and {words[-1]}"


def names(segments: Iterable[SegmentSurface]) -> list[str]:
    """The spoken names of segments."""
    return [segment.spoken for segment in segments]


_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = (
    *("zeroth", "first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)


def ordinal(number: int) -> str:
    """3 → `third`; above ten in digits: `13th`."""
    if not isinstance(number, int):
        raise TemplateError("ordinal needs a whole number")
    if 0 <= number < len(_ORDINALS):
        return _ORDINALS[number]
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def spoken(value: object) -> str:
    """Numbers up to ten in words, as a host says them; everything else as it is."""
    if isinstance(value, int) and 0 <= value < len(_SMALL):
        return _SMALL[value]
    return _read_text(value, "spoken")


def pick(choices: Sequence[object], number: int) -> object:
    """The choice for a number from 1; after the last comes the first again."""
    if isinstance(choices, str) or not choices:
        raise TemplateError("pick needs a list", hint='["Next,", "Now,"] | pick(segment.number)')
    return choices[(number - 1) % len(choices)]


# ---------------------------------------------------------------------------------------- bounds


def check_length(n_characters: int) -> None:
    """Raise SecurityError for a text that is longer than any script."""
    if n_characters > MAX_CHARACTERS:
        raise SecurityError(f"the template makes a text of {n_characters:,} characters")


def _join_texts(words: Sequence[str], between: str) -> str:
    check_length(sum(map(len, words)) + len(between) * len(words))
    return between.join(words)
