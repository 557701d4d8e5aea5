"""What can be wrong with the machine and with how sayso is called."""

from __future__ import annotations

from sayso.error_codes.code import Code, Section

SECTIONS = (
    Section(
        "The machine",
        "The disk, the system, and what is installed.",
        (
            Code(
                "no-space",
                "The disk is full",
                "A file could not be written, because the disk, the quota or a limit on file "
                "size is used up. Every file is whole: the old version, or none.",
                "Free some space and run the same command again. `sayso cache` shows what sayso "
                "itself keeps, `sayso cache --clear` gives it back.",
            ),
            Code(
                "no-permission",
                "No permission",
                "The system does not allow to read or write this file or folder, or the disk is "
                "read-only.",
                "See who owns it (`ls -l`), or choose another folder. `$SAYSO_CACHE` moves the "
                "cache.",
            ),
            Code(
                "file-or-folder",
                "A file is where a folder should be, or the other way round",
                "A path goes through something that is no folder, or ends at a folder where a "
                "file is to be written.",
                "Move away what the message names.",
            ),
            Code(
                "extra-missing",
                "An optional part of sayso is not installed",
                "Some abilities bring libraries of their own and are installed on demand: "
                "`neural`, `preview`, `html`, `publish`, `cluster`.",
                "Run the `pip install` that the message shows, in the environment of sayso; with "
                "pipx: `pipx inject sayso …`.",
            ),
            Code(
                "port-taken",
                "The port is in use",
                "Another program, perhaps another studio, listens on the port that you chose.",
                "Choose another `--port`, or leave it away: sayso finds a free one.",
            ),
            Code(
                "machine",
                "The system said no",
                "An operation failed for a cause that sayso does not know. The message quotes "
                "the system.",
                "Mend what it says, and run the same command again.",
            ),
            Code(
                "usage",
                "The command line makes no sense",
                "An option or an argument is unknown, missing, or has a value that it cannot have.",
                "`sayso COMMAND --help` shows what the command takes, with examples.",
            ),
            Code(
                "fault",
                "A fault of sayso",
                "This should not happen, whatever your files say.",
                "Please report it, with the message and the files that lead to it. `sayso script "
                "--force`, or removing the episode's folder, may get you on.",
            ),
        ),
    ),
)
