"""RSS: a channel, its items and the feed that is there in, bytes of a feed out.

Promises: what is not ours to say stays as it stands; the same input gives the same bytes; no item
is ever lost, however long the feed grows.
"""

from sayso.feed.rss.changes import Change, ElementChange, diff
from sayso.feed.rss.description import allowed_html, fit_description
from sayso.feed.rss.feed_reader import ReadFeed, ReadItem, read_feed
from sayso.feed.rss.guid import make_feed_guid
from sayso.feed.rss.pages import FeedPage, page_number
from sayso.feed.rss.paging import (
    MAX_PAGE_BYTES,
    Fetch,
    Paged,
    paginate,
    update_paged_feed,
    walk_pages,
)
from sayso.feed.rss.updating import update_feed
