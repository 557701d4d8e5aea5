"""Changes to a tree that leave its white space as a person would."""

from __future__ import annotations

from typing import Any

from sayso.feed.rss.namespaces import name_of


def insert_before(sibling: Any, new: Any, *, fresh: bool = True) -> None:
    """Insert `new` before `sibling`, on a line of its own where the siblings are.

    A `fresh` element gets its children on lines too; any other keeps its white space.
    """
    lead = _lead(sibling)
    if fresh:
        _indent(new, lead)
    new.tail = lead if _is_space(lead) else None
    sibling.addprevious(new)


def insert_after(sibling: Any, new: Any, *, fresh: bool = True) -> None:
    """Insert `new` after `sibling`, as `insert_before` does."""
    following = sibling.getnext()
    if following is not None:
        insert_before(following, new, fresh=fresh)
        return
    closing, new.tail = sibling.tail, None
    if _is_space(closing):
        lead = _lead(sibling)
        sibling.tail = lead if _is_space(lead) else closing
        new.tail = closing
        if fresh:
            _indent(new, lead)
    sibling.getparent().append(new)


def append(parent: Any, new: Any, *, fresh: bool = True) -> None:
    """Insert `new` as the last child of `parent`, as `insert_before` does."""
    if len(parent):
        insert_after(parent[-1], new, fresh=fresh)
        return
    closing, new.tail = parent.text, None
    if _is_space(closing):
        parent.text = f"{closing}\t" if "\t" in (closing or "") else f"{closing}  "
        new.tail = closing
        if fresh:
            _indent(new, parent.text)
    parent.append(new)


def remove(element: Any) -> None:
    """Take an element out, and the white space that led to it."""
    parent, before = element.getparent(), element.getprevious()
    lead = parent.text if before is None else before.tail
    tail, last = element.tail, element.getnext() is None
    parent.remove(element)
    if tail and tail.strip():
        kept = (lead or "") + tail  # words between elements are nobody's to drop
    elif last and tail is not None and not (lead or "").strip():
        kept = tail  # what leads to the parent's end
    else:
        return
    if before is None:
        parent.text = kept
    else:
        before.tail = kept


def replace(old: Any, new: Any) -> None:
    """Put `new` where `old` is."""
    _indent(new, _lead(old))
    new.tail = old.tail
    old.getparent().replace(old, new)


def merge(there: Any, wanted: Any) -> None:
    """Give an element the attributes, text and children of `wanted`; what else it has stays."""
    for key, value in wanted.attrib.items():
        if there.get(key) != value:
            there.set(key, value)
    if len(wanted) == 0:
        if (wanted.text or "") != text_of(there):
            for one in list(there):
                remove(one)
            there.text = wanted.text
        return
    for part in list(wanted):
        same = [one for one in there if name_of(one) == name_of(part)]
        if same:
            merge(same[0], part)
        else:
            append(there, part)


def same(one: Any, other: Any) -> bool:
    """Whether two elements say the same: names, attributes, text, and children in order."""
    if name_of(one) != name_of(other) or dict(one.attrib) != dict(other.attrib):
        return False
    if one.tag != other.tag:  # another spelling of the namespace
        return False
    if len(one) == 0 and len(other) == 0:
        return (one.text or "") == (other.text or "")
    return all_same(list(one), list(other))


def all_same(some: list[Any], others: list[Any]) -> bool:
    """Whether two rows of elements say the same."""
    return len(some) == len(others) and all(map(same, some, others))


def text_of(element: Any) -> str:
    """All the text inside an element, comments left out."""
    return str(element.xpath("string()")) if len(element) else element.text or ""


def _lead(element: Any) -> str | None:
    """The text between an element and what stands before it."""
    before = element.getprevious()
    lead: str | None = element.getparent().text if before is None else before.tail
    return lead


def _is_space(text: str | None) -> bool:
    return text is not None and not text.strip()


def _indent(element: Any, lead: str | None) -> None:
    """Set an element's children on lines of their own, a step deeper than the element.

    A step is two spaces, or a tab where the feed has tabs.
    """
    if lead is None or "\n" not in lead or not len(element) or (element.text or "").strip():
        return
    start = "\n" + lead.rpartition("\n")[2]
    if start.strip():
        return
    inner = start + ("\t" if "\t" in start else "  ")
    element.text = inner
    for one in element:
        one.tail = inner
        _indent(one, inner)
    element[-1].tail = start
