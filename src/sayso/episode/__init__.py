"""The episode room: a mastered timeline in, everything that belongs to an episode out.

Tag, chapters, transcript and manifest are projections of one `Timeline`: they cannot disagree.
The same input gives the same bytes.
"""

from sayso.episode.chapters import chapters_json, tag_chapters
from sayso.episode.id3 import Picture, Tags, write_id3
from sayso.episode.manifest import Measured, digest, manifest
from sayso.episode.transcript import plain, srt, vtt

__all__ = [
    "Measured",
    "Picture",
    "Tags",
    "chapters_json",
    "digest",
    "manifest",
    "plain",
    "srt",
    "tag_chapters",
    "vtt",
    "write_id3",
]
