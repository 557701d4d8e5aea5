"""Templates and reviews from strangers: what they try is refused with one clear error, or harmless.

Every attack runs in a process of its own with little memory and time, so that one that succeeds
fails its test instead of taking the machine along.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from script.outlines import NAMES, PLAIN, SHIPPED, SHOW, make_outline
from script.strategies import fragments
from tools import absent

from sayso.errors import SaysoError, TemplateError
from sayso.model import Comment, Outline, Paragraph, Script, SegmentHead
from sayso.script import cost_limit as meter
from sayso.script import filters, parse_script, print_script, render_script

SHARE = 5
"""Attacks get a fifth of the work that templates may do, and of the time for it."""
SECONDS = 60 // SHARE
"""Of processor time, after which the kernel ends the attack."""
MEBIBYTES = 400
"""Beyond what the process has when it begins."""


def render(folder: Path, outline: Outline = PLAIN, show: object = SHOW) -> Script:
    return render_script(outline, show, (folder, *SHIPPED), template="t")  # type: ignore[arg-type]


def _attacked(folder: Path, answers: Connection) -> None:
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEBIBYTES * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    meter.MAX_WORK = filters.MAX_WORK = meter.MAX_WORK // SHARE
    try:
        answers.send(("made", print_script(render(folder))))
    except SaysoError as error:
        answers.send((type(error).__name__, str(error)))
    except BaseException as error:
        answers.send(("escaped", repr(error)[:300]))


@pytest.fixture
def attack(tmp_path: Path) -> Callable[..., tuple[str, str]]:
    """Render a template under guard: the kind of outcome, and the script or the error."""
    if not Path("/proc/self/statm").exists():
        absent("no /proc")

    def run(template: str, **others: str) -> tuple[str, str]:
        for name, text in {"t": template, **others}.items():
            (tmp_path / f"{name}.md.j2").write_text(text, "utf-8")
        context = multiprocessing.get_context("fork")
        answers, end = context.Pipe(duplex=False)
        process = context.Process(target=_attacked, args=(tmp_path, end))
        process.start()
        end.close()
        try:
            kind, text = answers.recv()
        except EOFError:
            process.join()
            pytest.fail(f"the attack ended the process: {process.exitcode}")
        process.join()
        assert isinstance(text, str)
        return kind, text

    return run


BIG = '{% set x = "aaaaaaaa" %}' + "{% set x = x ~ x %}" * 17
"""A text of a million characters, as large as a template can make one without being stopped."""
GROW = "{% set l0 = ['aaaaaaaaaaaaaaaaaaaa'] %}" + "".join(
    f"{{% set l{n + 1} = [{', '.join([f'l{n}'] * 10)}] %}}" for n in range(12)
)

REFUSED = {
    # reaching out of the sandbox
    "class": "{{ show.__class__ }}",
    "class of a string": "{{ ''.__class__.__mro__ }}",
    "class by subscript": "{{ show['__class__'] }}",
    "class by attr": "{{ show | attr('__class__') }}",
    "class by map": "{{ [show] | map(attribute='__class__') | list | join_and }}",
    "class by map, deep": "{{ [show] | map(attribute='title.__class__') | list | join_and }}",
    "class by map of attr": "{{ [show] | map('attr', '__class__') | list }}",
    "class by sort": "{{ [show, show] | sort(attribute='__class__') | length }}{{ [show]|map(attribute='__dict__')|first }}",
    "class by selectattr": "{{ ([show] | selectattr('__class__') | list | length) }}{{ show.__dict__ }}",
    "class by max": "{{ [show] | max(attribute='__init__.__globals__') }}{{ show.__init__ }}",
    "class by format": "{{ '{0.__class__}'.format(show) }}",
    "class by format_map": "{{ '{a.__class__}'.format_map({'a': show}) }}",
    "class by format filter": "{{ '%s' | format(show) }}",
    "globals of a helper": "{{ pause.__globals__ }}",
    "globals of a macro": "{% macro m() %}{% endmacro %}{{ m.__globals__ }}{{ m._func }}",
    "function of a macro": "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "environment of self": "{{ self._TemplateReference__context }}",
    "context by self": "{{ self.__init__.__globals__ }}",
    "generator": "{{ (segments | map('upper')).gi_frame }}",
    "code of loop": "{% for x in [1] %}{{ loop._iterator }}{{ loop.__class__ }}{% endfor %}",
    "class by reject": "{{ [show] | rejectattr('__class__') | list | length }}{{ show.__slots__ }}",
    "class by groupby": "{{ [show] | groupby('__class__') }}",
    "class by a joined name": "{{ show['__cla' ~ 'ss__'] }}",
    "class by a name of bytes": "{{ show | attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "module of a filter": "{{ ''.join.__self__ }}",
    "caller of a macro": "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}x{% endcall %}",
    "coroutine": "{{ (segments | map('upper')).cr_frame }}{{ (segments | map('upper')).ag_frame }}",
    "format by an index": "{{ '{0[0]}'.format(segments) }}",
    "old format with attributes": "{{ '%(a)s' % {'a': show} }}{{ '%c' % show }}",
    "regular expression": "{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | regex_replace('(a+)+$', '') }}",
    "path of a show": "{{ show.root }}",
    "secrets of a show": "{{ show.publish.target }}",
    "undefined": "{{ nothing.__class__ }}",
    "words": CAST + "{{ text._markup }}{% endsegment %}" if (CAST := '{% segment "cast" %}') else "",
    "words, printed": CAST + "{{ text._printed }}{% endsegment %}",
    "assembly": "{{ opener.__self__ }}",
    "assembly's method": "{{ ahead.__self__.outline }}",
    "markup filter": "{{ review.title | _markup }}",
    "safe": "{{ review.title | safe }}",
    "import of python": "{% import 'os' as os %}",
    "line statements": "{% do show.title %}",
    "debug": "{% debug %}",
    "changing a list": "{{ segments.clear() }}",
    "changing a dict": "{{ review.extra.update({'a': 1}) }}",
    "popping": "{{ review.extra.pop('venue') }}",
    "namespace": "{% set n = namespace(x=1) %}",
    "string method": "{{ 'a'.ljust(1000000000) }}",
    "string center": "{{ 'a'.center(1000000000) }}",
    "string zfill": "{{ 'a'.zfill(1000000000) }}",
    "string encode": "{{ 'a'.encode() }}",
    "string join": "{{ 'a'.join(['b'] ) }}",
    "string replace": "{{ 'a'.replace('a', 'b') }}",
    "string translate": "{{ 'a'.translate({97: 'b'}) }}",
    "string expandtabs": "{{ '\\t'.expandtabs(1000000000) }}",
    "string split": "{{ 'a b'.split() | length }}",
    "center filter": "{{ 'a' | center(1000000000) }}",
    "indent filter": "{{ 'a' | indent(1000000000) }}",
    "lipsum": "{{ lipsum(100000) }}",
    "cycler": "{{ cycler(1) }}",
    "dict": "{{ dict(a=1) }}",
    # filling the memory
    "times": "{{ 'a' * 1000000000 }}",
    "times, the other way": "{{ 1000000000 * 'a' }}",
    "times a list": "{{ ([1] * 1000000000) | length }}",
    "percent": "{{ '%999999999d' % 1 }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "squaring": "{% set a = 99999999 %}" + "{% set a = a * a %}" * 40 + "{{ a }}",
    "doubling by tilde": "{% set x = 'aaaaaaaa' %}" + "{% set x = x ~ x %}" * 40,
    "doubling by plus": "{% set x = 'aaaaaaaa' %}" + "{% set x = x + x %}" * 40,
    "doubling by join": "{% set x = 'aaaaaaaa' %}" + "{% set x = [x, x] | join %}" * 40,
    "doubling by replace": "{% set x = 'aaaaaaaa' %}" + "{% set x = x | replace('a', 'aa') %}" * 40,
    "doubling by macro": "{% macro m(x) %}{{ x }}{{ x }}{% endmacro %}{% set x = 'aaaaaaaa' %}" + "{% set x = m(x) %}" * 40,
    "doubling by set": "{% set x %}aaaaaaaa{% endset %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 40,
    "doubling a list": "{% set x = [1, 2, 3, 4] %}" + "{% set x = x + x %}" * 40,
    "nested lists printed": GROW + "{{ l12 | join }}",
    "nested lists compared": GROW + GROW.replace("l", "m").replace("{% set m0", "{% set m0").replace("{% mse", "{% se") + "{{ l12 == l11 }}",
    "nested lists joined": GROW + "{{ l12 | join_and }}",
    "nested lists by tilde": GROW + "{{ 'a' ~ l12 }}",
    "join by a long text": BIG + "{{ range(10000) | join(x) }}",
    "join of long texts": BIG + "{{ range(1000) | map('default', x, true) | join }}",
    "many long texts": BIG + "".join(f"{{% set x{n} = x ~ '{n}' %}}" for n in range(100)),
    "many long texts in a list": BIG + "{{ [" + "x ~ 'b', " * 100 + "] | length }}",
    "default of map": BIG + "{{ range(10000) | map(attribute='nope', default=x) | join }}",
    "a huge range": "{% for i in range(10000000000) %}{% endfor %}",
    "a list of a huge range": "{{ range(3999999) | list | length }}",
    "rounding": "{{ 5 | round(-1000000000) }}",
    "rounding up": "{{ 5 | round(1000000000, 'ceil') }}",
    "a long output": "{% for i in range(10000) %}" + "words and words " * 100 + "{% endfor %}",
    "a long output in a macro": "{% macro m() %}{% for i in range(10000) %}" + "words and words " * 100 + "{% endfor %}{% endmacro %}{{ m() }}",
    "a long output in a segment": CAST + "{% for i in range(10000) %}" + "words and words " * 100 + "{% endfor %}{% endsegment %}",
    "a long output in set": "{% set x %}{% for i in range(10000) %}" + "words and words " * 100 + "{% endfor %}{% endset %}",
    "a long output by values": BIG + "{% for i in range(1000) %}{{ x }}{% endfor %}",
    "a long output by include": "{% for i in range(10000) %}{% include 'part.md.j2' %}{% endfor %}",
    # running for ever
    "nested loops": "{% for i in range(3000) %}{% for j in range(3000) %}{% for k in range(3000) %}{% endfor %}{% endfor %}{% endfor %}",
    "loops that skip": "{% for i in range(3000) %}{% for j in range(10000) if false %}{% endfor %}{% endfor %}",
    "a recursive loop": "{% for x in [1] recursive %}{{ loop([1, 1]) }}{% endfor %}",
    "a recursive loop over a tree": GROW + "{% for x in l12 recursive %}{% if x is not string %}{{ loop(x) }}{% endif %}{% endfor %}",
    "a recursive macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "macros that multiply": "{% macro m0() %}{% endmacro %}" + "".join(f"{{% macro m{n + 1}() %}}" + f"{{{{ m{n}() }}}}" * 10 + "{% endmacro %}" for n in range(12)) + "{{ m12() }}",
    "blocks that multiply": "".join(f"{{% block b{n + 1} %}}" + (f"{{{{ self.b{n}() }}}}" * 10 if n else "x") + "{% endblock %}" for n in range(10)),
    "an include of itself": "{% include 't.md.j2' %}",
    "includes that multiply": "{% include 'part.md.j2' %}" * 10,
    "an import of itself": "{% import 't.md.j2' as t %}",
    "extending itself": "{% extends 't.md.j2' %}",
    "sorting in a loop": "{% set l = range(10000) | list %}{% for i in range(10000) %}{% set m = l | sort(reverse=true) %}{% endfor %}",
    "sorting by map": "{{ range(10000) | sort | unique | list | length }}{% for i in range(10000) %}{{ range(1000) | sum }}{% endfor %}",
    "joining in a loop": "{% for i in range(10000) %}{% set m = range(1000) | join %}{% endfor %}",
    "upper in a loop": BIG + "{% for i in range(10000) %}{% set m = x | upper %}{% endfor %}",
    "slicing in a loop": BIG + "{% for i in range(10000) %}{% set m = x[1:] %}{% endfor %}",
    "searching in a loop": BIG + "{% for i in range(10000) %}{% if 'aaab' in x %}{% endif %}{% endfor %}",
    "comparing in a loop": BIG + BIG.replace("x", "y") + "{% for i in range(10000) %}{% if x == y %}{% endif %}{% endfor %}",
    "a test of each by each": "{{ range(10000) | select('in', range(10000) | list) | list | length }}",
    "a test of each by each, reversed": "{{ range(10000) | reject('in', range(10000) | reverse | list) | list | length }}",
    "startswith in a loop": BIG + "{% for i in range(10000) %}{{ x.startswith(x) }}{% endfor %}",
    "deep brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "deep ifs": "{% if true %}" * 2000 + "{% endif %}" * 2000,
    "deep loops": "{% for i in [1] %}" * 60 + "{% endfor %}" * 60,
    "deep not": "{{ " + "not " * 10000 + "1 }}",
    "deep plus": "{{ " + "1 + " * 10000 + "1 }}",
    "deep filters": "{{ 'a'" + " | upper" * 8000 + " }}",
    "many elifs": "{% if false %}" + "{% elif false %}x" * 3000 + "{% endif %}{{ nope }}",
    "extending in a circle": "{% extends 'circle.md.j2' %}",
    "the next template of a name": "{% extends 't.md.j2\\n1' %}",
    # reading other files
    "include up": "{% include '../secret.md.j2' %}",
    "include absolute": "{% include '/etc/passwd' %}",
    "include by value": "{% include review.title %}",
    "include a list": "{% include ['../a', '/etc/passwd'] %}",
    "include any file": "{% include 'secret.txt' %}",
    "include a device": "{% include '/dev/zero' %}",
    "import up": "{% import '../secret.md.j2' as x %}",
    "from import up": "{% from '../secret.md.j2' import x %}",
    "extend up": "{% extends '../secret.md.j2' %}",
    "include a long name": "{% include 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.md.j2' %}",
    "include with NUL": "{% include 'a\\x00.md.j2' %}",
    # rubbish
    "a pause for ever": "{{ pause(99999999) }}",
    "a pause that is no number": "{{ pause(1e400) }}",
    "a sting of two lines": "{{ sting('a}\\n\\n## x') }}",
    "a sound of two lines": "{{ sound('a}\\n\\n## x {#y') }}",
    "a raw pause for ever": "{pause 9999999s}",
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_attack_is_refused_with_one_clear_error(
    name: str, attack: Callable[..., tuple[str, str]]
) -> None:
    kind, text = attack(
        REFUSED[name],
        part="{% include 'part2.md.j2' %}" * 100 if "multiply" in name else "words " * 5000,
        part2="{% include 'part3.md.j2' %}" * 100,
        part3="{% include 'part4.md.j2' %}" * 100,
        part4="{% include 'part5.md.j2' %}" * 100,
        part5="x",
        circle="{% extends 't.md.j2' %}",
    )
    assert kind == "TemplateError", text[:500]
    assert ".md.j2" in text
    assert "\n" not in text
    assert len(text) < 900
    assert "0x" not in text  # no addresses of objects


HARMLESS = {
    "a step that is shadowed": "{% set _step = 1 %}{% set step = 1 %}{% macro environment() %}{% endmacro %}{% for i in [1] %}x{% endfor %}",
    "a filter named markup": "{{ '{sting intro}' | upper | lower }}",
    "placeholders": "{{ '\\x000\\x00' }}" + CAST + "{{ '\\x000\\x00' }}{{ text }}{% endsegment %}",
    "deep but small": "{{ [[[[1]]]] | length }}",
    "a loop over words": "{% for c in review.title %}{{ c }}{% endfor %}",
    "filter block": "{% filter upper %}hello{% endfilter %}",
    "javascript": "[x](javascript:alert(1))",
    "html": "<script>alert(1)</script>",
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_no_harm_is_words(name: str, attack: Callable[..., tuple[str, str]]) -> None:
    kind, text = attack(HARMLESS[name])
    assert kind == "made", text
    script = parse_script(text)
    assert sum(isinstance(item, SegmentHead) for item in script.items) == 4


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md.j2").write_text("a secret")
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    (scripts / "link.md.j2").symlink_to(tmp_path / "secret.md.j2")
    for template in ("{% include 'link.md.j2' %}", "{% extends 'link.md.j2' %}", None):
        if template is None:
            (scripts / "t.md.j2").unlink()
            (scripts / "t.md.j2").symlink_to(tmp_path / "secret.md.j2")
        else:
            (scripts / "t.md.j2").write_text(template)
        with pytest.raises(TemplateError, match="must not be a symbolic link"):
            render(scripts)


def test_a_pipe_or_folder_is_no_template(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.md.j2")
    (tmp_path / "folder.md.j2").mkdir()
    for name in ("pipe", "folder"):
        (tmp_path / "t.md.j2").write_text(f"{{% include '{name}.md.j2' %}}")
        with pytest.raises(TemplateError, match=f"no template named '{name}"):
            render(tmp_path)


# ----------------------------------------------------------------------- markup in a review's text

EVIL = (
    "{sting outro}",
    "## Evil {#evil}",
    "\n\n## Evil {#evil}\n\n",
    "{from=p1}",
    "CRITIC: hello",
    "HOST:",
    "<!-- gone",
    "<!--",
    "-->",
    "---",
    "---\nvoice: x\n---",
    '[a]{say="b"}',
    "{{ show.__class__ }}",
    "{% include '/etc/passwd' %}",
    '"}{sting outro}',
    "\\",
    "\\{",
    "*a*",
    "x\0y",
    "<<<<<<< your edit",
    "\u2028## Evil {#evil}",
    "\x0b{sting outro}",
    "\r\n{bed off}\r\n",
)
EVERYWHERE = """\
{{ review.title }}

