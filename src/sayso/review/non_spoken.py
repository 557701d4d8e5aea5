"""What in a review is not for speaking: credits, ratings, addresses, captions, repeated quotes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sayso.language.calendar import SHORT_MONTHS
from sayso.model import Aside, Block, BlockKind
from sayso.review.parsing import is_segment_comment
from sayso.review.pointers import LINK, find_lead_ins, find_link_labels, is_sentence, normalize
from sayso.review.rating import is_rating_of_others, rating_of_block

_SHORT = 30
"""Words; a longer paragraph is prose, whatever it begins with."""

_LABEL = re.compile(
    r"[\W_]*(?:dir(?:ector|ected by)?|creators?|created by|script|screenplay|written by|writers?"
    r"|starring|stars?|cast|music by|run(?:ning)?[ -]?time|duration|genres?|certificate|released?"
    r"|release date|year|country|language|network|streaming|platforms?|developers?|developed by"
    r"|publishers?|published by|pages|isbn(?:-1[03])?|format|pric(?:e|ing)|rrp|address|location"
    r"|phone|tel(?:ephone)?|opening (?:hours|times)|hours|website|web|bookings?"
    r"|nearest (?:tube|station)(?: station)?|available on|watch (?:it )?on|rating|score"
    r"|(?:our|my|overall) (?:rating|score)|verdict|credits?|original (?:post|review|article)"
    r"|photo(?:graph)?s?|photo credit|image(?: credit)?|images"
    r"|picture|source|via|tags?|filed under|categor(?:y|ies)|review(?:ed)? by|words(?: by)?|by"
    r"|disclosure|note|editor'?s note)\s*[:：]\s*\S",
    re.IGNORECASE,
)
_PROSE_LABELS = re.compile(
    r"[\W_]*(?:verdict|note|stars?|cast|script|writers?|pric(?:e|ing)|year|country|format|genres?"
    r"|language|(?:(?:our|my|overall) )?(?:rating|score)|music by|location|disclosure)\s*[:：]",
    re.IGNORECASE,
)
"""Labels that may also begin a spoken paragraph; they are meta only if few words follow."""

_WHERE_TO_GET = re.compile(
    r"\b(?:is|are|was|were|will be)\s+(?:(?:now|currently|also|still|already) )?"
    r"(?:available (?:(?:now|here) )?(?:on|from|to|for|in|at|via|now)\b"
    r"|out now(?: (?:on|in|for|from)\b|\W*$)"
    r"|(?:out|streaming|showing|screening|playing) (?:now )?(?:on|in|at) (?:all |select )?"
    r"(?:cinemas|theat|dvd|blu|stores|shops|paperback|hardback|[A-Z\d])"
    r"|in (?:cinemas|theat(?:re|er)s|shops|stores)\b)"
    r"|\b(?:screening|showing) (?:it )?again\b|\bget a (?:dvd|blu-ray) release\b",
)
_FOOTNOTE = re.compile(r"\[(?:\^\w{1,12}|\d{1,3}|[a-z])\]:?\s|[†‡¹²³]\s?\w")
"""Not `[Spoilers]` or `[Update]`, which may begin a paragraph."""
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]{2} \d{5}\b")
_PHONE = re.compile(
    r"(?<![\d.])(?!\d{1,3}(?: \d{3})* 000\b)"  # `100 000 000 copies` is a number
    r"(?:\+\d{1,3}[ -]?)?\(?0?\d{2,5}\)?[ -]\d{3,4}[ -]?\d{3,4}\b"
)
_STREET = re.compile(
    r"\b\d{1,5}[a-z]?(?:-\d+)? (?:[A-Z][\w'’]*\.? ){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|"
    r"Square|Sq|Place|Row|Grove|Terrace|Boulevard|Blvd|Drive|Court|Hill|Park|Gardens|Way)\b"
    r"(?!.*\b[a-z]{2,})"  # `21 Jump Street is a comedy` says something
)
_TUBE = re.compile(r"\bnearest (?:tube|station|underground|metro)\b", re.IGNORECASE)
_PROMPT = re.compile(
    r"(?:follow|like|find) us (?:on|at)\b|subscribe (?:to|here|now)\b|share this\b|click here\b"
    r"|read (?:more|also|next)\b|leave a comment\b"
    r"|this (?:post|review|article) (?:was|is|contains|first appeared)\b"
    r"|(?:photo|image|picture)s? (?:courtesy|credit|by|from|©)|©|copyright\b|https?://\S+$|www\.\S+$",
    re.IGNORECASE,
)
_MONTH = rf"(?:{'|'.join(SHORT_MONTHS)})[a-z]*\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:[a-z]{{3,9}}day,? )?(?:{_DAY} {_MONTH}(?:,? \d{{4}})?|{_MONTH} {_DAY}(?:,? \d{{4}})?"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
)
_PERSON = r"(?-i:[A-Z])[\w.'’-]+(?: (?-i:[A-Z])[\w.'’-]+){0,3}"
_WROTE = r"(?:(?:written|reviewed|posted|published|words|review|(?:last )?updated) )?"
_READING_TIME = r"\d{1,3} min(?:ute)?s? read(?:ing time)?|read(?:ing)? time\W+\d{1,3}.{0,12}"
_BYLINE = re.compile(
    rf"{_WROTE}(?:by {_PERSON}(?:,? (?:and|&) {_PERSON})?"
    rf"|(?:by )?(?:{_PERSON})?[,|·•–— ]*(?:on )?{_DATE}"
    rf"(?:[,|·•–— ]*(?:{_READING_TIME}))?)\.?|{_READING_TIME}",
    re.IGNORECASE,
)
_TAGS = re.compile(r"(?:#[^\W\d][\w/-]*[\s,]*)+")
_NAME_LIST = re.compile(
    r"(?:[A-Z][\w.'’-]+ ){1,3}[A-Z][\w.'’-]+(?:[,;] (?:[A-Z][\w.'’-]+ ){1,3}[A-Z][\w.'’-]+){2,}\.?"
)


def meta_reason(block: Block) -> str | None:
    """Why a block is not prose: `a footnote`, `credits or details`, …; None if it is prose."""
    if block.kind in ("caption", "note"):
        return "a caption" if block.kind == "caption" else "a footnote"
    text = block.text
    n_words = len(text.split())
    if n_words > 2 * _SHORT or len(text) > 20 * _SHORT:
        return None
    if _FOOTNOTE.match(text):
        return "a footnote"
    if is_rating_of_others(text):
        return "a rating by others"
    if rating_of_block(text):
        return None
    if _LABEL.match(text) and (
        n_words <= 6 or not _PROSE_LABELS.match(text) or _has_several_labels(text)
    ):
        return "credits or details"
    if n_words > _SHORT:
        return None
    if _BYLINE.fullmatch(text):
        return "a byline"
    if _TAGS.fullmatch(text):
        return "tags"
    if _POSTCODE.search(text) or _PHONE.search(text) or _TUBE.search(text) or _STREET.match(text):
        return "an address"
    if len(block.sentences) <= 2 and _WHERE_TO_GET.search(text) and n_words <= 25:
        return "where it can be had"
    if _PROMPT.match(text):
        return "a note about the page"
    if _NAME_LIST.fullmatch(text):
        return "credits or details"
    return None


def _has_several_labels(text: str) -> bool:
    """Whether a text has several labels or is a list: `Director: A. Starring: B, C.`"""
    return (
        len(re.findall(r"[A-Z][\w ]{2,20}:\s", text)) > 1 or text.count(",") + text.count(";") > 2
    )


def left_out_reason(block: Block, title: str) -> str:
    """Why a block that is neither prose nor meta is not spoken."""
    if block.kind == "heading":
        return "the title" if is_title(block, title) else "a heading with nothing under it"
    if block.kind == "html":
        if is_segment_comment(block):
            return "names the segment of what follows"
        return "a comment" if block.text.startswith("<!--") else "HTML is not read out"
    return _LEFT_OUT.get(block.kind, "no words in it")


_LEFT_OUT: dict[BlockKind, str] = {
    "code": "code is not read out",
    "table": "a table is not read out",
    "embed": "an embed is not read out",
    "break": "a break",
}


def is_title(heading: Block, title: str) -> bool:
    """Whether a heading is the review's title, with or without a rating after it."""
    return normalize(title) in (normalize(heading.text), normalize(heading.sentences[0]))


