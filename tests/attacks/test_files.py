"""Names, paths, links and files of strangers: nothing outside of a show is read or written."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from fuzz.guard import Ran, run_one
from fuzz.targets import Target
from PIL import Image

from sayso.episode.checking.check import check_episode
from sayso.episode.cover import read_cover
from sayso.errors import SaysoError
from sayso.mix.sounds import decode
from sayso.model import Show
from sayso.publish.media import read_finished
from sayso.publish.targets.base import FileForm
from sayso.publish.targets.urls import open_target
from sayso.review import load_kinds, read_review
from sayso.script import check_names, parse_script
from sayso.show.finding import find_show, sound_path
from sayso.show.paths import slug
from sayso.show.show_file import parse_show
from sayso.speech.spoken import load_lexicon
from sayso.system.cache import Store, make_key

SHOW = parse_show('title = "Dead Air"', Path("show.toml"))


def refused(attack: Callable[[], object]) -> str:
    """The one clear error that an attack ends with."""
    with pytest.raises(SaysoError) as error:
        attack()
    told = str(error.value)
    assert told.isprintable() or "\n" in told
    assert len(told) < 1_500
    return told


# --------------------------------------------------------------------------- names of sounds, covers

OUTSIDE = {
    "up": "../secret.wav",
    "up from a folder": "audio/../../secret.wav",
    "absolute": "/etc/passwd",
    "a device": "/dev/zero",
    "NUL": "audio/a\0.wav",
    "very long": "a" * 5_000 + ".wav",
    "very deep": "a/" * 3_000 + "a.wav",
    "through a link to a file": "link.wav",
    "through a link to a folder": "folder/secret.wav",
    "through a link in a circle": "circle/x.wav",
    "the show's own folder": ".",
}


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """A show beside a secret, with links that lead there."""
    outside, root = tmp_path / "outside", tmp_path / "show"
    outside.mkdir()
    root.mkdir()
    (outside / "secret.wav").write_bytes(b"RIFF secret")
    (root / "link.wav").symlink_to(outside / "secret.wav")
    (root / "folder").symlink_to(outside)
    (root / "circle").symlink_to(root / "circle")
    return replace(SHOW, root=root)


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_sound_or_cover_stays_in_the_show(name: str, show: Show) -> None:
    def read() -> None:
        path = sound_path(show, OUTSIDE[name])
        decode(path.read_bytes() if path.is_file() else b"", path, 44_100, 2)

    told = refused(read)
    assert "secret.wav" not in told or OUTSIDE[name] in told


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_cue_in_a_script_stays_in_the_show(name: str, show: Show) -> None:
    script = parse_script(f'{{sound "{OUTSIDE[name]}"}}\n\nHello.\n')
    problems = check_names(script, show, lambda file: sound_path(show, file))
    assert problems or not sound_path(show, OUTSIDE[name]).is_file()


FOREIGN = {"drive": "C:\\windows\\win.ini", "drive, relative": "C:win.ini", "share": "\\\\host\\share\\x.wav",
           "device of Windows": "CON", "stream of a file": "a.wav:hidden"}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_names_of_windows_lead_nowhere(name: str, show: Show) -> None:
    path = sound_path(show, FOREIGN[name])
    assert path.parent.resolve() == show.root.resolve()
    assert not path.exists()


# ----------------------------------------------------------------------------------- slugs

NAMES = {
    "up": "../../x.md", "dots": "...md", "NUL": "a\0b.md", "controls": "a\x1b]0;x\x07.md", "long": "a" * 250 + ".md",
    "device": "con.md", "device, in capitals": "NUL.md", "serial port": "com1.md", "homoglyphs": "\u0430bc.md",
    "right to left": "\u202egnp.md", "spaces": "   a   .md", "quotes": "';rm -rf ~;'.md", "percent": "%2e%2e%2f.md",
    "accents, composed": "caf\u00e9.md", "accents, decomposed": "cafe\u0301.md", "newline": "a\nb.md", "markup": "<b>.md",
}  # fmt: skip
DEVICES = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(10))}


@pytest.mark.parametrize("name", NAMES)
def test_the_folder_of_an_episode_has_a_plain_name(name: str) -> None:
    try:
        made = slug(Path(NAMES[name]))
    except SaysoError:  # nothing is left of the name
        return
    assert made.replace("-", "a").isalnum()
    assert made.isascii()
    assert made == made.lower()
    assert 0 < len(made) <= 80
    assert made not in DEVICES


def test_a_name_of_no_encoding_is_refused(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/re\xffview.md"
    Path(os.fsdecode(path)).write_text("Hello.\n")
    assert "not UTF-8" in refused(lambda: read_review(Path(os.fsdecode(path))))


# ------------------------------------------------------------------------------- links in a show


def test_a_link_for_a_target_does_not_lead_out(show: Show) -> None:
    (show.root / "public").symlink_to(show.root.parent / "outside")
    assert "leads out" in refused(lambda: open_target("public", root=show.root))
    assert "leads out" in refused(lambda: open_target("folder/x", root=show.root))


def test_links_in_a_circle_are_told(show: Show) -> None:
    for name in ("review.md", "show.toml", "public"):
        (show.root / name).symlink_to(show.root / name)
    refused(lambda: read_review(find_show(show.root / "review.md").root / "review.md"))
    refused(lambda: open_target("public", root=show.root).read("feed.xml"))
    refused(
        lambda: open_target("public", root=show.root).put(
            "a.txt", b"x", FileForm("text/plain", immutable=False)
        )
    )


def test_an_episode_of_links_is_not_published(show: Show) -> None:
    folder = show.root / "episodes" / "x"
    folder.mkdir(parents=True)
    for name in ("episode.json", "episode.mp3", "notes.html"):
        (folder / name).symlink_to(show.root.parent / "outside" / "secret.wav")
    assert "secret" not in refused(lambda: read_finished(folder)).replace("secret.wav", "")
    assert not check_episode(folder).is_right


def test_a_link_in_the_cache_is_no_take(tmp_path: Path) -> None:
    store, key = Store(tmp_path / "cache"), make_key("x")
    secret = tmp_path / "secret"
    secret.write_bytes(b"a secret of somebody")
    store.path(key).parent.mkdir(parents=True)
    store.path(key).symlink_to(secret)
    assert store.get(key) is None
    store.put(key, b"mine")
    assert secret.read_bytes() == b"a secret of somebody"
    assert store.get(key) == b"mine"


LINKED = {
    "lexicon": lambda path: load_lexicon(path),
    "kind": lambda path: load_kinds([path.parent]),
    "settings": lambda path: find_show(path.parent),
}


@pytest.mark.parametrize("what", LINKED)
def test_an_error_of_a_linked_file_does_not_tell_what_is_in_it(what: str, tmp_path: Path) -> None:
    secret = tmp_path / "id_rsa"
    secret.write_text("-----BEGIN PRIVATE KEY-----\nqqSECRETqq qq\n")
    names = {"lexicon": "lexicon.toml", "kind": "own.toml", "settings": "show.toml"}
    (tmp_path / "x").mkdir()
    path = tmp_path / "x" / names[what]
    path.symlink_to(secret)
    assert "qqSECRETqq" not in refused(lambda: LINKED[what](path))


# ------------------------------------------------------------------------------- bombs


def sound(rate: int = 44_100, n: int = 1_000, form: str = "WAV", subtype: str = "PCM_16") -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, np.zeros((n, 1), np.int16), rate, format=form, subtype=subtype)
    return stream.getvalue()


def _patched(raw: bytes, at: int, layout: str, value: float) -> bytes:
    changed = bytearray(raw)
    struct.pack_into(layout, changed, at, value)
    return bytes(changed)


def _hours_of_flac() -> bytes:
    stream = io.BytesIO()
    silence = np.zeros((2_000_000, 1), np.int16)
    with soundfile.SoundFile(stream, "w", 2_000, 1, format="FLAC", subtype="PCM_16") as file:
        file.write(silence)
    return stream.getvalue()


def _floats(value: float) -> bytes:
    stream = io.BytesIO()
    samples = np.full((100, 1), value, np.float32)
    soundfile.write(stream, samples, 44_100, format="WAV", subtype="FLOAT")
    return stream.getvalue()


SOUNDS: dict[str, Callable[[], bytes]] = {
    "a rate of 1 GHz": lambda: sound(1_000_000_000),
    "a rate of 2 GHz": lambda: _patched(sound(), 24, "<I", 2**31 - 1),
    "a rate of 1 Hz": lambda: sound(1),
    "a rate of none": lambda: _patched(sound(), 24, "<I", 0),
    "no channels": lambda: _patched(sound(), 22, "<H", 0),
    "65,535 channels": lambda: _patched(sound(), 22, "<H", 65_535),
    "hours in a few bytes": _hours_of_flac,
    "not a number": lambda: _floats(float("nan")),
    "infinite": lambda: _floats(float("inf")),
    "a playlist of files": lambda: b"#EXTM3U\n/etc/passwd\nhttp://169.254.169.254/\n",
    "a page": lambda: b"<html><script>PWN</script></html>",
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("name", SOUNDS)
def test_a_bomb_as_a_sound_is_refused(name: str) -> None:
    raw = SOUNDS[name]()
    assert len(raw) < 100_000
    ran: Ran = run_one(Target(lambda data: decode(data, Path("x.wav"), 44_100, 2), 0), raw)
    assert ran.refused, ran
    assert ran.fault is None, ran


def test_lying_sizes_of_a_sound_take_no_memory() -> None:
    for at, value in ((4, 2**32 - 1), (40, 2**32 - 2), (40, 2**31 - 1)):
        raw = _patched(sound(), at, "<I", value)
        ran = run_one(Target(lambda data: decode(data, Path("x.wav"), 44_100, 2), 0), raw)
        assert ran.fault is None, ran


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *chunks: bytes, colour: int = 2) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(1_000)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def _text_bomb() -> bytes:
    text = zlib.compress(bytes(64 * 2**20), 9)
    return png(1400, 1400, *[chunk(b"iTXt", b"k\0\1\0\0\0" + text) for _ in range(8)])


def _profile_bomb() -> bytes:
    return png(1400, 1400, chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(256 * 2**20), 9)))


def _gif() -> bytes:
    stream = io.BytesIO()
    Image.new("P", (1400, 1400)).save(stream, "GIF")
    return stream.getvalue()


COVERS: dict[str, Callable[[], bytes]] = {
    "a picture of 2,000 megapixels": lambda: png(45_000, 45_000),
    "a picture larger than numbers": lambda: png(2**31 - 1, 2**31 - 1),
    "a picture of no size": lambda: png(0, 0),
    "texts that unpack to half a gigabyte": _text_bomb,
    "a colour profile that unpacks to a quarter": _profile_bomb,
    "pixels that are not there": lambda: png(1400, 1400),
    "another kind of picture": _gif,
    "a picture that is a program": lambda: (
        b"<svg onload='PWN' xmlns='http://www.w3.org/2000/svg'/>"
    ),
    "PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(PWN) run\n",
}


@pytest.mark.parametrize("name", COVERS)
def test_a_bomb_as_a_cover_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    path.write_bytes(COVERS[name]())
    ran = run_one(Target(lambda _: read_cover(path), 0), b"")
    assert ran.refused, ran
    assert ran.fault is None, ran
