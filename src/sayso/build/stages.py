"""The stages, one function each. `pipeline.STAGES` says in which order they run and why.

Those of the audio rooms are imported when they run: a script needs no numpy.
"""

from __future__ import annotations

import contextlib
import difflib
from dataclasses import replace
from typing import get_args

from sayso.build.cast import resolve_voice
from sayso.build.covers import check_cover, find_cover
from sayso.build.export_formats import check_tools
from sayso.build.left_out import count_left_out, describe
from sayso.build.script_file import update_script
from sayso.build.states import (
    Begun,
    Build,
    Finished,
    LaidOut,
    Lined,
    Mastered,
    Outlined,
    Reviewed,
    Scripted,
    Voiced,
)
from sayso.errors import EnvironmentProblem, ReviewError, SaysoError, ScriptError, raise_all
from sayso.language.text import with_article
from sayso.model import Outline, Review, Shape, Voice
from sayso.review import Kinds, kinds_of_show, outline, read_review, segment_ids
from sayso.review.kind_guess import NEUTRAL
from sayso.review.segmentation import KindReason
from sayso.review.shape import ROUNDUP_NAMES
from sayso.script import check_names, cut_sentences
from sayso.show.finding import sound_path
from sayso.speech.engines import load_engine
from sayso.speech.lines import script_lines
from sayso.speech.spoken import show_lexicon
from sayso.system.cache import bound_cache


def read_the_review(build: Build, begun: Begun) -> Reviewed:
    """Read the review file; say at once where a format cannot be made here."""
    check_tools(build)
    review = read_review(build.source)
    extra = dict(review.extra)
    if "sayso" in extra:  # the number of the script format
        named = extra.get("review")
        raise ReviewError(
            "is the script of an episode, not a review",
            code="not-a-review",
            file=build.source,
            hint=f"name its review{f', {named}' if named else ''}: the script is built with it",
        )
    cover = find_cover(build.show, review)
    for note in (*review.notes, cover.note):
        if note is not None:
            build.reporter.note(f"{build.source.name}:{note.line}: {note.problem} ({note.hint})")
    check_cover(build.show, cover)
    return Reviewed(review=review)


def _set_aside_strange(build: Build, review: Review, kinds: Kinds) -> Review:
    """The review without a kind or shape that is a word of another program's, with a note.

    A slip, `kind: flim`, stays: that is an error, with the word that was meant.
    """
    known_kinds = [name for each in kinds for name in (each.id, *each.also)]
    for key, named, known in (
        ("kind", review.kind, [*known_kinds, *ROUNDUP_NAMES]),
        ("shape", review.shape, [*get_args(Shape), *ROUNDUP_NAMES]),
    ):
        folded = " ".join((named or "").casefold().split())
        if named is None or difflib.get_close_matches(folded, known, n=1, cutoff=0.75):
            continue
        build.reporter.note(
            f"`{key}: {named}` in the review is no {key} that sayso knows; it is set aside"
        )
        extra = (*review.extra, (key, named))
        review = replace(review, kind=None if key == "kind" else review.kind, extra=extra)
        review = replace(review, shape=None) if key == "shape" else review
    return review


def place_paragraphs(build: Build, reviewed: Reviewed) -> Outlined:
    """Place every paragraph in a segment."""
    kinds = kinds_of_show(build.show.root)
    show = build.show
    review = _set_aside_strange(build, reviewed.review, kinds)
    kind: str | None = build.options.kind
    reason: KindReason = "flag"
    if kind is None and review.kind is None and show.kind is not None:
        kind, reason = show.kind, "show"
    placed = outline(
        review,
        kinds,
        kind=kind,
        kind_reason=reason,
        skip_spoilers=show.spoilers == "skip",
        best_rating=show.best_rating,
    )
    if placed.shape == "roundup":
        n_items = sum(name.id.startswith("item-") for name in placed.names)
        build.reporter.note(
            f"taken for a review of {n_items} things, a chapter each; `shape: essay` in the review "
            "makes it one of a single thing"
        )
    elif placed.kind_reason == "guess":
        build.reporter.note(_guessed_kind(placed))
    if placed.rating is not None and placed.rating.value is not None and not placed.rating.best:
        build.reporter.note(
            f"the rating {placed.rating.text} has no scale and is said as it is; write it as "
            f"{placed.rating.text}/10, or set best_rating in show.toml"
        )
    left_out = count_left_out(placed)
    if left_out:
        build.reporter.note(describe(left_out))
    return Outlined(outline=placed, known_segments=segment_ids(kinds))


