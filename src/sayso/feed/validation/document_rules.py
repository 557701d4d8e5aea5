"""Rules about the bytes, the XML, and the frame that every RSS feed has."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from sayso.feed.rss.document import MAX_BYTES
from sayso.feed.rss.namespaces import ATOM, CONTENT, ITUNES, PODCAST
from sayso.feed.validation.document import Document, is_utf8
from sayso.feed.validation.feed import (
    Feed,
    line_of,
    name_of,
    raw_text_of,
)
from sayso.feed.validation.rule import AnyRule, Fault, quoted, rule

FEED_MAX_BYTES = 1024 * 1024  # podcast namespace, other-recommendations.md: clients cap feeds there

# ------------------------------------------------------------------ of the bytes, each may be last


@rule("xml-size", "must", "this gate")
def xml_size(document: Document) -> Iterator[Fault]:
    """A document that a client can be asked to read."""
    if document.is_too_large:
        yield Fault(
            f"the feed has {len(document.raw):,} bytes, and no more than {MAX_BYTES:,} are read",
            "put older items on pages of their own",
        )


@rule("xml-no-dtd", "must", "RSS 2.0; XML 1.0 §2.8")
def xml_no_dtd(document: Document) -> Iterator[Fault]:
    """No document type declaration."""
    if document.doctype_line is not None:
        yield Fault(
            "a document type is declared; its entities could be made to fill a reader's memory",
            "remove the line that begins with <!DOCTYPE",
            document.doctype_line,
        )


@rule("xml-wellformed", "must", "XML 1.0")
def xml_wellformed(document: Document) -> Iterator[Fault]:
    """Well-formed XML."""
    error = document.error
    if error is None:
        return
    if "xcessive depth" in error:
        problem, hint = "elements lie more than 256 deep in one another", "flatten the feed"
    elif error.startswith("Document is empty"):
        problem, hint = "this is no XML", "give the address of a feed"
    elif "huge text node" in error.lower() or "XML_PARSE_HUGE" in error:
        problem, hint = "a value is longer than any client reads", "shorten it"
    else:
        problem = f"the feed is no XML: {error}"
        hint = "mend the markup there; a character such as & is written &amp;"
    yield Fault(problem, hint, document.error_line)


@rule("xml-utf8", "must", "PSP-1")
def xml_utf8(document: Document) -> Iterator[Fault]:
    """UTF-8, and declared as that."""
    if document.root is None and document.bad_byte_line is None:
        return  # what else is wrong comes first
    if document.encoding is None:
        hint = 'begin the feed with <?xml version="1.0" encoding="UTF-8"?>'
        yield Fault("the feed does not declare its encoding", hint, 1)
    elif not is_utf8(document.encoding):
        yield Fault(
            f"the feed is in {document.encoding[:40]}, not in UTF-8",
            "save it as UTF-8 and declare that",
            1,
        )
    if document.bad_byte_line is not None:
        yield Fault(
            "there is a byte that is not UTF-8", "save the feed as UTF-8", document.bad_byte_line
        )


@rule("rss-root", "must", "RSS 2.0; Apple")
def rss_root(document: Document) -> Iterator[Fault]:
    """RSS: an rss element with one channel."""
    root = document.root
    if root is None:
        return
    if root.tag != "rss":
        is_atom = root.tag == f"{{{ATOM}}}feed"
        yield Fault(
            f"the root element is {quoted(str(etree.QName(root).localname))}, not rss",
            "publish RSS 2.0: Apple has dropped Atom" if is_atom else "give the address of a feed",
            line_of(root),
        )
        return
    n_channels = len(root.findall("channel"))
    if n_channels != 1:
        yield Fault(
            f"the feed has {n_channels or 'no'} channel{'s' if n_channels else ''}",
            "put everything into one channel element, without a namespace",
            line_of(root),
        )


@rule("rss-version", "must", "RSS 2.0")
def rss_version(document: Document) -> Iterator[Fault]:
    """Version 2.0 on the rss element."""
    root = document.root
    if root is None or root.tag != "rss":
        return
    version = root.get("version")
    if version != "2.0":
        said = "has no version" if version is None else f"is of version {quoted(version)}"
        yield Fault(
            f"the rss element {said}: some clients show no item then",
            'write <rss version="2.0" …>',
            line_of(root),
        )


BYTES_RULES: tuple[AnyRule, ...] = (
    *(xml_size, xml_no_dtd, xml_wellformed, xml_utf8, rss_root, rss_version),
)

# --------------------------------------------------------------------------- of the whole document


@rule("ns-exact", "must", "PSP-1")
def ns_exact(feed: Feed) -> Iterator[Fault]:
    """Namespaces declared letter by letter."""
    declared = set(feed.root.nsmap.values()) | set(feed.channel.element.nsmap.values())
    for prefix, uri in (("itunes", ITUNES), ("podcast", PODCAST), ("atom", ATOM)):
        if uri not in declared:
            yield Fault(
                f"the namespace of {prefix} is not declared",
                f'write xmlns:{prefix}="{uri}" on the rss element',
                line_of(feed.root),
            )
    exact = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM, "content": CONTENT}
    seen: set[tuple[str | None, str]] = set()
    for element in feed.root.iter(etree.Element):
        if not isinstance(element.tag, str):
            continue
        uri, prefix = etree.QName(element).namespace, element.prefix
        if uri is None or (prefix, uri) in seen:
            continue
        seen.add((prefix, uri))
        if prefix in exact and uri != exact[prefix]:
            yield Fault(
                f"{prefix} stands for {quoted(uri, 80)}, so clients do not know its elements",
                f'write xmlns:{prefix}="{exact[prefix]}"',
                line_of(element),
            )


# Values with a limit of their own, or none: PSP-1, podcast namespace
_OTHER_LIMITS = frozenset(
    {
        *("description", "itunes:summary", "content:encoded", "podcast:txt", "podcast:value"),
        *("podcast:funding", "podcast:license", "podcast:person", "podcast:updateFrequency"),
    }
)


@rule("value-length", "should", "PSP-1")
def value_length(feed: Feed) -> Iterator[Fault]:
    """Values of at most 255 characters."""
    for element in _values(feed):
        text = raw_text_of(element).strip()
        if len(text) > 255 and name_of(str(element.tag)) not in _OTHER_LIMITS:
            yield Fault(
                f"{name_of(str(element.tag))} has {len(text):,} characters, 255 are the most",
                "shorten it",
                line_of(element),
            )


@rule("value-trim", "should", "PSP-1; Apple")
def value_trim(feed: Feed) -> Iterator[Fault]:
    """Values without space around them."""
    for element in _values(feed):
        text = raw_text_of(element)
        if text.strip() and text != text.strip():
            yield Fault(
                f"{name_of(str(element.tag))} has space around its value: {quoted(text)}",
                "remove it",
                line_of(element),
            )


def _values(feed: Feed) -> Iterator[etree._Element]:
    """The elements without elements in them, of the namespaces that PSP-1 speaks of."""
    for parent in (feed.channel, *feed.items):
        for name, elements in parent.children.items():
            if not name.startswith("{"):
                for element in elements:
                    if not any(isinstance(child.tag, str) for child in element):
                        yield element


_ONCE_IN_CHANNEL = (
    *("title", "link", "description", "language", "copyright", "itunes:explicit", "itunes:image"),
    *("itunes:author", "itunes:type", "itunes:new-feed-url", "itunes:block", "itunes:complete"),
    *("itunes:owner", "podcast:guid", "podcast:locked", "podcast:medium", "podcast:license"),
    *("podcast:updateFrequency", "podcast:podroll"),
)
_ONCE_IN_ITEM = (
    *("title", "link", "description", "guid", "pubDate", "content:encoded", "itunes:duration"),
    *("itunes:explicit", "itunes:image", "itunes:season", "itunes:episode", "itunes:episodeType"),
    *("itunes:author", "podcast:season", "podcast:episode", "podcast:chapters"),
)


@rule("rss-once", "should", "RSS 2.0; podcast namespace")
def rss_once(feed: Feed) -> Iterator[Fault]:
    """Elements once that have one meaning."""
    for names, parents in ((_ONCE_IN_CHANNEL, (feed.channel,)), (_ONCE_IN_ITEM, feed.items)):
        for parent in parents:
            for name in names:
                found = parent.all(name)
                if len(found) > 1:
                    yield Fault(
                        f"{name} is there {len(found)} times; which one counts is left to chance",
                        "keep one",
                        line_of(found[1]),
                    )


@rule("feed-size", "should", "podcast namespace: docs/other-recommendations.md")
def feed_size(feed: Feed) -> Iterator[Fault]:
    """A feed of less than 1 MiB, older items on pages of their own."""
    if len(feed.document.raw) >= FEED_MAX_BYTES:
        yield Fault(
            f"the feed has {len(feed.document.raw) / FEED_MAX_BYTES:.1f} MiB",
            "put older items on pages of their own (RFC 5005), or shorten the notes",
        )


DOCUMENT_RULES: tuple[AnyRule, ...] = (ns_exact, value_length, value_trim, rss_once, feed_size)