{{ review.subject }} is {{ review.author }}: {{ review.rating }}

<{{ review.subject }}{{ review.title }}{{ review.author }}

{{ review.subject }}{{ review.title }}

[{{ review.subject }}]{say="{{ review.author }}"} and *{{ review.extra.venue }}*

{% segment "intro", title=review.title, lead=review.subject %}{{ review.author }} {{ text }}{{ segment.title }}{% endsegment %}

## {{ review.subject }} {#mine}

{{ review.extra.values() | join_and }} {{ segments | names | join_and }} {{ show.title }} {{ voices[0].speaker }}
"""


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
def test_no_text_of_a_review_becomes_markup(evil: str, tmp_path: Path) -> None:
    check_harmless(evil, tmp_path)


@given(fragments)
@settings(max_examples=80, deadline=None)
@example(evil="\ufeff#")
def test_no_text_at_all_becomes_markup(tmp_path_factory: pytest.TempPathFactory, evil: str) -> None:
    check_harmless(evil, tmp_path_factory.getbasetemp())


def check_harmless(evil: str, folder: Path) -> None:
    """Render a review full of `evil`: the same items as with a plain word in its place."""
    (folder / "t.md.j2").write_text(EVERYWHERE, "utf-8")
    items, plain = (
        render(folder, _review_of(text), _show_of(text)).items for text in (evil or "x", "word")
    )
    assert [type(item) for item in items if not isinstance(item, Comment)] == [
        type(item) for item in plain
    ]
    for item, other in zip(items, plain, strict=True):
        if isinstance(item, SegmentHead) and isinstance(other, SegmentHead):
            assert (item.id, item.voice, item.sting) == (other.id, other.voice, other.sting)
        if isinstance(item, Paragraph) and isinstance(other, Paragraph):
            assert (item.voice, item.origin) == (other.voice, other.origin)
            assert [type(span) for span in item.spans] == [type(span) for span in other.spans]


def _review_of(evil: str) -> Outline:
    text = " ".join(f"{evil} is said here.".replace("\0", " ").split())  # as the review room reads
    outline = make_outline(("intro", f"Well: {text}"), ("cast", text or "x"))
    review = replace(
        outline.review,
        title=f"{evil} t",
        subject=f"{evil} s",
        author=f"{evil} a",
        rating=f"{evil} r",
        extra=(("venue", f"v{evil}v"), (evil, evil)),
        source=Path("a" + evil.replace("/", "").replace("\0", "")),
    )
    names = tuple(replace(n, title=f"{evil} {n.title}", spoken=f"{evil} {n.spoken}") for n in NAMES)
    return replace(outline, review=review, names=names)


def _show_of(evil: str) -> object:
    voices = tuple(replace(voice, speaker=f"{evil} v") for voice in SHOW.voices)
    return replace(SHOW, title=f"{evil} show", voices=voices)


def test_a_name_of_a_file_stays_in_the_front_matter(tmp_path: Path) -> None:
    (tmp_path / "t.md.j2").write_text("Hi.")
    name = 'a\n---\n## x {#y}: "b".md'
    outline = replace(PLAIN, review=replace(PLAIN.review, source=Path(name)))
    script = render(tmp_path, outline)
    assert script.get("review") == name
    assert parse_script(print_script(script)).get("review") == name
