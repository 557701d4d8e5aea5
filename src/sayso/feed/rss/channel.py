"""What a feed says of its show: the elements that a `Channel` governs, and no others."""

from __future__ import annotations

from typing import Any

from lxml import etree

from sayso._version import __version__
from sayso.feed.rss.editing import all_same, append, insert_after, insert_before, merge, remove
from sayso.feed.rss.namespaces import add, child, children, name_of
from sayso.feed.rss.wording import address, one_line, several_lines
from sayso.model import Channel, Person
from sayso.model.html_allowlist import MAX_DESCRIPTION_BYTES

MIME = "application/rss+xml"
MAX_NAME = 128
"""Characters of a person's name, a funding text, a purpose (podcast namespace, docs/tags)."""

# Rows of elements that mean something together: replaced as a whole, never merged one by one.
_ROWS = frozenset(
    {"itunes:category", "podcast:funding", "podcast:person", "podcast:podroll", "podcast:txt"}
)


def set_channel(element: Any, channel: Channel, self_url: str) -> None:
    """Make `element`, the channel of a feed, say what `channel` says.

    What is there already and says the same keeps its bytes. Settings that are None or empty leave
    the feed's own alone; `complete` and `block` are removed where they are False.
    """
    wanted: dict[tuple[str, str], list[Any]] = {}
    for one in _governed(element, channel, self_url):
        wanted.setdefault(slot(one), []).append(one)
    for key, parts in wanted.items():
        set_slot(element, key, parts)
    for name, set_ in (("itunes:complete", channel.complete), ("itunes:block", channel.block)):
        if not set_:
            for one in children(element, name):
                remove(one)


def slot(element: Any) -> tuple[str, str]:
    """What an element of a channel speaks of: its name, and for links and records their purpose."""
    name = name_of(element)
    key = {"atom:link": "rel", "podcast:txt": "purpose"}.get(name)
    return name, (element.get(key) or "") if key else ""


def set_slot(element: Any, key: tuple[str, str], wanted: list[Any]) -> None:
    """Make the children of `element` that speak of `key` say what `wanted` says."""
    there = [one for one in element if slot(one) == key]
    if all_same(there, wanted):
        return
    if len(wanted) == 1 and there and key[0] not in _ROWS and there[0].tag == wanted[0].tag:
        merge(there[0], wanted[0])
        for one in there[1:]:
            remove(one)
        return
    if there:
        last = there[0]
        for one in wanted:
            insert_after(last, one)
            last = one
        for one in there:
            remove(one)
        return
    first_item = child(element, "item")
    for one in wanted:
        if first_item is None:
            append(element, one)
        else:
            insert_before(first_item, one)


def scratch(element: Any) -> Any:
    """An element like `element`, to make children in that will speak its prefixes."""
    return etree.Element(element.tag, nsmap=element.nsmap)


def add_persons(parent: Any, persons: tuple[Person, ...]) -> None:
    """`podcast:person` of the podcast taxonomy."""
    for person in persons:
        name = one_line(person.name, MAX_NAME)
        link = address(person.link) if person.link else None
        add(parent, "podcast:person", name, group=person.group, role=person.role, href=link)


def _governed(element: Any, channel: Channel, self_url: str) -> list[Any]:
    """The elements that `channel` sets, in the order of a new feed."""
    made = scratch(element)
    title, site = one_line(channel.title), address(channel.site_url)
    add(made, "atom:link", href=address(self_url), rel="self", type=MIME)
    if channel.hub:
        add(made, "atom:link", href=address(channel.hub), rel="hub")
    add(made, "title", title)
    add(made, "link", site)
    add(made, "description", several_lines(channel.description, MAX_DESCRIPTION_BYTES))
    add(made, "language", channel.language.strip())
    if channel.copyright:
        add(made, "copyright", one_line(channel.copyright))
    add(made, "generator", f"sayso {__version__}")
    image = add(made, "image")
    add(image, "url", address(channel.image_url))
    add(image, "title", title)
    add(image, "link", site)
    _add_itunes(made, channel)
    _add_podcasting(made, channel)
    return list(made)


def _add_itunes(made: Any, channel: Channel) -> None:
    if channel.author:
        add(made, "itunes:author", one_line(channel.author))
    for category in channel.categories:
        outer = add(made, "itunes:category")
        outer.set("text", category.name)
        if category.sub:
            add(outer, "itunes:category").set("text", category.sub)
    add(made, "itunes:explicit", _true(channel.explicit))
    add(made, "itunes:image", href=address(channel.image_url))
    add(made, "itunes:type", "serial" if channel.serial else "episodic")
    if channel.owner_name or channel.owner_email:
        owner = add(made, "itunes:owner")
        if channel.owner_name:
            add(owner, "itunes:name", one_line(channel.owner_name))
        if channel.owner_email:
            add(owner, "itunes:email", channel.owner_email.strip())
    if channel.new_url:
        add(made, "itunes:new-feed-url", address(channel.new_url))
    if channel.complete:
        add(made, "itunes:complete", "Yes")
    if channel.block:
        add(made, "itunes:block", "Yes")


def _add_podcasting(made: Any, channel: Channel) -> None:
    add(made, "podcast:guid", channel.guid)
    owner = channel.owner_email.strip() if channel.owner_email else None
    add(made, "podcast:locked", "yes" if channel.locked else "no", owner=owner)
    add(made, "podcast:medium", channel.medium)
    for giving in channel.funding:
        add(made, "podcast:funding", one_line(giving.text, MAX_NAME), url=address(giving.url))
    add_persons(made, channel.persons)
    if channel.license:
        url = address(channel.license_url) if channel.license_url else None
        add(made, "podcast:license", one_line(channel.license, MAX_NAME), url=url)
    if channel.update_frequency or channel.update_rrule:
        words = one_line(channel.update_frequency or channel.update_rrule or "", MAX_NAME)
        add(made, "podcast:updateFrequency", words, rrule=channel.update_rrule)
    if channel.podroll:
        podroll = add(made, "podcast:podroll")
        for guid in channel.podroll:
            add(podroll, "podcast:remoteItem", feedGuid=guid)
    for purpose, text in channel.verify:
        add(made, "podcast:txt", several_lines(text), purpose=one_line(purpose, MAX_NAME))


def _true(value: bool) -> str:
    return "true" if value else "false"
