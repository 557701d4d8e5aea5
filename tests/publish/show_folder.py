"""A show with finished episodes, hummed by the tone engine, ready to be published."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from sayso.build.api import build_episode
from sayso.build.options import Options
from sayso.feed.rss import ReadItem, read_feed
from sayso.publish.api import Published, publish
from sayso.publish.ledger import FILE_NAME, Ledger, read_ledger
from sayso.publish.selection import Request
from sayso.show.finding import find_show

SITE = "https://late-seats.example/show/"
NOW = datetime(2026, 3, 6, 7, 0, tzinfo=timezone.utc)

REVIEW = """\
---
title: "{title}"
author: Ada Quill
kind: tv
date: 2026-03-0{day}
{extra}---

The harbour lights are out again in {title}.

The cast is small and superb. {sentence}

Overall, it is worth it. I give it 8/10.
"""

TEMPLATE = """\
{% rest voice=[host, critic] %}
{{ text }}
{% endrest %}
"""
"""Without greetings and music: each publication decodes all that it sends."""

SETTINGS = """\
title = "Late Seats"
author = "Ada Quill"
description = "Reviews from the back row."
{top}
[feed]
url = "{url}"
category = "TV Reviews"
{feed}
[publish]
target = "{target}"
{publish}
"""


@dataclass(frozen=True)
class ShowFolder:
    """A show on disk."""

    root: Path

    def settings(
        self,
        *,
        url: str = SITE,
        target: str = "public",
        top: str = "",
        feed: str = "",
        publish: str = "",
    ) -> None:
        text = SETTINGS.format(url=url, target=target, top=top, feed=feed, publish=publish)
        (self.root / "show.toml").write_text(text, "utf-8")
        (self.root / "scripts").mkdir(exist_ok=True)
        (self.root / "scripts" / "tv.md.j2").write_text(TEMPLATE, "utf-8")

    def build(
        self, slug: str, *, day: int = 1, sentence: str = "Nobody stops.", extra: str = ""
    ) -> Path:
        """An episode as a user builds it; its folder."""
        source = self.root / "reviews" / f"{slug}.md"
        source.parent.mkdir(parents=True, exist_ok=True)
        title = slug.replace("-", " ").title()
        text = REVIEW.format(title=title, day=day, sentence=sentence, extra=extra)
        source.write_text(text, "utf-8")
        return build_episode(source, Options(engine="tone", force=True)).folder

    def copy(self, slug: str, to: str) -> Path:
        """The same episode once more, under another name."""
        episodes = self.root / "episodes"
        return Path(shutil.copytree(episodes / slug, episodes / to))

    def publish(
        self,
        *slugs: str,
        now: datetime = NOW,
        at: datetime | None = None,
        redate: bool = False,
        due: bool = False,
        adopt: str | None = None,
        dry_run: bool = False,
        withdrawn: Sequence[str] = (),
    ) -> Published:
        return publish(
            find_show(self.root),
            Request(slugs, at, redate, due),
            withdrawn=tuple(withdrawn),
            adopt=adopt,
            dry_run=dry_run,
            now=now,
        )

    @property
    def ledger(self) -> Ledger:
        return read_ledger(self.root / FILE_NAME)

    @property
    def public(self) -> Path:
        return self.root / "public"

    @property
    def items(self) -> dict[str, ReadItem]:
        """The feed's items by slug."""
        feed = read_feed((self.public / "feed.xml").read_bytes(), "feed.xml")
        return {str(item.link).rstrip("/").rpartition("/")[2]: item for item in feed.items}

    def guids(self) -> Mapping[str, str | None]:
        return {slug: item.guid for slug, item in self.items.items()}

    def files(self) -> dict[str, bytes]:
        """Everything published, and the ledger."""
        paths = [path for path in self.public.rglob("*") if path.is_file()]
        paths.append(self.root / FILE_NAME)
        return {str(path.relative_to(self.root)): path.read_bytes() for path in paths}
