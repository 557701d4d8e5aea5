"""The cover of a show: drawn from its title, or read and checked, and fitted into the MP3's tag."""

from __future__ import annotations

import hashlib
import io
import math
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.episode.id3 import Picture
from sayso.episode.lettering import drawable, lay_out
from sayso.errors import SaysoError, SoundError, raise_all
from sayso.system.atomic_files import explain_os_errors

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

MIN_PX, MAX_PX = 1400, 3000  # Apple Podcasts' artwork requirements: square, RGB, JPEG or PNG
MAX_FILE_BYTES = 20_000_000  # ours: forty times what the largest sensible cover needs
TAG_PX = 1400
EPISODE_PX = 2 * TAG_PX  # what is drawn for an episode: the tag's picture is unpacked at half size
TAG_MAX_BYTES = 300_000  # ours: players load the whole tag before the first second of sound


@dataclass(frozen=True, slots=True)
class CoverImage:
    """A cover that every directory accepts: the file's own bytes, checked."""

    data: bytes
    mime: str
    """`image/jpeg` or `image/png`."""
    size_px: int
    """Width, which is also the height."""
    path: Path | None = None


# ---------------------------------------------------------------------------------- read and check


def read_cover(path: Path) -> CoverImage:
    """Read a show's own cover and check it against what directories accept.

    Size and kind are read from the header, so that a huge picture is refused before it is
    unpacked. Raises SoundError (or ErrorGroup of several) that names the hint, and
    EnvironmentProblem where the file cannot be read.
    """
    if not path.is_file():
        raise SoundError(
            "there is no such cover",
            code="no-such-file",
            file=path,
            hint="check `cover` in show.toml, or remove it",
        )
    with explain_os_errors(path):
        if path.stat().st_size > MAX_FILE_BYTES:
            raise SoundError(
                f"the cover is larger than {MAX_FILE_BYTES // 1_000_000} MB",
                code="too-large",
                file=path,
                hint=f"save it as a JPEG of at most {MAX_PX}×{MAX_PX} pixels",
            )
        data = path.read_bytes()
    image = _open(data, path)
    raise_all(_faults(image, path))
    _decode(image, path)
    mime = "image/png" if image.format == "PNG" else "image/jpeg"
    return CoverImage(data, mime, image.width, path)


def _faults(image: Image, path: Path) -> list[SaysoError]:
    """What directories would reject, all of it."""
    width, height = image.size
    found: list[SaysoError] = []

    def fault(problem: str, hint: str) -> None:
        found.append(SoundError(problem, code="bad-picture", file=path, hint=hint))

    if width != height:
        fault(f"the cover is not square: {width}×{height} pixels", "crop it to a square")
    if min(width, height) < MIN_PX:
        fault(
            f"the cover is too small: {width}×{height} pixels",
            f"at least {MIN_PX}×{MIN_PX}, better {MAX_PX}×{MAX_PX}",
        )
    if max(width, height) > MAX_PX:
        fault(
            f"the cover is too large: {width}×{height} pixels",
            f"scale it down to {MAX_PX}×{MAX_PX}",
        )
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        fault("the cover has transparent parts", "save it without an alpha channel")
    elif image.mode != "RGB":
        fault(f"the cover is not in RGB colour but in {image.mode}", "save it as an RGB picture")
    return found


def _open(data: bytes, path: Path | None) -> Image:
    """Read a picture's header; its pixels are not unpacked yet."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise SoundError(
            "the cover has far too many pixels",
            code="bad-picture",
            file=path,
            hint=f"scale it down to {MAX_PX}×{MAX_PX}",
        ) from error
    except Exception as error:  # Pillow's readers raise whatever a broken header leads them to
        raise SoundError(
            "the cover is neither a JPEG nor a PNG",
            code="bad-picture",
            file=path,
            hint="save it as one of these",
        ) from error


def _decode(image: Image, path: Path | None) -> None:
    """Unpack the pixels, or say that they are damaged."""
    try:
        image.load()
    except Exception as error:  # OSError, SyntaxError, ValueError, zlib.error … by kind of damage
        raise SoundError(
            "the cover is damaged or incomplete",
            code="bad-picture",
            file=path,
            hint="save or download it again",
        ) from error


def folder_cover(cover: CoverImage) -> bytes:
    """A show's own cover as the JPEG that lies beside the episode; a JPEG stays as it is."""
    if cover.mime == "image/jpeg":
        return cover.data
    opened = _open(cover.data, cover.path)
    _decode(opened, cover.path)
    return _jpeg(opened, quality=95)


