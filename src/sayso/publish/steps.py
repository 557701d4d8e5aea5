"""The table of steps: what happens between finished episodes and a feed, in which order.

    look ─► choose ─► fix ─► prepare ─► upload ─► prove ─► pages ─► feed ─► read back ─► index
    ─► ping ─► mark

The order is the promise. What a listener can see comes after what it needs, and the ledger says
`published` after all is done; so a run that is killed leaves files that no feed names, or an
episode that the next run finds pending and finishes.

A step is a function of the publication and the result of the step before it; it gives a frozen
result of its own (`states`), or the same one where it only makes sure of something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sayso.publish import finalize, prepare, upload
from sayso.publish.states import Begun, Fixed, Prepared, Publication, Written


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a publication."""

    name: str
    what: str
    """What a person reads while it runs."""
    run: Callable[[Publication, Any], object]
    """Takes what the step before it gives."""
    writes: str = ""
    """What it changes, and where; nothing for steps that only look."""


STEPS = (
    Step("look", "reading the feed that is there", prepare.look),
    Step("choose", "checking the episodes", prepare.choose_episodes),
    Step("fix", "fixing GUIDs and dates", prepare.fix_in_ledger, "feed.lock.json"),
    Step("prepare", "making pages", prepare.prepare),
    Step("upload", "uploading", upload.upload, "media/, assets/"),
    Step("prove", "fetching what was uploaded", upload.prove),
    Step("pages", "writing pages", upload.write_pages, "EPISODE/index.html"),
    Step("feed", "writing the feed", upload.write_feed, "feed.xml"),
    Step("read back", "reading the feed back", upload.read_back),
    Step("index", "writing the index", finalize.write_index, "index.html"),
    Step("ping", "telling the hub", finalize.ping),
    Step("mark", "closing the ledger", finalize.mark, "feed.lock.json"),
)


def run(publication: Publication) -> Fixed | Written:
    """Run the steps in order.

    Ends early where there is no feed and nothing to begin one with: all is scheduled, or nothing is
    finished. Raises SaysoError; then the same publication can be run again.
    """
    state: object = Begun()
    for step in STEPS:
        publication.reporter.stage(step.name, step.what)
        state = step.run(publication, state)
        if isinstance(state, Fixed) and state.found.before is None and not state.to_publish:
            return state
    assert isinstance(state, Written)
    return state


def rehearse(publication: Publication) -> Prepared | Written:
    """Find out what would be published and how the feed would change, and write nothing."""
    state: Any = Begun()
    for step in STEPS[:2]:
        publication.reporter.stage(step.name, step.what)
        state = step.run(publication, state)
    fixed = prepare.suppose_fixed(publication, state)
    prepared = prepare.prepare(publication, fixed)
    if fixed.found.before is None and not prepared.episodes:
        return prepared
    return upload.suppose_written(publication, prepared)
