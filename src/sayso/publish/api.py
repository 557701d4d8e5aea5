"""The face of the publishing room: a show's finished episodes → its feed and site; and its check.

from sayso.publish import api as publishing

done = publishing.publish(show, publishing.Request(("the-long-tide",)))
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

from sayso.errors import ErrorGroup, PublishError, SaysoError, ShowError, flatten, raise_all
from sayso.feed.rss import read_feed, walk_pages
from sayso.feed.rss.document import MAX_BYTES
from sayso.feed.validation import FeedFinding, check_feed, check_served
from sayso.model import Show
from sayso.net.http import get
from sayso.publish.consistency import disagreements, with_own_hints
from sayso.publish.feed_items import required_url
from sayso.publish.ledger import FILE_NAME, read_ledger
from sayso.publish.selection import Request
from sayso.publish.states import Context, Published
from sayso.publish.steps import run
from sayso.publish.targets import is_folder, open_target, page_fetcher
from sayso.reporter import Reporter, Silent
from sayso.show.finding import setting_line, template_folders
from sayso.show.paths import EPISODES
from sayso.system.atomic_files import exclusive, explain_os_errors

__all__ = ["Published", "Request", "check_published", "check_published_served", "publish"]


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
        target = open_target(show.publish.target, root=show.root)
        stack.enter_context(contextlib.closing(target))
        context = Context(
            show=show,
            target=target,
            folders=template_folders(show),
            now=now or datetime.now(timezone.utc),
            request=request or Request(),
            withdrawn=withdrawn,
            adopt=None if adopt is None else _adopted(adopt),
            check=show.publish.check or ("files" if is_folder(show.publish.target) else "web"),
            reporter=told,
        )
        return run(context, dry_run=dry_run)


@contextlib.contextmanager
def _by_show(show: Show) -> Iterator[None]:
    """Raise ShowError if there is no show; name the line of show.toml that lacks a setting."""
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
    """A setting that is missing under [feed], with the line of [feed]."""
    if error.code != "missing-setting" or error.file != str(show.path) or error.line:
        return error
    return error.at(show.path, setting_line(show, "feed", "url"))


def _adopted(source: str) -> bytes:
    """A feed, from a file or a web address."""
    if "://" in source:
        answer = get(source)
        if answer.status != 200:
            problem = f"its address answers with {answer.status}"
            raise PublishError(
                problem, code="server-refused", file=source, hint="check the address"
            )
        data, is_cut = answer.body, answer.is_cut
    else:
        path = Path(source)
        with explain_os_errors(path), path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        is_cut = len(data) > MAX_BYTES
    if is_cut:
        raise PublishError(
            "this is too large for a feed",
            code="too-large",
            file=source if "://" in source else Path(source),
            hint="give the RSS 2.0 feed of the show, without its oldest items",
        )
    return data


def check_published(show: Show) -> tuple[FeedFinding, ...]:
    """Check the feed that a show has published against every rule, its ledger and its media.

    Asks the target, not the web. Raises PublishError where there is no feed.
    """
    with _by_show(show):
        site_url = required_url(show)
    name = show.feed.file
    with contextlib.closing(open_target(show.publish.target, root=show.root)) as target:
        where = f"{target.address}/{name}"
        stored = target.read(name)
        if stored is None:
            raise PublishError(
                "there is no feed yet", code="no-feed", file=where, hint="sayso publish"
            )
        pages = walk_pages(stored.data, page_fetcher(target))
        by_url = {site_url + page.name: page.data for page in pages}
        findings = check_feed(stored.data, where, pages=by_url)
        items = [
            item for raw in (stored.data, *by_url.values()) for item in read_feed(raw, name).items
        ]
        ledger = read_ledger(show.root / FILE_NAME)
        return (
            *with_own_hints(findings, ledger),
            *disagreements(ledger, items, target, site_url, where),
        )


def check_published_served(show: Show) -> tuple[FeedFinding, ...]:
    """Ask a show's server for its feed and media, as podcast apps do; see `check_served`."""
    url = required_url(show) + show.feed.file
    return with_own_hints(check_served(url), read_ledger(show.root / FILE_NAME))
