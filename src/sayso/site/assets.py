"""Style and script of the site, named by their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sayso.script.loader import FolderLoader

STYLE = "site.css"
"""In `scripts/`: a show's own goes before ours."""
PLAYER = "player.js"


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file that pages refer to."""

    name: str
    """Relative to the site's root: `assets/site-0123456789ab.css`."""
    data: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class AssetNames:
    """The names of style and script, relative to the site's root."""

    style: str
    player: str


def assets(folders: Sequence[Path]) -> tuple[SiteFile, ...]:
    """The files that every page refers to.

    `folders` hold `site.css`, the first that has it. Raises TemplateError where none is fit.
    """
    return (_style(folders), _player())


def referenced(folders: Sequence[Path]) -> AssetNames:
    """The names of those files."""
    return AssetNames(_style(folders).name, _player().name)


def _style(folders: Sequence[Path]) -> SiteFile:
    loader = FolderLoader(folders, suffix=".css")
    data = loader.read_text(loader.find(STYLE)).encode("utf-8")
    return SiteFile(_name(STYLE, data), data, "text/css")


def _player() -> SiteFile:
    data = files("sayso.site").joinpath(PLAYER).read_bytes()
    return SiteFile(_name(PLAYER, data), data, "text/javascript")


def _name(name: str, data: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"assets/{stem}-{hashlib.sha256(data).hexdigest()[:12]}{dot}{suffix}"
