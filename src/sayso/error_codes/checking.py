"""What `sayso check` may find wrong with a finished episode."""

from __future__ import annotations

from sayso.error_codes.code import Code, Section

_AGAIN = "Build the episode again: what is right is left as it is."

SECTIONS = (
    Section(
        "What a check finds in an episode",
        "`sayso check` decodes a finished episode and holds it against its timeline. What it finds "
        "has one of these codes; in a feed, it is [a rule](feed-rules.md).",
        (
            Code(
                "manifest",
                "The manifest cannot be used",
                "`episode.json` tells what the episode holds. It is damaged, was edited, or is of "
                "another version of sayso.",
                _AGAIN,
            ),
            Code(
                "missing",
                "A file is not there",
                "The manifest names a file that is not in the episode's folder.",
                _AGAIN,
            ),
            Code(
                "extra",
                "There is a file that no build has written",
                "It is in the episode's folder, and the manifest does not name it. It is not "
                "published.",
                "Move it elsewhere, if it is not meant to be there.",
            ),
            Code(
                "size",
                "A file has another length than it was written with",
                "It was cut short or changed after the build.",
                _AGAIN,
            ),
            Code(
                "hash",
                "A file has other bytes than it was written with",
                "It was changed after the build, by hand, by a program that edits tags, or by a "
                "disk that fails.",
                f"{_AGAIN} Tags and cover come from show.toml and the review.",
            ),
            Code(
                "frames",
                "The MP3 is no unbroken row of frames",
                "Something is cut, or something foreign stands between the frames. Players skip or "
                "click there.",
                _AGAIN,
            ),
            Code(
                "info",
                "The MP3's Info header is wrong",
                "Players take from it how long the episode is and where to jump to.",
                _AGAIN,
            ),
            Code(
                "decode",
                "The MP3 cannot be decoded",
                "No player would play it.",
                _AGAIN,
            ),
            Code(
                "duration",
                "The MP3 has another length than the timeline",
                "Chapters and transcript would be beside what is heard.",
                _AGAIN,
            ),
            Code(
                "format",
                "The MP3 has another sample rate, bitrate or number of channels",
                "It is not what the manifest says: it was encoded by another program.",
                _AGAIN,
            ),
            Code(
                "tag",
                "The MP3's tag does not say what the manifest says",
                "Title, show, chapters or lyrics in the ID3 tag differ: it was edited.",
                f"{_AGAIN} Titles come from the review, the show's name from show.toml.",
            ),
            Code(
                "chapters",
                "The chapters are not those of the timeline",
                "In the tag or in `chapters.json`, one is missing, in another place or at another "
                "time.",
                _AGAIN,
            ),
            Code(
                "cover",
                "The cover is not fit for podcast apps",
                "It cannot be decoded, is not square, or has too few or too many pixels.",
                "Name a square JPEG or PNG of 1400 to 3000 pixels as `cover` in show.toml, and "
                "build again.",
            ),
            Code(
                "transcript",
                "A transcript is not what is said, or not when",
                "One of its forms cannot be read, lacks a line, or has times that the timeline "
                "does not have.",
                _AGAIN,
            ),
            Code(
                "loudness",
                "The episode is too loud or too soft",
                "Measured by ITU-R BS.1770-4, it is over 0.5 LU away from the target, or from what "
                "its manifest says.",
                _AGAIN,
            ),
            Code(
                "peak",
                "The true peak is above -1 dBTP",
                "Players that resample or decode at another precision may clip there.",
                _AGAIN,
            ),
            Code(
                "clipping",
                "Samples reach full scale",
                "They are cut off in players, which is heard as a crackle.",
                _AGAIN,
            ),
            Code(
                "silence",
                "There is a long silence that the script does not ask for",
                "Over 2.5 seconds: listeners take it for the end.",
                "Shorten the pauses around it in script.md, or cut the silence off the sound file.",
            ),
            Code(
                "voice",
                "No voice is heard where a sentence is said",
                "The voice said nothing, or stopped for over 1.5 seconds within the sentence.",
                "lexicon.toml can say how the sentence sounds, if its voice cannot read it. Or "
                "build again.",
            ),
            Code(
                "noise",
                "There is sound where the timeline has none",
                "What is heard lies elsewhere than chapters and transcript say.",
                _AGAIN,
            ),
        ),
    ),
)
