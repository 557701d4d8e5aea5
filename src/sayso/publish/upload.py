"""What leaves the machine, in the order that keeps listeners safe: media, proof, page, feed.

A file is named after its content, so it is never written over; the feed is written last, and only
over the version that was read. Killed anywhere, there are files that no feed names, or all is done.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sayso.errors import PublishError, SaysoError, raise_all
from sayso.feed.rss import Change, Paged, diff, read_feed, update_paged_feed
from sayso.feed.validation import FeedFinding, check_feed, verify_media
from sayso.net.http import Unreachable, get
from sayso.publish.hints import with_own_hints
from sayso.publish.ledger import Ledger
from sayso.publish.media import MediaFile
from sayso.publish.prepare import pages_again
from sayso.publish.states import Prepared, Publication, Uploaded, Written
from sayso.publish.targets import Changed, FileForm, Stored, Target

Done = TypeVar("Done")

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


def upload(publication: Publication, prepared: Prepared) -> Uploaded:
    """Write media, cover, style and script that are not there yet."""

    def put_once(file: MediaFile) -> bool:
        if publication.target.size(file.name) == file.n_bytes:
            return False
        publication.target.put(file.name, file.source, _form_of(file))
        return True

    written = _each(publication, prepared.media, put_once)
    return Uploaded(prepared, tuple(file for file, is_new in written if is_new))


def prove(publication: Publication, uploaded: Uploaded) -> Uploaded:
    """Fetch what was uploaded, as a listener would. Raises PublishError for what is not right."""
    site_url = uploaded.prepared.fixed.found.channel.site_url
    _each(publication, uploaded.prepared.media, _Prover(publication, site_url).prove)
    return uploaded


def write_pages(publication: Publication, uploaded: Uploaded) -> Uploaded:
    """Write the episodes' pages: what the feed links to is there before the feed."""
    prepared = uploaded.prepared
    pages = [*(one.page for one in prepared.episodes), *pages_again(publication, prepared)]
    _each(publication, pages, lambda page: put_page(publication.target, page))
    return uploaded


def write_feed(publication: Publication, uploaded: Uploaded) -> Written:
    """Write the feed, merged with what others have written; older pages first."""
    target = publication.target
    for attempt in range(_MOST_TRIES):
        try:
            with target.lock():
                stored = target.read(publication.feed_name)
                before = publication.adopt if stored is None else stored.data
                paged = merge(publication, uploaded.prepared, before)
                return _replace(publication, uploaded, stored, paged)
        except Changed:
            time.sleep(random.uniform(0, min(0.02 * 2**attempt, 1.0)))  # so as not to meet again
    raise PublishError(
        "other publishers write the feed all the time",
        code="feed-changed",
        file=target.address,
        hint="try again when they have finished",
    )


def merge(publication: Publication, prepared: Prepared, before: bytes | None) -> Paged:
    """The feed as it will be. Raises PublishError where it would break a must."""
    fixed = prepared.fixed
    paged = update_paged_feed(
        before,
        fixed.found.channel,
        [one.item for one in prepared.episodes],
        fixed.to_remove,
        built=publication.now,
        fetch=publication.fetch,
    )
    if paged.head != before:
        _refuse_faults(publication, fixed.ledger, before, paged.head)
    return paged


def read_back(publication: Publication, written: Written) -> Written:
    """Make sure that the feed is where listeners look for it.

    Raises PublishError where it is not; where a cache still shows an earlier state, that is noted.
    """
    name = publication.feed_name
    stored = publication.target.read(name)
    if stored is None or not _has_all(name, written, stored.data):
        raise PublishError(
            f"{name} does not hold what was written to it",
            code="feed-changed",
            file=publication.target.address,
            hint="see who else writes there, and publish again",
        )
    if publication.check == "files":
        return written
    url = written.uploaded.prepared.fixed.found.channel.feed_url
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
            if _has_all(name, written, answer.body):
                return written
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
    publication.reporter.note(
        f"{url} still shows an earlier state: a cache keeps it for some minutes"
    )
    return written


def suppose_written(publication: Publication, prepared: Prepared) -> Written:
    """What `upload` and `write_feed` would write; nothing is written."""
    target, stored = publication.target, prepared.fixed.found.stored
    files = [file for file in prepared.media if target.size(file.name) != file.n_bytes]
    paged = merge(publication, prepared, prepared.fixed.found.before)
    before = None if stored is None else stored.data
    uploaded = Uploaded(prepared, tuple(files))
    return Written(uploaded, paged, paged.head != before, _changes(before, paged))


