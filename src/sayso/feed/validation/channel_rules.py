"""Rules about the channel: what RSS, PSP-1 and Apple ask of a show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from sayso.feed.rss.namespaces import ITUNES
from sayso.feed.validation.feed import Feed, line_of, text_of
from sayso.feed.validation.markup import foreign_elements, unsafe_links
from sayso.feed.validation.rule import AnyRule, Fault, nearest, quoted, rule
from sayso.language.codes import is_language
from sayso.model import APPLE_CATEGORIES
from sayso.model.html_allowlist import MAX_DESCRIPTION_BYTES
from sayso.net.urls import ADDRESS_MEND, address_fault, extension

PICTURES = (".jpg", ".jpeg", ".png")
EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\".]+(\.[^@\s<>,;\".]+)+")


@rule("psp-self", "must", "PSP-1")
def psp_self(feed: Feed) -> Iterator[Fault]:
    """An atom:link rel=self with the feed's own address."""
    links = feed.links.get("self", ())
    hint = 'write <atom:link rel="self" href="…" type="application/rss+xml"/> in the channel'
    if not links:
        yield Fault("the feed does not say its own address", hint, feed.channel.line)
    elif len(links) > 1:
        yield Fault(
            f"the feed says {len(links)} addresses as its own", "keep one", line_of(links[1])
        )
    for link in links:
        fault = address_fault(link.get("href", ""))
        if fault:
            yield Fault(f"the feed's own address {fault}", ADDRESS_MEND, line_of(link))


@rule("rss-title", "must", "RSS 2.0; PSP-1")
def rss_title(feed: Feed) -> Iterator[Fault]:
    """A title."""
    if not feed.channel.text("title"):
        yield Fault("the show has no title", "write one in the channel's title", feed.channel.line)


@rule("rss-link", "must", "RSS 2.0; PSP-1")
def rss_link(feed: Feed) -> Iterator[Fault]:
    """A link to the show's page."""
    link = feed.channel.text("link")
    if link is None:
        yield Fault(
            "the channel has no link", "write the address of the show's page", feed.channel.line
        )
    elif fault := address_fault(link, https=False):
        line = line_of(feed.channel.first("link"))
        yield Fault(f"the address of the show's page {fault}", ADDRESS_MEND, line)


@rule("rss-desc", "must", "RSS 2.0; PSP-1; Apple")
def rss_desc(feed: Feed) -> Iterator[Fault]:
    """A description of at most 4000 bytes."""
    text = feed.channel.text("description")
    line = line_of(feed.channel.first("description"))
    if not text:
        hint = "say in its description what the show is about"
        yield Fault("the show has no description", hint, line or feed.channel.line)
    elif (n_bytes := len(text.encode("utf-8", "replace"))) > MAX_DESCRIPTION_BYTES:
        yield Fault(
            f"the show's description has {n_bytes:,} bytes, {MAX_DESCRIPTION_BYTES:,} are the most",
            "shorten it",
            line,
        )


@rule("rss-desc-markup", "should", "Apple")
def rss_desc_markup(feed: Feed) -> Iterator[Fault]:
    """No markup in it but p ol ul li a b i strong em br, and links to the web."""
    text = feed.channel.text("description") or ""
    line = line_of(feed.channel.first("description"))
    foreign = foreign_elements(text)
    if foreign:
        yield Fault(
            f"the show's description has elements that apps drop: {quoted(', '.join(foreign))}",
            "use p, ol, ul, li, a, b, i, strong, em and br only",
            line,
        )
    for target in unsafe_links(text):
        yield Fault(f"a link leads to {quoted(target)}", ADDRESS_MEND, line)


@rule("psp-language", "must", "PSP-1; Apple")
def psp_language(feed: Feed) -> Iterator[Fault]:
    """The language by its ISO 639 code."""
    language = feed.channel.text("language")
    if not language:
        yield Fault(
            "the feed names no language", "write <language>en</language>", feed.channel.line
        )
    elif not is_language(language):
        hint = "write a code such as en or pt-BR"
        line = line_of(feed.channel.first("language"))
        yield Fault(f"{quoted(language, 30)} is no code of a language", hint, line)


@rule("apple-category", "must", "Apple; PSP-1")
def apple_category(feed: Feed) -> Iterator[Fault]:
    """A category of Apple's list."""
    categories = feed.channel.all("itunes:category")
    if not categories:
        hint = 'write <itunes:category text="…"/>, a category of Apple’s list'
        yield Fault("the show has no category", hint, feed.channel.line)
    for category in categories:
        name = category.get("text", "").strip()
        if name not in APPLE_CATEGORIES:
            parents = [top for top, inner in APPLE_CATEGORIES.items() if name in inner]
            inside = f"put it into the category {parents[0]}" if parents else None
            known = f"choose one of {', '.join(APPLE_CATEGORIES)}"
            hint = inside or nearest(name, APPLE_CATEGORIES, known)
            yield Fault(f"Apple knows no category {quoted(name)}", hint, line_of(category))
            continue
        subs = APPLE_CATEGORIES[name]
        for child in category.iterchildren(f"{{{ITUNES}}}category"):
            sub = child.get("text", "").strip()
            if sub not in subs:
                hint = nearest(sub, subs, f"choose one of {', '.join(subs)}" if subs else "drop it")
                yield Fault(
                    f"Apple knows no category {quoted(sub)} in {name}", hint, line_of(child)
                )