def find_duplicates(blocks: Sequence[Block]) -> dict[str, str]:
    """Pull quotes that repeat the text: the quote's id → the id of the block it repeats.

    A quote is a repetition if nearly all of its words are in one or two consecutive sentences
    elsewhere; their order does not count, since pull quotes are often shortened. Any other
    paragraph is one if it is a sentence or more with the same words as an earlier one; the details
    of two things may well be the same.
    """
    found: dict[str, str] = {}
    seen: dict[str, str] = {}
    for block in blocks:
        words = normalize(block.text)
        if len(words.split()) >= 8 and is_sentence(block.text):
            if block.kind != "quote" and words in seen:
                found[block.id] = seen[words]
            seen.setdefault(words, block.id)
    quotes = [block for block in blocks if _may_be_pull_quote(block) and block.id not in found]
    if quotes:
        quoted = {block.id for block in quotes}
        found.update(_find_repeated_quotes(quotes, [b for b in blocks if b.id not in quoted]))
    return found


def separate_non_spoken(
    blocks: Iterable[Block], title: str, *, skip_spoilers: bool = False
) -> tuple[list[Block], dict[str, Aside]]:
    """Separate the blocks that are spoken from the others; these are returned by block id.

    Headings are in neither, but for the title and those that are credits.
    """
    every = list(blocks)
    reasons = _reasons(every, title)
    non_spoken: dict[str, Aside] = {}
    for block in every:
        titles = block.kind == "heading" and is_title(block, title)
        reason = reasons.get(block.id)
        if reason and block.kind not in _LEFT_OUT and block.kind != "html":
            non_spoken[block.id] = Aside(block, "meta", reason)
        elif block.kind == "heading" and not titles:
            continue
        elif not block.id.startswith("p"):
            non_spoken[block.id] = Aside(block, "left out", left_out_reason(block, title))
    leading = find_lead_ins(every, non_spoken)
    for block in every:
        if block.id in leading:
            non_spoken[block.id] = Aside(block, "left out", "leads in to what is left out")
    spoken = [block for block in every if block.id.startswith("p") and block.id not in non_spoken]
    if not spoken:
        # A review of one line that looks like credits has nothing else to speak.
        spoken = [block for block in every if block.id.startswith("p")]
        for block in spoken:
            del non_spoken[block.id]
    repeated = find_duplicates([b for b in spoken if b.segment_by is None and not b.depth])
    for block in spoken:
        if block.id in repeated:
            non_spoken[block.id] = Aside(block, "duplicate", f"repeats {repeated[block.id]}")
        elif block.spoiler and skip_spoilers:
            non_spoken[block.id] = Aside(block, "left out", "a spoiler")
    return [block for block in spoken if block.id not in non_spoken], non_spoken


