"""Rules about the elements of the podcast namespace (Podcasting 2.0), in channel and items."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

from lxml import etree

from sayso.feed.rss.namespaces import PODCAST
from sayso.feed.validation.feed import Feed, Item, Node, line_of, text_of
from sayso.feed.validation.rule import AnyRule, Fault, nearest, quoted, rule
from sayso.language.codes import is_language
from sayso.net.urls import ADDRESS_MEND, address_fault

# docs/tags/medium.md
MEDIUMS = (
    *("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher"),
    "course",
)
# docs/examples/license/licenses.json
LICENSES = ("arr", "cc-by-4.0", "cc-by-nc-4.0", "cc-by-nc-nd-4.0", "pod-v4v-1.0")
# taxonomy.json, in lower case: the namespace ignores case
TAXONOMY: dict[str, tuple[str, ...]] = {
    "creative direction": (
        *("director", "assistant director", "executive producer", "senior producer", "producer"),
        *("associate producer", "development producer", "creative director"),
    ),
    "cast": (
        *("host", "co-host", "guest host", "guest", "voice actor", "narrator", "announcer"),
        "reporter",
    ),
    "writing": (
        *("author", "editorial director", "co-writer", "writer", "songwriter", "guest writer"),
        *("story editor", "managing editor", "script editor", "script coordinator", "researcher"),
        *("editor", "fact checker", "translator", "transcriber", "logger"),
    ),
    "audio production": (
        *("studio coordinator", "technical director", "technical manager", "audio engineer"),
        *("remote recording engineer", "post production engineer"),
    ),
    "audio post-production": (
        *("audio editor", "sound designer", "foley artist", "composer", "theme music"),
        *("music production", "music contributor"),
    ),
    "administration": (
        *("production coordinator", "booking coordinator", "production assistant"),
        *("content manager", "marketing manager", "sales representative", "sales manager"),
    ),
    "visuals": ("graphic designer", "cover art designer"),
    "community": ("social media manager",),
    "misc.": ("consultant", "intern"),
    "video production": ("camera operator", "lighting designer", "camera grip", "assistant camera"),
    "video post-production": ("editor", "assistant editor"),
}
TRANSCRIPT_TYPES = (
    *("text/vtt", "application/x-subrip", "application/srt", "text/html", "application/json"),
    "text/plain",
)

_TAG = "podcast namespace: docs/tags/{}.md"


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID in its usual form, of 36 characters."""
    try:
        return len(text) == 36 and str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _too_long(element: etree._Element, text: str, most: int, what: str) -> Iterator[Fault]:
    if len(text) > most:
        hint = "shorten it: apps cut it off there"
        problem = f"{what} has {len(text):,} characters, {most:,} are the most"
        yield Fault(problem, hint, line_of(element))


# ------------------------------------------------------------------------------------- the channel


@rule("pc-locked", "should", f"PSP-1; {_TAG.format('locked')}")
def pc_locked(feed: Feed) -> Iterator[Fault]:
    """Locked: yes or no."""
    text = feed.channel.text("podcast:locked")
    line = line_of(feed.channel.first("podcast:locked"))
    if text is None:
        hint = "write <podcast:locked>yes</podcast:locked>"
        yield Fault("the feed does not say whether hosts may import it", hint, feed.channel.line)
    elif text not in ("yes", "no"):
        yield Fault(f"locked is {quoted(text, 20)}", "write yes or no", line)


@rule("pc-guid", "should", f"PSP-1; {_TAG.format('guid')}")
def pc_guid(feed: Feed) -> Iterator[Fault]:
    """The show's GUID: a UUID of version 5."""
    text = feed.channel.text("podcast:guid")
    line = line_of(feed.channel.first("podcast:guid"))
    if text is None:
        hint = "make one of the feed's address once, and keep it for ever"
        yield Fault("the show has no podcast:guid", hint, feed.channel.line)
    elif not is_uuid(text):
        yield Fault(f"{quoted(text, 40)} is no UUID", "write a UUID of version 5", line)
    elif uuid.UUID(text).version != 5:
        hint = "keep it if directories know the show by it; a new show takes version 5"
        yield Fault(f"the show's GUID is a UUID of version {uuid.UUID(text).version}", hint, line)


