"""Whatever a feed looks like, and whatever is done to it: nothing that is not ours changes."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from feed.rss.adopted import canonical, canonical_parts, channel_element
from feed.rss.shows import BUILT, FIRST, SHOW, episode, guid
from feed.rss.test_paging import Shelf
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.feed.rss import allowed_html, fit_description, read_feed, update_feed
from sayso.feed.rss.editing import remove

NUMBERS = st.integers(1, 12)
SPACE = st.sampled_from(["", "\n", "\n  ", "\n\t\t", " ", "\r\n    "])
NOISE = st.sampled_from(
    [
        "<!-- a comment -->", "<?pi data?>", "<x:a b='1' x:c='2'/>", "<ttl>60</ttl>", "loose words",
        "<x:deep><![CDATA[ <b> & ]]]]><![CDATA[> ]]><x:in xmlns:y='urn:y' y:z=''> t </x:in></x:deep>",
        "<category>Film &amp; TV</category>", "<q xmlns='urn:q'><r/></q>", "&#160;&lt;", "",
    ]
)  # fmt: skip
DATES = st.sampled_from(
    [
        "", "<pubDate>nonsense</pubDate>", "<pubDate>2025-08-01</pubDate>", "<pubDate/>",
        "<pubDate>Sat, 18 Oct 2025 18:00:00 +0200</pubDate>",
        "<pubDate>Wed, 01 Oct 2025 08:00:00 GMT</pubDate>",
    ]
)  # fmt: skip
GUIDS = st.sampled_from(
    ["", "<guid/>", "<guid>same</guid>", "<guid isPermaLink='true'> other </guid>"]
)


@st.composite
def items(draw: st.DrawFn) -> str:
    parts = [draw(GUIDS), draw(DATES), draw(NOISE), "<title>t</title>", draw(NOISE)]
    return (
        "<item>" + "".join(draw(SPACE) + part for part in draw(st.permutations(parts))) + "</item>"
    )


@st.composite
def feeds(draw: st.DrawFn) -> bytes:
    """A feed as somebody's program may have written it."""
    itunes, atom = draw(st.sampled_from([("itunes", "atom"), ("it", "a10"), ("podcast", "itunes")]))
    channel = [
        f"<{itunes}:author>Who</{itunes}:author>", f"<{atom}:link rel='self' href='{SHOW.feed_url}'/>",
        "<title>A</title>", "<link>https://a.example</link>", draw(NOISE), draw(NOISE),
        *draw(st.lists(items(), max_size=5)),
    ]  # fmt: skip
    inner = "".join(draw(SPACE) + part for part in draw(st.permutations(channel)))
    text = (
        f"{draw(st.sampled_from(['', '<!-- first -->', '<?style x?>']))}"
        f'<rss version="2.0" xmlns:{itunes}="http://www.itunes.com/dtds/podcast-1.0.dtd"'
        f' xmlns:{atom}="http://www.w3.org/2005/Atom" xmlns:x="urn:x">{draw(SPACE)}'
        f"<channel>{inner}{draw(SPACE)}</channel>{draw(SPACE)}</rss>{draw(SPACE)}"
    )
    encoding = draw(st.sampled_from(["UTF-8", "UTF-16", "ISO-8859-1", ""]))
    declared = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding else ""
    bom = b"\xef\xbb\xbf" if encoding == "" and draw(st.booleans()) else b""
    return bom + (declared + text).encode(encoding or "utf-8")


PUTS = st.lists(
    st.builds(
        lambda n, title, shift: episode(n, title=title, date=FIRST + timedelta(days=n + shift)),
        NUMBERS, st.sampled_from(["One", "Two & more"]), st.sampled_from([0, 0, -3]),
    ),
    max_size=4, unique_by=lambda item: item.guid,
)  # fmt: skip


