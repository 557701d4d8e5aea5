"""What is fuzzed: of each reader, a function that takes any bytes and runs one input.

A function may raise SaysoError, which is how a reader says no; anything else that it raises, an
AssertionError of its own invariants too, is a defect. `guard` holds it to time and memory.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import parse_qsl

from feed.rss.shows import BUILT, episode
from feed.rss.shows import SHOW as CHANNEL
from fuzz.seeds import ROOT

from sayso.episode.checking.id3_reading import read_tag
from sayso.episode.checking.manifest_reading import read_manifest
from sayso.episode.checking.transcripts import Unreadable, read_json, read_srt, read_vtt
from sayso.episode.cover import read_cover, tag_cover
from sayso.episode.notes_html import notes_html
from sayso.errors import SaysoError
from sayso.feed.rss import allowed_html, diff, fit_description, paginate, read_feed, update_feed
from sayso.feed.validation import check_feed
from sayso.master import check_frames
from sayso.master.frames import audio_start, walk
from sayso.mix.sounds import decode
from sayso.model import Outline, Paragraph, Review, Script, SegmentHead
from sayso.publish.ledger import ledger_text, read_ledger
from sayso.publish.targets.urls import open_target
from sayso.review import load_kinds, outline, parse_review, review_from_bytes
from sayso.script import (
    has_conflict_markers,
    lint,
    merge,
    parse_script,
    print_script,
    resolve_conflicts,
)
from sayso.show.finding import sound_path
from sayso.show.show_file import parse_show
from sayso.speech.lines import script_lines
from sayso.speech.spoken import pieces, sayable, speak_text, unknown_names, without_ipa
from sayso.speech.spoken.lexicon import parse_lexicon
from sayso.speech.spoken.lexicon_text import add_waiting
from sayso.studio.edits import put_in_segment, set_word
from sayso.studio.requests import _EDITS as SCRIPT_EDITS
from sayso.studio.requests import words_as_typed
from sayso.system.toml_edit import quoted

KINDS = load_kinds()
NOW = datetime(2026, 4, 1, tzinfo=timezone.utc)
LANGUAGES = ("en-US", "en-GB", "de-DE")
SHOW = parse_show('title = "Late Seats"', Path("show.toml"))
SCRIPT_TEXT = (ROOT / "tests/script/data/scripts/everything.md").read_text("utf-8")
REVIEW_TEXT = (ROOT / "reviews/the-long-tide.md").read_text("utf-8")
LEXICON_TEXT = (
    '[words]\n"Cho Yi-hyun" = "Cho Yee-hyun"\nnasa = { ipa = "ˈnæsə" }\n"8/10" = "good"\n'
)
LEXICON = parse_lexicon(LEXICON_TEXT, Path("lexicon.toml"))
A_REVIEW = parse_review(REVIEW_TEXT, Path("r.md"))
_FOLDER = tempfile.TemporaryDirectory(prefix="sayso-fuzz-")
_SCRATCH = Path(_FOLDER.name)
"""For readers that take a path."""


@dataclass(frozen=True, slots=True)
class Target:
    """One reader."""

    run: Callable[[bytes], object]
    share: int
    """Its part of all inputs, in thousandths: the quicker, the more."""
    max_bytes: int = 8_192
    """Inputs are at most so long."""


def text_of(data: bytes) -> str:
    """Any bytes as text without line ends of other systems being changed."""
    return data.decode("utf-8", "replace")


def scratch(name: str, data: bytes) -> Path:
    """A file of those bytes."""
    path = _SCRATCH / name
    path.write_bytes(data)
    return path


# ----------------------------------------------------------------------------------- the review


def _review(data: bytes, name: str) -> None:
    review = review_from_bytes(data, Path(name))
    assert review.title.strip()
    for block in review.blocks:
        if block.id.startswith("p"):
            assert " ".join(block.sentences) == block.text, block
    check_outline(review, outline(review, KINDS, kind=None if review.kind else "tv"))
    if not review.kind:
        outline(review, KINDS)


def check_outline(review: Review, result: Outline) -> None:
    """Every block is placed whole, sentence by sentence in order, or set aside with a reason."""
    sentences: dict[str, list[int]] = {}
    for placement in result.placements:
        n = len(placement.block.sentences)
        last = n if placement.last is None else placement.last
        sentences.setdefault(placement.block.id, []).extend(range(placement.first, last))
    for block in review.blocks:
        if block.id in sentences:
            assert sentences[block.id] == list(range(len(block.sentences))), block
    told = sorted([*sentences, *(aside.block.id for aside in result.asides)])
    assert told == sorted(block.id for block in review.blocks)
    assert result.placements


def review_markdown(data: bytes) -> None:
    """A review in Markdown, with front matter or not, and its outline."""
    _review(data, "r.md")


def review_text(data: bytes) -> None:
    """A review in plain text, and its outline."""
    _review(data, "r.txt")


def review_html(data: bytes) -> None:
    """A saved web page, and its outline."""
    _review(data, "r.html")


def front_matter(data: bytes) -> None:
    """Front matter alone: YAML or TOML."""
    fence = b"+++" if data[:1] == b"+" else b"---"
    _review(fence + b"\n" + data[1:] + b"\n" + fence + b"\n\nIt is good. Go and see it.\n", "r.md")


# ----------------------------------------------------------------------------------- the script


def script(data: bytes) -> None:
    """A script: printed as it was read, read as it was printed, linted, cut into lines."""
    text = text_of(data)
    found = parse_script(text)
    assert print_script(found) == text
    canonical = print_script(found, canonical=True)
    assert parse_script(canonical) == found
    assert print_script(parse_script(canonical), canonical=True) == canonical
    lint(found, SHOW, Path)
    said = [span.text for item in found.items if isinstance(item, Paragraph) for span in item.spans]
    lines = script_lines(_without_voices(found), SHOW, lexicon=LEXICON, resolve=lambda voice: voice)
    assert _letters("".join(said)) == _letters("".join(line.written for line in lines))


def three_way_merge(data: bytes) -> None:
    """A last rendering, an edit and a new rendering, merged; the conflicts settled."""
    base, edited, rendered = [*text_of(data).split("\x1e"), "", ""][:3]
    merged = merge(base, edited, rendered)
    if merged.n_conflicts:
        assert has_conflict_markers(merged.text) is not None
        for side in ("edited", "rendered"):
            resolve_conflicts(merged.text, side)
    assert merge(base, base, rendered).text == rendered
    assert merge(base, edited, base).text == edited


def studio_request(data: bytes) -> None:
    """The body of a request of the studio: every change of a script, of a review, of the lexicon."""
    fields = dict(parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True))
    for edit in SCRIPT_EDITS.values():
        _try(lambda edit=edit: parse_script(edit.run(SCRIPT_TEXT, fields)))  # type: ignore[misc]
    _try(lambda: words_as_typed(fields))
    name, say, ipa = (fields.get(key, "").strip() for key in ("name", "say", "ipa"))
    _try(lambda: set_word(LEXICON_TEXT, name, say=say or None, ipa=ipa or None))
    block, segment = fields.get("block", ""), fields.get("value", "") or None
    _try(lambda: put_in_segment(REVIEW_TEXT, block, segment, source=Path("r.md")))


# ----------------------------------------------------------------------------------- the voice


def spoken(data: bytes) -> None:
    """Written text as a voice is to say it."""
    language = LANGUAGES[data[0] % len(LANGUAGES)] if data else LANGUAGES[0]
    text = text_of(data[1:])
    said = speak_text(text, language=language, lexicon=LEXICON).text
    if sayable(text.encode("utf-8", "replace").decode()):
        assert sayable(said), "nothing is left to say"
    cut = pieces(said)
    assert "".join(cut).replace(" ", "") == "".join(said.split()), "pieces lose words"
    without_ipa(said)
    unknown_names(text, LEXICON)


# ----------------------------------------------------------------------------------- settings


def show_toml(data: bytes) -> None:
    """show.toml, and the paths of the sounds that it names."""
    show = parse_show(text_of(data), _SCRATCH / "show.toml")
    for sound in show.sounds:
        _try(lambda sound=sound: sound_path(show, sound.file))  # type: ignore[misc]
    if show.publish.target is not None:
        target(show.publish.target.encode())


def target(data: bytes) -> None:
    """The address of a target: nothing is asked, and no password is told."""
    address = text_of(data)
    if not address.startswith(("/", "~", "file:")):
        open_target(address, root=_SCRATCH)


def lexicon_toml(data: bytes) -> None:
    """lexicon.toml; an entry set and taken away again, and one that waits."""
    text = text_of(data)
    before = parse_lexicon(text, Path("lexicon.toml"))

    def change() -> None:
        with_word = set_word(text, "Qxel", say="kw'sel")
        after = parse_lexicon(with_word, Path("lexicon.toml"))
        assert ("Qxel", "kw'sel") in {(each.written, each.say) for each in after.entries}
        assert {e.written for e in after.entries} == {e.written for e in before.entries} | {"Qxel"}
        set_word(with_word, "Qxel", say=None)

    _try(change)
    line = f'{quoted("Qxel")} = ""'
    _try(lambda: add_waiting(text, {"Qxel": line}, Path("lexicon.toml")))


def kind_toml(data: bytes) -> None:
    """A kind of review, and a review of that kind."""
    path = _SCRATCH / "kinds" / "own.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    kinds = load_kinds([path.parent])
    if kinds.find("own"):
        check_outline(A_REVIEW, outline(A_REVIEW, kinds, kind="own"))


# ----------------------------------------------------------------------------------- the feed


def feed(data: bytes) -> None:
    """A feed that is there: read, brought up to date twice, compared, parted into pages."""
    found = read_feed(data, "feed.xml")
    put = [episode(2), episode(1)]
    once = update_feed(data, CHANNEL, put, built=BUILT)
    assert update_feed(once, CHANNEL, put, built=NOW) is once
    again = read_feed(once, "feed.xml")
    theirs = {item.guid for item in found.items} - {None}
    assert theirs <= {item.guid for item in again.items}
    diff(data, once)
    paged = paginate(once, CHANNEL, max_bytes=3_000)
    n = sum(
        len(read_feed(page, "p").items) for page in (paged.head, *(p.data for p in paged.pages))
    )
    assert n == len(again.items), "an item is lost in a page"


def feed_rules(data: bytes) -> None:
    """A feed held against the rules of directories."""
    for finding in check_feed(data, "feed.xml", now=NOW):
        assert "\n" not in str(finding)


def description(data: bytes) -> None:
    """HTML of any kind as the HTML that feeds allow, and notes in Markdown as HTML."""
    text = text_of(data)
    short = fit_description(text, 200)
    assert len(short.encode()) <= 200
    for html in (short, allowed_html(text), notes_html(text)):
        _harmless(html)


def _harmless(html: str) -> None:
    assert not re.search(r"<\s*(?:script|iframe|object|style|img|svg|form)\b", html, re.I), html
    for tag in re.findall(r"<[a-z][^>]*>", html, re.I):
        assert re.fullmatch(
            r'<[a-z0-9]+(?: (?:href="(?i:https?):[^"]*"|start="\d+"))*(?: /)?>', tag
        ), tag


def ledger(data: bytes) -> None:
    """feed.lock.json: read as it was written."""
    found = read_ledger(scratch("feed.lock.json", data))
    again = read_ledger(scratch("feed.lock.json", ledger_text(found).encode("utf-8", "replace")))
    assert len(again.entries) == len(found.entries)


# ----------------------------------------------------------------------------------- the episode


def mp3_frames(data: bytes) -> None:
    """The frames of an MP3, and its Info header."""
    for finding in check_frames(data):
        assert str(finding)
    for offset, _ in walk(data, audio_start(data)):
        assert offset < len(data)


def id3(data: bytes) -> None:
    """A tag."""
    tag = read_tag(data)
    assert tag.problem is None or tag.problem.strip()


def manifest(data: bytes) -> None:
    """episode.json."""
    scratch("episode.json", data)
    expected, findings = read_manifest(_SCRATCH)
    assert expected is not None or findings


def transcript(data: bytes) -> None:
    """A transcript in each of its forms."""
    for read in (read_vtt, read_srt, read_json):
        with contextlib.suppress(Unreadable):
            read(text_of(data))


def cover(data: bytes) -> None:
    """A picture as the cover."""
    picture = read_cover(scratch("cover", data))
    tag_cover(picture.data)


def sound(data: bytes) -> None:
    """A sound file, at another rate and in mono."""
    samples = decode(data, Path("sound"), 44_100, 1)
    assert samples.shape[1] == 1
    assert len(samples)


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _without_voices(found: Script) -> Script:
    items = [
        replace(item, voice=None) if isinstance(item, Paragraph | SegmentHead) else item
        for item in found.items
    ]
    return replace(found, items=tuple(items))


def _try(change: Callable[[], object]) -> None:
    with contextlib.suppress(SaysoError):
        change()


TARGETS: dict[str, Target] = {
    "review-markdown": Target(review_markdown, 8),
    "review-text": Target(review_text, 8),
    "review-html": Target(review_html, 6, 16_384),
    "front-matter": Target(front_matter, 15),
    "script": Target(script, 15),
    "merge": Target(three_way_merge, 60),
    "studio-request": Target(studio_request, 20),
    "spoken": Target(spoken, 22),
    "show-toml": Target(show_toml, 60),
    "lexicon-toml": Target(lexicon_toml, 60),
    "kind-toml": Target(kind_toml, 6, 32_768),
    "target": Target(target, 60, 1_024),
    "feed": Target(feed, 40, 32_768),
    "feed-rules": Target(feed_rules, 20, 32_768),
    "description": Target(description, 20),
    "ledger": Target(ledger, 70),
    "mp3-frames": Target(mp3_frames, 218),
    "id3": Target(id3, 200),
    "manifest": Target(manifest, 45),
    "transcript": Target(transcript, 35),
    "cover": Target(cover, 4, 65_536),
    "sound": Target(sound, 8, 65_536),
}