def tag_cover(data: bytes) -> Picture:
    """A cover as 1400×1400 baseline JPEG of at most 300 kB, without metadata, for the MP3's tag.

    `data` is a square JPEG or PNG, from `read_cover` or `draw_cover`. The same bytes give the
    same picture. Raises SoundError where they are no picture.
    """
    from PIL import Image, ImageOps

    opened = _open(data, None)
    opened.draft("RGB", (TAG_PX, TAG_PX))  # a JPEG of 2800 pixels or more is unpacked at half size
    _decode(opened, None)
    upright = ImageOps.exif_transpose(opened).convert("RGB")
    fitted = upright.resize((TAG_PX, TAG_PX), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", fitted.size)
    bare.paste(fitted)  # leaves EXIF, colour profile and comments behind
    for quality in (92, 88, 84, 78, 72, 64, 56, 48, 36, 24, 12):
        # Full colour resolution keeps coloured lettering crisp; coarse pictures can do without.
        packed = _jpeg(bare, quality, subsampling=0 if quality > 80 else 2)
        if len(packed) <= TAG_MAX_BYTES:
            break
    return Picture("image/jpeg", packed)


def _jpeg(image: Image, quality: int, subsampling: int = 0) -> bytes:
    # Not `optimize`: with it Pillow fails on pictures that pack worse than it expects, like noise.
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=subsampling, progressive=False)
    return out.getvalue()


# --------------------------------------------------------------------------------------- the design


@dataclass(frozen=True, slots=True)
class Palette:
    """Four colours: lettering on ground has a contrast of at least 7 to 1 (WCAG's AAA)."""

    ground: str
    lettering: str
    main: str
    second: str


PALETTES = (
    Palette("#10182b", "#f7f3e9", "#e4572e", "#f2c14e"),  # night, ember
    Palette("#12312b", "#f6f1e4", "#7fb685", "#e9b44c"),  # forest, honey
    Palette("#2b1330", "#fbf1ea", "#f26a8d", "#f7b267"),  # plum, peach
    Palette("#f4ebdd", "#231a15", "#c8442b", "#e9a03b"),  # paper, brick
    Palette("#0b3c49", "#f5f3ec", "#5fc0b5", "#f5853f"),  # sea, orange
    Palette("#f2b632", "#1d2a44", "#d9532c", "#1d2a44"),  # mustard, ink
    Palette("#1b1b1e", "#f5f5f0", "#2ec4b6", "#ff9f5a"),  # charcoal, teal
    Palette("#e7ecef", "#14213d", "#274c77", "#e76f51"),  # mist, steel
)

MARGIN = 0.08
TITLE_LARGEST = 0.25
TITLE_FOOT = 0.55  # titles reach down to here at most; the picture has the rest
TITLE_STROKE = 0.015  # Aileron comes in one weight, and a cover wants a bolder one
SUBTITLE_SIZE = 0.044


def draw_cover(title: str, subtitle: str | None = None, *, size_px: int = MAX_PX) -> bytes:
    """Draw a square cover from a show's title, as a JPEG of `size_px` pixels a side.

    Colours and picture follow from the title, so that a show keeps its face and two shows differ.
    A title may have any length; past about 60 characters it is too small to be read in a list. One
    in a script that the typeface lacks (Hangul, say) gives a cover without words. The same
    arguments give the same bytes, for one version of Pillow.
    """
    from PIL import Image

    digest = hashlib.sha256(unicodedata.normalize("NFC", title).strip().encode("utf-8")).digest()
    palette = PALETTES[digest[0] % len(PALETTES)]
    draw_picture = (_rings, _bars, _tide)[digest[1] % 3]
    ink = Ink(Image.new("RGB", (size_px, size_px), palette.ground))
    foot = _draw_words(ink, palette, drawable(title), drawable(subtitle or ""))
    draw_picture(ink, palette, digest[2:], max(foot + 0.08, 0.46) if foot else 0.16)
    return _jpeg(ink.canvas, quality=90)


def _draw_words(ink: Ink, palette: Palette, title: str, subtitle: str) -> float:
    """Set title and subtitle from the top down; return where they end, 0 where there are none."""
    if not title:
        return 0.0
    width = 1 - 2 * MARGIN
    foot = TITLE_FOOT - (0.06 if subtitle else 0.0)
    words = lay_out(
        title,
        left=MARGIN,
        top=MARGIN,
        width=width,
        height=foot - MARGIN,
        largest=TITLE_LARGEST,
        stroke=TITLE_STROKE,
    )
    ink.layer(palette.lettering, words.draw)
    if subtitle:
        words = lay_out(
            subtitle,
            left=MARGIN + 0.06 * words.size,  # in line with the title's first stem
            top=words.foot + 0.22 * words.size + 0.015,
            width=width,
            height=0.1,
            largest=SUBTITLE_SIZE,
            stroke=TITLE_STROKE / 2,
        )
        ink.layer(_blend(palette.ground, palette.lettering, 0.85), words.draw)
    return words.foot


