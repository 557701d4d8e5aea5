"""Reviews, settings and feeds of strangers that would fill the memory, hang, or say what is not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from feed.rss.shows import BUILT, SHOW, episode
from fuzz.guard import run_one
from fuzz.targets import TARGETS, Target

from sayso.errors import SaysoError
from sayso.feed.rss import read_feed, update_feed
from sayso.review import parse_review, review_from_bytes
from sayso.show.show_file import parse_show
from sayso.speech.spoken import speak_text

END = "\n---\n\nIt is good. Go and see it.\n"
ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)

REFUSED_REVIEWS = {
    "aliases that multiply": "---\n" + ALIASES + END,
    "an alias of itself": "---\na: &a [*a]" + END,
    "a merge of an alias": "---\na: &a {b: c}\nd: &d {<<: [*a, *a], e: *a}\nf: [*d, *d]" + END,
    "brackets nested deep": "---\na: " + "[" * 1_500 + "]" * 1_500 + END,
    "tables nested deep": "---\na: " + "{a: " * 3_000 + "}" * 3_000 + END,
    "blocks nested deep": "---\n" + "".join(" " * n + f"k{n}:\n" for n in range(1_500)) + END,
    "a number of 5,000 digits": "+++\na = " + "9" * 5_000 + "\n+++\n\nHello there.\n",
    "TOML nested deep": "+++\na = " + "[" * 5_000 + "\n+++\n\nHello there.\n",
    "no front matter's end": "---\ntitle: x\n" + "a: b\n" * 10_000,
    "a paragraph that is not there": "---\nsegments: {999999: cast}" + END,
    "a million of nothing": " \n" * 500_000,
}
HARMLESS_REVIEWS = {
    "a tag that makes a program run": "---\nx: !!python/object/apply:os.system ['echo PWN']" + END,
    "a tag that makes an object": "---\na: !!python/object:sayso.model.Show {}\ntitle: x" + END,
    "a tag of bytes": "---\ntitle: !!binary aGVsbG8=" + END,
    "a directive": "---\n%TAG ! tag:evil,2000:\ntitle: x" + END,
    "a folded text of 20,000 lines": "---\na: >\n" + " word\n" * 20_000 + END,
    "quotes nested deep": ">" * 20_000 + " Hello there.\n",
    "lists nested deep": "- " * 20_000 + "Hello there.\n",
    "emphasis nested deep": "*" * 20_000 + "Hello there." + "*" * 20_000 + "\n",
    "brackets": "[" * 50_000 + " Hello there.\n",
    "links that never end": "[a](" * 20_000 + " Hello there.\n",
    "references to one another": "[a]: b\n" * 10_000 + "\nHello there.\n",
    "one word of a megabyte": "Hello there. " + "a" * 1_000_000 + "\n",
    "stops alone": "Hello there. " + ". " * 100_000 + "\n",
    "combining marks": "Hello there. e" + "\u0301" * 100_000 + "\n",
    "digits": "It cost $" + "9" * 100_000 + ". Hello there.\n",
    "zeros of other scripts": "It cost " + "\u0660\u0966\uff10" * 10_000 + ". Hello.\n",
}


@pytest.mark.parametrize("name", REFUSED_REVIEWS)
def test_a_review_that_cannot_be_is_refused(name: str) -> None:
    ran = run_one(
        Target(lambda data: review_from_bytes(data, Path("r.md")), 0),
        REFUSED_REVIEWS[name].encode(),
    )
    assert ran.refused, ran
    assert ran.fault in (None, "takes over 1 s"), ran


@pytest.mark.parametrize("name", HARMLESS_REVIEWS)
def test_a_review_that_could_do_harm_is_words(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    data = HARMLESS_REVIEWS[name].encode()
    found = []
    ran = run_one(Target(lambda data: found.append(review_from_bytes(data, Path("r.md"))), 0), data)
    assert found, ran
    assert ran.seconds < 10
    assert "PWN" not in "".join(capfd.readouterr())


PAGE = "<!doctype html><html><head><title>The Pier</title>{head}</head><body><article><h1>The Pier</h1>" + (
    "<p>The harbour lights are out again, and nobody in the whole town can say why that is so.</p>" * 6
) + "{body}</article></body></html>"  # fmt: skip
PAGES = {
    "a script": ("", "<script>PWN(1)</script><p onclick='PWN()'>It is worth every minute of it.</p>"),
    "a frame": ("", "<iframe src='https://evil.example/PWN'>PWN</iframe>"),
    "a page that moves on": ("<meta http-equiv=refresh content='0;url=https://evil.example/'>", ""),
    "another base": ("<base href='https://evil.example/PWN/'>", "<a href='x'>More of it is there.</a>"),
    "entities that multiply": ("", "<!DOCTYPE x [<!ENTITY a 'PWN'><!ENTITY b '&a;&a;'>]>" + "&b;" * 100),
    "a file as an entity": ("", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;"),
    "elements nested deep": ("", "<div>" * 3_000 + "It is deep." + "</div>" * 3_000),
    "tables nested deep": ("", "<table><tr><td>" * 400 + "It is deep."),
    "hidden words": ("", "<p style='display:none' hidden>PWN</p><template>PWN</template><noscript>PWN</noscript>"),
    "a picture of elsewhere": ("", "<img src='https://evil.example/PWN.gif' alt='a picture'>"),
    "a style": ("<style>@import 'https://evil.example/PWN'</style>", ""),
    "character references": ("", "<p>" + "&#xD800;&#0;&#x110000;&#99999999;" * 50 + "It is odd.</p>"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_strangers_is_words(name: str) -> None:
    head, body = PAGES[name]
    data = PAGE.replace("{head}", head).replace("{body}", body).encode()
    try:
        review = review_from_bytes(data, Path("r.html"))
    except SaysoError:
        return
    said = " ".join(block.text for block in review.blocks if block.id.startswith("p"))
    assert "harbour lights" in said
    assert "root:" not in said
    assert "PWN(" not in said
    assert "evil.example" not in said


SETTINGS = {
    "nested deep": "title = " + "[" * 5_000,
    "tables nested deep": "a." * 2_000 + "b = 1",
    "a number of 5,000 digits": "title = " + "9" * 5_000,
    "a number in hexadecimal": "title = 0x" + "f" * 5_000,
    "not a number": "title = 'x'\n[voices.a]\nspeed = nan",
    "infinite": "title = 'x'\n[pauses]\nsentence = inf",
    "a control character": 'title = "a\\u001b]0;PWN\\u0007"',
    "a title that turns text around": 'title = "\\u202egnp.exe"',
    "a NUL in a path": 'title = "x"\ncover = "a\\u0000.png"',
    "20,000 errors": "title = 'x'\n" + "".join(f"k{n} = 1\n" for n in range(20_000)),
    "a name with a slash": "title = 'x'\n[voices.\"../../x\"]\nengine = 'tone'",
    "a feed's file elsewhere": "title = 'x'\n[feed]\nfile = '../../etc/cron.d/x.xml'",
    "a feed's file of two names": "title = 'x'\n[feed]\nfile = 'a.xml\\n.xml'",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_that_cannot_be_are_refused(name: str) -> None:
    ran = run_one(
        Target(lambda data: parse_show(data.decode(), Path("show.toml")), 0),
        SETTINGS[name].encode(),
    )
    assert ran.refused, ran
    assert ran.fault is None, ran


def test_no_error_of_settings_sends_a_terminal_commands() -> None:
    with pytest.raises(SaysoError) as error:
        parse_show('title = "a\\u001b]0;PWN\\u0007"\n"b\\u001b[2J" = 1', Path("sh\x1b[2Jow.toml"))
    assert "\x1b" not in str(error.value)


RSS = '<rss version="2.0"{ns}><channel><title>A</title>{inner}</channel></rss>'
FEEDS: dict[str, tuple[str, bool]] = {
    "entities that multiply": ("<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>" + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True)) + "]>" + RSS.format(ns="", inner="&j;"), True),
    "a file as an entity": ("<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + RSS.format(ns="", inner="<item><title>&e;</title></item>"), True),
    "a DTD of elsewhere": ("<!DOCTYPE r SYSTEM 'http://169.254.169.254/x.dtd'>" + RSS.format(ns="", inner=""), True),
    "a parameter entity": ("<!DOCTYPE r [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>" + RSS.format(ns="", inner=""), True),
    "elements nested deep": (RSS.format(ns="", inner="<a>" * 5_000 + "</a>" * 5_000), True),
    "another feed's words": ("<html><body>not a feed</body></html>", True),
    "a stylesheet that runs": ('<?xml-stylesheet href="javascript:PWN"?>' + RSS.format(ns="", inner=""), False),
    "a file to be included": (RSS.format(ns=' xmlns:xi="http://www.w3.org/2001/XInclude"', inner='<xi:include href="file:///etc/passwd" parse="text"/>'), False),
    "an attribute of a megabyte": (RSS.format(ns="", inner=f'<item a="{"x" * 1_000_000}"><guid>g</guid></item>'), False),
    "thousands of empty items": (RSS.format(ns="", inner="<item/>" * 5_000), False),
}  # fmt: skip


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_of_strangers_is_refused_or_harmless(name: str) -> None:
    text, is_refused = FEEDS[name]

    def adopt(data: bytes) -> None:
        read_feed(data, "feed.xml")
        after = update_feed(data, SHOW, [episode(1)], built=BUILT)
        assert b"root:" not in after

    ran = run_one(Target(adopt, 0), text.encode())
    assert ran.refused == is_refused, ran
    assert ran.fault in (None, "takes over 1 s"), ran


SAID: dict[str, str] = {
    "marks of sounds": "⟦Hello|həˈloʊ⟧ there.", "a phoneme link": "[Hello](/həˈloʊ/) there.",
    "SSML": "<speak><break time='9999s'/>Hello</speak> there.", "espeak's own": "[[h@l'oU]] Hello there.",
    "private characters": "\ue000\ue001Hello\uf8ff there.", "invisible letters": "He\u200bl\u00adlo there.",
    "text turned around": "\u202eereht olleH", "a bell": "Hello\x07 there.", "half a pair": "Hello \ud800 there.",
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_words_do_not_command_a_voice(name: str) -> None:
    said = speak_text(SAID[name]).text
    assert not set(said) & set("⟦⟧<>\u202e\u200b\u00ad\x07\ud800\ue000\uf8ff")
    assert any(character.isalpha() for character in said)


def test_every_fuzzing_case_is_of_a_target() -> None:
    folders = {
        path.name for path in (Path(__file__).parents[1] / "fuzz/cases").iterdir() if path.is_dir()
    }
    assert folders <= set(TARGETS)


TITLES = {"an escape": "a\\x1b]0;PWN\\x07b", "a C1 control": "a\\x9b2Jb", "a backspace": "a\\x08b"}


@pytest.mark.parametrize("name", TITLES)
def test_a_title_sends_no_commands_to_a_terminal(name: str, tmp_path: Path) -> None:
    path = tmp_path / "r.md"
    path.write_text(f'---\ntitle: "{TITLES[name]}"\n---\n\nHello there. It is good.\n')
    assert parse_review(path.read_text(), path).title.isprintable()


def test_a_file_s_name_sends_no_commands_to_a_terminal(tmp_path: Path) -> None:
    name = "a\x1b]0;PWN\x07[red].md"
    (tmp_path / name).write_text("\n")
    command = [sys.executable, "-m", "sayso", "build", name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"is empty" in done.stderr
    assert b"\x1b" not in done.stdout + done.stderr
