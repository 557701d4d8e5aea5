"""Templates and styles of a show's own: what they may change, what they cannot, and their errors."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browsing import Browser, Visit
from site_pages import ROOT, SHIPPED, Site, html, index, item, page, valid, write_site
from site_serving import serve

from sayso.errors import TemplateError
from sayso.site import assets

START = '<!doctype html>\n<html lang="en">\n<head>\n'


def themed(folder: Path, **templates: str) -> tuple[Path, ...]:
    for name, text in templates.items():
        (folder / f"{name}.html.j2").write_text(text, "utf-8")
    return (folder, *SHIPPED)


def policy_of(text: str) -> dict[str, list[str]]:
    (content,) = valid(text).xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    directives = [part.split() for part in str(content).split(";")]
    return {name: sources for name, *sources in directives}


def test_a_theme_changes_a_block_and_keeps_the_rest(tmp_path: Path) -> None:
    own = '{% extends "page.html.j2" %}\n{% block notes %}\n<p>Mine. {{ super() }}</p>\n{% endblock %}\n'
    text = html(folders=themed(tmp_path, page=own))
    assert "<p>Mine. <section" in text
    assert text.replace("<p>Mine. ", "").replace("</section>\n</p>", "</section>") == html()
    assert text.count("<audio") == 1


def test_a_theme_may_be_written_from_nothing(tmp_path: Path) -> None:
    own = START + (
        "<title>{{ show.title }}</title></head><body>"
        "{% for e in episodes %}<p>{{ e.title }} {{ e.length }}</p>{% endfor %}</body></html>"
    )
    text = index(ROOT, themed(tmp_path, index=own))
    assert "<p>The Pier &lt;b&gt;&#34;live&#34;&lt;/b&gt; &amp; more 4:17</p>" in text
    assert policy_of(text)["script-src"] == ["'self'"]


def test_a_style_of_the_shows_own_goes_before_ours(tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text("body { color: red }\n", "utf-8")
    folders = (tmp_path, *SHIPPED)
    style, player = assets(folders)
    assert style.data == b"body { color: red }\n"
    assert style.name != assets(SHIPPED)[0].name
    assert player == assets(SHIPPED)[1]
    assert f'href="../{style.name}"' in html(folders=folders)


def test_the_policy_names_the_pages_own_origin_and_no_other() -> None:
    rules = policy_of(html())
    assert rules == {
        "default-src": ["'none'"],
        **{f"{kind}-src": ["'self'"] for kind in ("script", "style", "img", "media", "connect")},
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    assert html().index("Content-Security-Policy") < html().index("<title")
    assert policy_of(index()) == rules


@pytest.mark.parametrize(
    ("address", "sources"),
    [
        ("https://cdn.example.net/a.mp3", ["https://cdn.example.net"]),
        ("http://localhost:8080/a.mp3", ["http://localhost:8080"]),
        ("https://CDN.example.net/a;script-src%20*", ["https://cdn.example.net"]),
        ("https://münchen.example/a.mp3", ["https://xn--mnchen-3ya.example"]),
        ("https://a;script-src/a.mp3", []),
        ("https://a b/a.mp3", []),
        ("javascript:alert(1)", []),
        ("data:audio/mpeg,x", []),
        (ROOT + "media/a.mp3", []),
        ("https://pod.example.org/elsewhere/a.mp3", []),
    ],
)
def test_media_of_another_origin_are_let_in_and_nothing_else(
    address: str, sources: list[str]
) -> None:
    away = replace(item(), enclosure=replace(item().enclosure, url=address))
    rules = policy_of(html(page(item=away)))
    assert rules["media-src"] == ["'self'", *sources]
    assert rules["img-src"] == rules["script-src"] == ["'self'"]


BROKEN = {
    "a name": ("<p>{{ episode.titel }}</p>", 4, "episode has no 'titel'", "did you mean 'title'?"),
    "a variable": ("{{ epsiode.title }}", 4, "unknown name 'epsiode'", "did you mean 'episode'?"),
    "a chapter's": (
        "{% for c in chapters %}{{ c.tme }}{% endfor %}",
        4,
        "chapter has no 'tme'",
        "did you mean 'time'?",
    ),
    "a filter": ("{{ episode.title | uper }}", 4, "unknown filter 'uper'", "did you mean 'upper'?"),
    "a tag": ("{% iff chapters %}", 4, "unknown tag 'iff'", "did you mean 'if'?"),
    "an end": ("{% if chapters %}", 4, "", None),
    "a list": ("{{ chapters }}", 4, "cannot print a tuple", None),
    "a value": ("{{ audio }}", 4, "cannot print a audio", None),
    "safe": ("{{ episode.title | safe }}", 4, "unknown filter 'safe'", None),
    "a file": ("{% include '../show.toml' %}", 4, "", None),
    "a template of scripts": ("{% include 'tv.md.j2' %}", 4, "", None),
    "a class": ("{{ episode.__class__ }}", 4, "a template cannot use '__class__'", None),
    "a segment": ("{% segment 'cast' %}x{% endsegment %}", 4, "unknown tag 'segment'", None),
    "too much": (
        "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
        4,
        "the template does far more work",
        None,
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_theme_is_one_clear_error(name: str, tmp_path: Path) -> None:
    template, line, problem, hint = BROKEN[name]
    with pytest.raises(TemplateError) as caught:
        html(folders=themed(tmp_path, page=START + template))
    assert caught.value.file == str(tmp_path / "page.html.j2")
    assert caught.value.line == line
    assert problem in caught.value.problem
    if hint is not None:
        assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("template", "line", "problem"),
    [
        ('{% extends "page.html.j2" %}\n\n{% block note %}x{% endblock %}', 3, "block 'note'"),
        ('{% extends "page.html.j2" %}\nWords', 2, "words outside of every block"),
        ('{% extends "pge.html.j2" %}', 1, "no template named 'pge.html.j2'"),
    ],
)
def test_a_theme_that_changes_what_is_not_there(
    template: str, line: int, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(TemplateError, match=re.escape(problem)) as caught:
        html(folders=themed(tmp_path, page=template))
    assert (caught.value.file, caught.value.line) == (str(tmp_path / "page.html.j2"), line)
    assert caught.value.hint


@pytest.mark.parametrize(
    "start",
    [
        "",
        "<head>",
        '<!doctype html><script src="https://evil.example/x.js"></script><html><head>',
        "<!-- <!doctype html><html><head> -->",
        '<!doctype html><html lang="><head>">',
        "<!doctype html><html lang='><head>'>",
        "<!doctype html><html><base href='https://evil.example'><head>",
        "<!doctype html><html manifest=x><head>",
    ],
)
def test_nothing_comes_before_the_policy(start: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="does not begin as an HTML document") as caught:
        html(folders=themed(tmp_path, page=start + "<title>x</title>"))
    assert caught.value.file == str(tmp_path / "page.html.j2")
    assert "layout.html.j2" in str(caught.value.hint)


@pytest.mark.parametrize("damage", ["link", "long", "latin-1", "control"])
def test_a_style_that_cannot_be_used(damage: str, tmp_path: Path) -> None:
    css = tmp_path / "site.css"
    if damage == "link":
        (tmp_path / "secret").write_text("secret")
        css.symlink_to(tmp_path / "secret")
    elif damage == "long":
        css.write_bytes(b"a" * 70_000)
    else:
        css.write_bytes(b"a {}\n\xe4" if damage == "latin-1" else b"a {}\n\0")
    with pytest.raises(TemplateError) as caught:
        assets((tmp_path, *SHIPPED))
    assert caught.value.file == str(css)
    assert caught.value.hint


HOSTILE = """\
{% extends "page.html.j2" %}
{% block notes %}
<script>document.title = "inline"</script>
<script src="https://evil.example/x.js"></script>
<img src="x" onerror="document.title = 'handler'" alt="">
<img src="https://evil.example/pixel.gif" alt="">
<a id="trap" href="javascript:document.title='link'">click</a>
<iframe src="https://evil.example/"></iframe>
<object data="https://evil.example/x"></object>
<style>@import "https://evil.example/x.css"; h1 { color: rgb(1, 2, 3) !important }</style>
<p style="color: rgb(1, 2, 3)" id="styled">x</p>
<form action="https://evil.example/"><button id="send">x</button></form>
{% endblock %}
"""


@pytest.mark.xdist_group("browser")
def test_a_hostile_theme_runs_nothing_and_asks_nobody(
    browser: Browser, episode: Path, tmp_path: Path
) -> None:
    theme = tmp_path / "theme"
    theme.mkdir()
    with serve(tmp_path / "public") as server:
        site = write_site(
            episode, tmp_path / "public", server.root, folders=themed(theme, page=HOSTILE)
        )
        context = browser.new_context()
        asked: list[str] = []
        refused: list[str] = []
        context.on("requestfinished", lambda request: asked.append(request.url))
        context.on("console", lambda message: refused.append(message.text))
        tab = context.new_page()
        tab.goto(site.page_url)
        title = tab.title()
        tab.locator("#trap").click()
        assert (tab.url, tab.title()) == (site.page_url, title)
        assert "live" in title
        assert tab.url == site.page_url
        for selector in ("h1", "#styled"):
            colour = tab.locator(selector).evaluate("e => getComputedStyle(e).color")
            assert colour != "rgb(1, 2, 3)"
        # The page itself works all the same.
        tab.locator(".line").first.click()
        tab.wait_for_function("() => document.querySelector('audio').currentTime > 0.2")
        tab.locator("#send").evaluate("e => e.click()")  # Chromium shows an error in its place
        tab.wait_for_timeout(200)
        assert [url for url in asked if not url.startswith(server.root)] == []
        told = "\n".join(refused)
        for directive in ("script-src", "img-src", "style-src", "form-action", "default-src"):
            assert directive in told, directive
        context.close()


@pytest.mark.xdist_group("browser")
def test_media_on_another_server_play(
    browser: Browser, visit: Visit, episode: Path, tmp_path: Path, site: Site
) -> None:
    with serve(tmp_path) as pages, serve(tmp_path) as media:
        away = write_site(episode, tmp_path, pages.root, media_root=media.root)
        context = browser.new_context()
        complaints: list[Any] = []
        context.on("console", lambda message: complaints.append(message.text))
        tab = context.new_page()
        tab.goto(away.page_url)
        assert tab.locator("article img").evaluate("e => e.decode().then(() => e.naturalWidth)")
        tab.locator(".line").nth(1).click()
        # A time is shown before anything is loaded; that it can go on tells of the media.
        tab.wait_for_function(
            "() => [...document.querySelectorAll('audio')].every("
            "audio => audio.readyState > 2 && audio.currentTime > 2)"
        )
        assert complaints == []
        assert any(path.endswith(".mp3") for path, _ in media.requests)
        assert not any(path.endswith((".mp3", ".jpg")) for path, _ in pages.requests)
        context.close()
