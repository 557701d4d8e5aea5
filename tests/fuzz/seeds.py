"""What fuzzing begins with: inputs of the project's own, and the words of each format."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from feed.rss.shows import BUILT

from sayso.episode.id3 import Picture, TagChapter, Tags, write_id3
from sayso.master.encode import encode_blocks
from sayso.master.frames import Mp3Format
from sayso.master.mp3 import Encoded, write_mp3
from sayso.publish.ledger import Entry, Ledger, ledger_text, make_guid

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent


def _files(*patterns: str) -> list[bytes]:
    return [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def _tsv() -> list[bytes]:
    rows = b"\n".join(_files("tests/speech/spoken/pairs/*.tsv")).splitlines()
    written = [row.split(b"\t")[0] for row in rows if row and not row.startswith(b"#")]
    lines = [b"\x00" + b" ".join(written[at : at + 3]) for at in range(0, len(written), 3)]
    return [*lines, b"\x01" + b" ".join(written)[:8000]]


def _front_matter() -> list[bytes]:
    return [
        b"-title: The Long Tide\nauthor: [Ada, Bo]\ndate: 2025-10-17\nsegments: {1: cast}\nrating: 4/5",
        b'+title = "The Long Tide"\nauthor = ["Ada", "Bo"]\ndate = 2025-10-17\n[segments]\n1 = "cast"',
        b"-a: &x [1, 2]\nb: *x\nc: |\n  many\n  lines\nd: !!python/object:os.system {x: 1}\n? e\n: f",
        b"-<<: {a: 1}\nx: 'it''s'\ny: \"\\ud800\\x00\"\nz: >-\n  folded\n  text",
        b'+x = """a\nb"""\ny = 0xFFFF\nz = [[1, 2], [3]]\n[[t]]\na = inf\n[[t]]\nb = 1979-05-27T07:32:00Z',
    ]


def _merges() -> list[bytes]:
    parts = [
        path.read_text("utf-8") for path in sorted((TESTS / "script/data/merge").glob("*.txt"))
    ]
    texts = _files("tests/script/data/rendered/base.script", "tests/script/data/scripts/bare.md")
    whole = texts[0].decode()
    edited = whole.replace("the", "a", 3).replace("\n\n", "\n\nNew words here.\n\n", 1)
    rendered = "\n\n".join(reversed(whole.split("\n\n")))
    return [
        *(part.encode().replace(b"\n=", b"\x1e\n=", 2) for part in parts),
        "\x1e".join((whole, edited, rendered)).encode()[:6000],
        b"a\n\nb {from=p1}\n\nc\n\x1ea\n\nbb {from=p1}\n\nc\n\x1ea\n\nb {from=p2}\n\nd\n",
    ]


def _requests() -> list[bytes]:
    return [
        b"item=2&words=New+words+%5Bx%5D%7Bsay%3D%22y%22%7D&seen=abc",
        b"item=1&voice=critic",
        b"item=3&value=0.6",
        b"item=0&field=title&value=The+cast",
        b"after=-1&what=sting&value=intro",
        b"after=2&what=paragraph&value=Hello",
        b"name=Cho+Yi-hyun&say=Cho+Yee-hyun&ipa=t%CA%83o%CA%8A",
        b"block=p2&value=cast",
        b"item=2&words=%00%ED%A0%80%0A%0A%23%23+x",
    ]


def _lexicons() -> list[bytes]:
    return [
        *_files("lexicon.toml"),
        b'words.a = "b"\nwords."c d" = { say = "e", ipa = "f" }\n',
        b'[words]\n"Cho Yi-hyun" = "Cho Yee-hyun"\n# "Bo" = ""\n[words.x]\nsay = \'y\'\n',
        b'words = { a = "b", "c" = { ipa = "d" } }',
        b'\xef\xbb\xbf[ words ] # x\r\n"\\u0041" = """z"""\r\n',
    ]


def _targets() -> list[bytes]:
    return [
        b"public", b"s3://bucket/show?endpoint=https://s3.example.com&region=eu&conditions=no",
        b"sftp://me@host.example:22/~/show", b"webdav+https://me@dav.example/show%20x",
        b"s3://key:secret@bucket/x", b"dav://[::1]:80/", b"https://example.com/", b"sub/../../up",
    ]  # fmt: skip


def _ledgers() -> list[bytes]:
    entries = (
        Entry("the-long-tide", make_guid(), BUILT, "published", "The Long Tide", "0" * 64),
        Entry(None, "abc", BUILT, "adopted", "An old one"),
    )
    return [ledger_text(Ledger("x", None, entries)).encode(), b'{"schema": 1, "episodes": []}']


def _manifests() -> list[bytes]:
    made = {
        "schema": 1, "title": "T", "show": "S", "language": "en",
        "review": {"title": "T", "extra": {"venue": "x"}},
        "audio": {"sample_rate": 44100, "n_samples": 441000, "channels": 2, "bitrate_kbps": 128},
        "loudness": {"target_lufs": -16.0, "integrated_lufs": -16.1},
        "chapters": [{"id": "a", "title": "A", "start": 0, "end": 441000}],
        "lines": [{"start": 0, "end": 100, "segment": "a", "speaker": "x", "written": "Hi."}],
        "music": [], "files": [{"name": "episode.mp3", "bytes": 1, "sha256": "0"}],
    }  # fmt: skip
    return [json.dumps(made).encode(), *_files("tests/episode/data/*.json")]


def _transcripts() -> list[bytes]:
    return [
        b"WEBVTT\n\nNOTE x\n\n1\n00:00:00.000 --> 00:00:01.500\n<v Host>Hello &amp; all.\n\n"
        b"00:01.500 --> 00:02.000 align:start\nYes.\n",
        b"1\n00:00:00,000 --> 00:00:01,500\nHost: Hello.\n\n2\n00:00:01,500 --> 00:00:02,000\nYes.\n",
        b'{"version": "1.0.0", "segments": [{"speaker": "A", "startTime": 0.5, "endTime": 1e0, "body": "x"}]}',
    ]


@cache
def _mp3() -> bytes:
    silent = np.zeros((12 * 1152, 2), np.int16)
    silent[5 * 1152 : 9 * 1152] = (np.sin(np.arange(4 * 1152)[:, None] / 9) * 9000).astype(np.int16)
    frames = encode_blocks([silent], Mp3Format(44_100, 2, 64))
    stream = io.BytesIO()
    write_mp3(stream, [Encoded.of(frames)], Mp3Format(44_100, 2, 64))
    return stream.getvalue()


def _tags() -> list[bytes]:
    chapters = (TagChapter("a", "Ärger", 0, 1000), TagChapter("b", "B", 1000, 2000))
    picture = Picture("image/jpeg", _pictures()[0][:200])
    tags = Tags(
        "T — é", "A", "Show", date="2026-02-01", comment="c\nd", cover=picture, chapters=chapters
    )
    return [write_id3(tags), write_id3(Tags("T")), write_id3(Tags("T", lyrics="x" * 300))]


def _mp3s() -> list[bytes]:
    return [_mp3(), write_id3(Tags("T")) + _mp3(), _mp3()[:1000], b"ID3\x03\0\0\x7f\x7f\x7f\x7f"]


@cache
def _pictures() -> list[bytes]:
    from PIL import Image

    made = []
    for form, size in (("JPEG", 1400), ("PNG", 1400), ("PNG", 20), ("JPEG", 16)):
        stream = io.BytesIO()
        Image.new("RGB", (size, size), (20, 60, 90)).save(stream, form)
        made.append(stream.getvalue())
    return made


def _sounds() -> list[bytes]:
    import soundfile

    wave = (np.sin(np.arange(2000) / 9) * 0.3).astype(np.float32)
    made = [_mp3()]
    for form, subtype in (
        ("WAV", "PCM_16"), ("WAV", "FLOAT"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("AIFF", "PCM_16"),
        ("WAV", "IMA_ADPCM"), ("AU", "PCM_16"), ("CAF", "ALAC_16"), ("W64", "PCM_24"),
    ):  # fmt: skip
        stream = io.BytesIO()
        soundfile.write(stream, wave, 22_050, format=form, subtype=subtype)
        made.append(stream.getvalue())
    return made


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "review-markdown": lambda: _files("reviews/*", "tests/review/data/*.md", "README.md"),
    "review-text": lambda: _files("reviews/*.txt", "tests/review/data/*.txt"),
    "review-html": lambda: _files("tests/review/data/pages/*.html"),
    "front-matter": _front_matter,
    "script": lambda: _files(
        "tests/script/data/scripts/*.md", "tests/script/data/rendered/*", "tests/script/data/*/*.md"
    ),
    "merge": _merges,
    "studio-request": _requests,
    "spoken": _tsv,
    "show-toml": lambda: [*_files("show.toml"), SHOW_TOML],
    "lexicon-toml": _lexicons,
    "kind-toml": lambda: _files("src/sayso/review/kinds/*.toml"),
    "target": _targets,
    "feed": lambda: _files("tests/feed/rss/data/adopted/*.rss", "tests/feed/rss/data/new/*.rss"),
    "feed-rules": lambda: _files("tests/feed/checking/data/*.xml", "tests/feed/rss/data/*/*.rss"),
    "description": lambda: _files("tests/review/data/pages/*.html", "reviews/*.md"),
    "ledger": _ledgers,
    "mp3-frames": _mp3s,
    "id3": _tags,
    "manifest": _manifests,
    "transcript": _transcripts,
    "cover": _pictures,
    "sound": _sounds,
}
"""By target: what it is given to begin with."""

SHOW_TOML = b"""title = "Second Row"
language = "en-GB"
order = "source"
[voices.host]
engine = "tone"
speed = 1.1
gain_db = -3
[sounds.intro]
file = "audio/dark/intro.flac"
overlap = 0.5
[pauses]
sentence = 0.2
[audio]
channels = 1
bitrate = 96
[feed]
url = "https://tide.example/"
category = ["TV & Film > TV Reviews", "Arts"]
owner = "Ada"
email = "ada@tide.example"
rrule = "FREQ=WEEKLY;BYDAY=FR"
[[feed.funding]]
url = "https://tide.example/give"
text = "Give"
[[feed.people]]
name = "Ada"
[feed.verify]
apple = "x"
[feed.directories]
"Apple Podcasts" = "https://podcasts.apple.com/x"
[publish]
target = "s3://bucket/show"
"""

_MARKDOWN = (
    "# ", "## ", "**", "*", "_", "`", "```\n", "> ", "- ", "1. ", "[", "](", ")", "![", "[^1]", "[^1]: ",
    "<!-- segment: cast -->", "<!--", "-->", "<b>", "</b>", "<script>", "</script>", "| a | b |\n|--|--|\n",
    "    ", "\n\n", "\n", "---\n", "===\n", "\\", "&amp;", "&#0;", "&#x10FFFF;", "<https://a.b>", "8/10", "★★★½",
    "segments: {1: cast}", "Dr. ", "e.g. ", "“", "”", "…", "  \n", "\t",
)  # fmt: skip
_BLOGS = (
    "{{< x >}}", "{{<", ">}}", "{% x %}", "{%", "%}", "{{ x }}", '[gallery ids="1"]', "[caption a]", "[/caption]", "[embed]",
    "[[", "|", "]]", "![[a.png]]", "==", "{: .a}", "{#a}", "[!NOTE] ", "[TOC]", "~~", "<sup>6</sup>", "<p hidden>", "<q>",
    "<td>", "</table>", "<details><summary>", "    It is a long and old sentence.\n", "<img alt='a b'>", "<form>",
)  # fmt: skip
_UNICODE = (
    "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u0301", "\u0130", "ß", "ﬁ", "\U0001f468\u200d\U0001f469",
    "\u2028", "\u0085", "\x00", "\x1c", "\x7f", "\ue000", "\uf8ff", "⟦", "⟧", "١٢", "²", "½", "Ⅷ", "汉字", "\U0010ffff",
    "\u00a0", "\u3000", "é", "e\u0301", "İ", "ſ", "ǅ",
)  # fmt: skip
_SPOKEN = (
    "$1.5bn", "£4.50", "€1,000,000", "8/10", "S02E03", "2025-10-17", "17/10/2025", "October 17, 2025", "1990s",
    "’90s", "XIV", "Louis XIV", "5km/h", "3 x 4", "-5°C", "50%", "10:30pm", "https://a.example/x?y=z#q",
    "me@a.example", "@handle", "#tag", "Dr.", "St.", "J.R.R.", "U.S.A.", "NASA", "QC35", "iPhone 15 Pro", "No. 5",
    "1st", "22nd", "1/2", "3½", "1e10", "0x1F", "1.2.3.4", "+1 555-0100", "--", "—", "…", "...", "«", "»", "(", ")",
    "[", "]", "{", "}", "*", "_", "~", "|", "/", "\\", "<3", ":-)", "™", "©", "&", "=", "×", "±", "≤", "→", "999999999999",
    "1" * 40, "e.g.", "vs.", "a.m.", "II", "IV", "m²", "ft", "lbs", "24-105mm", "f/2.8", "4K", "5G", "$$$", "★★★½",
)  # fmt: skip
_TOML = (
    "[", "]", "[[", "]]", "=", ".", "{", "}", ",", '"', '"""', "'", "'''", "\\u0041", "\\", "#", "true", "inf",
    "nan", "-nan", "1e400", "0x", "9" * 30, "9" * 5000, "1979-05-27", "07:32:00", "1979-05-27T00:32:00.999999-07:00",
    "\n", "\r\n", "[words]", "say", "ipa", "title", "feed.verify", "[voices.x]", "[" * 300, "a." * 300, "{a=" * 300,
)  # fmt: skip
_YAML = (
    "- ", ": ", "? ", "&a ", "*a", "!!python/object/apply:os.system ", "!!binary ", "!<tag:yaml.org,2002:str>", "|",
    ">", "%YAML 1.1", "---", "...", "{", "}", "[", "]", "<<: *a", "\\x00", "~", "null", "2025-01-31", "[" * 300,
    "{a: " * 100, "title", "segments", "date", "author", "9" * 400,
)  # fmt: skip
_SCRIPT = (
    "{pause 0.6s}", "{pause 99ms}", "{sting intro}", "{bed off}", "{sound a.wav}", "{from=p1}", "{from=p3:2-5}",
    "## The cast {#cast voice=host sting=intro}", "HOST: ", "critic: ", '[x]{say="y"}', '[x]{ipa="y"}', "*", "**",
    "\\{", "\\", "---\n", "title: x\n", "<!--", "-->", "<<<<<<<", "|||||||", "=======", ">>>>>>>", "\n\n", "\n", "\r\n",
    "{", "}", '"', "#", "[", "]", "\x1e",
)  # fmt: skip
_XML = (
    "<item>", "</item>", "<![CDATA[", "]]>", "<!--", "-->", "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "&a;", "&amp;", "&#0;", "&#xD800;", "xmlns:x='urn:x'", "xmlns=''", "<guid>same</guid>", "<pubDate>", "</pubDate>",
    "Fri, 17 Oct 2025 18:00:00 +0200", "Fri, 31 Feb 2025 25:61:61 +9999", "<itunes:duration>", "99:99:99", "<enclosure",
    "url='javascript:x'", "length='-1'", "length='99999999999999999999'", "<atom:link rel='next' href='feed-1.xml'/>",
    "<atom:link rel='self' href='x'/>", "<podcast:guid>", "<channel>", "</channel>", "<rss version='2.0'>", "\x00",
    "encoding='UTF-16'", "encoding='utf-7'", "http://[", "https://a:99999/", "<itunes:image href='x'/>", "BYDAY=", "1e999",
)  # fmt: skip
_HTML = (
    "<p>", "</p>", "<div>", "</div>", "<article>", "<script>", "</script>", "<iframe src=x>", "<table><tr><td>", "<li>",
    "<ul>", "<blockquote>", "<h1>", "<br><br>", "<a href='javascript:x'>", "<a href='https://a.b/?c&d'>", "</a>", "<svg",
    "<meta charset=utf-7>", "<meta property='og:title' content='x'>", "<time datetime='2025-13-99'>", "&nbsp;", "&#xD800;",
    "<!DOCTYPE html [", "<![CDATA[", "]]>", "<img src=x onerror=y>", "style='x'", "<base href='//x'>", "<math>",
    "<title>", "<style>", "<code>", "<pre>", "<del>", "<" * 50, "<b>" * 300, "\x00",
)  # fmt: skip
_JSON = (
    "{", "}", "[", "]", ":", ",", '"', "null", "true", "NaN", "-Infinity", "1e999", "-1", "9" * 30, "9" * 5000, "0.5", '"\\ud800"',
    "[" * 3000, '{"a":' * 500, '"schema"', '"episodes"', '"guid"', '"date"', '"state"', '"slug"', '"title"', '"lines"', '"start"',
    "0001-01-01T00:00:00+00:00", "2025-10-17T18:00:00+23:59", "9999-12-31T23:59:59-23:59", '"startTime"', '"segments"',
)  # fmt: skip
_TIMES = (
    "-->",
    "00:00:01.000",
    "00:00:01,000",
    "99:99:99.999",
    "WEBVTT",
    "NOTE",
    "<v ",
    ">",
    "&lt;",
    "9" * 5000,
    "\n\n",
    "1\n",
)
_FORM = ("item=", "after=", "what=", "value=", "field=", "words=", "voice=", "block=p1", "&", "%00", "%0A", "%23", "%7B", "%7D",
         "%5B", "%5D", "title", "sting", "pause", "bed", "sound", "paragraph", "-1", "99999999999", "nan", "1e400", "inf", "%ED%A0%80")  # fmt: skip
_ADDRESS = ("s3://", "sftp://", "webdav+https://", "dav://", "file://", "://", "@", ":", "/", "?", "#", "%00", "%2e%2e", "..", "~",
            "[::1]", "]", "[", ":99999", ":0", "secret:pass@", "endpoint=", "&", "\\", "\x00", "\n", "ⅷ", "xn--")  # fmt: skip
_BYTES = (
    *(b"\xff\xfb\x50\x64", b"Info", b"Xing", b"LAME3.100", b"ID3\x03\0\0", b"ID3\x04\0\0", b"APIC", b"CHAP", b"CTOC", b"TIT2"),
    *(b"TXXX", b"COMM", b"USLT", b"\x01\xff\xfe", b"\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\x80\0\0\0"),
    *(b"IHDR", b"IDAT", b"IEND", b"iTXt", b"zTXt", b"iCCP", b"acTL", b"eXIf", b"\xff\xd8", b"\xff\xc0", b"\xff\xda", b"\xff\xe1"),
    *(b"RIFF", b"WAVEfmt ", b"data", b"LIST", b"fLaC", b"OggS", b"FORM", b"COMM", b"SSND", b"fact", b"\xff\xff\xff\x7f"),
)  # fmt: skip


def _encoded(*groups: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(word.encode("utf-8", "surrogatepass") for group in groups for word in group)


_WORDS = {
    "review-markdown": _encoded(_MARKDOWN, _BLOGS, _UNICODE, _YAML, _HTML),
    "review-text": _encoded(_MARKDOWN, _UNICODE, _SPOKEN),
    "review-html": _encoded(_HTML, _UNICODE),
    "front-matter": _encoded(_YAML, _TOML, _UNICODE),
    "script": _encoded(_SCRIPT, _UNICODE),
    "merge": _encoded(_SCRIPT, _UNICODE),
    "studio-request": _encoded(_FORM, _SCRIPT),
    "spoken": _encoded(_SPOKEN, _SPOKEN, _UNICODE),
    "show-toml": _encoded(_TOML, _ADDRESS, _UNICODE),
    "lexicon-toml": _encoded(_TOML, _UNICODE),
    "kind-toml": _encoded(
        _TOML, ("position", "extends", "order", "own", "screen", "*", "segments")
    ),
    "target": _encoded(_ADDRESS, _UNICODE),
    "feed": _encoded(_XML, _UNICODE),
    "feed-rules": _encoded(_XML, _UNICODE),
    "description": _encoded(_HTML, _MARKDOWN, _UNICODE),
    "ledger": _encoded(_JSON),
    "manifest": _encoded(_JSON),
    "transcript": _encoded(_TIMES, _JSON, _UNICODE),
}


def words_of(target: str) -> tuple[bytes, ...]:
    """The words of a target's format."""
    return _WORDS.get(target, _BYTES)