@rule("pc-medium", "nice", _TAG.format("medium"))
def pc_medium(feed: Feed) -> Iterator[Fault]:
    """A medium of the list."""
    text = feed.channel.text("podcast:medium")
    known = (*MEDIUMS, *(f"{name}L" for name in MEDIUMS), "mixed")
    if text is not None and text not in known:
        line = line_of(feed.channel.first("podcast:medium"))
        hint = nearest(text, MEDIUMS, "write podcast, or leave it out")
        yield Fault(f"{quoted(text, 20)} is no medium", hint, line)


@rule("pc-podroll", "nice", _TAG.format("podroll"))
def pc_podroll(feed: Feed) -> Iterator[Fault]:
    """Recommended shows by their GUID."""
    for podroll in feed.channel.all("podcast:podroll"):
        entries = list(podroll.iterchildren(f"{{{PODCAST}}}remoteItem"))
        if not entries:
            yield Fault("the podroll is empty", "name a show, or leave it out", line_of(podroll))
        for entry in entries:
            guid = entry.get("feedGuid", "")
            if not is_uuid(guid):
                hint = "write the podcast:guid of the show"
                said = f"{quoted(guid, 40)} is no GUID of a show" if guid else "feedGuid is missing"
                yield Fault(f"in the podroll, {said}", hint, line_of(entry))
            url = entry.get("feedUrl")
            if url is not None and (fault := address_fault(url)):
                yield Fault(f"an address in the podroll {fault}", ADDRESS_MEND, line_of(entry))


_RRULE = re.compile(
    r"FREQ=(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)"
    r"(;(UNTIL|COUNT|INTERVAL|BY[A-Z]+|WKST)=[^;=]+)*|"
    r"((UNTIL|COUNT|INTERVAL|BY[A-Z]+|WKST)=[^;=]+;)+FREQ=[A-Z]+(;[A-Z]+=[^;=]+)*",
    re.ASCII,
)


@rule("pc-updateFrequency", "nice", f"{_TAG.format('update-frequency')}; RFC 5545 §3.3.10")
def pc_update_frequency(feed: Feed) -> Iterator[Fault]:
    """How often, in at most 128 characters, and as a recurrence rule."""
    for element in feed.channel.all("podcast:updateFrequency"):
        text = text_of(element)
        if not text:
            yield Fault("updateFrequency says nothing", "write it in words", line_of(element))
        yield from _too_long(element, text, 128, "updateFrequency")
        rrule = element.get("rrule")
        if rrule is not None and not _RRULE.fullmatch(rrule[:500]):
            hint = "write a rule such as FREQ=WEEKLY"
            yield Fault(f"{quoted(rrule)} is no recurrence rule", hint, line_of(element))
        if rrule is not None and "COUNT=" in rrule and not element.get("dtstart"):
            hint = "add dtstart, the first day"
            yield Fault("a rule with COUNT needs to know its beginning", hint, line_of(element))
        if element.get("complete") not in (None, "true", "false"):
            said = quoted(element.get("complete", ""), 20)
            yield Fault(f"complete is {said}", "write true or false", line_of(element))


# ----------------------------------------------------------------------------- in channel and items


@rule("pc-funding", "nice", _TAG.format("funding"))
def pc_funding(node: Node) -> Iterator[Fault]:
    """An address, and at most 128 characters."""
    for element in node.all("podcast:funding"):
        if fault := address_fault(element.get("url", "")):
            yield Fault(f"the address for giving {fault}", ADDRESS_MEND, line_of(element))
        text = text_of(element)
        if not text:
            hint = "write what apps show beside the link"
            yield Fault("the link for giving has no text", hint, line_of(element))
        yield from _too_long(element, text, 128, "the text for giving")


@rule("pc-license", "nice", _TAG.format("license"))
def pc_license(node: Node) -> Iterator[Fault]:
    """A licence of the list, or its address."""
    for element in node.all("podcast:license"):
        text, url = text_of(element), element.get("url")
        if not text:
            yield Fault("the licence has no name", "name it", line_of(element))
        yield from _too_long(element, text, 128, "the licence")
        if url is not None:
            if fault := address_fault(url, https=False):
                yield Fault(f"the address of the licence {fault}", ADDRESS_MEND, line_of(element))
        elif text and text.lower() not in LICENSES:
            hint = nearest(text, LICENSES, "add url=…, where its text stands")
            problem = f"the licence {quoted(text, 40)} is not on the list, and has no address"
            yield Fault(problem, hint, line_of(element))


