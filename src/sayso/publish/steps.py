"""The table of steps: what happens between finished episodes and a feed, in which order.

    look ─► choose ─► fix ─► prepare ─► upload ─► prove ─► pages ─► feed ─► read back ─► index
    ─► ping ─► mark

Read this first. A step is a function of the context and the result of the step before it; it gives
a frozen result of its own (`states`), and the first `Published` ends the publication. The order is
the promise. What a listener can see comes after what it needs, and the ledger says `published`
after all is done; so a run that is killed leaves files that no feed names, or an episode that the
next run finds pending and finishes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sayso.publish import finalize, prepare, upload
from sayso.publish.states import Begun, Context, Published, State

Run = Callable[[Context, Any], State]
"""Takes what the step before it gives."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a publication."""

    name: str
    what: str
    """What a person reads while it runs."""
    run: Run
    writes: str = ""
    """What it changes, and where; nothing for steps that only look."""
    dry: Run | Literal["likewise"] | None = None
    """A dry run does likewise, or finds out what `run` would do, or leaves the step out (None)."""


STEPS = (
    Step("look", "reading the feed that is there", prepare.read_feed_and_ledger, dry="likewise"),
    Step("choose", "checking the episodes", prepare.choose_episodes, dry="likewise"),
    Step(
        *("fix", "fixing GUIDs and dates", prepare.fix_in_ledger, "feed.lock.json"),
        dry=prepare.plan_ledger,
    ),
    Step("prepare", "making pages", prepare.prepare_episodes, dry="likewise"),
    Step("upload", "uploading", upload.upload_media, "media/, assets/", dry=upload.plan_upload),
    Step("prove", "fetching what was uploaded", upload.prove_uploads),
    Step("pages", "writing pages", upload.write_pages, "EPISODE/index.html"),
    Step("feed", "writing the feed", upload.write_feed, "feed.xml", dry=upload.plan_feed),
    Step("read back", "reading the feed back", upload.read_feed_back),
    Step("index", "writing the index", finalize.write_index, "index.html"),
    Step("ping", "telling the hub", finalize.ping_hub),
    Step("mark", "closing the ledger", finalize.mark_published, "feed.lock.json"),
)


def run(context: Context, *, dry_run: bool = False) -> Published:
    """Run the steps in order, or find out what they would do (`dry_run`), and write nothing then.

    Raises SaysoError; whatever it was, the same publication goes on from there.
    """
    state: State = Begun()
    for step in STEPS:
        if not dry_run or step.dry == "likewise":
            context.reporter.stage(step.name, step.what)
            state = step.run(context, state)
        elif step.dry is not None:
            state = step.dry(context, state)
        if isinstance(state, Published):
            break
    assert isinstance(state, Published)
    return state
