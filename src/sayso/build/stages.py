"""The work of each stage. `pipeline.STAGES` says in which order they run and why."""

from __future__ import annotations

import contextlib

from sayso.build import script_file as drafting
from sayso.build.export_formats import check_tools
from sayso.build.state import Work
from sayso.errors import EnvironmentProblem, ReviewError, SaysoError, ScriptError, raise_all
from sayso.model import Voice
from sayso.review import kinds_of_show, outline, read_review, segment_ids
from sayso.script import check_names, cut_sentences
from sayso.show import sound_path
from sayso.system.cache import bound_cache


def read_the_review(work: Work) -> None:
    """Read the review file; say at once where a format cannot be made here."""
    check_tools(work)
    review = read_review(work.source)
    extra = dict(review.extra)
    if "sayso" in extra:  # the number of the script format
        named = extra.get("review")
        raise ReviewError(
            "is the script of an episode, not a review",
            code="not-a-review",
            file=work.source,
            hint=f"name its review{f', {named}' if named else ''}: the script is built with it",
        )
    work.review = review


def outline_it(work: Work) -> None:
    """Place every paragraph in a segment."""
    assert work.review is not None
    kinds = kinds_of_show(work.show.root)
    if work.options.kind is not None:
        work.outline = outline(work.review, kinds, kind=work.options.kind, kind_reason="flag")
    elif work.review.kind is None and work.show.kind is not None:
        work.outline = outline(work.review, kinds, kind=work.show.kind, kind_reason="show")
    else:
        work.outline = outline(work.review, kinds)
    work.known_segments = segment_ids(kinds)
    if work.outline.kind_reason == "guess":
        work.reporter.note(
            f"taken for a {work.outline.kind} review; --kind, or `kind:` in the review, settles it"
        )
    tables = [str(each.block.line) for each in work.outline.asides if each.block.kind == "table"]
    if tables:
        work.reporter.note(
            f"tables are not read out: line{'s' * (len(tables) > 1)} {', '.join(tables)} of the "
            "review; what is to be heard must be sentences or a list"
        )


def write_the_script(work: Work) -> None:
    """Render the script, bring it together with the author's edits, and read it back."""
    assert work.outline is not None
    work.script = drafting.draft(work)
    if work.watch is not None:
        work.watch.see_script(work)
    raise_all(check_names(work.script, work.show, lambda file: sound_path(work.show, file)))
    work.cut = cut_sentences(work.script, work.outline)
    if work.cut:
        work.reporter.note(
            f"{len(work.cut)} sentence{'s' * (len(work.cut) > 1)} of the review "
            f"{'are' if len(work.cut) > 1 else 'is'} not in the script word for word: "
            f"{', '.join(work.cut[:6])}{' …' if len(work.cut) > 6 else ''}"
        )


def make_lines(work: Work) -> None:
    """Cut the script into lines, with voices and spoken text."""
    from sayso.build.cast import resolve_voice
    from sayso.speech.engines import load_engine
    from sayso.speech.lines import script_lines
    from sayso.speech.spoken import show_lexicon

    assert work.script is not None
    assert work.review is not None
    lexicon = show_lexicon(work.show.root)
    engine = "tone" if work.options.draft else work.options.engine

    errors: list[SaysoError] = []

    def cast(voice: Voice) -> Voice:
        try:
            return resolve_voice(work.show, voice, engine)
        except SaysoError as error:
            errors.append(error)
            return voice

    work.lines = script_lines(
        work.script, work.show, blocks=work.review.blocks, lexicon=lexicon, resolve=cast
    )
    raise_all(list({str(error): error for error in errors}.values()))
    for name in sorted({line.voice.engine for line in work.lines}):
        speaker = load_engine(name)
        texts = (line.spoken for line in work.lines if line.voice.engine == name)
        lost = list(dict.fromkeys(word for text in texts for word in speaker.unreadable(text)))
        if lost:
            work.reporter.note(
                f"{name} cannot read {', '.join(lost[:5])}{' …' * (len(lost) > 5)}; "
                "lexicon.toml can say how it sounds"
            )
    if not work.lines:
        raise ScriptError(
            "the script says nothing",
            code="nothing-to-say",
            file=work.script_path,
            hint="write a line",
        )


def voice_them(work: Work) -> None:
    """Voice what no take is kept of."""
    from sayso.build.prefetch import Ahead
    from sayso.speech.takes import TakeStore
    from sayso.speech.voicing import kept_takes, line_key, voice_lines

    store = TakeStore(work.cache / "takes")
    kept = kept_takes(work.lines, store)
    work.voiced = frozenset(map(line_key, work.lines)) - kept.keys()
    work.n_voiced = len(work.voiced)
    with contextlib.ExitStack() as stack:
        if work.voiced and work.ahead:
            store = stack.enter_context(Ahead(work, kept)).store()
        work.takes = voice_lines(
            work.lines,
            store,
            kept=kept,
            jobs=work.options.jobs,
            progress=work.reporter.progress,
            workers=work.executor,
        )


def lay_it_out(work: Work) -> None:
    """Give everything its place in time, and its level."""
    from sayso.build import (
        audio as producing,  # numpy and the audio rooms, which a script needs not
    )

    producing.lay_it_out(work)


def master_it(work: Work) -> None:
    """Mix, limit and encode every chunk that is not cached."""
    from sayso.build import audio as producing

    producing.master(work)


def finish_it(work: Work) -> None:
    """Write the episode's files, the manifest last."""
    from sayso.build import episode_files as finishing

    finishing.write_episode(work)
    if work.n_voiced or work.n_encoded:
        with contextlib.suppress(EnvironmentProblem):  # the episode is done: a full cache may wait
            bound_cache(work.cache)
