"""Covers: drawn, read and checked, and fitted into the tag."""

from __future__ import annotations

import contextlib
import io
import random
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat, PngImagePlugin

from sayso.episode.cover import (
    PALETTES,
    TAG_MAX_BYTES,
    draw_cover,
    read_cover,
    tag_cover,
)
from sayso.episode.lettering import drawable, lay_out
from sayso.errors import ErrorGroup, SaysoError, SoundError


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def save(path: Path, size: tuple[int, int] = (1400, 1400), mode: str = "RGB", **options) -> Path:
    Image.new(mode, size, 90 if mode in "LP" else None).save(path, **options)
    return path


# ------------------------------------------------------------------------------------------- drawn


def test_a_drawn_cover_is_what_directories_ask_for(tmp_path):
    data = draw_cover("Dead Air", "Late-night television, reviewed")
    (tmp_path / "cover.jpg").write_bytes(data)
    cover = read_cover(tmp_path / "cover.jpg")
    assert (cover.mime, cover.size_px, cover.data) == ("image/jpeg", 3000, data)
    assert len(data) < 1_500_000


def test_the_same_title_gives_the_same_bytes_and_another_one_does_not():
    assert draw_cover("Dead Air", size_px=400) == draw_cover("Dead Air", size_px=400)
    titles = ["Dead Air", "Dead Ayr", "Plain Speaker", "Second Screen", "Q", "드라마", "연극"]
    assert len({draw_cover(title, size_px=200) for title in titles}) == len(titles)


def test_composed_and_decomposed_titles_are_the_same_title():
    assert draw_cover("Cafe\u0301", size_px=200) == draw_cover("Caf\u00e9", size_px=200)


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=120))
def test_any_title_gives_a_cover(title):
    image = picture(draw_cover(title, title[::-1], size_px=120))
    assert (image.size, image.mode, image.format) == ((120, 120), "RGB", "JPEG")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=120))
def test_lettering_keeps_every_letter_and_stays_in_its_box(title):
    text = drawable(title)
    if not text:
        return
    words = lay_out(text, left=0.1, top=0.1, width=0.8, height=0.4, largest=0.25, stroke=0.015)
    joined = "".join(words.lines).replace("-", "").replace(" ", "")
    assert joined == text.replace("-", "").replace(" ", "")
    left, top, right, foot = ink_of(words)
    assert left >= 0.1 - 0.02
    assert right <= 0.9 + 0.02
    assert top >= 0.1 - 0.3 * words.size  # accents of the first line's capitals
    assert foot <= 0.5 + 0.01


def ink_of(words, unit=500):
    from PIL import ImageDraw

    mask = Image.new("L", (unit, unit))
    words.draw(ImageDraw.Draw(mask), unit)
    return [edge / unit for edge in mask.getbbox() or (unit / 5, unit / 5, unit / 5, unit / 5)]


@pytest.mark.parametrize(
    ("title", "drawn"),
    [
        ("Dead Air", "Dead Air"),
        ("  two\n lines ", "two lines"),
        ("Straße – Łódź", "Strasse - Lo\u0301dz\u0301"),
        ("Fun \N{PARTY POPPER} Time", "Fun Time"),
        ("드라마 리뷰", ""),
        ("Обзор 2", ""),
        ("기생충 reviewed", "reviewed"),
        ("\N{PARTY POPPER}", ""),
        ("", ""),
    ],
)
def test_what_of_a_title_can_be_drawn(title, drawn):
    assert drawable(title) == drawn


def test_accents_are_ink_of_their_own():
    def ink(text):
        mask = Image.new("L", (300, 300))
        from PIL import ImageDraw

        words = lay_out(
            drawable(text), left=0.2, top=0.3, width=0.8, height=0.6, largest=0.5, stroke=0.0
        )
        words.draw(ImageDraw.Draw(mask), 300)
        return mask

    for plain, accented in [("e", "é"), ("u", "ü"), ("c", "ç"), ("a", "ą"), ("Z", "Ž"), ("o", "ő")]:
        added = ImageChops.subtract(ink(accented), ink(plain))
        assert ImageStat.Stat(added).sum[0] / 255 > 40, accented
    assert ImageStat.Stat(ImageChops.subtract(ink("i"), ink("í"))).sum[0] > 0  # the dot gives way


