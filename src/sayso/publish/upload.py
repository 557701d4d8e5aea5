"""The steps that write to the target, in the order that keeps listeners safe: media, page, feed.

Media is named after its content, so it is never overwritten; the feed is written last, and only
over the version that was read. A run that is killed leaves files that no feed names, or is done.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sayso.errors import PublishError, SaysoError, raise_all
from sayso.feed.rss import Change, diff, read_feed, update_paged_feed
from sayso.feed.validation import FeedFinding, check_feed, verify_media
from sayso.net.http import Unreachable, get
from sayso.publish.consistency import with_own_hints
from sayso.publish.ledger import Ledger
from sayso.publish.media import MediaFile, Page
from sayso.publish.prepare import outdated_pages
from sayso.publish.states import Context, FeedWritten, Prepared, Published, Uploaded, result
from sayso.publish.targets import Changed, FileForm, Stored, Target, page_fetcher

FEED_FORM = FileForm("application/rss+xml", immutable=False)
_AT_ONCE = 4
"""Our choice: as many connections as a small server can handle."""
_OPENING_BYTES = 512
"""Of each file, compared with what the server sends."""
_MOST_TRIES = 200
"""To write the feed: each that fails means that another publisher succeeded."""
_PROOF_TRIES = 4
"""For storage that needs a moment; if waiting did not help one file, it will not help the next."""
_READ_BACK_WAITS_S = (0.0, 0.3, 1.0, 2.0, 4.0)


def upload_media(context: Context, prepared: Prepared) -> Uploaded:
    """Write media, cover, style and script that are not there yet."""

    def put_once(file: MediaFile) -> bool:
        is_new = context.target.size(file.name) != file.n_bytes
        if is_new:
            context.target.put(file.name, file.source, form_of(file))
        return is_new

    return Uploaded(prepared, _each(context, prepared.files, put_once))


def plan_upload(context: Context, prepared: Prepared) -> Uploaded:
    """What `upload_media` would write."""
    size = context.target.size
    return Uploaded(prepared, tuple(f for f in prepared.files if size(f.name) != f.n_bytes))


def prove_uploads(context: Context, uploaded: Uploaded) -> Uploaded:
    """Fetch what was uploaded, as a listener would. Raises PublishError if anything is wrong."""
    site_url = uploaded.prepared.found.channel.site_url
    prove = _prove_size if context.check == "files" else _WebProof(site_url).prove
    _each(context, uploaded.prepared.files, lambda file: prove(context, file))
    return uploaded


def write_pages(context: Context, uploaded: Uploaded) -> Uploaded:
    """Write the episodes' pages: they exist before the feed that links to them."""
    prepared = uploaded.prepared
    pages = [*(one.page for one in prepared.episodes), *outdated_pages(context, prepared)]
    _each(context, pages, lambda page: put_page(context.target, page))
    return uploaded


def write_feed(context: Context, uploaded: Uploaded) -> FeedWritten:
    """Write the feed, merged with what others have written; older pages first."""
    target = context.target
    for attempt in range(_MOST_TRIES):
        try:
            with target.lock():
                stored = target.read(context.feed_name)
                written = _merge(context, uploaded, stored)
                for page in written.merged.pages:
                    target.put(page.name, page.data, FEED_FORM)
                if written.is_changed:
                    version = None if stored is None else stored.version
                    head = written.merged.head
                    target.replace(context.feed_name, head, FEED_FORM, expected=version)
            return written
        except Changed:
            time.sleep(
                random.uniform(0, min(0.02 * 2**attempt, 1.0))
            )  # so that two publishers do not collide again
    raise PublishError(
        "other publishers write the feed all the time",
        code="feed-changed",
        file=target.address,
        hint="try again when they have finished",
    )


def plan_feed(context: Context, uploaded: Uploaded) -> Published:
    """What `write_feed` would write, if the feed stays as it was found."""
    prepared = uploaded.prepared
    return result(context, prepared.fixed, _merge(context, uploaded, prepared.found.stored))


def read_feed_back(context: Context, written: FeedWritten) -> FeedWritten:
    """Make sure that the feed is where listeners look for it.

    Raises PublishError if it is not; notes if a cache still serves an earlier version.
    """
    stored = context.target.read(context.feed_name)
    if stored is None or not _has_all(context, written, stored.data):
        raise PublishError(
            f"{context.feed_name} does not hold what was written to it",
            code="feed-changed",
            file=context.target.address,
            hint="see who else writes there, and publish again",
        )
    if context.check == "files":
        return written
    url = written.prepared.found.channel.feed_url
    problem = ""
    for wait_s in _READ_BACK_WAITS_S:
        time.sleep(wait_s)
        try:
            answer = get(url)
        except Unreachable as error:
            problem = error.problem
            continue
        if answer.status != 200:
            problem = f"its address answers with {answer.status}"
            continue
        try:
            if _has_all(context, written, answer.body):
                return written
            problem = ""
        except PublishError as error:  # the host's own page, sent with a 200
            problem = f"its address answers otherwise: {error.problem}"
    if problem:
        raise PublishError(
            f"the feed has been written, and nobody can read it: {problem}",
            code="not-served",
            file=url,
            hint="is url, under [feed], where the target is served? then publish again",
        )
    context.reporter.note(f"{url} still shows an earlier state: a cache keeps it for some minutes")
    return written


