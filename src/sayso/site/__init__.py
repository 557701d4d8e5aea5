"""The show's site: channel and episodes in, an index and a page for each episode out, as HTML.

Pages work without JavaScript, load nothing except from the show's own servers, and look as the
templates and `site.css` in the show's `scripts/` say. A template may come from a stranger: it runs
in the sandbox of all templates, and cannot change the policy that keeps foreign scripts out.
"""

from sayso.site.episode_page import EpisodePage, page_html
from sayso.site.index_page import index_html
from sayso.site.links import SiteFile, assets
from sayso.site.transcript import (
    TranscriptChapter,
    TranscriptLine,
    TranscriptTurn,
    transcript_of,
)
