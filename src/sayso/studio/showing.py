"""A snapshot of a review, made into what the page shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sayso.episode.report import db
from sayso.errors import SaysoError
from sayso.model import SegmentHead, Show
from sayso.script import conflict_sides
from sayso.show.paths import EPISODES, MANIFEST
from sayso.studio.episode_sound import what_plays
from sayso.studio.episode_text import Reading, digest
from sayso.studio.inputs import files
from sayso.studio.listing import Reviews
from sayso.studio.script_view import N_COLOURS, show_segments, sound_choices
from sayso.studio.session import Session, Snapshot
from sayso.studio.view import (
    Choice,
    ConflictView,
    LeftOut,
    ParagraphView,
    Remark,
    ReviewsView,
    ReviewView,
    SegmentView,
    SoundView,
    StudioView,
)
from sayso.studio.waveform import WavePart, segments_svg


def show_studio(session: Session, snapshot: Snapshot) -> StudioView:
    """All that the page shows."""
    reading = snapshot.read.reading
    errors = (*snapshot.read.errors, *snapshot.trouble)
    segments = show_segments(reading, snapshot) if reading is not None else ()
    remarks = [remark for segment in segments for remark in _remarks_in(segment)]
    in_place = {remark.problem for remark in remarks}
    general = tuple(
        remark
        for remark in (show_error(error, session.root) for error in errors)
        if remark.problem not in in_place
    )
    if reading is not None and reading.cut:
        general += (_cut(reading),)
    slug = session.script_path.parent.name
    return StudioView(
        slug=slug,
        title=_title(reading) or slug,
        show=reading.show.title if reading is not None else "",
        review=near(session.source, session.root),
        script=near(session.script_path, session.root),
        kind=reading.outline.kind if reading is not None else "",
        version=snapshot.version,
        seen=digest(reading.text) if reading is not None else "",
        language=reading.show.language if reading is not None else "en",
        segments=segments,
        left_out=_left_out(reading),
        remarks=general,
        conflicts=tuple(_conflicts(session, snapshot)),
        sound=_sound(reading, snapshot),
        busy=snapshot.busy or _waits(reading),
        can_undo=snapshot.last_change.what if snapshot.last_change is not None else None,
        built=_built(session),
        n_unsure=sum(
            placed.unsure
            for segment in segments
            for item in segment.items
            if isinstance(item, ParagraphView)
            for placed in item.placed
        ),
        n_warnings=len(remarks) + len(general),
        stings=sound_choices(reading, None),
        beds=(*sound_choices(reading, None), Choice("off", "off")),
    )


def show_reviews(reviews: Reviews, show: Show) -> ReviewsView:
    """The page of a show."""
    return ReviewsView(
        show=show.title,
        reviews=tuple(
            ReviewView(
                slug,
                slug.replace("-", " "),
                near(path, show.root),
                is_built=(show.root / EPISODES / slug / MANIFEST).is_file(),
            )
            for slug, path in reviews.sources.items()
        ),
        unfit=tuple(show_error(error, show.root) for error in reviews.unfit),
    )


def show_error(error: SaysoError, root: Path) -> Remark:
    """An error as a remark."""
    place = error.place
    if error.file is not None:
        place = near(Path(error.file), root) + (f":{error.line}" if error.line else "")
    return Remark("error", error.problem, error.hint, place or None, error.code)


def _sound(reading: Reading | None, snapshot: Snapshot) -> SoundView | None:
    sound = snapshot.sound
    if sound is None or reading is None:
        return None
    timeline, measured = sound.timeline, sound.measured
    duration_ms = timeline.ms(timeline.n_samples)
    n_before = 0 if isinstance(next(iter(reading.script.items), None), SegmentHead) else 1
    parts = tuple(
        WavePart(
            chapter.title,
            (number + n_before) % N_COLOURS,
            timeline.ms(chapter.start),
            timeline.ms(chapter.end),
        )
        for number, chapter in enumerate(timeline.chapters)
    )
    lufs = measured.integrated_lufs
    return SoundView(
        url=f"sound/{sound.key}.mp3",
        duration_ms=duration_ms,
        lufs="silent" if lufs is None else f"{db(lufs)} LUFS",
        target_lufs=f"{db(reading.show.audio.target_lufs)} LUFS",
        true_peak=f"{db(measured.true_peak_dbtp)} dBTP",
        waveform=segments_svg(sound.energies, parts, duration_ms),
        stale=sound.keys != reading.keys or sound.music != what_plays(reading),
    )


def _remarks_in(segment: SegmentView) -> Iterable[Remark]:
    yield from segment.remarks
    for item in segment.items:
        yield from item.remarks


def _conflicts(session: Session, snapshot: Snapshot) -> Iterator[ConflictView]:
    for clash in snapshot.clashes:
        mine, theirs = conflict_sides(session.both(clash))
        yield ConflictView(
            id=clash.id,
            file=near(clash.path, session.root),
            what=f"{clash.what.capitalize()} changed in the file while you changed it here",
            mine=mine,
            theirs=theirs,
            answers=(Choice("edited", "Keep mine"), Choice("rendered", "Keep the file's")),
        )
    disputed = snapshot.read.disputed
    if disputed is not None:
        mine, theirs = conflict_sides(disputed.text)
        yield ConflictView(
            id="rendering",
            file=near(session.script_path, session.root),
            what="Your edit of the script and the new rendering change the same lines",
            mine=mine,
            theirs=theirs,
            answers=(
                Choice("edited", "Keep the script's"),
                Choice("rendered", "Take the new rendering"),
            ),
        )


def _left_out(reading: Reading | None) -> tuple[LeftOut, ...]:
    if reading is None:
        return ()
    return tuple(
        LeftOut(aside.block.line, aside.block.text, aside.reason)
        for aside in reading.outline.asides
    )


def _waits(reading: Reading | None) -> str | None:
    """Why no sound is being made."""
    if reading is None or reading.can_sound:
        return None
    return "the sound waits until what is marked is mended"


def _cut(reading: Reading) -> Remark:
    n = len(reading.cut)
    names = ", ".join(reading.cut[:6]) + (" …" if n > 6 else "")
    return Remark(
        "warning",
        f"{n} sentence{'s' * (n > 1)} of the review {'are' if n > 1 else 'is'} not in the script "
        f"word for word: {names}",
        "that is fine where you meant it",
    )


def _built(session: Session) -> str | None:
    manifest = session.script_path.with_name(MANIFEST)
    try:
        built = manifest.stat().st_mtime
    except OSError:
        return None
    inputs = files(session.source, session.root, session.script_path)
    changed = any(path.is_file() and path.stat().st_mtime > built for path in inputs)
    return "changed since it was built" if changed else "built"


def _title(reading: Reading | None) -> str | None:
    if reading is None:
        return None
    return reading.script.get("title") or reading.outline.review.title


def near(path: Path, root: Path) -> str:
    """A path as short as it can be said within a show."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
