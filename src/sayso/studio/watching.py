"""Watches the files of a show, and tells when one of them may have changed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import watchfiles

from sayso.studio.inputs import FOLDERS
from sayso.system.atomic_files import TEMPORARY_SUFFIX

_DEBOUNCE_MS = 50  # an editor's save is several events


async def watch(
    root: Path, folders: Callable[[], set[Path]], changed: Callable[[], None], stop: asyncio.Event
) -> None:
    """Call `changed` whenever something in the show has been saved, until `stop`.

    `folders` are those of reviews and scripts, which are looked at for themselves alone: a show may
    lie in a folder with thousands of other files.
    """

    while not stop.is_set():
        other_folders = asyncio.Event()
        before = _those_there(root, folders)

        def seen(before: tuple[Path, ...] = before, again: asyncio.Event = other_folders) -> None:
            if _those_there(root, folders) != before:
                again.set()
            changed()

        deep = [root / name for name in FOLDERS if (root / name).is_dir()]
        shallow = sorted(path for path in {root, *folders()} if path.is_dir())
        await asyncio.gather(
            _watch(deep, recursive=True, changed=changed, stop=stop, until=other_folders),
            _watch(shallow, recursive=False, changed=seen, stop=stop, until=other_folders),
        )


def _those_there(root: Path, folders: Callable[[], set[Path]]) -> tuple[Path, ...]:
    """The folders that can be watched now."""
    return tuple(sorted(p for p in (*folders(), *(root / n for n in FOLDERS)) if p.is_dir()))


async def _watch(
    paths: list[Path],
    *,
    recursive: bool,
    changed: Callable[[], None],
    stop: asyncio.Event,
    until: asyncio.Event,
) -> None:
    """Watch until one of the two events is set."""
    end = asyncio.Event()

    async def wait_for(event: asyncio.Event) -> None:
        await event.wait()
        end.set()

    waits = [asyncio.create_task(wait_for(event)) for event in (stop, until)]
    try:
        if not paths:
            await end.wait()
            return
        async for _ in watchfiles.awatch(
            *paths,
            watch_filter=_matters,
            debounce=_DEBOUNCE_MS,
            step=10,
            stop_event=end,
            recursive=recursive,
            rust_timeout=1_000,
        ):
            changed()
    finally:
        for task in waits:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*waits, return_exceptions=True)


def _matters(_: watchfiles.Change, path: str) -> bool:
    name = Path(path).name
    return not name.startswith(".") and not name.endswith((TEMPORARY_SUFFIX, "~", ".swp", ".tmp"))
