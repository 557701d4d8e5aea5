from __future__ import annotations

import re
from pathlib import Path

import pytest

from sayso.errors import ErrorGroup, ShowError
from sayso.model import Category
from sayso.show.finding import find_show, sound_path, starter_folder
from sayso.show.show_file import parse_show

SHOW = Path("show.toml")


def test_the_sample_show_holds_what_new_shows_get_by_default() -> None:
    show = find_show(starter_folder())
    assert show.title == "Dead Air"
    assert [voice.name for voice in show.voices] == ["host", "critic"]
    assert all(sound_path(show, sound.file).is_file() for sound in show.sounds)


def test_a_title_is_enough() -> None:
    show = parse_show('title = "  Late \\n Seats "', SHOW)
    assert show.title == "Late Seats"
    assert show.audio.target_lufs == -16.0
    assert {sound.name for sound in show.sounds} == {"intro", "transition", "outro", "bed"}


def test_mono_is_three_units_quieter_unless_told_otherwise() -> None:
    assert parse_show('title="x"\n[audio]\nchannels=1', SHOW).audio.target_lufs == -19.0
    both = parse_show('title="x"\n[audio]\nchannels=1\nloudness=-16', SHOW)
    assert both.audio.target_lufs == -16.0


def test_seconds_become_milliseconds() -> None:
    show = parse_show('title="x"\n[pauses]\nsentence=0.3\n[sounds.intro]\noverlap=1.25', SHOW)
    assert show.pauses.sentence_ms == 300
    assert next(s.overlap_ms for s in show.sounds if s.name == "intro") == 1250


def test_a_folder_without_show_is_the_built_in_one(tmp_path: Path) -> None:
    show = find_show(tmp_path / "review.md")
    assert show.path is None
    assert show.root == tmp_path


def test_the_nearest_show_above_counts(tmp_path: Path) -> None:
    (tmp_path / "show.toml").write_text('title = "Above"')
    (tmp_path / "reviews").mkdir()
    assert find_show(tmp_path / "reviews").title == "Above"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('title = "x"\ntitel = "y"', 2, "did you mean 'title'?"),
        ('title = "x"\n\n[voices.host]\nspeed = 9', 4, "a number from 0.5 to 2.0"),
        ('title = "x"\n[voices.host]\nspeed = true', 3, "a number from 0.5 to 2.0"),
        ('title = "x"\n[voices]\nhost = 3', 3, "[voices.host]"),
        ('title = "x"\n[audio]\nbitrate = 129', 3, "128"),
        ('title = "x"\n[sounds.rain]\ngain_db = 1', 2, "has no file"),
        ('title = "x"\norder = "random"', 2, '"template" or "source"'),
        ('title = "x"\nlanguage = "English"', 2, '"en-US"'),
        ('title = "x"\n[voices."a b"]\nspeed = 1', 2, "letters"),
        ('author = "x"', None, "no title"),
        ("title = x", 1, "double quotes"),
        ('title = "x"\nauthor = [', 2, "double quotes"),
        ('title = "x"\ntitle = "y"\n', 2, "a key is given twice (keep one of both)"),
        ('title = "x"\n[voices.host]\n[voices.host]\n', 3, "[voices.host] stands there twice"),
        ('title = "x"\nengne = "auto"', 2, "did you mean 'engine' in [voices.NAME]?"),
        ('title = "x"\nfile = "feed.xml"', 2, "'file' stands in [feed]"),
        ('title = "x"\n[audio]\nauthor = "y"', 3, "'author' stands at the top of the file"),
        ('title = "x"\n[pauses]\nsentence = nan', 3, "seconds"),
    ],
)
def test_a_wrong_setting_names_line_and_mend(text: str, line: int | None, words: str) -> None:
    with pytest.raises(ShowError) as caught:
        parse_show(text, SHOW)
    assert words in str(caught.value)
    assert caught.value.line == line


def test_all_errors_are_told_at_once() -> None:
    with pytest.raises(ErrorGroup) as caught:
        parse_show('titel = "x"\n[voices.host]\nspeed = 9\n[audio]\nchannels = 3', SHOW)
    assert len(caught.value.errors) == 4


@pytest.mark.parametrize("file", ["/etc/passwd", "../outside.wav", "audio/../../x.wav"])
def test_a_sound_stays_in_the_show(file: str, tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="leaves the show folder"):
        sound_path(find_show(tmp_path), file)


FEED = """
title = "Late Seats"

[feed]
url = "https://late-seats.example/show/"
category = ["TV Reviews", "Leisure > Video Games", "history"]
email = "host@late-seats.example"
type = "serial"
rrule = "FREQ=WEEKLY;BYDAY=FR"
podroll = ["9B024349-CCF0-5F69-A609-6B82873EAB3C"]

[[feed.funding]]
url = "https://give.example"
text = "Buy us a seat"

[[feed.people]]
name = "Ada Quill"
role = "author"

[feed.verify]
applepodcastsverify = "abc"

[feed.directories]
"Apple Podcasts" = "https://podcasts.apple.com/podcast/id1"

[publish]
target = "s3://seats/show"
"""


def test_the_feed_and_where_it_goes() -> None:
    show = parse_show(FEED, SHOW)
    feed = show.feed
    assert feed.url == "https://late-seats.example/show/"
    assert feed.categories == (
        Category("TV & Film", "TV Reviews"),
        Category("Leisure", "Video Games"),
        Category("History"),
    )
    assert feed.podroll == ("9b024349-ccf0-5f69-a609-6b82873eab3c",)
    assert [funding.text for funding in feed.funding] == ["Buy us a seat"]
    assert [(person.name, person.role) for person in feed.people] == [("Ada Quill", "author")]
    assert [directory.name for directory in feed.directories] == ["Apple Podcasts"]
    assert feed.verify == (("applepodcastsverify", "abc"),)
    assert show.publish.target == "s3://seats/show"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('url = "late-seats.example"', 'such as "https://example.com/show"'),
        ('url = "http://late-seats.example"', "write https://"),
        ('url = "https://me:secret@late-seats.example"', "no password"),
        ('url = "https://late-seats.example/feed.xml"', "the address of the site"),
        ('category = "TV Revews"', "did you mean 'TV Reviews'?"),
        ('category = "TV & Film > Books"', "did you mean"),
        ('explicit = "no"', "true or false"),
        ('podroll = ["x"]', "GUIDs"),
        ('colour = "red"', "known:"),
        ('email = "nobody"', "e-mail"),
        ("funding = 3", "[[feed.funding]]"),
        ('funding = [{url = "https://give.example"}]', "text"),
    ],
)
def test_what_is_wrong_with_a_feed_is_said_with_its_line(line: str, words: str) -> None:
    with pytest.raises(ShowError, match=re.escape(words)) as caught:
        parse_show(f'title = "x"\n[feed]\n{line}', SHOW)
    assert caught.value.line in (2, 3, None)
    assert "secret" not in str(caught.value)


def test_an_address_of_this_machine_need_not_be_secure() -> None:
    show = parse_show('title = "x"\n[feed]\nurl = "http://127.0.0.1:8000/a b/ü"', SHOW)
    assert show.feed.url == "http://127.0.0.1:8000/a%20b/%C3%BC/"
