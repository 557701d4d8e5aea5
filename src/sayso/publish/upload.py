"""What leaves the machine, in the order that keeps listeners safe: media, proof, page, feed.

A file is named after its content, so it is never written over; the feed is written last, and only
over the version that was read. Killed anywhere, there are files that no feed names, or all is done.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from sayso.errors import PublishError, SaysoError, raise_all
from sayso.feed.rss import Change, Paged, diff, read_feed, update_paged_feed
from sayso.feed.validation import FeedFinding, check_feed, verify_media
from sayso.net.http import Unreachable, get
from sayso.publish.hints import with_own_hints
from sayso.publish.media import MediaFile
from sayso.publish.prepare import pages_again
from sayso.publish.state import Publication, form_of
from sayso.publish.targets import Changed, FileForm

FEED_FORM = FileForm("application/rss+xml", immutable=False)
_AT_ONCE = 4
"""Ours: connections that a small server bears."""
_OPENING_BYTES = 512
"""Of each file, compared with what the server hands out."""
_MOST_TRIES = 200
"""To write the feed: each that fails is another publisher's that got through."""
_PROOF_TRIES = 4
"""For storage that takes a moment; what no file's waiting has mended, the next one's will not."""
_READ_BACK_WAITS_S = (0.0, 0.3, 1.0, 2.0, 4.0)


def upload(work: Publication) -> None:
    """Write media, cover, style and script that are not there yet."""
    media = _needed(work)
    _each(work, media, lambda file: _put_once(work, file))
    work.uploaded.sort(key=media.index)  # those who wrote them went in no order


def prove(work: Publication) -> None:
    """Fetch what was uploaded, as a listener would. Raises PublishError for what is not right."""
    _each(work, _needed(work), lambda file: _prove(work, file))


def write_pages(work: Publication) -> None:
    """Write the episodes' pages: what the feed links to is there before the feed."""
    pages = [*(one.page for one in work.prepared), *pages_again(work)]
    _each(work, pages, lambda page: put_page(work, page))


def merge(work: Publication) -> Paged:
    """The feed as it will be. Raises PublishError where it would break a must."""
    assert work.channel is not None
    before = work.before
    paged = update_paged_feed(
        before,
        work.channel,
        [one.item for one in work.prepared],
        work.to_remove,
        built=work.now,
        fetch=work.fetch,
    )
    if paged.head != before:
        _refuse_faults(work, before, paged.head)
    return paged


def write_feed(work: Publication) -> None:
    """Write the feed, merged with what others have written; older pages first."""
    for attempt in range(_MOST_TRIES):
        try:
            with work.target.turn():
                if attempt or work.merged is None:
                    work.stored = work.target.read(work.feed_name)
                    work.merged = merge(work)
                _replace(work, work.merged)
            return
        except Changed:
            work.merged = None
            time.sleep(random.uniform(0, min(0.02 * 2**attempt, 1.0)))  # so as not to meet again
    raise PublishError(
        "other publishers write the feed all the time",
        code="feed-changed",
        file=work.target.address,
        hint="try again when they have finished",
    )


def read_back(work: Publication) -> None:
    """Make sure that the feed is where listeners look for it.

    Raises PublishError where it is not; where a cache still shows an earlier state, that is noted.
    """
    stored = work.target.read(work.feed_name)
    if stored is None or not _has_all(work, stored.data):
        raise PublishError(
            f"{work.feed_name} does not hold what was written to it",
            code="feed-changed",
            file=work.target.address,
            hint="see who else writes there, and publish again",
        )
    if work.check == "files":
        return
    assert work.channel is not None
    url = work.channel.feed_url
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
            if _has_all(work, answer.body):
                return
            problem = ""
        except PublishError as error:  # a page of the host's, with a 200
            problem = f"its address answers otherwise: {error.problem}"
    if problem:
        raise PublishError(
            f"the feed has been written, and nobody can read it: {problem}",
            code="not-served",
            file=url,
            hint="is url, under [feed], where the target is served? then publish again",
        )
    work.reporter.note(f"{url} still shows an earlier state: a cache keeps it for some minutes")


def would_send(work: Publication) -> None:
    """Find out what `upload` and `write_feed` would write."""
    work.uploaded = [file for file in _needed(work) if work.target.size(file.name) != file.n_bytes]
    work.merged = merge(work)
    before = None if work.stored is None else work.stored.data
    work.feed_changed = work.merged.head != before
    work.changes = _changes(before, work.merged)


