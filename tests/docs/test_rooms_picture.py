"""docs/rooms.svg shows the imports that there are."""

from __future__ import annotations

import os
from collections import defaultdict

from docs.fences import ROOT, read
from lxml import etree
from making.rooms import rooms_picture
from test_rooms import DOORS, GROUND, JOINTS, ROOMS, imported, modules, place


def test_the_picture_of_the_rooms() -> None:
    """SAYSO_UPDATE=1 draws it anew."""
    imports: dict[str, set[str]] = defaultdict(set)
    for path in modules():
        imports[place(path)] |= {one.split(".")[1] for one in imported(path)}
    picture = rooms_picture(imports, GROUND, ROOMS, JOINTS, DOORS)
    etree.fromstring(picture)
    if os.environ.get("SAYSO_UPDATE"):
        (ROOT / "docs" / "rooms.svg").write_text(picture, "utf-8")
    else:
        assert read("docs/rooms.svg") == picture, (
            "SAYSO_UPDATE=1 pytest tests/docs/test_rooms_picture.py"
        )
