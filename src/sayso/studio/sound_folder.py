"""A temporary folder for the sounds of one session, which does not outlive the studio for long.

One that is killed leaves its folder behind. Whoever makes the next one takes that away: the system
lets go of a folder's lock however its holder ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from sayso.system.atomic_files import exclusive, explain_os_errors

if sys.platform != "win32":
    import fcntl

_PREFIX = "sayso-preview-"
_LOCKED_BY_S = 60.0
"""A folder as old as that is locked, if anybody uses it: it takes an instant."""


class SoundFolder:
    """A folder that is there until `close`. Raises EnvironmentProblem where there can be none."""

    def __init__(self) -> None:
        _remove_forsaken()
        with explain_os_errors(Path("temporary files")), contextlib.ExitStack() as stack:
            self.path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=_PREFIX)))
            stack.enter_context(exclusive(self.path))
            self._held = stack.pop_all()

    def close(self) -> None:
        """Remove it, with all that is in it."""
        self._held.close()


def _remove_forsaken() -> None:
    """Remove the folders of studios that were killed."""
    if sys.platform == "win32":  # folders cannot be locked there
        return
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # somebody else's, in use, or gone by now
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if time.time() - os.fstat(handle).st_mtime > _LOCKED_BY_S:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path)
            finally:
                os.close(handle)
