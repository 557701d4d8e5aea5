"""Whether listeners can fetch a file that was uploaded: what a publisher verifies."""

from __future__ import annotations

import time

from sayso.feed.validation.finding import FeedFinding
from sayso.net.http import Fetch, Unreachable, ask


def verify_media(
    url: str,
    n_bytes: int,
    mime: str,
    first_bytes: bytes,
    *,
    fetch: Fetch = ask,
    tries: int = 4,
    wait_s: float = 0.5,
) -> FeedFinding | None:
    """Whether listeners can fetch a media file: HEAD, length, a range with the right bytes, type.

    `first_bytes` are the file's own, some hundred of them. Storage that takes a moment until it
    serves what it was given is asked `tries` times, after `wait_s` and then twice as long each
    time. Returns what is wrong after the last, an error before a warning; None where all is right.
    Answers come within the bounds of `fetch`; raises nothing.
    """
    finding = None
    for attempt in range(tries):
        if attempt:
            time.sleep(wait_s * 2 ** (attempt - 1))
        finding = _verify_once(url, n_bytes, mime, first_bytes, fetch)
        if finding is None or finding.severity == "warning":
            break
    return finding


def _verify_once(
    url: str, n_bytes: int, mime: str, first_bytes: bytes, fetch: Fetch
) -> FeedFinding | None:
    def error(rule: str, problem: str, hint: str) -> FeedFinding:
        return FeedFinding(rule, "error", problem, hint, "Apple; PSP-1", where=url)

    wanted = first_bytes[:1024]
    try:
        head = fetch(url, method="HEAD")
        part = fetch(
            url, headers={"Range": f"bytes=0-{len(wanted) - 1}"}, most_bytes=max(1, len(wanted))
        )
    except Unreachable as unreachable:
        hint = unreachable.hint or "see whether the server is up"
        return error("http-reachable", unreachable.problem, hint)
    if head.status != 200:
        hint = "see whether the file is where the address says, and may be read by everybody"
        return error("http-head", f"HEAD is answered by {head.status}", hint)
    if head.length != n_bytes:
        served = "no length" if head.length is None else f"{head.length:,} bytes"
        hint = "upload the file again; where that does not help, look at caches and proxies"
        return error("http-length", f"the server tells {served}, the file has {n_bytes:,}", hint)
    if part.body != wanted:
        hint = "upload the file again; where that does not help, look at caches and proxies"
        return error("http-range", "the server sends other bytes than the file's", hint)
    if part.status != 206 and wanted:
        hint = "let the server answer byte ranges: Apple refuses media without"
        return error("http-range", f"a byte range is answered by {part.status}, not by 206", hint)
    if head.mime != mime:
        served = head.mime or "none"
        problem = f"the server says that its type is {served}, the feed {mime}"
        hint = "set the type where the server keeps its types"
        return FeedFinding("http-media-type", "warning", problem, hint, "RSS 2.0", where=url)
    return None
