"""Every error has a code, and every code has its paragraph of help."""

from __future__ import annotations

import ast
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import sayso
from sayso.episode.checking import finding
from sayso.error_codes import CATALOGUE, CODES
from sayso.error_codes.page import errors_page
from sayso.errors import (
    EngineMissing,
    ErrorGroup,
    SaysoError,
    ScriptError,
    SpeechError,
)
from sayso.net.http import Unreachable
from sayso.system.atomic_files import explain_os_errors

SOURCE = Path(sayso.__file__).parent
PAGE = Path(__file__).parents[1] / "docs" / "errors.md"


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if path.relative_to(SOURCE).parts[0] != "error_codes":
            yield path, ast.parse(path.read_text("utf-8"))


def given(node: ast.expr) -> Iterator[str]:
    """The codes that an expression after `code=` may give."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*given(node.body), *given(node.orelse))


def classes(kind: type[SaysoError]) -> Iterator[type[SaysoError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from classes(below)


def test_every_code_that_is_raised_is_in_the_catalogue() -> None:
    """Whether given where it is raised, or by its class."""
    unknown = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "code":
                unknown += [
                    f"{path.relative_to(SOURCE)}:{node.value.lineno} {code}"
                    for code in given(node.value)
                    if code not in CODES
                ]
    unknown += [kind.__name__ for kind in classes(SaysoError) if kind.usual_code not in CODES]
    assert not unknown


def test_every_code_of_a_finding_is_in_the_catalogue() -> None:
    assert set(get_args(finding.Code)) <= set(CODES)


def test_every_entry_of_the_catalogue_is_used() -> None:
    """A code that nothing raises would be help for a problem that nobody has."""
    written = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(CODES) - written == set()


def test_every_entry_can_be_read() -> None:
    codes = [code for section in CATALOGUE for code in section.codes]
    assert len(CODES) == len(codes)
    for code in codes:
        assert code.id == code.id.lower().replace(" ", "-")
        assert not code.title.endswith(".")
        assert code.meaning.endswith(".")
        assert code.hint.endswith(".")


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
