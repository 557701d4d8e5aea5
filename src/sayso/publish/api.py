"""A show's finished episodes → its feed and site: gathers what the feed room needs.

from sayso.publish import api as publishing

done = publishing.publish(show, publishing.Request(("the-long-tide",)))
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from sayso._version import __version__
from sayso.errors import (
    EnvironmentProblem,
    ErrorGroup,
    PublishError,
    SaysoError,
    ShowError,
    flatten,
    raise_all,
)
from sayso.feed.rss import Change, read_feed, walk_pages
from sayso.feed.rss.document import MAX_BYTES
from sayso.feed.validation import FeedFinding, check_feed, check_served
from sayso.model import Show
from sayso.net.http import get
from sayso.publish.consistency import disagreements
from sayso.publish.feed_items import channel_of
from sayso.publish.hints import with_own_hints
from sayso.publish.ledger import FILE_NAME, Entry, read_ledger
from sayso.publish.library import Library
from sayso.publish.media import MediaFile
from sayso.publish.selection import Request
from sayso.publish.states import Fixed, Prepared, Publication, Written, fetch_page
from sayso.publish.steps import rehearse, run
from sayso.publish.targets import is_folder, open_target
from sayso.reporter import Reporter, Silent
from sayso.show.finding import setting_line, sound_path, template_folders
from sayso.show.paths import EPISODES, finished_episodes
from sayso.system.atomic_files import exclusive, explain_os_errors
from sayso.system.cache import Store, cache_folder, make_key


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication has done, or would do."""

    feed_url: str
    target: str
    """Its address, without secrets."""
    published: tuple[Entry, ...]
    scheduled: tuple[Entry, ...]
    withdrawn: tuple[Entry, ...]
    uploaded: tuple[MediaFile, ...]
    """Media that was not there yet."""
    feed_changed: bool
    changes: tuple[Change, ...]
    """What is different in the feed."""
    check: Literal["web", "files"]
    """How uploads were verified."""


def publish(
    show: Show,
    request: Request | None = None,
    *,
    withdrawn: tuple[str, ...] = (),
    adopt: str | None = None,
    dry_run: bool = False,
    reporter: Reporter | None = None,
    now: datetime | None = None,
) -> Published:
    """Publish finished episodes, or take some out of the feed (`withdrawn`, by slug).

    `adopt` is the file or address of a feed from elsewhere, to begin with. `now` is the clock's
    without one. Raises SaysoError; whatever it was, the same call goes on from there.
    """
    told = reporter or Silent()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_by_show(show))
        folder = show.root / EPISODES
        # Builds wait before they write: what is checked is what is sent.
        if folder.is_dir() and not dry_run:
            held = exclusive(folder, waits=lambda: told.note("waited for another sayso to finish"))
            stack.enter_context(held)
        return _publish(show, request or Request(), withdrawn, adopt, dry_run, told, now)


@contextlib.contextmanager
def _by_show(show: Show) -> Iterator[None]:
    """Raise ShowError for a folder that is no show, and tell in which line show.toml lacks what."""
    if show.path is None and show.feed.url is None:
        raise ShowError(
            "there is no show.toml in this folder, nor above it",
            code="missing-setting",
            file=show.root,
            hint="go to the folder of your show, or make one: sayso new my-show",
        )
    try:
        yield
    except (ShowError, ErrorGroup) as error:
        raise_all([_in_its_line(one, show) for one in flatten(error)])
        raise


def _in_its_line(error: SaysoError, show: Show) -> SaysoError:
    """What show.toml lacks under [feed], with the line of [feed]."""
    if error.code != "missing-setting" or error.file != str(show.path) or error.line:
        return error
    return error.at(show.path, setting_line(show, "feed", "url"))


