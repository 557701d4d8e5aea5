"""A feed's bytes or its address in, every rule that it breaks out.

One table of rules, each with its id, its level and its source (docs/feed-rules.md). Promises: no
feed, however broken or hostile, makes the gate raise or wait; every finding names a hint.
"""

from sayso.feed.validation.finding import FeedFinding, Severity, at_most
from sayso.feed.validation.http_checks import check_served
from sayso.feed.validation.media_check import verify_media
from sayso.feed.validation.validate import check_feed