class Ink:
    """Paints smooth shapes: each layer is drawn at twice its size and reduced.

    Coordinates are parts of the cover's width, 0 to 1.
    """

    def __init__(self, canvas: Image) -> None:
        from PIL import Image

        self.canvas = canvas
        self.unit = canvas.width * 2
        self._mask = Image.new("L", (self.unit, self.unit), 0)

    def layer(self, colour: str, draw: Callable[[ImageDraw, int], None]) -> None:
        """Let `draw` paint white on black with `unit` pixels to 1, and lay `colour` through it."""
        from PIL import ImageDraw

        draw(ImageDraw.Draw(self._mask), self.unit)
        painted = self._mask.getbbox()
        if painted is None:
            return
        left, top, right, foot = painted
        left, top, right, foot = left & ~1, top & ~1, right + 1 & ~1, foot + 1 & ~1
        smaller = self._mask.reduce(2, (left, top, right, foot))
        self.canvas.paste(colour, (left // 2, top // 2), smaller)
        self._mask.paste(0, painted)


def _blend(ground: str, over: str, share: float) -> str:
    from PIL import ImageColor

    a, b = ImageColor.getrgb(ground), ImageColor.getrgb(over)
    mixed = [round(x + (y - x) * share) for x, y in zip(a[:3], b[:3], strict=True)]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def _rings(ink: Ink, palette: Palette, dice: bytes, top: float) -> None:
    """Sound as a sun at the horizon: rings that thin out as they spread."""
    reach = 1.0 - top
    x = (0.5, 0.5, 0.78, 0.22)[dice[0] % 4]
    rings = ((1.0, 0.05, 0.45), (0.83, 0.07, 0.7), (0.64, 0.085, 1.0), (0.43, 0.0, 1.0))
    for index, (radius, width, share) in enumerate(rings):
        tint = palette.second if index == 3 else palette.main

        def ring(pen: ImageDraw, unit: int, r: float = radius * reach, w: float = width) -> None:
            box = [(x - r) * unit, (1 - r) * unit, (x + r) * unit, (1 + r) * unit]
            if w:
                pen.ellipse(box, outline=255, width=round(w * reach * unit))
            else:
                pen.ellipse(box, fill=255)

        ink.layer(_blend(palette.ground, tint, share), ring)


def _bars(ink: Ink, palette: Palette, dice: bytes, top: float) -> None:
    """A waveform of eleven round-ended bars, one of which is the voice that stands out."""
    n, middle, reach = 11, (top + 0.94) / 2, (0.94 - top) / 2
    pitch = (1 - 2 * MARGIN) / n
    accent = 3 + dice[0] % 5

    def bars(which: Sequence[int]) -> Callable[[ImageDraw, int], None]:
        def draw(pen: ImageDraw, unit: int) -> None:
            half = pitch * 0.31
            for i in which:
                bell = math.sin(math.pi * (i + 1) / (n + 1))
                tall = 1.0 if i == accent else bell * (0.35 + 0.6 * dice[1 + i] / 255)
                tall = max(half * 1.6, tall * reach)
                x = MARGIN + pitch * (i + 0.5)
                box = [(x - half), (middle - tall), (x + half), (middle + tall)]
                pen.rounded_rectangle([v * unit for v in box], radius=half * unit, fill=255)

        return draw

    ink.layer(palette.main, bars([i for i in range(n) if i != accent]))
    ink.layer(palette.second, bars([accent]))


def _tide(ink: Ink, palette: Palette, dice: bytes, top: float) -> None:
    """Waves in front of a low moon: three layers of a slow sine."""
    reach = 1.0 - top
    x = 0.28 + 0.44 * dice[0] / 255
    r = 0.36 * reach

    def moon(pen: ImageDraw, unit: int) -> None:
        y = top + 1.04 * r
        pen.ellipse([(x - r) * unit, (y - r) * unit, (x + r) * unit, (y + r) * unit], fill=255)

    ink.layer(palette.second, moon)
    for index, share in enumerate((0.5, 0.74, 1.0)):
        level = top + reach * (0.52 + 0.17 * index)
        swing = reach * (0.085 - 0.012 * index)
        turns = 1.1 + 0.5 * index + dice[1 + index] / 512
        phase = dice[4 + index] / 40

        def wave(
            pen: ImageDraw,
            unit: int,
            level: float = level,
            swing: float = swing,
            turns: float = turns,
            phase: float = phase,
        ) -> None:
            steps = 240
            crest = [
                (
                    unit * i / steps,
                    unit * (level + swing * math.sin(2 * math.pi * turns * i / steps + phase)),
                )
                for i in range(steps + 1)
            ]
            pen.polygon([*crest, (unit, unit), (0, unit)], fill=255)

        ink.layer(_blend(palette.ground, palette.main, share), wave)
