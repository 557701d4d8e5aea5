"""Paragraphs that only point elsewhere: labels of links, and what leads in to what is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from sayso.model import Aside, Block

LINK = "a link"
_PLACES = (
    "steam|gog|itch(?:\\.io)?|epic|amazon|goodreads|storygraph|bookshop|imdb|letterboxd|netflix"
    "|spotify|bandcamp|soundcloud|youtube|apple music|tidal|discogs|github|kickstarter|wikipedia"
    "|(?:app|play) store|google play|bgg|boardgamegeek|vimeo"
)
_PAGES = (
    r"(?:(?:book|film|movie|game|album|publisher|author|artist|band|product|project)"
    r"(?:['’]s)? )?(?:web ?site|homepage|web ?page|page|store|shop|trailer|source)"
)
_OFFERS = (
    f"(?:purchase|download|affiliate|buy|store|product|order|discount|{_PLACES})"
    " (?:links?|page|here|now)"
)
_ACTS = (
    r"(?:read|see|find|visit|subscribe|watch|listen|buy|get|download|order|play|view|stream|check)\b.{0,30}"
    rf"\b(?:here|now|review|more|it|online|(?:on|from|at) (?:{_PLACES}))"
)
_LINK_LABELS = re.compile(
    r"\W*(?:(?:the|a|my|our|full|official|on|at|via|visit|go to|see) )*"
    r"(?:here|links?|(?:back|return) to\b.{0,40}|full (?:review|post)|source"
    rf"|{_PLACES}|{_PAGES}|{_OFFERS}|{_ACTS})\W*",
    re.IGNORECASE,
)
"""What a link is called that leads somewhere and names nothing."""
_POSTED = re.compile(
    r"\W*(?:this (?:post|review|article) )?(?:was |is )?"
    r"(?:(?:originally|first|also|previously|cross-?)[ -]?(?:posted|published|appeared|written)"
    r"|purchased|bought|ordered|download(?:ed)?) (?:on|at|in|by|for|from|here|via)\b",
    re.IGNORECASE,
)
"""What, with a link, says where something is: `(originally posted on …)`."""
_LEADS_IN = re.compile(r"[:：]\W*\Z|\b(?:here|below)\W{0,4}\Z")
_LONGEST = 14
"""Words; a longer sentence says something of its own."""
_OFTEN = 3
"""A link that stands alone under the same words so often is no name of one thing."""
_LED_TO = frozenset({"embed", "caption", "table", "code"})
_REASONS = frozenset({LINK, "a note about the page"})


def normalize(text: str) -> str:
    """The words of a text, as they are compared."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def is_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does and does not begin with a label."""
    ends = text.rstrip("\"'”’)]*_ ").endswith((".", "!", "?", "…", "。", "！", "？"))
    return ends and re.match(r"\W*[\w '’-]{1,40}[:：]\s", text) is None


def find_link_labels(blocks: Sequence[Block]) -> set[str]:
    """The ids of paragraphs that only say where a link leads: `Steam`, `read my review here`.

    A link that may be the name of what follows is none, nor is a whole sentence.
    """
    alone = [block for block in blocks if _is_only_link(block)]
    times = Counter(normalize(block.text) for block in alone)
    found = {
        block.id
        for block in alone
        if block.links[0].url.startswith("#")
        or _LINK_LABELS.fullmatch(block.text)
        or times[normalize(block.text)] >= _OFTEN
    }
    return found | {
        block.id
        for block in blocks
        if block.links
        and block.kind in ("paragraph", "item")
        and len(block.text.split()) <= _LONGEST
        and len(block.sentences) == 1
        and (_POSTED.match(block.text) or _points_here(block))
    }


def _is_only_link(block: Block) -> bool:
    """Whether the text of a block is one link's, and no sentence."""
    if not block.links or block.kind not in ("paragraph", "item"):
        return False
    n_words = len(block.text.split())
    is_whole = normalize(" ".join(link.text for link in block.links)) == normalize(block.text) != ""
    return is_whole and n_words <= _LONGEST and not (n_words > 4 and is_sentence(block.text))


def _points_here(block: Block) -> bool:
    """Whether a short text is a label whose last word is a link: `download link here`."""
    linked = normalize(block.links[-1].text)
    ends = linked in ("here", "this link", "link") and normalize(block.text).endswith(linked)
    return ends and _LINK_LABELS.fullmatch(block.text) is not None


def find_lead_ins(blocks: Sequence[Block], aside: Mapping[str, Aside]) -> set[str]:
    """The ids of short paragraphs that only lead in to a picture, player, table or link left out.

    Not one that a list or a quote follows as well, or that says something besides.
    """
    found: set[str] = set()
    following: Block | None = None
    leads_to_aside = False
    for block in reversed(blocks):
        given = aside.get(block.id)
        if block.kind == "html":
            continue
        if given is not None and (block.kind in _LED_TO or given.reason in _REASONS):
            leads_to_aside = True
            continue
        goes_on = following is not None and following.group and following.kind != "paragraph"
        if leads_to_aside and not goes_on and given is None and _leads_in(block):
            found.add(block.id)
        elif given is None or block.kind == "heading":
            following = block
        leads_to_aside = block.id in found
    return found


def _leads_in(block: Block) -> bool:
    return (
        block.kind == "paragraph"
        and block.segment_by is None
        and len(block.sentences) == 1
        and len(block.text.split()) <= _LONGEST
        and _LEADS_IN.search(block.text) is not None
    )
