import io
import json
import struct
import subprocess
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools import need, need_package

from sayso.episode.id3 import Picture, TagChapter, Tags, language_code, write_id3
from sayso.errors import SoundError
from sayso.master import FRAME, Encoded, Mp3Format, encode_blocks, write_mp3

id3 = need_package("mutagen.id3")

JPEG = Picture("image/jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40))


def png(side=8):
    """A black square as PNG."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(3 * side)) * side
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return Picture("image/png", b"\x89PNG\r\n\x1a\n" + data)


def chapters(n, length_ms=10):
    return tuple(
        TagChapter(f"c{i}", f"Part {i + 1}", i * length_ms, (i + 1) * length_ms) for i in range(n)
    )


def read(tag):
    """As mutagen reads it, in the version that it is written in."""
    return id3.ID3(io.BytesIO(tag), translate=False)


def probe(tag, tmp_path):
    path = tmp_path / "episode.mp3"
    form = Mp3Format(44_100, 1, 64)
    silence = encode_blocks([np.zeros((100 * FRAME, 1), np.int16)], form)
    with path.open("wb") as stream:
        write_mp3(stream, [Encoded.of(silence)], form, tag=tag)
    command = [
        need("ffprobe"),
        "-v",
        "warning",
        "-show_chapters",
        "-show_format",
        "-show_streams",
        "-of",
        "json",
        path,
    ]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return json.loads(done.stdout)


def test_the_tag_byte_by_byte():
    tag = write_id3(
        Tags(
            title="Hé",
            genre=None,
            language="en",
            comment="a\r\nb",
            cover=Picture("image/jpeg", b"\xff\xd8\xff\xe0"),
            chapters=(
                TagChapter("a", "A", 0, 1_000),
                TagChapter("b", "B", 1_000, 2_500),
            ),
        )
    )
    frames = (
        b"TIT2\x00\x00\x00\x07\x00\x00\x01\xff\xfeH\x00\xe9\x00",
        b"TLAN\x00\x00\x00\x09\x00\x00\x01\xff\xfee\x00n\x00g\x00",
        b"COMM\x00\x00\x00\x10\x00\x00\x01eng\xff\xfe\x00\x00\xff\xfea\x00\n\x00b\x00",
        b"CTOC\x00\x00\x00\x10\x00\x00toc\x00\x03\x02ch-a\x00ch-b\x00",
        b"CHAP\x00\x00\x00\x24\x00\x00ch-a\x00\x00\x00\x00\x00\x00\x00\x03\xe8\xff\xff\xff\xff\xff\xff\xff\xff",
        b"TIT2\x00\x00\x00\x05\x00\x00\x01\xff\xfeA\x00",
        b"CHAP\x00\x00\x00\x24\x00\x00ch-b\x00\x00\x00\x03\xe8\x00\x00\x09\xc4\xff\xff\xff\xff\xff\xff\xff\xff",
        b"TIT2\x00\x00\x00\x05\x00\x00\x01\xff\xfeB\x00",
        b"APIC\x00\x00\x00\x12\x00\x00\x00image/jpeg\x00\x03\x00\xff\xd8\xff\xe0",
    )
    body = b"".join(frames)
    assert tag == b"ID3\x03\x00\x00\x00\x00" + bytes((len(body) >> 7, len(body) & 0x7F)) + body


FULL = Tags(
    title="Cover—„straße“ 🎙",
    artist="A. Critic",
    album="Dead Air",
    date="2026-02-01T09:30:00+01:00",
    language="en-US",
    encoded_by="sayso",
    publisher="House",
    comment="One line.\nAnother.",
    lyrics="HOST: Hello.\n\nCRITIC: Hi.",
    length_ms=2_612,
    link="https://pod.example/é/12",
    cover=png(),
    chapters=(
        TagChapter("intro", "Intro", 0, 800),
        TagChapter("cast", "The cast", 800, 1_900),
        TagChapter("verdict", "Verdict", 1_900, 2_612),
    ),
)


def test_mutagen_reads_every_frame():
    tag = read(write_id3(FULL))
    assert tag.version == (2, 3, 0)
    assert not tag.unknown_frames
    texts = {name: str(tag[name]) for name in tag if name[0] == "T"}
    assert texts == {
        "TIT2": "Cover—„straße“ 🎙",
        "TPE1": "A. Critic",
        "TALB": "Dead Air",
        "TCON": "Podcast",
        "TYER": "2026",
        "TDAT": "0102",
        "TLAN": "eng",
        "TENC": "sayso",
        "TPUB": "House",
        "TLEN": "2612",
    }
    assert tag["COMM::eng"].text == ["One line.\nAnother."]
    assert tag["USLT::eng"].text == "HOST: Hello.\n\nCRITIC: Hi."
    assert tag["WOAS"].url == "https://pod.example/%C3%A9/12"
    assert (tag["APIC:"].mime, tag["APIC:"].type, tag["APIC:"].data) == ("image/png", 3, png().data)
    assert id3.ID3(io.BytesIO(write_id3(FULL)))["TDRC"].text == [id3.ID3TimeStamp("2026-02-01")]


def test_mutagen_reads_the_chapters():
    tag = read(write_id3(FULL))
    (contents,) = tag.getall("CTOC")
    assert (contents.element_id, int(contents.flags)) == ("toc", 3)  # top level, ordered
    assert contents.child_element_ids == ["ch-intro", "ch-cast", "ch-verdict"]
    read_back = [tag[f"CHAP:{name}"] for name in contents.child_element_ids]
    assert [(c.start_time, c.end_time, c.start_offset) for c in read_back] == [
        (0, 800, 0xFFFFFFFF),
        (800, 1_900, 0xFFFFFFFF),
        (1_900, 2_612, 0xFFFFFFFF),
    ]
    assert [str(c.sub_frames["TIT2"]) for c in read_back] == ["Intro", "The cast", "Verdict"]


def test_ffprobe_reads_it_without_warnings(tmp_path):
    found = probe(write_id3(FULL), tmp_path)
    assert found["format"]["tags"]["title"] == FULL.title
    assert found["format"]["tags"]["genre"] == "Podcast"
    assert [
        (float(c["start_time"]), float(c["end_time"]), c["tags"]["title"])
        for c in found["chapters"]
    ] == [
        (0, 0.8, "Intro"),
        (0.8, 1.9, "The cast"),
        (1.9, 2.612, "Verdict"),
    ]
    (cover,) = [s for s in found["streams"] if s["codec_type"] == "video"]
    assert (cover["codec_name"], cover["width"], cover["disposition"]["attached_pic"]) == (
        "png",
        8,
        1,
    )


@pytest.mark.parametrize("n", [1, 255, 256, 600])
def test_many_chapters(n, tmp_path):
    tag = write_id3(Tags(title="Long", chapters=chapters(n, 4)))
    tables = {t.element_id: t for t in read(tag).getall("CTOC")}
    top = tables.pop("toc")
    assert [t for t in [top, *tables.values()] if int(t.flags) & 2] == [top]
    assert all(len(t.child_element_ids) <= 255 for t in tables.values())
    listed = [
        i
        for name in top.child_element_ids
        for i in (tables[name].child_element_ids if name in tables else [name])
    ]
    assert listed == [f"ch-c{i}" for i in range(n)]
    assert len(probe(tag, tmp_path)["chapters"]) == n


def test_nothing_but_a_title():
    tag = read(write_id3(Tags(title="", genre=None)))
    assert list(tag) == []
    assert list(read(write_id3(Tags(title="x", artist="", comment=" \n", link=" ")))) == [
        "TIT2",
        "TCON",
    ]


@settings(max_examples=60, deadline=None)
@given(
    title=st.text(st.characters(), max_size=40),
    lyrics=st.text(st.characters(), max_size=80),
    name=st.text(st.characters(), max_size=8),
    link=st.text(st.characters(), max_size=20),
    n=st.integers(0, 4),
)
def test_any_text_can_be_read_again(title, lyrics, name, link, n):
    parts = tuple(TagChapter(f"{name}{i}", title, i, i + 1) for i in range(n))
    raw = write_id3(Tags(title=title, lyrics=lyrics, link=link, chapters=parts))
    assert raw == write_id3(Tags(title=title, lyrics=lyrics, link=link, chapters=parts))
    tag = read(raw)
    assert not tag.unknown_frames
    assert tag.size == len(raw)
    assert len(tag.getall("CHAP")) == n
    for text in (str(tag.get("TIT2", "")), tag["USLT::und"].text if "USLT::und" in tag else ""):
        assert not any(c < " " and c not in "\n\t" for c in text)
        text.encode("utf-8")  # no half of a surrogate pair
    if title.isprintable() and title.strip():
        assert str(tag["TIT2"]) == title.strip()
    if "WOAS" in tag:
        assert tag["WOAS"].url.isascii()
        assert " " not in tag["WOAS"].url


def test_controls_and_broken_text_are_cleaned():
    tag = read(write_id3(Tags(title="a\0b\nc\x9bd\ud800e", comment="a\r\nb\rc\0d\te")))
    assert str(tag["TIT2"]) == "a b c d\ufffde"
    assert tag["COMM::und"].text == ["a\nb\nc d\te"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2026", ("2026", None)),
        ("2026-02-01", ("2026", "0102")),
        ("2026-02", ("2026", None)),
        ("1 Feb 2026", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_dates(date, expected):
    tag = read(write_id3(Tags(title="x", date=date)))
    assert tuple(str(tag[name]) if name in tag else None for name in ("TYER", "TDAT")) == expected


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("en-US", "eng"),
        ("de", "deu"),
        ("pt_BR", "por"),
        ("zh-Hant-TW", "zho"),
        ("ENG", "eng"),
        ("gsw", "gsw"),
        ("xx", None),
        ("", None),
        ("日本語", None),
        (None, None),
    ],
)
def test_languages(language, code):
    assert language_code(language) == code


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((TagChapter("a", "A", 5, 10),), "start at 0"),
        ((TagChapter("a", "A", 0, 10), TagChapter("a", "B", 10, 20)), "same id"),
        ((TagChapter("a", "A", 0, 11), TagChapter("b", "B", 10, 20)), "follow one another"),
        ((TagChapter("a", "A", 0, -1),), "follow one another"),
        ((TagChapter("a", "A", 0, 1 << 32),), "49 days"),
        (chapters(255 * 255 + 1), "at most 65025"),
    ],
)
def test_chapters_that_cannot_be(parts, message):
    with pytest.raises(ValueError, match=message):
        write_id3(Tags(title="x", chapters=parts))


@pytest.mark.parametrize(
    "picture",
    [Picture("image/gif", b"GIF89a"), Picture("image/png", JPEG.data), Picture("image/jpeg", b"")],
)
def test_pictures_that_are_none(picture):
    with pytest.raises(SoundError, match="a picture said to be"):
        write_id3(Tags(title="x", cover=picture))


def test_a_tag_over_256_mib_is_refused():
    huge = Picture("image/jpeg", JPEG.data + bytes(1 << 28))
    with pytest.raises(SoundError, match="ID3 allows 256"):
        write_id3(Tags(title="x", cover=huge))


def test_sizes_over_127_are_synchsafe_in_the_tag_and_plain_in_frames():
    raw = write_id3(
        Tags(title="x", genre=None, cover=Picture("image/jpeg", JPEG.data + bytes(100_000)))
    )
    assert read(raw).size == len(raw)
    at = raw.index(b"APIC")
    assert struct.unpack_from(">I", raw, at + 4)[0] == len(raw) - at - 10
    assert all(byte < 128 for byte in raw[6:10])