@rule("apple-explicit", "must", "Apple; PSP-1")
def apple_explicit(feed: Feed) -> Iterator[Fault]:
    """Explicit: true or false."""
    explicit = feed.channel.text("itunes:explicit")
    if explicit is None:
        hint = "write <itunes:explicit>false</itunes:explicit>, or true"
        yield Fault("the feed does not say whether the show is explicit", hint, feed.channel.line)
    elif explicit not in ("true", "false"):
        line = line_of(feed.channel.first("itunes:explicit"))
        yield Fault(f"explicit is {quoted(explicit, 20)}", "write true or false", line)


@rule("apple-image", "must", "Apple; PSP-1")
def apple_image(feed: Feed) -> Iterator[Fault]:
    """A cover: https, .jpg or .png."""
    image = feed.channel.first("itunes:image")
    if image is None:
        hint = 'write <itunes:image href="https://….jpg"/> in the channel'
        yield Fault("the show has no cover", hint, feed.channel.line)
    else:
        yield from image_faults(image, "the cover")


def image_faults(image: etree._Element, what: str) -> Iterator[Fault]:
    """What is wrong with the address in an `itunes:image`."""
    url = image.get("href", "").strip()
    fault = address_fault(url)
    if fault:
        yield Fault(f"the address of {what} {fault}", ADDRESS_MEND, line_of(image))
    elif extension(url) not in PICTURES:
        hint = "name the file as what it is: .jpg or .png"
        yield Fault(f"the address of {what} does not end in .jpg or .png", hint, line_of(image))


@rule("apple-one-item", "must", "Apple")
def apple_one_item(feed: Feed) -> Iterator[Fault]:
    """At least one item before the show is submitted."""
    is_list = (feed.channel.text("podcast:medium") or "").endswith("L")
    if not feed.items and not is_list:
        yield Fault("the feed has no item", "publish an episode, or a trailer", feed.channel.line)


@rule("apple-author", "should", "PSP-1; Apple")
def apple_author(feed: Feed) -> Iterator[Fault]:
    """The name of who makes the show."""
    if not feed.channel.text("itunes:author"):
        yield Fault(
            "the feed does not say who makes the show",
            "write <itunes:author>…</itunes:author>",
            feed.channel.line,
        )


@rule("apple-type", "should", "Apple; PSP-1")
def apple_type(feed: Feed) -> Iterator[Fault]:
    """Episodic or serial."""
    kind = feed.channel.text("itunes:type")
    if kind is not None and kind not in ("episodic", "serial"):
        line = line_of(feed.channel.first("itunes:type"))
        yield Fault(f"the type is {quoted(kind, 20)}", "write episodic or serial", line)


@rule("apple-complete", "nice", "Apple")
def apple_complete(feed: Feed) -> Iterator[Fault]:
    """Complete: yes, or nothing."""
    yield from _yes_or_nothing(feed, "itunes:complete")


@rule("apple-block", "nice", "Apple")
def apple_block(feed: Feed) -> Iterator[Fault]:
    """Block: yes, or nothing."""
    yield from _yes_or_nothing(feed, "itunes:block")


def _yes_or_nothing(feed: Feed, name: str) -> Iterator[Fault]:
    text = feed.channel.text(name)
    if text is not None and text.casefold() != "yes":
        yield Fault(
            f"{name} is {quoted(text, 20)}, which means nothing",
            "write yes, or leave it out",
            line_of(feed.channel.first(name)),
        )


@rule("apple-new-feed-url", "nice", "Apple")
def apple_new_feed_url(feed: Feed) -> Iterator[Fault]:
    """The address that the feed has moved to."""
    url = feed.channel.text("itunes:new-feed-url")
    if url is not None and (fault := address_fault(url)):
        line = line_of(feed.channel.first("itunes:new-feed-url"))
        yield Fault(f"the feed's new address {fault}", ADDRESS_MEND, line)


@rule("rss-copyright", "nice", "PSP-1")
def rss_copyright(feed: Feed) -> Iterator[Fault]:
    """A holder, without the word or the sign."""
    text = feed.channel.text("copyright")
    if text is None:
        return
    line = line_of(feed.channel.first("copyright"))
    if not text:
        yield Fault("copyright is empty", "name who holds the rights, or leave it out", line)
    elif re.search(r"©|\(c\)|\bcopyright\b", text, re.IGNORECASE):
        hint = "name only who holds the rights: apps put the sign before it"
        yield Fault(f"copyright repeats what it is: {quoted(text)}", hint, line)


@rule("owner-email", "nice", "Apple; Spotify; YouTube")
def owner_email(feed: Feed) -> Iterator[Fault]:
    """An owner's address that mail reaches, for as long as a directory needs it."""
    for owner in feed.channel.all("itunes:owner"):
        email = owner.find(f"{{{ITUNES}}}email")
        text = "" if email is None else text_of(email)
        if not EMAIL.fullmatch(text):
            said = f"{quoted(text, 40)} is no mail address" if text else "the owner has no address"
            yield Fault(said, "write one in itunes:email, or leave the owner out", line_of(owner))


@rule("websub-hub", "nice", "WebSub")
def websub_hub(feed: Feed) -> Iterator[Fault]:
    """A hub that can be asked for news of the feed."""
    for link in feed.links.get("hub", ()):
        if fault := address_fault(link.get("href", "")):
            yield Fault(f"the address of the hub {fault}", ADDRESS_MEND, line_of(link))


CHANNEL_RULES: tuple[AnyRule, ...] = (
    *(psp_self, rss_title, rss_link, rss_desc, rss_desc_markup, psp_language, apple_category),
    *(apple_explicit, apple_image, apple_one_item, apple_author, apple_type, apple_complete),
    *(apple_block, apple_new_feed_url, rss_copyright, owner_email, websub_hub),
)
