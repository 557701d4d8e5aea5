"""A feed's bytes or its address in, every rule that it breaks out.

One table of rules, each with its id, its level and its source (docs/feed-rules.md). Promises: no
feed, however broken or hostile, makes the gate raise or wait; every finding names a mend.
"""

from sayso.feed.checking.finding import FeedFinding, Severity, at_most
from sayso.feed.checking.gate import check_feed
from sayso.feed.checking.http import Answer, Unreachable, ask, get, verify_media
from sayso.feed.checking.visiting import check_served

__all__ = [
    "Answer",
    "FeedFinding",
    "Severity",
    "Unreachable",
    "ask",
    "at_most",
    "check_feed",
    "check_served",
    "get",
    "verify_media",
]
