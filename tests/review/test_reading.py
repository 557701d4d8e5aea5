"""Files as they come: bytes at the edge, and what is refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tools import bound_by_permissions

from sayso.build.convert import convert_to_utf8
from sayso.errors import ReviewError
from sayso.review import MAX_BYTES, read_review


def write(folder: Path, data: bytes, name: str = "review.md") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ReviewError) as error:
        read_review(path)
    return str(error.value).removeprefix(f"{path.parent}/")


def test_missing(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.md") == "no.md: there is no such review (check the path)"


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "reviews").mkdir()
    assert refusal(tmp_path / "reviews") == (
        "reviews: is a folder, not a review (name a file in it)"
    )


def test_below_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, b"Hello.")
    with pytest.raises(ReviewError, match="there is no such review"):
        read_review(path / "x.md")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert "is not a file" in refusal(tmp_path / "pipe.md")


def test_a_nul_in_the_path() -> None:
    with pytest.raises(ReviewError):
        read_review(Path("a\0b"))


def test_no_permission(tmp_path: Path) -> None:
    path = write(tmp_path, b"Hello.")
    path.chmod(0)
    code = "import sys, pathlib, sayso.review; sayso.review.read_review(pathlib.Path(sys.argv[1]))"
    command = [*bound_by_permissions(), sys.executable, "-c", code, str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    assert re.search(r"EnvironmentProblem: .*no permission to read", told, re.DOTALL), told


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf"])
def test_empty(tmp_path: Path, data: bytes) -> None:
    assert "empty" in refusal(write(tmp_path, data)) or "nothing to say" in refusal(
        write(tmp_path, data)
    )


@pytest.mark.parametrize(
    "text", ["# Only a title", "---\ntitle: x\n---\n", "***", "<iframe></iframe>"]
)
def test_nothing_to_say(tmp_path: Path, text: str) -> None:
    assert "there is nothing to say in it" in refusal(write(tmp_path, text.encode()))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG picture"),
        (b"PK\x03\x04" + b"x" * 60, "a ZIP archive"),
        (b"ID3\x03\x00" + b"x" * 50, "an MP3"),
        (b"\xff\xd8\xff\xe0abc", "a JPEG picture"),
    ],
)
def test_binary_by_its_first_bytes(tmp_path: Path, data: bytes, what: str) -> None:
    assert f"is {what}, not a text" in refusal(write(tmp_path, data))


def test_binary_by_its_control_characters(tmp_path: Path) -> None:
    assert "is not text: it has" in refusal(write(tmp_path, bytes(range(32)) * 20 + b"hello"))


def test_a_few_control_characters_are_cleaned(tmp_path: Path) -> None:
    path = write(tmp_path, b"It is\x00 good.\x07 Ver\xc2\xady\xe2\x80\x8b good.\r\rNext.\r\nEnd.")
    assert [b.text for b in read_review(path).blocks] == ["It is good. Very good.", "Next. End."]


TEXTS = [
    ("cp1252", "Das Stück ist schön, die Straße naß."),
    ("cp1252", "“Great” – and it costs £5."),
    ("cp1252", "A naïve film at the café."),
    ("cp1250", "Żółć i gęś są świeże, ale książka była lepsza."),
    ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
    ("cp1251", "Это хороший фильм. Тихий Причал."),
    ("koi8-r", "Это хороший фильм. Тихий Причал."),
    ("cp1253", "Η ταινία είναι πολύ καλή."),
    ("mac_roman", "Café noir. “Größe” – déjà vu, l’été."),
    ("shift_jis", "この映画は面白い。とても良かった。"),
    ("euc_jp", "この映画は面白い。とても良かった。"),
    ("gb18030", "这部电影很好看。我非常喜欢它的故事。"),
    ("big5", "這部電影很好看。我非常喜歡它的故事。"),
    ("euc_kr", "이 영화는 정말 재미있다."),
    ("utf-16", "Das Café."),
    ("utf-16-le", "The café is good."),
    ("utf-16-be", "The café is good."),
    ("utf-32", "The café is good."),
]


@pytest.mark.parametrize(("codec", "text"), TEXTS)
def test_another_encoding_is_guessed_and_its_conversion_offered(
    codec: str, text: str, tmp_path: Path
) -> None:
    data = f"One.\n\n{text}\n".encode(codec)
    path = write(tmp_path, data)
    with pytest.raises(ReviewError) as error:
        read_review(path)
    assert f"and reads '{text}" in error.value.problem
    assert error.value.hint is not None
    _, command, name, option, given = error.value.hint.split()
    assert (command, name, option) == ("convert", str(path), "--from")
    for asked in (given, None):
        done = convert_to_utf8(path, asked)
        assert done.kept is not None
        assert done.kept.read_bytes() == data
        assert " ".join(b.text for b in read_review(path).blocks) == f"One. {text}"
        path.write_bytes(data)


def test_a_conversion_never_overwrites(tmp_path: Path) -> None:
    path = write(tmp_path, "Café.".encode("cp1252"))
    (tmp_path / "review.md.cp1252").write_bytes(b"other")
    with pytest.raises(ReviewError, match="nothing was written"):
        convert_to_utf8(path)
    assert path.read_bytes() == "Café.".encode("cp1252")
    for codec in ("utf-16", "nope", "hex"):
        with pytest.raises(ReviewError):
            convert_to_utf8(path, codec)
    assert convert_to_utf8(write(tmp_path, "Café.".encode(), "x.md")).kept is None


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf---\ntitle: Yes\n---\nHello.")
    assert read_review(path).title == "Yes"


def test_too_large(tmp_path: Path) -> None:
    at_limit = write(tmp_path, b"Hello there. " + b" " * (MAX_BYTES - 13))
    assert len(read_review(at_limit).blocks) == 1
    beyond = write(tmp_path, b"x" * (3 * 1024 * 1024))
    assert "is too large for a review: 3.0 MiB, and the limit is 2.0 MiB" in refusal(beyond)


def test_line_ends(tmp_path: Path) -> None:
    unix = write(tmp_path, b"# T\n\nOne\ntwo.\n\nThree.\n")
    blocks = read_review(unix).blocks
    for ends in (b"\r\n", b"\r"):
        other = write(tmp_path, b"# T\n\nOne\ntwo.\n\nThree.\n".replace(b"\n", ends))
        assert read_review(other).blocks == blocks
