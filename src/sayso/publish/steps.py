"""The table of steps: what happens between finished episodes and a feed, in which order.

    look ─► choose ─► fix ─► prepare ─► upload ─► prove ─► pages ─► feed ─► read back ─► index
    ─► ping ─► mark

The order is the promise. What a listener can see comes after what it needs, and the ledger says
`published` after all is done; so a run that is killed leaves files that no feed names, or an
episode that the next run finds pending and finishes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sayso.publish import finalize as closing
from sayso.publish import prepare as preparing
from sayso.publish import upload as sending
from sayso.publish.state import Publication


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a publication."""

    name: str
    what: str
    """What a person reads while it runs."""
    run: Callable[[Publication], None]
    writes: str = ""
    """What it changes, and where; nothing for steps that only look."""


STEPS = (
    Step("look", "reading the feed that is there", preparing.look),
    Step("choose", "checking the episodes", preparing.choose_episodes),
    Step("fix", "fixing GUIDs and dates", preparing.fix_in_ledger, "feed.lock.json"),
    Step("prepare", "making pages", preparing.prepare),
    Step("upload", "uploading", sending.upload, "media/, assets/"),
    Step("prove", "fetching what was uploaded", sending.prove),
    Step("pages", "writing pages", sending.write_pages, "EPISODE/index.html"),
    Step("feed", "writing the feed", sending.write_feed, "feed.xml"),
    Step("read back", "reading the feed back", sending.read_back),
    Step("index", "writing the index", closing.write_index, "index.html"),
    Step("ping", "telling the hub", closing.ping),
    Step("mark", "closing the ledger", closing.mark, "feed.lock.json"),
)


def run(work: Publication) -> None:
    """Run the steps in order. Raises SaysoError; then the same publication can be run again."""
    for step in STEPS:
        work.reporter.stage(step.name, step.what)
        step.run(work)
        if step.run is preparing.fix_in_ledger and work.before is None and not work.to_publish:
            return  # all is scheduled, or nothing is finished: a feed begins with an episode


def rehearse(work: Publication) -> None:
    """Find out what would be published and how the feed would change, and write nothing."""
    for step in STEPS[:2]:
        work.reporter.stage(step.name, step.what)
        step.run(work)
    work.ledger = work.choice.ledger
    preparing.prepare(work)
    if work.before is not None or work.prepared:
        sending.would_send(work)
