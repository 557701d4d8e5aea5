"""Which show a review belongs to, and what the folder of its episode is called."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.show.finding import BUILT_IN_TITLE, find_show, whose_episode
from sayso.show.paths import slug
from sayso.system.atomic_files import path_as_named, real_path, working_folder

SLUG = re.compile("[a-z0-9][a-z0-9-]{0,79}")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two shows, a folder of drafts that is in none, and links from each to the others."""
    for name in ("late", "early"):
        (tmp_path / name / "reviews").mkdir(parents=True)
        (tmp_path / name / "show.toml").write_text(f'title = "{name}"\n')
        (tmp_path / name / "reviews" / "pier.md").write_text("The pier is long.\n")
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "quay.md").write_text("The quay is short.\n")
    (tmp_path / "late" / "reviews" / "linked.md").symlink_to(tmp_path / "drafts" / "quay.md")
    (tmp_path / "late" / "reviews" / "theirs.md").symlink_to(tmp_path / "early/reviews/pier.md")
    (tmp_path / "late" / "notes").symlink_to(tmp_path / "drafts")
    (tmp_path / "drafts" / "out.md").symlink_to(tmp_path / "early" / "reviews" / "pier.md")
    (tmp_path / "drafts" / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "link").symlink_to(tmp_path / "late")
    return tmp_path


@pytest.mark.parametrize(
    ("here", "review", "title", "told"),
    [
        ("late", "reviews/pier.md", "late", None),
        ("late/reviews", "pier.md", "late", None),
        ("late/reviews", "../reviews/pier.md", "late", None),
        ("late", "../late/reviews/pier.md", "late", None),
        (".", "late/reviews/pier.md", "late", None),
        (".", "link/reviews/pier.md", "late", None),
        ("link", "reviews/pier.md", "late", None),
        ("drafts", "../late/reviews/pier.md", "late", None),
        ("late", "reviews/linked.md", "late", None),
        ("late", "notes/quay.md", "late", None),
        (".", "late/notes/quay.md", "late", None),
        ("late/notes", "quay.md", "late", None),
        ("drafts", "../late/reviews/theirs.md", "late", None),
        ("late", "reviews/theirs.md", "late", None),
        ("early", "../late/reviews/theirs.md", "late", "not of the show that you are in"),
        ("late", "../drafts/quay.md", "late", "lies outside"),
        ("late/reviews", "../../drafts/quay.md", "late", "lies outside"),
        ("late", "{home}/drafts/quay.md", "late", "lies outside"),
        ("late", "notes/../drafts/quay.md", "late", "lies outside"),
        ("late", "../drafts/out.md", "late", "lies outside"),
        ("early", "../drafts/out.md", "early", None),
        ("late", "../drafts/gone.md", "late", "lies outside"),
        ("late", "../drafts/none.md", "late", "lies outside"),
        ("late", "../early/reviews/pier.md", "early", "not of the show that you are in"),
        ("late", "{home}/early/reviews/pier.md", "early", "not of the show that you are in"),
        ("drafts", "out.md", "early", None),
        ("drafts", "quay.md", BUILT_IN_TITLE, None),
        (".", "drafts/quay.md", BUILT_IN_TITLE, "no show.toml"),
        (".", "drafts/gone.md", BUILT_IN_TITLE, "no show.toml"),
    ],
)
def test_the_show_of_a_review(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    here: str,
    review: str,
    title: str,
    told: str | None,
) -> None:
    monkeypatch.chdir(home / here)
    monkeypatch.setenv("PWD", str(home / here))  # as a shell does, for which a link is a folder
    source = Path(review.format(home=home))
    show = find_show(source, working_folder())
    assert show.title == title
    root = "drafts" if title == BUILT_IN_TITLE else title
    assert show.root == real_path(home / root)
    said = whose_episode(show, source, working_folder())
    assert said is None if told is None else told in (said or "")
    assert find_show(Path.cwd()) == find_show(working_folder())


def test_a_program_is_in_no_show(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home / "late")
    assert find_show(home / "drafts" / "quay.md").title == BUILT_IN_TITLE
    assert find_show(home / "drafts").title == BUILT_IN_TITLE


def test_a_wrong_pwd_is_not_believed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home / "late")
    for wrong in (str(home / "early"), "late", "", "\0", str(home / "none")):
        try:
            monkeypatch.setenv("PWD", wrong)
        except ValueError:
            continue
        assert working_folder() == Path.cwd()


def test_a_folder_that_is_gone_is_no_error(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "cwd", lambda: (_ for _ in ()).throw(FileNotFoundError))
    assert path_as_named(home / "late") == home / "late"


# ----------------------------------------------------------------------- the episode's folder

NAMES = {
    "The Long Tide!": "the-long-tide", "Über": "uber", "a.b": "a-b", "Łódź nights": "odz-nights",
    "寄生虫 Parasite": "parasite", "x" * 300: "x" * 80, "con": "con-review", "2001": "2001",
    "声": "review-693e132f", "رأي": "review-3a288d6d", "🎬": "review-0de8a531",
    "!!!": "review-e84c538e", "Сталкер": "stalker-6da821e1", "한국 영화": "hangug-yeonghwa-edcda16f",
    "東京 2": "2-a83e776e", "海 2": "2-2f470205",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_folder_of_an_episode(name: str) -> None:
    """Fixed for ever: the address of a published page, and the ledger, hold it."""
    assert slug(Path(f"reviews/{name}.md")) == NAMES[name]
    assert slug(Path(unicodedata.normalize("NFD", name) + ".txt")) == NAMES[name]  # as macOS has it
    assert slug(Path(NAMES[name])) == NAMES[name]


OTHER = st.text(
    st.characters(categories=["Lo", "So", "Po", "Nd", "Lu", "Cs"], exclude_characters="/\\."),
    min_size=1,
    max_size=120,
)


@given(st.lists(OTHER, unique_by=lambda name: unicodedata.normalize("NFC", name)))
def test_names_in_other_letters_are_told_apart(names: list[str]) -> None:
    made = {name: slug(Path(f"{name}.md")) for name in names}
    assert all(SLUG.fullmatch(each) for each in made.values())
    foreign = [
        name for name in names if not re.search("[a-zA-Z0-9]", unicodedata.normalize("NFKD", name))
    ]
    assert len({made[name] for name in foreign}) == len(foreign)