def put_page(work: Publication, page: MediaFile) -> bool:
    """Write a page, if it is not there with these bytes; whether it was written."""
    assert isinstance(page.source, bytes)
    stored = work.target.read(page.name)
    if stored is not None and stored.data == page.source:
        return False
    work.target.put(page.name, page.source, form_of(page))
    return True


def _replace(work: Publication, merged: Paged) -> None:
    before = None if work.stored is None else work.stored.data
    for page in merged.pages:
        work.target.put(page.name, page.data, FEED_FORM)
    if merged.head == before:
        return
    version = None if work.stored is None else work.stored.version
    work.target.replace(work.feed_name, merged.head, FEED_FORM, expected=version)
    work.feed_changed = True
    work.changes = _changes(before, merged)


def _changes(before: bytes | None, merged: Paged) -> tuple[Change, ...]:
    """What differs in the feed; an item that moves to a page is no change."""
    pages = [page.data for page in merged.pages]
    return diff(before, merged.head, pages_before=merged.replaced, pages_after=pages)


def _needed(work: Publication) -> list[MediaFile]:
    """What the feed and the pages refer to: it must be there before them."""
    return [*work.common, *(file for one in work.prepared for file in one.media)]


def _put_once(work: Publication, file: MediaFile) -> None:
    if work.target.size(file.name) != file.n_bytes:
        work.target.put(file.name, file.source, form_of(file))
        work.uploaded.append(file)


def _prove(work: Publication, file: MediaFile) -> None:
    if work.check == "files":
        size = work.target.size(file.name)
        if size != file.n_bytes:
            raise PublishError(
                f"it should have {file.n_bytes:,} bytes and has {size or 0:,}",
                code="upload-differs",
                file=f"{work.target.address}/{file.name}",
                hint="publish again",
            )
        return
    assert work.show.feed.url is not None
    url = work.show.feed.url + file.name
    tries = 1 if work.waited_in_vain else _PROOF_TRIES
    opening = file.opening(_OPENING_BYTES)
    finding = verify_media(url, file.n_bytes, file.mime, opening, tries=tries)
    if finding is not None and finding.severity == "error":
        work.waited_in_vain = True
        raise PublishError(finding.problem, code="not-served", file=url, hint=finding.hint)
    if finding is not None and finding.problem not in work.warned:
        work.warned.add(finding.problem)
        work.reporter.note(f"{url}: {finding.problem}; {finding.hint}")


def _has_all(work: Publication, raw: bytes) -> bool:
    """Whether a feed has the items as they were written, on whatever page, and none withdrawn.

    Items of older pages are not looked for: the page was written before the feed that names it.
    """
    there = {item.guid: item.enclosure_url for item in read_feed(raw, work.feed_name).items}
    assert work.merged is not None
    written = {item.guid for item in read_feed(work.merged.head, work.feed_name).items}
    return not any(guid in there for guid in work.to_remove) and all(
        there.get(one.item.guid) == one.item.enclosure.url
        for one in work.prepared
        if one.item.guid in written
    )


def _refuse_faults(work: Publication, before: bytes | None, after: bytes) -> None:
    """Refuse what breaks a must, unless the feed that was there did so as well.

    A feed may lose its last episode: whoever takes one back has a reason.
    """

    def errors(raw: bytes) -> dict[tuple[str, str | None], FeedFinding]:
        found = with_own_hints(check_feed(raw, work.feed_name, now=work.now), work.ledger)
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
                file=work.feed_name,
                hint=one.hint,
            )
            for key, one in new.items()
            if key not in old and not (work.withdrawn and one.rule == "apple-one-item")
        ]
    )


def _each(work: Publication, files: Iterable[MediaFile], do: Callable[[MediaFile], object]) -> None:
    """Do something with each file, a few at a time; what goes wrong is raised together."""
    errors: list[SaysoError] = []
    todo = list({file.name: file for file in files}.values())
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sayso-publish") as pool:
        futures = [pool.submit(do, file) for file in todo]
        try:
            for done, future in enumerate(futures, 1):
                try:
                    future.result()
                except SaysoError as error:
                    errors.append(error)
                work.reporter.progress(done, len(todo))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    raise_all(list({str(error): error for error in errors}.values()))
