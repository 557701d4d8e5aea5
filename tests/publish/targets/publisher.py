"""Another publisher, in a process of its own: `publisher.py ROOT ADDRESS WHAT …`.

count N        N times: read `count`, replace it by one more, again where somebody was faster
put NAME FILE  publish a file
hold SECONDS   acquire the lock, say so, and then write `held` at the end
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sayso.publish.targets import Changed, FileForm, Target, locks, open_target

FORM = FileForm("text/plain", immutable=False)
locks.POLL_S, locks.BEAT_S = 0.02, 0.1


def count(target: Target, times: int) -> None:
    done = 0
    while done < times:
        there = target.read("count")
        number = int(there.data) if there else 0
        try:
            target.replace(
                "count", b"%d" % (number + 1), FORM, expected=there.version if there else None
            )
            done += 1
        except Changed:
            continue


def hold(target: Target, seconds: float) -> None:
    with target.lock():
        print("held", flush=True)
        time.sleep(seconds)
        target.put("held", b"to the end", FORM)


def main() -> None:
    root, address, what, *words = sys.argv[1:]
    target = open_target(address, root=Path(root))
    if what == "count":
        count(target, int(words[0]))
    elif what == "put":
        target.put(words[0], Path(words[1]), FORM)
    else:
        hold(target, float(words[0]))
    target.close()


if __name__ == "__main__":
    main()
