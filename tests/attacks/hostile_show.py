"""A show in which every field that a person can fill holds an attack, built and published."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from publish.show_folder import NOW

from sayso.build.api import build_episode
from sayso.build.options import Options
from sayso.publish.api import publish
from sayso.publish.selection import Request
from sayso.show.finding import find_show

HTML = "</title></script><script>PWN(1)</script><img src=x onerror=PWN(2)> \"'><svg/onload=PWN(3)>"
XML = "]]> <!-- PWN --> &PWN; <?PWN?> </channel></item>"
CUE = "00:00:00.000 --> 99:00:00.000 WEBVTT NOTE <v PWN>"
TEMPLATE = "{{ 7 * 191 }} {% raw %} ${7*191}"
LINK = "javascript:PWN(4)"
REVERSED = "\u202eREVERSED\u2066"
WORDS = f"{HTML} {XML} {CUE} {TEMPLATE}"
ALL = f"{WORDS} {REVERSED}"

REVIEW = f"""\
---
title: {json.dumps("The Pier " + ALL)}
subject: {json.dumps("Pier " + HTML)}
author: {json.dumps("Ada " + HTML)}
rating: {json.dumps("8/10 " + HTML)}
summary: {json.dumps("Good " + ALL)}
link: {json.dumps(LINK)}
kind: own
venue: {json.dumps("Hall " + ALL)}
date: 2026-03-01
---

The harbour lights are out again, and the story <script>PWN(5)</script> begins.
<img src=x onerror=PWN(6)> [here]({LINK}) and <a href="{LINK}">there</a>.

The cast is small: {CUE}

Overall, it is worth {TEMPLATE} it. \\{{sound ../../../etc/passwd\\}} \\<script\\>PWN(7)\\</script\\>
"""

SHOW = f"""\
title = {json.dumps("Late Seats " + HTML)}
author = {json.dumps("Ada " + WORDS)}
description = {json.dumps("From the back row " + WORDS)}
[voices.host]
engine = "tone"
speaker = {json.dumps("Ann " + HTML + CUE)}
[voices.critic]
engine = "tone"
speaker = {json.dumps("<v PWN>")}
[feed]
url = "https://late-seats.example/"
category = "TV Reviews"
owner = {json.dumps("Ada " + HTML[:80])}
copyright = {json.dumps(HTML)}
license = {json.dumps(HTML[:90])}
frequency = {json.dumps(XML)}
[[feed.funding]]
url = "https://late-seats.example/?a='><script>PWN(8)</script>"
text = {json.dumps(HTML)}
[[feed.people]]
name = {json.dumps(HTML)}
role = {json.dumps(XML)}
[feed.verify]
{json.dumps("a" + HTML)} = {json.dumps(HTML)}
[feed.directories]
{json.dumps("Dir " + HTML)} = "https://late-seats.example/\\"onmouseover=PWN(9)"
[publish]
target = "public"
"""

KIND = f"""\
extends = "tv"
title = {json.dumps(HTML)}
[[segments]]
id = "cast"
title = {json.dumps("Cast " + HTML + CUE)}
spoken = {json.dumps("cast " + ALL)}
"""

LEXICON = f"""\
[words]
"harbour" = {{ say = {json.dumps("harber " + HTML)}, ipa = {json.dumps("ˈ⟦|⟧<PWN>")} }}
"""


@dataclass(frozen=True)
class Hostile:
    """The show, once it is published."""

    root: Path
    episode: Path

    def pages(self) -> dict[str, str]:
        """Every file of HTML that came of it, by a short name."""
        paths = [*self.episode.glob("*.html"), *(self.root / "public").rglob("*.html")]
        return {str(path.relative_to(self.root)): path.read_text("utf-8") for path in paths}


def make(root: Path) -> Hostile:
    """Build and publish it."""
    for name, text in (
        ("show.toml", SHOW),
        ("lexicon.toml", LEXICON),
        ("kinds/own.toml", KIND),
        ("reviews/the-pier.md", REVIEW),
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    done = build_episode(root / "reviews/the-pier.md", Options(engine="tone", jobs=1))
    publish(find_show(root), Request(("the-pier",)), now=NOW)
    return Hostile(root, done.folder)
