"""Kinds of review: the shipped files, and a show's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import ShowError
from sayso.review import load_kinds, outline, parse_review
from sayso.review.cues import CueIndex, parse_cue, tokenize

SCREEN = "intro premise writing cast variants production themes finale verdict"
IDS = {
    "tv": SCREEN,
    "film": SCREEN,
    "game": "intro premise gameplay presentation value verdict",
    "book": "intro premise characters writing themes verdict",
    "gadget": "intro design performance software value verdict",
    "restaurant": "intro setting food value verdict",
    "album": "intro sound songs lyrics verdict",
    "drink": "intro origin look nose taste finish value verdict",
    "boardgame": "intro rules components players verdict",
    "stay": "intro location room facilities food service value verdict",
    "software": "intro features use trouble value verdict",
    "general": "intro details good bad verdict",
}
MINIMAL = '[[segments]]\nid = "only"\n'


def test_shipped_kinds() -> None:
    kinds = load_kinds()
    assert {kind.id: " ".join(s.id for s in kind.segments) for kind in kinds} == IDS


def test_shipped_segments_can_be_named_and_told_apart() -> None:
    for kind in load_kinds():
        assert bool(kind.signs) == (kind.id != "general")
        assert kind.segments[0].opens
        assert kind.segments[-1].closes
        for segment in kind.segments:
            assert segment.title[0].isupper()
            assert segment.spoken.split()[0] in ("the", "how", "what", "where", "monsters")
            assert len(segment.cues) >= 25 or kind.id == "general"
            phrases = [cue.phrase for cue in segment.cues]
            assert len(phrases) == len(set(phrases)), (kind.id, segment.id)


def test_kinds_are_found_by_other_names() -> None:
    kinds = load_kinds()
    for name, kind_id in [("TV", "tv"), ("Movie", "film"), (" tv  show ", "tv"), ("novel", "book")]:
        found = kinds.find(name)
        assert found is not None
        assert found.id == kind_id
    assert kinds.find("opera") is None


def write(folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def test_a_folder_adds_a_kind(tmp_path: Path) -> None:
    write(
        tmp_path,
        "podcast",
        """
        title = "Podcast"
        also = ["pod"]
        [signs]
        strong = ["podcast*", "this episode"]
        [[segments]]
        id = "hosts"
        title = "The hosts"
        spoken = "the hosts"
        strong = ["host*", "<Name> asks"]
        [[segments]]
        id = "sound"
        strong = ["microphone*"]
        position = [[0, 0], [1, 0.5]]
        """,
    )
    kinds = load_kinds([tmp_path])
    assert len(list(kinds)) == len(IDS) + 1
    text = "The podcast has two hosts.\n\nThen Ann asks a lot.\n\nThe microphones hiss.\n"
    result = outline(parse_review(text), kinds)
    assert (result.kind, result.kind_reason) == ("podcast", "guess")
    assert [p.segment for p in result.placements] == ["hosts", "hosts", "sound"]
    assert [(n.title, n.spoken) for n in result.names] == [
        ("The hosts", "the hosts"),
        ("Sound", "the sound"),
    ]


def test_a_kind_that_extends_its_own_name_adds_to_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        "tv",
        """
        extends = "tv"
        order = ["intro", "cast", "extras", "verdict"]
        [[segments]]
        id = "cast"
        title = "Faces"
        strong = ["gurning"]
        [[segments]]
        id = "extras"
        """,
    )
    tv = load_kinds([tmp_path]).by_id["tv"]
    before = load_kinds().by_id["tv"]
    assert [s.id for s in tv.segments] == ["intro", "cast", "extras", "verdict"]
    cast = tv.segments[1]
    old = before.segments[3]
    assert (cast.title, cast.spoken) == ("Faces", old.spoken)
    assert cast.cues[:-1] == old.cues
    assert cast.cues[-1].phrase == "gurning"
    assert (tv.title, tv.also, tv.signs) == (before.title, before.also, before.signs)


def test_a_kind_replaces_one_of_the_same_name(tmp_path: Path) -> None:
    kinds = load_kinds([write(tmp_path, "tv", MINIMAL)])
    assert [s.id for s in kinds.by_id["tv"].segments] == ["only"]
    assert len(kinds.by_id["film"].segments) == 9
    result = outline(parse_review("One.\n\nTwo."), kinds, kind="tv")
    assert [(p.segment, p.runner_up, p.unsure) for p in result.placements] == [
        ("only", None, False)
    ] * 2


def test_changing_screen_changes_film_and_tv(tmp_path: Path) -> None:
    kinds = load_kinds([write(tmp_path, "screen", "abstract = true\n" + MINIMAL)])
    assert "screen" not in kinds.by_id
    assert len(kinds.by_id["film"].segments) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "is not TOML: "),
        ("tittle = 'x'\n" + MINIMAL, "unknown key 'tittle' (did you mean 'title'?)"),
        ("title = 3\n" + MINIMAL, "'title' is not text"),
        ("also = 'x'\n" + MINIMAL, "'also' is not a list of texts"),
        ("abstract = 'no'\n" + MINIMAL, "'abstract' is not true or false"),
        ("title = 'x'", "has no segments (add one as [[segments]])"),
        ("segments = 3", "'segments' is not a list of tables"),
        ("[[segments]]\ntitle = 'x'", "has a segment without an id"),
        ("[[segments]]\nid = 'The Cast'", "segment id 'The Cast' is not made of small letters"),
        (MINIMAL + MINIMAL, "has segment 'only' twice"),
        (MINIMAL + "weight = 3", "unknown key 'weight' in segment 'only'"),
        (MINIMAL + "opens = 1", "'opens' in segment 'only' is not true or false"),
        (MINIMAL + "strong = [3]", "'strong' in segment 'only' is not a list of texts"),
        (
            MINIMAL + "strong = ['a[b']",
            "cue 'a[b' in segment 'only' cannot be read: it holds a sign",
        ),
        (MINIMAL + "strong = ['']", "cannot be read: it must begin with a word"),
        (MINIMAL + "fair = ['a*']", "cannot be read: a * needs at least two letters"),
        (MINIMAL + "fair = ['Cast']", "cannot be read: it must be in small letters"),
        (MINIMAL + "position = 3", "'position' in segment 'only' is not a list"),
        (MINIMAL + "position = [[0, 'x']]", "has [0, 'x'], which is no place and points"),
        (MINIMAL + "position = [[2, 1]]", "has [2, 1], which is no place"),
        (MINIMAL + "position = [[0.5, 1], [0.2, 1]]", "has [0.2, 1], which is no place"),
        (MINIMAL + "position = [[0, nan]]", "has [0, nan], which is no place"),
        (MINIMAL + "[signs]\nhuge = ['x']", "unknown key 'huge' in [signs]"),
        ("signs = 3\n" + MINIMAL, "'signs' is not a table"),
        (
            "extends = 'flim'\n" + MINIMAL,
            "extends 'flim', which is no kind of review (did you mean",
        ),
        ("extends = 'own'\n" + MINIMAL, "extends 'own', which is no kind of review"),
        (
            "order = ['onyl']\n" + MINIMAL,
            "'order' names segment 'onyl', which it does not have (did",
        ),
    ],
)
def test_what_makes_no_sense_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ShowError) as error:
        load_kinds([write(tmp_path, "own", text)])
    assert str(error.value).startswith(f"{tmp_path / 'own.toml'}:")
    assert message in str(error.value)


def test_circles(tmp_path: Path) -> None:
    write(tmp_path, "a", "extends = 'b'\n" + MINIMAL)
    write(tmp_path, "b", "extends = 'a'\n" + MINIMAL)
    with pytest.raises(ShowError, match="extend one another in a circle"):
        load_kinds([tmp_path])


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="there is no such folder of kinds"):
        load_kinds([tmp_path / "kinds"])


# ------------------------------------------------------------------------------------------- cues


def found(cue: str, text: str) -> list[str]:
    index: CueIndex[None] = CueIndex()
    index.add(cue, None)
    words = tokenize(text)
    return [text[words[f.first].start : words[f.last - 1].end] for f in index.find(words)]


@pytest.mark.parametrize(
    ("cue", "text", "expected"),
    [
        ("act*", "The actors act; a fact.", ["actors", "act"]),
        ("set piece*", "Two set-pieces and a set piece.", ["set-pieces", "set piece"]),
        (
            "plot _ device",
            "A plot of device, a plot-a device.",
            ["plot of device", "plot-a device"],
        ),
        ("£ #", "It was £4.50, or £ 12,000.", ["£4.50", "£ 12,000"]),
        ("# / 10", "I say 8/10 and 7.5 / 10, not 8/5.", ["8/10", "7.5 / 10"]),
        ("<Name> plays", "Here Ann plays. She plays. The dog plays.", ["Ann plays"]),
        ("<Name> 's role", "Ann Other’s role is small.", ["Other’s role"]),
        ("( <Name> <Name> )", "A cook (Ann Other) and a dog (big one).", ["(Ann Other)"]),
        ("don't miss", "Don’t miss it.", ["Don’t miss"]),
        ("the end", "That is the. End it.", []),
        ("dead", "The Walking Dead is dead.", ["dead"]),
        ("thrones", "I saw Game of Thrones. Thrones are won.", ["Thrones"]),
        ("why ?", "But why? Because.", ["why?"]),
    ],
)
def test_cues(cue: str, text: str, expected: list[str]) -> None:
    assert found(cue, text) == expected


@pytest.mark.parametrize("cue", ["", "*", "_ x", "a.b", "[a-z]+", "a*", "ABC"])
def test_what_is_no_cue(cue: str) -> None:
    with pytest.raises(ValueError, match=r"^(it|a \*) "):
        parse_cue(cue)