def _guessed_kind(placed: Outline) -> str:
    settles = "--kind, or `kind:` in the review, settles it"
    if placed.kind != NEUTRAL:
        return f"taken for {with_article(placed.kind)} review; {settles}"
    if placed.likely_kind is not None and placed.likely_kind != NEUTRAL:
        return (
            f"of no kind for certain, perhaps {with_article(placed.likely_kind)} review; {settles}"
        )
    return f"of no kind of review that sayso knows; {settles}"


def write_script(build: Build, outlined: Outlined) -> Scripted:
    """Render the script, bring it together with the author's edits, and read it back."""
    script = update_script(build, outlined)
    raise_all(check_names(script, build.show, lambda file: sound_path(build.show, file)))
    cut = cut_sentences(script, outlined.outline)
    if cut:
        build.reporter.note(
            f"{len(cut)} sentence{'s' * (len(cut) > 1)} of the review "
            f"{'are' if len(cut) > 1 else 'is'} not in the script word for word: "
            f"{', '.join(cut[:6])}{' …' if len(cut) > 6 else ''}"
        )
    return Scripted(outline=outlined.outline, script=script, cut=cut)


def make_lines(build: Build, scripted: Scripted) -> Lined:
    """Cut the script into lines, with voices and spoken text."""
    engine = "tone" if build.options.draft else build.options.engine_name
    errors: list[SaysoError] = []

    def cast(voice: Voice) -> Voice:
        try:
            return resolve_voice(build.show, voice, engine)
        except SaysoError as error:
            errors.append(error)
            return voice

    lines = script_lines(
        scripted.script,
        build.show,
        blocks=scripted.outline.review.blocks,
        lexicon=show_lexicon(build.show.root),
        resolve=cast,
    )
    raise_all(list({str(error): error for error in errors}.values()))
    lined = Lined(scripted=scripted, lines=lines)
    for name in lined.engines:
        speaker = load_engine(name)
        said = (line for line in lines if line.voice.engine == name)
        words = (speaker.unreadable(line.spoken, line.voice.voice or "") for line in said)
        lost = list(dict.fromkeys(word for each in words for word in each))
        if lost:
            build.reporter.note(
                f"{name} cannot read {', '.join(lost[:5])}{' …' * (len(lost) > 5)}; "
                "lexicon.toml can say how it sounds"
            )
    if not lines:
        raise ScriptError(
            "the script says nothing",
            code="nothing-to-say",
            file=build.script_path,
            hint="write a line",
        )
    return lined


def voice_takes(build: Build, lined: Lined) -> Voiced:
    """Voice the lines that have no take in the cache."""
    from sayso.build.prefetch import Prefetch
    from sayso.speech.takes import TakeStore
    from sayso.speech.voicing import kept_takes, line_key, voice_lines

    store = TakeStore(build.cache / "takes")
    reused = kept_takes(lined.lines, store)
    new_takes = frozenset(map(line_key, lined.lines)) - reused.keys()
    with contextlib.ExitStack() as stack:
        prefetch = None
        if new_takes and build.prefetch:
            prefetch = stack.enter_context(Prefetch(build, lined, reused))
            store = prefetch.store()
        takes = voice_lines(
            lined.lines,
            store,
            kept=reused,
            jobs=build.options.jobs,
            progress=build.reporter.progress,
            workers=build.executor,
        )
    return Voiced(
        lined=lined,
        takes=takes,
        new_takes=new_takes,
        music=prefetch.music if prefetch else None,
        new_chunks=prefetch.new_chunks if prefetch else frozenset(),
    )


def lay_out_timeline(build: Build, voiced: Voiced) -> LaidOut:
    """Give everything its place in time, and its level."""
    from sayso.build import audio

    return audio.lay_out_episode(build, voiced)


def master_sound(build: Build, laid_out: LaidOut) -> Mastered:
    """Mix, limit and encode every chunk that is not cached."""
    from sayso.build import audio

    return audio.master_episode(build, laid_out)


def write_files(build: Build, mastered: Mastered) -> Finished:
    """Write the episode's files, the manifest last."""
    from sayso.build.episode_files import write_episode

    files = write_episode(build, mastered)
    if mastered.voiced.new_takes or mastered.n_encoded:
        with contextlib.suppress(EnvironmentProblem):  # the episode is done: a full cache may wait
            bound_cache(build.cache)
    return Finished(mastered=mastered, files=files)