def put_page(target: Target, page: MediaFile) -> bool:
    """Write a page, if it is not there with these bytes; whether it was written."""
    data = page.opening(page.n_bytes)
    stored = target.read(page.name)
    if stored is not None and stored.data == data:
        return False
    target.put(page.name, data, _form_of(page))
    return True


def _replace(
    publication: Publication, uploaded: Uploaded, stored: Stored | None, paged: Paged
) -> Written:
    target, before = publication.target, None if stored is None else stored.data
    for page in paged.pages:
        target.put(page.name, page.data, FEED_FORM)
    if paged.head == before:
        return Written(uploaded, paged, False, ())
    version = None if stored is None else stored.version
    target.replace(publication.feed_name, paged.head, FEED_FORM, expected=version)
    return Written(uploaded, paged, True, _changes(before, paged))


def _changes(before: bytes | None, paged: Paged) -> tuple[Change, ...]:
    """What differs in the feed; an item that moves to a page is no change."""
    pages = [page.data for page in paged.pages]
    return diff(before, paged.head, pages_before=paged.replaced, pages_after=pages)


def _form_of(file: MediaFile) -> FileForm:
    """How a server should hand a file out: pages and the feed change under their names."""
    return FileForm(file.mime, immutable=file.name.startswith(("media/", "assets/")))


class _Prover:
    """Fetches files, and remembers what a server does for every file."""

    def __init__(self, publication: Publication, site_url: str) -> None:
        self._publication = publication
        self._site_url = site_url
        self._warned: set[str] = set()
        self._waited_in_vain = False

    def prove(self, file: MediaFile) -> None:
        """Raises PublishError where the file is not there as it is here."""
        publication = self._publication
        if publication.check == "files":
            size = publication.target.size(file.name)
            if size != file.n_bytes:
                raise PublishError(
                    f"it should have {file.n_bytes:,} bytes and has {size or 0:,}",
                    code="upload-differs",
                    file=f"{publication.target.address}/{file.name}",
                    hint="publish again",
                )
            return
        url = self._site_url + file.name
        tries = 1 if self._waited_in_vain else _PROOF_TRIES
        opening = file.opening(_OPENING_BYTES)
        finding = verify_media(url, file.n_bytes, file.mime, opening, tries=tries)
        if finding is not None and finding.severity == "error":
            self._waited_in_vain = True
            raise PublishError(finding.problem, code="not-served", file=url, hint=finding.hint)
        if finding is not None and finding.problem not in self._warned:
            self._warned.add(finding.problem)
            publication.reporter.note(f"{url}: {finding.problem}; {finding.hint}")


def _has_all(name: str, written: Written, raw: bytes) -> bool:
    """Whether a feed has the items as they were written, on whatever page, and none withdrawn.

    Items of older pages are not looked for: the page was written before the feed that names it.
    """
    prepared = written.uploaded.prepared
    there = {item.guid: item.enclosure_url for item in read_feed(raw, name).items}
    newest = {item.guid for item in read_feed(written.paged.head, name).items}
    return not any(guid in there for guid in prepared.fixed.to_remove) and all(
        there.get(one.item.guid) == one.item.enclosure.url
        for one in prepared.episodes
        if one.item.guid in newest
    )


def _refuse_faults(
    publication: Publication, ledger: Ledger, before: bytes | None, after: bytes
) -> None:
    """Refuse what breaks a must, unless the feed that was there did so as well.

    A feed may lose its last episode: whoever takes one back has a reason.
    """
    name = publication.feed_name

    def errors(raw: bytes) -> dict[tuple[str, str | None], FeedFinding]:
        found = with_own_hints(check_feed(raw, name, now=publication.now), ledger)
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
                file=name,
                hint=one.hint,
            )
            for key, one in new.items()
            if key not in old and not (publication.withdrawn and one.rule == "apple-one-item")
        ]
    )


def _each(
    publication: Publication, files: Iterable[MediaFile], do: Callable[[MediaFile], Done]
) -> list[tuple[MediaFile, Done]]:
    """Do something with each file, a few at a time: what came of each, in order.

    What goes wrong is raised together.
    """
    errors: list[SaysoError] = []
    done: list[tuple[MediaFile, Done]] = []
    todo = list({file.name: file for file in files}.values())
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sayso-publish") as pool:
        futures = [pool.submit(do, file) for file in todo]
        try:
            for file, future in zip(todo, futures, strict=True):
                try:
                    done.append((file, future.result()))
                except SaysoError as error:
                    errors.append(error)
                publication.reporter.progress(len(done) + len(errors), len(todo))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    raise_all(list({str(error): error for error in errors}.values()))
    return done
