"""A finished episode's folder in, what is wrong with it out.

Decodes the MP3 and holds it, its tag, its chapters, transcripts and cover against the manifest.
Promises: reads only, at bounded memory; every finding names the file and the hint.
"""

from sayso.episode.checking.check import CheckedEpisode, check_episode
from sayso.episode.checking.finding import Finding
from sayso.episode.checking.manifest_reading import Expected, read_manifest