@given(feeds(), PUTS)
def test_an_update_changes_only_what_is_ours_and_only_once(raw: bytes, put: list) -> None:
    once = update_feed(raw, SHOW, put, built=BUILT)
    assert update_feed(once, SHOW, put, built=FIRST) is once
    ours = [item.guid.encode() for item in put]
    theirs = [p for p in canonical_parts(once) if not any(one in p for one in ours)]
    assert theirs == list(canonical_parts(raw))
    found = Counter(item.guid for item in read_feed(once, "once").items)
    assert all(found[item.guid] == 1 for item in put)


@given(feeds(), PUTS)
def test_what_is_put_and_removed_again_leaves_no_trace(raw: bytes, put: list) -> None:
    before = update_feed(raw, SHOW, built=BUILT)
    with_put = update_feed(before, SHOW, put, built=BUILT)
    after = update_feed(with_put, SHOW, remove=[item.guid for item in put], built=BUILT)
    assert without_dates(after) == without_dates(before)


def without_dates(feed: bytes) -> bytes:
    """A whole feed in canonical form, without what tells of its newest item and its making."""
    channel = channel_element(feed)
    for one in list(channel):
        name = one.tag if isinstance(one.tag, str) else ""
        if name in ("pubDate", "lastBuildDate") or one.get("purpose") == "ai-content":
            remove(one)
    return canonical(channel.getparent())


OPERATIONS = st.lists(
    st.tuples(
        st.lists(
            st.tuples(st.integers(1, 30), st.sampled_from(["a", "b"]), st.sampled_from([0, 0, 40])),
            max_size=12, unique_by=lambda one: one[0],
        ),
        st.lists(st.integers(1, 30), max_size=2),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@given(OPERATIONS, st.sampled_from([7_000, 12_000]))
@settings(max_examples=40)
def test_no_item_is_ever_lost_or_doubled(operations: list, max_bytes: int) -> None:
    shelf = Shelf(max_bytes=max_bytes)
    expected: dict[str | None, str] = {}
    for put, gone in operations:
        items = [
            episode(n, title=f"{title}{n}", date=FIRST + timedelta(days=n + shift))
            for n, title, shift in put
        ]
        shelf.update(items, [guid(n) for n in gone])
        for n in gone:
            expected.pop(guid(n), None)
        expected |= {item.guid: item.title for item in items}
        assert sorted(shelf.titles(), key=str) == sorted(expected.items(), key=str)
        assert shelf.head is not None
        assert len(shelf.head) <= max_bytes
        head = shelf.head
        assert shelf.update(items).head is head


HTML = st.lists(
    st.sampled_from(
        [
            "<p>", "</p>", "<ul>", "<li>", "</li>", "</ul>", "<a href='https://a.example/?a&amp;b'>",
            "</a>", "<b>", "</b>", "<br>", "<br/>", "<div class='x'>", "</div>", "<script>x</script>",
            "words of it ", "ünïcödé ", "&lt;b&gt;", "]]>", "<", ">", "&", "<a href='javascript:x'>",
            "\n", "\x00", "<h2>", "</h2>", "<!-- c -->", "longwordlongword" * 3, "<img src=x alt=y>",
        ]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(HTML, st.integers(20, 200))
def test_a_description_is_well_formed_allowed_and_short(html: str, max_bytes: int) -> None:
    from lxml import etree

    short = fit_description(html, max_bytes)
    assert len(short.encode()) <= max_bytes
    assert "]]>" not in short
    root = etree.fromstring(f"<r>{short.replace('<br>', '<br/>')}</r>")
    assert {one.tag for one in root.iter()} <= {
        "r",
        *["p", "ol", "ul", "li", "a", "b", "i", "strong", "em", "br"],
    }
    assert all(set(one.attrib) <= {"href"} for one in root.iter())
    assert allowed_html(short) == short
    whole = allowed_html(html)
    assert short == whole or len(whole.encode()) > max_bytes


@given(st.datetimes(min_value=datetime(1900, 1, 1)), st.integers(-720, 720))
def test_a_date_is_read_as_it_was_written(date: datetime, minutes: int) -> None:
    from datetime import timezone

    from sayso.feed.rss.dates import read_date, write_date

    aware = date.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert read_date(write_date(aware)) == aware.replace(microsecond=0)
    assert "-0000" not in write_date(aware)
