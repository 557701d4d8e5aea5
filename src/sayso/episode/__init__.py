"""The episode room: a mastered timeline in, everything that belongs to an episode out.

Tag, chapters, transcripts, waveform, notes and manifest are projections of one `Timeline`: they
cannot disagree. The same input gives the same bytes; only the report tells of its build.
"""

from sayso.episode.chapter_lists import Timestamp, timestamps
from sayso.episode.chapters import chapters_json, tag_chapters
from sayso.episode.id3 import Picture, Tags, write_id3
from sayso.episode.manifest import Measured, digest, manifest
from sayso.episode.notes import notes_markdown
from sayso.episode.notes_html import notes_html
from sayso.episode.report import BuildFacts, report_html
from sayso.episode.transcript import plain, srt, vtt
from sayso.episode.transcript_json import transcript_json
from sayso.episode.transcript_reading import transcript_html, transcript_text
from sayso.episode.waveform import waveform_svg
