"""Whatever decides by a number: on both sides of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from scaling import growth

from sayso.errors import ReviewError, ShowError
from sayso.model import Block
from sayso.review import guess_kind, load_kinds, outline, parse_review, read_review
from sayso.review.blocks import acts_as_heading
from sayso.review.html import declared_encoding
from sayso.review.markdown import strip_blog_markup
from sayso.review.non_spoken import find_duplicates, meta_reason
from sayso.review.titles import title_from_start

KINDS = load_kinds()


def blocks(text: str, name: str = "r.txt") -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in parse_review(text, Path(name)).blocks]


def line_of(n: int) -> str:
    """A line of `n` characters that ends like a sentence."""
    return ("so on " * n)[: n - 2] + "x."


@pytest.mark.parametrize(
    ("n", "n_paragraphs", "name"),
    [(199, 1, "r.txt"), (200, 1, "r.txt"), (201, 2, "r.txt"), (201, 1, "r.md"), (201, 2, "r")],
)
def test_a_line_of_over_200_characters_is_a_paragraph(n: int, n_paragraphs: int, name: str) -> None:
    found = blocks(f"{line_of(n)}\nAnd another one.", name)
    assert len(found) == n_paragraphs
    assert " ".join(text for _, text in found) == f"{line_of(n)} And another one."


@pytest.mark.parametrize(("n", "kind"), [(60, "paragraph"), (61, "heading")])
def test_a_short_line_heads_a_paragraph_of_over_60_characters(n: int, kind: str) -> None:
    assert blocks(f"Hello.\n\nOver There\n\n{line_of(n)}")[1] == (kind, "Over There")


@pytest.mark.parametrize(("n", "kind"), [(80, "heading"), (81, "paragraph")])
def test_a_first_line_of_up_to_80_characters_is_the_title(n: int, kind: str) -> None:
    title = ("Quiet hours by the sea " * 9)[: n - 1] + "x"
    assert blocks(f"{title}\n\n{line_of(90)}")[0] == (kind, title)


@pytest.mark.parametrize(("n", "kind"), [(8, "heading"), (9, "paragraph")])
def test_a_heading_within_a_plain_text_has_up_to_eight_words(n: int, kind: str) -> None:
    heading = " ".join(["Tides"] * n)
    assert blocks(f"Hello.\n\n{heading}\n\n{line_of(90)}")[1] == (kind, heading)


@pytest.mark.parametrize(("word", "kind"), [("then", "paragraph"), ("the", "heading")])
def test_small_words_of_a_heading_have_up_to_three_letters(word: str, kind: str) -> None:
    assert blocks(f"Hello.\n\nOver {word} Hill\n\n{line_of(90)}")[1][0] == kind


@pytest.mark.parametrize(("n_bullets", "kind"), [(1, "paragraph"), (2, "item")])
def test_one_bullet_makes_no_list(n_bullets: int, kind: str) -> None:
    assert {k for k, _ in blocks("- It is good.\n" * n_bullets)} == {kind}


@pytest.mark.parametrize(("n", "is_heading"), [(100, True), (101, False)])
def test_a_bold_paragraph_of_up_to_100_characters_is_a_heading(n: int, is_heading: bool) -> None:
    text = "x" * n
    assert acts_as_heading(text) is is_heading
    kind = "heading" if is_heading else "paragraph"
    assert blocks(f"Hello.\n\n**{text}**\n\nBye.", "r.md")[1] == (kind, text)
    assert blocks(f"Hello.\n\n<p><b>{text}</b></p>\n\nBye.", "r.md")[1] == (kind, text)


def test_values_of_front_matter_are_nested_up_to_20_deep() -> None:
    # The whole front matter is a mapping, which counts as one.
    parse_review(f"---\na: {'[' * 19}{']' * 19}\n---\nHello.")
    with pytest.raises(ReviewError, match="nested too deep"):
        parse_review(f"---\na: {'[' * 20}{']' * 20}\n---\nHello.")


@pytest.mark.parametrize(
    ("n_controls", "n_bytes", "is_text"),
    [(8, 16, True), (9, 900, True), (9, 899, False), (9, 10, False)],
)
def test_a_binary_file_has_over_8_control_characters_and_over_one_percent(
    n_controls: int, n_bytes: int, is_text: bool, tmp_path: Path
) -> None:
    path = tmp_path / "r.txt"
    path.write_bytes(b"\x01" * n_controls + b"a" * (n_bytes - n_controls))
    if is_text:
        assert read_review(path).blocks[0].text == "a" * (n_bytes - n_controls)
    else:
        with pytest.raises(ReviewError, match=f"it has {n_controls} control characters"):
            read_review(path)


@pytest.mark.parametrize(
    ("head", "found"), [(" " * 995, "cp1252"), (" " * 1_024, None)], ids=["within", "behind"]
)
def test_the_encoding_of_a_page_is_in_its_first_1024_bytes(head: str, found: str | None) -> None:
    page = f'{head}<meta charset="latin-1">'.encode()
    assert declared_encoding(page) == found


@pytest.mark.parametrize(("n", "is_kept"), [(1_000, False), (1_001, True)])
def test_a_paragraph_of_over_2000_brackets_stays_as_it_is(n: int, is_kept: bool) -> None:
    text = "{{x}}" * n
    stripped, removed = strip_blog_markup(text, 1)
    assert (stripped == text, len(removed)) == ((True, 0) if is_kept else (False, n))


def block(text: str, kind: str = "paragraph", name: str = "p1") -> Block:
    return Block(name, kind, text, 1, (text,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        # A bare label has up to 6 words, details 60, an address 30, a source 25.
        ("Rating: one two three four five", "credits or details"),
        ("Rating: one two three four five six", None),
        ("Director: " + "a " * 59, "credits or details"),
        ("Director: " + "a " * 60, None),
        ("Find it at AB1 2CD " + "a " * 25, "an address"),
        ("Find it at AB1 2CD " + "a " * 26, None),
        ("It is available on Somestream " + "a " * 20, "where it can be had"),
        ("It is available on Somestream " + "a " * 21, None),
        ("Director: " + "a" * 590, "credits or details"),
        ("Director: " + "a" * 591, None),
    ],
)
def test_a_longer_paragraph_is_prose(text: str, reason: str | None) -> None:
    assert meta_reason(block(text.strip())) == reason


def quote_of(words: str, *others: str) -> dict[str, str]:
    quoted = Block("p9", "quote", words, 1, (words,))
    return find_duplicates([*(block(o, name=f"p{n}") for n, o in enumerate(others, 1)), quoted])


PROSE = "alpha bravo charlie delta echoes foxtrot golf hotel india juliet kilos limas mikes novem"


def test_a_pull_quote_shares_most_of_its_words() -> None:
    words = PROSE.split()
    other = f"{PROSE}."
    assert quote_of(PROSE, other) == {"p9": "p1"}
    # 13 of 20 is 0.65, the share that is asked of one or two sentences.
    strange = [f"zulu{c}" for c in "abcdefgh"]
    strange = [f"{c}zulu" for c in "abcdefgh"]
    assert quote_of(" ".join([*words[:13], *strange[:7]]), other) == {"p9": "p1"}
    assert quote_of(" ".join([*words[:12], *strange[:7]]), other) == {}


def test_a_quote_of_two_words_repeats_nothing() -> None:
    assert quote_of("alpha bravo", f"{PROSE}.") == {}
    assert quote_of("alpha bravo charlie", f"{PROSE}.") == {"p9": "p1"}


@pytest.mark.parametrize(("n", "found"), [(60, {"p9": "p1"}), (61, {})])
def test_a_pull_quote_has_up_to_60_words(n: int, found: dict[str, str]) -> None:
    words = " ".join(f"{chr(97 + i // 26)}{chr(97 + i % 26)}xyzzy" for i in range(n))
    assert quote_of(words, f"{words} and so on.") == found


@pytest.mark.parametrize(("n", "end"), [(9, ""), (10, " …")])
def test_a_title_from_the_text_has_up_to_nine_words(n: int, end: str) -> None:
    words = [f"w{i}" for i in range(n)]
    assert title_from_start(" ".join(words)) == " ".join(words[:9]) + end


@pytest.mark.parametrize(("n", "kind"), [(59_990, "book"), (60_000, "general")])
def test_the_kind_is_guessed_from_60_000_characters(n: int, kind: str) -> None:
    # The title comes first, with a line end after it.
    filler = ("mhm " * n)[: n - len("T\n") - 1]
    review = parse_review(f"---\ntitle: T\n---\n{filler} novel.")
    assert guess_kind(review, KINDS).kind == kind


@pytest.mark.parametrize(
    ("position", "is_valid"),
    [
        ("[[0, 100], [1, -100]]", True),
        ("[[0.0, 100.1]]", False),
        ("[[0.0, -100.1]]", False),
        ("[[-0.1, 1]]", False),
        ("[[0, 1], [1.1, 1]]", False),
        ("[[0.5, 1], [0.5, 2]]", False),
        ("[[0.5, 1], [0.4, 2]]", False),
    ],
)
def test_positions_are_within_their_range(position: str, is_valid: bool, tmp_path: Path) -> None:
    (tmp_path / "tide.toml").write_text(f'[[segments]]\nid = "a"\nposition = {position}\n')
    if is_valid:
        assert load_kinds([tmp_path]).by_id["tide"].segments[0].position == ((0, 100), (1, -100))
    else:
        with pytest.raises(ShowError, match="which is no place and points or out of order"):
            load_kinds([tmp_path])


@pytest.mark.parametrize(
    "part",
    [
        "## Name {0}\n\nIt is text {0}.\n\n",
        "## Name {0} (4/5)\n\nIt is text {0}.\n\n",
        "Score: {1}/10\n\n",
        "- item {0}\n",
    ],
)
def test_a_review_of_many_parts_takes_time_as_its_length(part: str) -> None:
    def place(n: int) -> None:
        text = "A b.\n\n" + "".join(part.format(at, at % 10) for at in range(n))
        outline(parse_review(text, Path("r.md")), KINDS)

    assert growth(place, 200, 1_600) < 12