def _reasons(blocks: Sequence[Block], title: str) -> dict[str, str]:
    """Why blocks are no prose, by id. A list is so as a whole, or not at all: it is heard whole."""
    found: dict[str, str] = {}
    labels = find_link_labels(blocks)
    for block in blocks:
        chosen = block.segment_by in ("comment", "front matter")
        reason = None if chosen else meta_reason(block)
        if reason is None and not chosen and block.id in labels:
            reason = LINK
        if block.kind == "heading" and (is_title(block, title) or reason in ("a byline", "tags")):
            reason = None
        if reason is not None:
            found[block.id] = reason
    prose = {b.group for b in blocks if b.depth and b.id.startswith("p") and b.id not in found}
    holed = [b.id for b in blocks if b.depth and b.kind == "item" and b.group in prose]
    return {block: reason for block, reason in found.items() if block not in holed}


_MAX_POSTINGS = 100
"""A word in more places than this says nothing about which one is quoted."""

_SHARE_OF_SENTENCES = 0.65
_SHARE_OF_BLOCK = 0.85
"""How much of a quote must be in two sentences, or in a whole paragraph, to be a repetition. In
the labelled reviews this finds 11 of the 12 pull quotes, and not the one quotation."""


def _may_be_pull_quote(block: Block) -> bool:
    return block.kind == "quote" and len(block.text.split()) <= 60


def _find_repeated_quotes(quotes: Sequence[Block], others: Sequence[Block]) -> dict[str, str]:
    in_sentences: dict[str, list[int]] = defaultdict(list)
    in_blocks: dict[str, list[int]] = defaultdict(list)
    owner: list[str] = []
    for number, block in enumerate(others):
        of_block: set[str] = set()
        for sentence in block.sentences:
            stems = _stem_words(sentence)
            of_block |= stems
            for stem in stems:
                # A place is a sentence and the one after it, since a quote may span both.
                in_sentences[stem].extend((len(owner) - 1, len(owner)))
            owner.append(block.id)
        for stem in of_block:
            in_blocks[stem].append(number)
    found: dict[str, str] = {}
    for quote in quotes:
        stems = _stem_words(quote.text)
        if len(stems) < 3:
            continue
        at, share = _find_best_place(stems, in_sentences)
        number, share_of_block = _find_best_place(stems, in_blocks)
        if share >= _SHARE_OF_SENTENCES:
            found[quote.id] = owner[max(at, 0)]
        elif share_of_block >= _SHARE_OF_BLOCK:
            found[quote.id] = others[number].id
    return found


def _find_best_place(stems: set[str], where: Mapping[str, list[int]]) -> tuple[int, float]:
    """The place with most of the stems, and the share of them that it has."""
    counts: Counter[int] = Counter()
    for stem in stems:
        places = where.get(stem, [])
        if len(places) <= _MAX_POSTINGS:
            counts.update(set(places))
    if not counts:
        return 0, 0.0
    # Of two places that share a sentence, the later begins with it.
    at, n_shared = max(counts.items(), key=lambda item: (item[1], item[0]))
    return at, n_shared / len(stems)


def _stem_words(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[^\W\d_]{4,}|\d+", text.casefold())}