@rule("pc-person", "nice", _TAG.format("person"))
def pc_person(node: Node) -> Iterator[Fault]:
    """Names of at most 128 characters; known roles."""
    for element in node.all("podcast:person"):
        name, line = text_of(element), line_of(element)
        if not name:
            yield Fault("a person has no name", "write it, or leave the person out", line)
        yield from _too_long(element, name, 128, "the name of a person")
        group = element.get("group", "cast").lower()
        role = element.get("role", "host").lower()
        if group not in TAXONOMY:
            hint = nearest(group, TAXONOMY, f"choose one of {', '.join(TAXONOMY)}")
            yield Fault(f"{quoted(group, 30)} is no group of the podcast taxonomy", hint, line)
        elif role not in (known := {r for roles in TAXONOMY.values() for r in roles}):
            hint = nearest(role, known, "choose one of them, such as host, guest or narrator")
            yield Fault(f"{quoted(role, 30)} is no role of the podcast taxonomy", hint, line)
        for attribute in ("href", "img"):
            url = element.get(attribute)
            if url is not None and (fault := address_fault(url, https=False)):
                yield Fault(f"the {attribute} of a person {fault}", ADDRESS_MEND, line)


@rule("pc-txt", "nice", _TAG.format("txt"))
def pc_txt(node: Node) -> Iterator[Fault]:
    """At most 4000 characters; its purpose, 128."""
    for element in node.all("podcast:txt"):
        text = text_of(element)
        if not text:
            yield Fault("podcast:txt is empty", "fill it, or leave it out", line_of(element))
        yield from _too_long(element, text, 4000, "podcast:txt")
        yield from _too_long(element, element.get("purpose", ""), 128, "its purpose")


@rule("pc-ai-content", "should", _TAG.format("txt"))
def pc_ai_content(node: Node) -> Iterator[Fault]:
    """Whether voices are computed (ai-content): true or false."""
    said = [e for e in node.all("podcast:txt") if e.get("purpose", "").strip() == "ai-content"]
    for element in said:
        if text_of(element) not in ("true", "false"):
            problem = f"ai-content is {quoted(text_of(element), 20)}"
            yield Fault(problem, "write true or false", line_of(element))
    if len({text_of(element) for element in said}) > 1:
        yield Fault("ai-content is said both ways", "keep one", line_of(said[1]))


# ------------------------------------------------------------------------------------------- items


@rule("pc-transcript", "should", f"PSP-1; Apple; {_TAG.format('transcript')}")
def pc_transcript(item: Item) -> Iterator[Fault]:
    """A transcript: https, a known type."""
    found = item.all("podcast:transcript")
    if not found:
        hint = "add one, best as text/vtt: Apple shows it"
        yield Fault("the item has no transcript", hint, item.line)
    for element in found:
        line = line_of(element)
        if fault := address_fault(element.get("url", "")):
            yield Fault(f"the address of a transcript {fault}", ADDRESS_MEND, line)
        mime = element.get("type", "")
        if mime not in TRANSCRIPT_TYPES:
            said = f"is {quoted(mime, 40)}" if mime else "is missing"
            known = f"write one of {', '.join(TRANSCRIPT_TYPES)}"
            hint = nearest(mime, TRANSCRIPT_TYPES, known)
            yield Fault(f"the type of a transcript {said}", hint, line)
        language = element.get("language")
        if language is not None and not is_language(language):
            hint = "write a code such as en"
            yield Fault(f"{quoted(language, 20)} is no code of a language", hint, line)
        if element.get("rel") not in (None, "captions"):
            hint = 'write rel="captions", or leave it out'
            yield Fault(f"rel is {quoted(element.get('rel', ''), 20)}", hint, line)