def _publish(
    show: Show,
    request: Request,
    withdrawn: tuple[str, ...],
    adopt: str | None,
    dry_run: bool,
    reporter: Reporter,
    now: datetime | None,
) -> Published:
    target = open_target(show.publish.target, root=show.root)
    try:
        publication = Publication(
            show=show,
            target=target,
            request=request,
            library=Library(finished_episodes(show)),
            folders=template_folders(show),
            cover=lambda: _cover(show),
            now=now or datetime.now(timezone.utc),
            reporter=reporter,
            withdrawn=withdrawn,
            adopt=None if adopt is None else _adopted(adopt),
            check=show.publish.check or ("files" if is_folder(show.publish.target) else "web"),
        )
        done = rehearse(publication) if dry_run else run(publication)
    finally:
        target.close()
    return _told(publication, done)


def _told(publication: Publication, done: Fixed | Prepared | Written) -> Published:
    """What is told of the state that a publication has ended in."""
    written = done if isinstance(done, Written) else None
    if isinstance(done, Written):
        done = done.uploaded.prepared
    fixed = done.fixed if isinstance(done, Prepared) else done
    return Published(
        feed_url=fixed.found.channel.feed_url,
        target=publication.target.address,
        published=tuple(fixed.to_publish.values()),
        scheduled=fixed.choice.later,
        withdrawn=fixed.choice.now if publication.withdrawn else (),
        uploaded=written.uploaded.files if written else (),
        feed_changed=written.is_changed if written else False,
        changes=written.changes if written else (),
        check=publication.check,
    )


def _cover(show: Show) -> bytes:
    """The show's cover as a JPEG: its own, or one that is drawn from its title."""
    from sayso.episode.cover import draw_cover, folder_cover, read_cover

    if show.cover is not None:
        return folder_cover(read_cover(sound_path(show, show.cover)))
    store = Store(cache_folder() / "covers")
    key = make_key("show-cover-1", __version__, show.title, show.author)
    found = store.get(key)
    if found is None:
        found = draw_cover(show.title, show.author)
        with contextlib.suppress(EnvironmentProblem):  # it is drawn again the next time
            store.put(key, found)
    return found


def _adopted(source: str) -> bytes:
    """A feed, from a file or a web address."""
    if "://" in source:
        answer = get(source)
        if answer.status != 200:
            raise PublishError(
                f"its address answers with {answer.status}",
                code="server-refused",
                file=source,
                hint="check the address",
            )
        if answer.is_cut:
            raise _too_large(source)
        return answer.body
    path = Path(source)
    with explain_os_errors(path):
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(path)
        return path.read_bytes()


def _too_large(source: str | Path) -> PublishError:
    return PublishError(
        "this is too large for a feed",
        code="too-large",
        file=source,
        hint="give the RSS 2.0 feed of the show, without its oldest items",
    )


def check_published(show: Show) -> tuple[FeedFinding, ...]:
    """Hold a show's feed, where it is published to, against every rule, its ledger and its media.

    Asks the target, not the web. Raises PublishError where there is no feed.
    """
    with _by_show(show):
        site_url = channel_of(show, guid="", image_url="").site_url  # or what is missing is said
    name = show.feed.file
    with contextlib.closing(open_target(show.publish.target, root=show.root)) as target:
        stored = target.read(name)
        if stored is None:
            raise PublishError(
                "there is no feed yet",
                code="no-feed",
                file=f"{target.address}/{name}",
                hint="sayso publish",
            )

        found = walk_pages(stored.data, functools.partial(fetch_page, target))
        pages = {page.name: page.data for page in found}
        where = f"{target.address}/{name}"
        findings = check_feed(
            stored.data,
            where,
            pages={site_url + page: data for page, data in pages.items()},
        )
        items = [
            item for raw in (stored.data, *pages.values()) for item in read_feed(raw, name).items
        ]
        ledger = read_ledger(show.root / FILE_NAME)
        return (
            *with_own_hints(findings, ledger),
            *disagreements(ledger, items, target, site_url, where),
        )


def check_published_served(show: Show) -> tuple[FeedFinding, ...]:
    """Ask a show's server for its feed and media, as podcast apps do; see `check_served`."""
    url = channel_of(show, guid="", image_url="").feed_url
    return with_own_hints(check_served(url), read_ledger(show.root / FILE_NAME))
