"""Finished episodes and a show's settings in, a feed and a site on a target out.

`STEPS` is the whole protocol, in order. Promises: GUIDs and dates are in the ledger before anything
leaves the machine; the feed names nothing that has not been verified; killed at any instant, the
next run ends where an undisturbed one would have; publishers at the same time lose nothing.
"""

from sayso.feed.publishing.agreeing import disagreements
from sayso.feed.publishing.choosing import Request
from sayso.feed.publishing.mends import mended_here
from sayso.feed.publishing.publication import Prepared, Publication, fetch_page
from sayso.feed.publishing.steps import STEPS, Step, rehearse, run

__all__ = [
    "STEPS",
    "Prepared",
    "Publication",
    "Request",
    "Step",
    "disagreements",
    "fetch_page",
    "mended_here",
    "rehearse",
    "run",
]