@rule("pc-chapters", "should", _TAG.format("chapters"))
def pc_chapters(item: Item) -> Iterator[Fault]:
    """Chapters as JSON: https, its type."""
    for element in item.all("podcast:chapters"):
        if fault := address_fault(element.get("url", "")):
            yield Fault(f"the address of the chapters {fault}", ADDRESS_MEND, line_of(element))
        mime = element.get("type", "")
        if mime not in ("application/json+chapters", "application/json"):
            said = f"is {quoted(mime, 40)}" if mime else "is missing"
            hint = "write application/json+chapters"
            yield Fault(f"the type of the chapters {said}", hint, line_of(element))


_NPT = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,6})(\.\d+)?", re.ASCII)


@rule("psc-chapters", "nice", "Podlove; Spotify")
def psc_chapters(item: Item) -> Iterator[Fault]:
    """Chapters in the feed, rising, inside the episode."""
    for chapters in item.all("psc:chapters"):
        last = -1.0
        for chapter in chapters.iterchildren("{*}chapter"):
            line, start = line_of(chapter), chapter.get("start", "")
            if not chapter.get("title"):
                yield Fault("a chapter has no title", "give it one", line)
            match = _NPT.fullmatch(start)
            if match is None:
                hint = "write it like 00:03:20.500"
                yield Fault(f"a chapter starts at {quoted(start, 20)}", hint, line)
                continue
            hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
            at = (hours * 60 + minutes) * 60 + seconds + float(match[4] or 0)
            if at <= last:
                hint = "sort the chapters by time"
                yield Fault(f"the chapter at {quoted(start, 20)} is out of order", hint, line)
            if item.duration_s and at > item.duration_s:
                hint = "keep chapters inside the episode"
                yield Fault(f"a chapter starts after the end, at {quoted(start, 20)}", hint, line)
            last = at


@rule("pc-soundbite", "nice", _TAG.format("soundbite"))
def pc_soundbite(item: Item) -> Iterator[Fault]:
    """15 to 120 seconds inside the episode."""
    for element in item.all("podcast:soundbite"):
        line = line_of(element)
        start_s, duration_s = (_seconds(element.get(n)) for n in ("startTime", "duration"))
        if start_s is None or duration_s is None:
            hint = "write startTime and duration in seconds"
            yield Fault("a soundbite does not say from when or how long", hint, line)
            continue
        if not 15 <= duration_s <= 120:
            hint = "choose 15 to 120 seconds"
            yield Fault(f"a soundbite of {duration_s:g} seconds", hint, line)
        if item.duration_s and start_s + duration_s > item.duration_s + 1:
            hint = "keep it inside the episode"
            yield Fault("a soundbite reaches beyond the end", hint, line)
        yield from _too_long(element, text_of(element), 128, "the title of a soundbite")


@rule("pc-season-episode", "nice", f"{_TAG.format('season')}; {_TAG.format('episode')}")
def pc_season_episode(item: Item) -> Iterator[Fault]:
    """Numbers; a season's name of 128 characters, a display of 32."""
    for element in item.all("podcast:season"):
        text = text_of(element)
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
            hint = "write a whole number; its name goes into name=…"
            yield Fault(f"podcast:season is {quoted(text, 20)}", hint, line_of(element))
        yield from _too_long(element, element.get("name", ""), 128, "the name of the season")
    for element in item.all("podcast:episode"):
        text = text_of(element)
        if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII):
            hint = "write a number; what is shown goes into display=…"
            yield Fault(f"podcast:episode is {quoted(text, 20)}", hint, line_of(element))
        yield from _too_long(element, element.get("display", ""), 32, "the display of the episode")


def _seconds(text: str | None) -> float | None:
    if text is None or not re.fullmatch(r"\d{1,7}(\.\d{1,9})?", text.strip(), re.ASCII):
        return None
    return float(text)


PODCAST_CHANNEL_RULES: tuple[AnyRule, ...] = (
    *(pc_locked, pc_guid, pc_medium, pc_podroll, pc_update_frequency),
)
PODCAST_NODE_RULES: tuple[AnyRule, ...] = (
    *(pc_funding, pc_license, pc_person, pc_txt, pc_ai_content),
)
PODCAST_ITEM_RULES: tuple[AnyRule, ...] = (
    *(pc_transcript, pc_chapters, psc_chapters, pc_soundbite, pc_season_episode),
)