def put_page(target: Target, page: Page) -> None:
    """Write a page, unless the target has it with these bytes."""
    stored = target.read(page.name)
    if stored is None or stored.data != page.html:
        target.put(page.name, page.html, form_of(page))


def form_of(file: MediaFile | Page) -> FileForm:
    """How a server should serve a file: pages and the feed keep their names when they change."""
    return FileForm(file.mime, immutable=file.name.startswith(("media/", "assets/")))


def _merge(context: Context, uploaded: Uploaded, stored: Stored | None) -> FeedWritten:
    """The feed as it will be. Raises PublishError if it would break a rule that is a must."""
    prepared = uploaded.prepared
    before = context.feed_before(stored)
    merged = update_paged_feed(
        before,
        prepared.found.channel,
        [one.item for one in prepared.episodes],
        prepared.fixed.removed,
        built=context.now,
        fetch=page_fetcher(context.target),
    )
    if merged.head != before:
        _refuse_faults(context, prepared.fixed.choice.ledger, before, merged.head)
    there = None if stored is None else stored.data
    changes: tuple[Change, ...] = ()
    if merged.head != there:
        pages = [page.data for page in merged.pages]
        changes = diff(there, merged.head, pages_before=merged.replaced, pages_after=pages)
    return FeedWritten(uploaded, merged, merged.head != there, changes)


def _prove_size(context: Context, file: MediaFile) -> None:
    size = context.target.size(file.name)
    if size != file.n_bytes:
        raise PublishError(
            f"it should have {file.n_bytes:,} bytes and has {size or 0:,}",
            code="upload-differs",
            file=f"{context.target.address}/{file.name}",
            hint="publish again",
        )


class _WebProof:
    """Fetches files from their public addresses, with what it has learned of the server."""

    def __init__(self, site_url: str) -> None:
        self._site_url = site_url
        self._noted: set[str] = set()
        """A server does the same for every file: each problem is noted once."""
        self._waited_in_vain = False
        """Whether a file could not be fetched after all tries."""

    def prove(self, context: Context, file: MediaFile) -> None:
        url = self._site_url + file.name
        tries = 1 if self._waited_in_vain else _PROOF_TRIES
        opening = file.opening(_OPENING_BYTES)
        finding = verify_media(url, file.n_bytes, file.mime, opening, tries=tries)
        if finding is not None and finding.severity == "error":
            self._waited_in_vain = True
            raise PublishError(finding.problem, code="not-served", file=url, hint=finding.hint)
        if finding is not None and finding.problem not in self._noted:
            self._noted.add(finding.problem)
            context.reporter.note(f"{url}: {finding.problem}; {finding.hint}")


def _has_all(context: Context, written: FeedWritten, raw: bytes) -> bool:
    """Whether a feed has the items as they were written, and none withdrawn.

    Items that are on an older page are left out: that page was written before the feed.
    """
    prepared, name = written.prepared, context.feed_name
    there = {item.guid: item.enclosure_url for item in read_feed(raw, name).items}
    newest = {item.guid for item in read_feed(written.merged.head, name).items}
    return not any(guid in there for guid in prepared.fixed.removed) and all(
        there.get(one.item.guid) == one.item.enclosure.url
        for one in prepared.episodes
        if one.item.guid in newest
    )


def _refuse_faults(context: Context, ledger: Ledger, before: bytes | None, after: bytes) -> None:
    """Raise ErrorGroup where the feed breaks a rule that is a must, unless it did so before.

    A feed may lose its last episode: whoever withdraws one has a reason.
    """

    def errors(raw: bytes) -> dict[tuple[str, str | None], FeedFinding]:
        found = with_own_hints(check_feed(raw, context.feed_name, now=context.now), ledger)
        return {(one.rule, one.item): one for one in found if one.severity == "error"}

    new = errors(after)
    if not new:
        return
    old = {} if before is None else errors(before)
    raise_all(
        [
            PublishError(
                f"{'' if one.item is None else f'{one.item}: '}{one.problem} "
                f"[{one.rule}, {one.source}]",
                code="unfit-feed",
                file=context.feed_name,
                hint=one.hint,
            )
            for key, one in new.items()
            if key not in old and not (context.withdrawn and one.rule == "apple-one-item")
        ]
    )


F = TypeVar("F", MediaFile, Page)


def _each(context: Context, files: Iterable[F], do: Callable[[F], object]) -> tuple[F, ...]:
    """Call `do` with each file, a few at a time; return those for which it returned true.

    Raises all errors together.
    """
    errors: list[SaysoError] = []
    done: list[F] = []
    todo = list({file.name: file for file in files}.values())
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sayso-publish") as pool:
        futures = [pool.submit(do, file) for file in todo]
        try:
            for n_done, (file, future) in enumerate(zip(todo, futures, strict=True), 1):
                try:
                    if future.result():
                        done.append(file)
                except SaysoError as error:
                    errors.append(error)
                context.reporter.progress(n_done, len(todo))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    raise_all(list({str(error): error for error in errors}.values()))
    return tuple(done)
