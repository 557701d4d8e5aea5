"""Every error has a code, and every code has its paragraph of help."""

from __future__ import annotations

import ast
import errno
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from making.errors_page import errors_page

import sayso
from sayso.cli.console import USAGE
from sayso.episode.checking import finding
from sayso.error_codes import catalogue, codes
from sayso.errors import (
    EngineMissing,
    ErrorGroup,
    SaysoError,
    ScriptError,
    SpeechError,
)
from sayso.net.http import Unreachable
from sayso.system.atomic_files import explain_os_errors, os_problem

SOURCE = Path(sayso.__file__).parent
PAGE = Path(__file__).parents[1] / "docs" / "errors.md"


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def given(node: ast.expr) -> Iterator[ast.Constant]:
    """The codes that an expression may give."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.IfExp):
        yield from (*given(node.body), *given(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from given(value)


def raised(tree: ast.Module) -> Iterator[ast.Constant]:
    """The codes that a file gives: as `code=`, its default, or in a call of a function of its own."""
    places = {
        function.name: names.index("code")
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        and "code" in (names := [argument.arg for argument in function.args.args])
        and "self" not in names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            with_default = node.args[len(node.args) - len(node.defaults) :]
            for argument, default in zip(with_default, node.defaults, strict=True):
                if argument.arg == "code":
                    yield from given(default)
        if isinstance(node, ast.keyword) and node.arg == "code":
            yield from given(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = places.get(node.func.id, len(node.args))
            for argument in node.args[place : place + 1]:
                yield from given(argument)


def handed_on(tree: ast.Module) -> set[str]:
    """What may be a code on its way to an error: in a tuple of code, problem and mend."""
    return {
        code.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Tuple) and len(node.elts) == 3
        for code in given(node.elts[0])
    }


def classes(kind: type[SaysoError]) -> Iterator[type[SaysoError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from classes(below)


def test_every_code_that_is_raised_is_in_the_catalogue() -> None:
    """Whether given where it is raised, or by its class."""
    unknown = [
        f"{path.relative_to(SOURCE)}:{code.lineno} {code.value}"
        for path, tree in trees()
        for code in raised(tree)
        if code.value not in codes()
    ]
    unknown += [kind.__name__ for kind in classes(SaysoError) if kind.usual_code not in codes()]
    assert not unknown


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_every_code_of_the_system_is_in_the_catalogue(number: int) -> None:
    assert os_problem(OSError(number, os.strerror(number)), "x").code in codes()


def test_every_code_of_a_finding_is_in_the_catalogue() -> None:
    assert set(get_args(finding.Code)) <= set(codes())


def test_every_entry_of_the_catalogue_is_used() -> None:
    """A code that nothing raises would be help for a problem that nobody has."""
    used = {kind.usual_code for kind in classes(SaysoError)} | {*get_args(finding.Code), USAGE}
    for _, tree in trees():
        used |= {code.value for code in raised(tree)} | handed_on(tree)
    assert set(codes()) - used == set()


def test_every_entry_can_be_read() -> None:
    entries = [code for section in catalogue() for code in section.codes]
    assert len(codes()) == len(entries)
    for code in entries:
        assert code.id == code.id.lower().replace(" ", "-")
        assert not code.title.endswith(".")
        assert code.meaning.endswith(".")
        assert code.hint.endswith(".")
    for section in catalogue():
        assert section.title
        assert section.about.endswith(".")


def test_the_page_of_errors() -> None:
    """SAYSO_UPDATE=1 writes it anew."""
    if os.environ.get("SAYSO_UPDATE"):
        PAGE.write_text(errors_page(), "utf-8")
    else:
        assert PAGE.read_text("utf-8") == errors_page(), (
            "SAYSO_UPDATE=1 pytest tests/test_error_codes.py"
        )


@pytest.mark.parametrize("kind", list(classes(SaysoError)))
def test_a_code_survives_the_way_between_processes(kind: type[SaysoError]) -> None:
    if kind is ErrorGroup:
        error: SaysoError = ErrorGroup([ScriptError("x", code="unknown-voice"), SpeechError("y")])
        back = pickle.loads(pickle.dumps(error))
        assert [one.code for one in back.errors] == ["unknown-voice", "engine-failed"]
    else:
        error = kind("p", code="no-space", file="f", line=3, hint="m")
        back = pickle.loads(pickle.dumps(error))
        assert (back.problem, back.file, back.line, back.hint) == ("p", "f", 3, "m")
        assert pickle.loads(pickle.dumps(kind("p"))).code == kind.usual_code
    assert type(back) is kind
    assert back.code == error.code


def test_an_error_keeps_its_code_in_another_place() -> None:
    error = EngineMissing("gone", code="voice-missing", hint="install it").at("show.toml", 7)
    assert type(error) is EngineMissing
    assert (error.code, str(error)) == ("voice-missing", "show.toml:7: gone (install it)")
    assert Unreachable("x").at(None).code == "server-unreachable"


def test_the_system_tells_which_code(tmp_path: Path) -> None:
    with pytest.raises(SaysoError) as caught, explain_os_errors(tmp_path):
        (tmp_path / "none").read_bytes()
    assert caught.value.code == "no-such-file"
    with pytest.raises(SaysoError) as caught, explain_os_errors(tmp_path):
        tmp_path.read_bytes()
    assert caught.value.code == "file-or-folder"
