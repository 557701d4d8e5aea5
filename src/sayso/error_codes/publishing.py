"""What can be wrong with episodes, the feed and the servers that it is published to."""

from __future__ import annotations

from sayso.error_codes.code import Code, Section

SECTIONS = (
    Section(
        "Episodes",
        "Finished episodes, as commands find and check them.",
        (
            Code(
                "no-episode",
                "There is no such finished episode",
                "A command needs a finished episode, and none of that name is in `episodes/`, or "
                "its build has not ended.",
                "`sayso build REVIEW` makes it.",
            ),
            Code(
                "damaged-episode",
                "Files of an episode are missing or damaged",
                "A file in the episode's folder is not what the build wrote.",
                "Build it again: what is right is left as it is. `sayso check` names every such "
                "file.",
            ),
            Code(
                "unfit-episode",
                "An episode is not fit to be published",
                "Before anything is uploaded, an episode is checked as `sayso check` does. It "
                "failed.",
                "Mend what the message names, mostly by building again.",
            ),
        ),
    ),
    Section(
        "The feed",
        "The podcast feed and its ledger.",
        (
            Code(
                "no-feed",
                "There is no feed yet",
                "The command needs the feed, and nothing has been published to this target.",
                "Publish first: `sayso publish`.",
            ),
            Code(
                "not-a-feed",
                "This is not a podcast feed",
                "What is at the place of the feed is no RSS 2.0 that can be read: a web page, "
                "Atom, XML with a mistake.",
                "Check the address or the file. Where the feed itself is damaged, mend the line "
                "that is named.",
            ),
            Code(
                "unfit-feed",
                "The feed would break a rule",
                "The new feed was held against the rules of directories and apps, and would "
                "break one that it keeps now. Nothing has been published.",
                "Mend what the message names. docs/feed-rules.md has all rules.",
            ),
            Code(
                "feed-changed",
                "Somebody else writes the feed",
                "Between reading and writing the feed, another publisher changed it, several "
                "times over. Nothing of theirs is overwritten.",
                "See who else publishes there, wait until they have finished, and publish again.",
            ),
            Code(
                "feed-lost",
                "The feed, or a part of it, is not where it was",
                "The ledger says that episodes have been published, but the feed that held them "
                "is gone.",
                "Bring it back from a backup with `sayso publish --adopt FILE`. If the target in "
                "show.toml is wrong, mend that instead.",
            ),
            Code(
                "other-feed",
                "Another feed is in this place",
                "The target holds the feed of another show, or `--adopt` would take in a feed "
                "where one is already.",
                "Publish to another folder, or leave `--adopt` away.",
            ),
            Code(
                "guid-changed",
                "An episode would get another GUID",
                "Podcast apps know an episode by its GUID. With another one, every listener "
                "would download it again.",
                "Take feed.lock.json back from version control.",
            ),
            Code(
                "date-changed",
                "A published episode would get another date",
                "Podcast apps remember the date of an episode. The wish or the ledger disagrees "
                "with what has been published.",
                "Leave `--at` away, or add `--redate` where the change is meant.",
            ),
            Code(
                "ledger-damaged",
                "feed.lock.json cannot be read",
                "The file that fixes GUIDs and dates is damaged, or holds an unfinished merge.",
                "Take it back from version control. After a merge, keep the entries of both sides.",
            ),
        ),
    ),
    Section(
        "Servers",
        "Where the feed is published to.",
        (
            Code(
                "bad-target",
                "This is no place to publish to",
                "The target is neither a folder nor an address that sayso can publish to: "
                "`s3://`, `sftp://`, `webdav+https://`.",
                "Write it as the message shows. docs/publish.md has an example of each.",
            ),
            Code(
                "secret-in-address",
                "A password would be readable",
                "An address holds a password, or would send it in the open. Addresses end up in "
                "files, logs and version control.",
                "Leave it out: docs/publish.md says where each kind of server takes its key from.",
            ),
            Code(
                "credentials",
                "A key or password is missing or refused",
                "The server asks who you are, and there is no answer, or a wrong one.",
                "Set the variables or the key that the message names.",
            ),
            Code(
                "untrusted-server",
                "The server cannot prove who it is",
                "Its certificate does not hold, or its SSH key is not the known one. Somebody "
                "may be in between.",
                "Check the address and the machine's clock, then the certificate or the "
                "fingerprint.",
            ),
            Code(
                "server-unreachable",
                "The server does not answer",
                "There is no connection to it, or the connection breaks off.",
                "Check the address and the network, then run the same command again: it goes on "
                "from there.",
            ),
            Code(
                "server-trouble",
                "The server is in trouble",
                "It answers with an error of its own, also after several tries.",
                "Try again later: nothing is lost.",
            ),
            Code(
                "server-refused",
                "The server refuses",
                "It understood and does not allow it: no right to write, no such folder, no room.",
                "The message says what it said. Check the rights and the space there.",
            ),
            Code(
                "no-conditions",
                "The storage has no conditional writes",
                "Without them, two publishers at the same time could overwrite one another's feed.",
                "If nobody else publishes there, add `conditions=no` to the query of the address.",
            ),
            Code(
                "publisher-busy",
                "Another sayso publishes there",
                "Publishers take turns, and another has not ended.",
                "End it, or wait. Where it was killed, its turn runs out by itself.",
            ),
            Code(
                "upload-differs",
                "An upload is not what was sent",
                "What lies on the server is not the file that was sent. The feed does not name "
                "it yet.",
                "Publish again: the file is sent anew.",
            ),
            Code(
                "not-served",
                "Listeners cannot fetch what was published",
                "Files have been uploaded, and their address on the web does not give them.",
                "Check that `url` under `[feed]` is the address at which the target is served.",
            ),
        ),
    ),
)