def test_lettering_contrasts_with_its_ground():
    def luminance(colour: str) -> float:  # WCAG 2.2, relative luminance
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for palette in PALETTES:
        light, dark = sorted(map(luminance, (palette.ground, palette.lettering)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 7, palette


def test_a_short_title_can_be_read_at_55_pixels():
    """At the size of a list, strokes of the lettering still stand out from the ground."""
    small = picture(draw_cover("Dead Air")).resize((55, 55)).convert("L")
    words = small.crop((4, 3, 51, 15))
    low, high = words.getextrema()
    assert high - low > 120


# ---------------------------------------------------------------------------------- read and checked


@pytest.mark.parametrize(("suffix", "mime"), [("jpg", "image/jpeg"), ("png", "image/png")])
def test_good_covers_are_read(tmp_path, suffix, mime):
    cover = read_cover(save(tmp_path / f"cover.{suffix}", (2000, 2000)))
    assert (cover.mime, cover.size_px) == (mime, 2000)


@pytest.mark.parametrize(
    ("size", "mode", "suffix", "problem"),
    [
        ((1500, 1400), "RGB", "png", "the cover is not square: 1500×1400 pixels"),
        ((1399, 1399), "RGB", "png", "the cover is too small: 1399×1399 pixels"),
        ((3001, 3001), "RGB", "jpg", "the cover is too large: 3001×3001 pixels"),
        ((1400, 1400), "RGBA", "png", "the cover has transparent parts"),
        ((1400, 1400), "LA", "png", "the cover has transparent parts"),
        ((1400, 1400), "L", "png", "the cover is not in RGB colour but in L"),
        ((1400, 1400), "P", "png", "the cover is not in RGB colour but in P"),
        ((1400, 1400), "CMYK", "jpg", "the cover is not in RGB colour but in CMYK"),
        ((1400, 1400), "RGB", "gif", "the cover is neither a JPEG nor a PNG"),
    ],
)
def test_each_fault_is_named_with_its_mend(tmp_path, size, mode, suffix, problem):
    path = save(tmp_path / f"cover.{suffix}", size, mode)
    with pytest.raises(SoundError) as caught:
        read_cover(path)
    assert caught.value.problem == problem
    assert caught.value.file == str(path)
    assert caught.value.hint


def test_several_faults_are_named_at_once(tmp_path):
    with pytest.raises(ErrorGroup) as caught:
        read_cover(save(tmp_path / "cover.png", (800, 600), "RGBA"))
    assert [error.problem.split(":")[0] for error in caught.value.errors] == [
        "the cover is not square",
        "the cover is too small",
        "the cover has transparent parts",
    ]


def test_missing_folder_empty_and_text(tmp_path):
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.jpg").write_text("not a picture")
    for name in ("missing.png", "empty.png", "text.jpg", "."):
        with pytest.raises(SoundError):
            read_cover(tmp_path / name)


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_cut_off_file_is_refused(tmp_path, suffix):
    whole = save(tmp_path / f"whole.{suffix}").read_bytes()
    path = tmp_path / f"cut.{suffix}"
    for share in (0.02, 0.3, 0.8):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(SoundError):
            read_cover(path)


def test_a_damaged_file_is_refused_or_read_but_never_a_traceback(tmp_path):
    dice = random.Random(1)
    path = tmp_path / "damaged.png"
    whole = save(path).read_bytes()
    for _ in range(40):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        path.write_bytes(damaged)
        with contextlib.suppress(SaysoError):
            assert read_cover(path).size_px == 1400


@pytest.mark.parametrize("side", [12_000, 60_000])
def test_a_decompression_bomb_is_refused_by_its_header(tmp_path, side):
    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + crc

    head = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb)
    with pytest.raises(SoundError, match="pixels"):
        read_cover(path)


# ------------------------------------------------------------------------------------------- the tag


def noise(side: int) -> Image.Image:
    return Image.frombytes("RGB", (side, side), random.Random(2).randbytes(side * side * 3))


def test_the_tag_gets_a_small_baseline_jpeg():
    tagged = tag_cover(draw_cover("Dead Air"))
    image = picture(tagged.data)
    assert tagged.mime == "image/jpeg"
    assert (image.size, image.format, image.mode) == ((1400, 1400), "JPEG", "RGB")
    assert not image.info.get("progressive")
    assert len(tagged.data) <= TAG_MAX_BYTES
    assert tag_cover(draw_cover("Dead Air")) == tagged


def test_even_noise_fits_the_tag():
    out = io.BytesIO()
    noise(1400).save(out, "PNG", compress_level=1)
    assert len(tag_cover(out.getvalue()).data) <= TAG_MAX_BYTES


def test_the_tag_carries_no_metadata(tmp_path):
    image = Image.new("RGB", (1400, 1400), "teal")
    exif = Image.Exif()
    exif[0x010E] = "secret words"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "secret words")
    image.save(tmp_path / "a.jpg", exif=exif, comment=b"secret words", icc_profile=b"secret words")
    image.save(tmp_path / "a.png", exif=exif, pnginfo=notes)
    for name in ("a.jpg", "a.png"):
        data = tag_cover(read_cover(tmp_path / name).data).data
        assert b"secret" not in data
        assert not picture(data).getexif()


def test_a_turned_photograph_is_set_upright(tmp_path):
    image = Image.new("RGB", (1400, 1400), "white")
    image.paste("black", (0, 0, 1400, 700))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    image.save(tmp_path / "turned.jpg", exif=exif)
    upright = picture(tag_cover(read_cover(tmp_path / "turned.jpg").data).data).convert("L")
    assert upright.getpixel((700, 100)) > 200
    assert upright.getpixel((700, 1300)) < 50


def test_what_is_no_picture_raises():
    with pytest.raises(SoundError):
        tag_cover(b"GIF89a")
