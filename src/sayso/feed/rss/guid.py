"""The GUID of a show: made once from its first address, and never computed again."""

from __future__ import annotations

import re
import uuid

_NAMESPACE = uuid.UUID(
    "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"
)  # podcast namespace, docs/tags/guid.md


def make_feed_guid(feed_url: str) -> str:
    """`podcast:guid` for a feed that is new: a UUIDv5 over its address without scheme and slashes.

    A show that moves keeps the one it has.
    """
    name = re.sub(r"\A[a-z][a-z0-9+.-]*://", "", feed_url.strip(), flags=re.IGNORECASE).rstrip("/")
    return str(uuid.uuid5(_NAMESPACE, name))
