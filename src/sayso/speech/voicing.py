"""From lines to takes: what is cached is kept, the rest is voiced, in order and by any executor.

A line is voiced in pieces of at most 300 characters, a call each, and joined without a seam: so a
call is never long, one line never fills a worker's memory, and a long line is shared out too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from sayso.errors import EnvironmentProblem, SaysoError, SpeechError, raise_all
from sayso.speech.engines import is_registered, load_engine, resolve
from sayso.speech.engines.base import Speech, flaw, has_words, shorten, unsayable
from sayso.speech.takes import Take, TakeStore, take_key
from sayso.speech.trimming import join, trim
from sayso.speech.word_times import with_word_times
from sayso.speech.workers import CALL_LIMIT_S, LocalWorkers, usable_cores
from sayso.system.threads import Threads

if TYPE_CHECKING:
    from sayso.model import Line

Progress = Callable[[int, int], None]
"""Called with how many sentences have been voiced, and how many there are to voice."""

RECIPE = "2"
"""Part of every key: raised when trimming or joining changes, so that old takes are not used."""
PIECE_CHARACTERS = 300  # engines' work, and some engines' memory, grows with the square
CHARACTERS_PER_S = 15.0
SHORT_WORK_S = 3.0  # below, starting workers and warming an engine in each costs more
_MOST_WAITING = 64  # calls handed out and not yet kept: bounds the memory of a long script
_WAITING_A_WORKER = 8  # where there are many workers: enough that none of them runs dry
WAKE_S = 0.2
"""How often a wait looks up: a Ctrl-C that comes between two waits, or that the system gives to
another thread, would not end one without a limit."""
_SHORT_PAUSE = Speech(np.zeros(2_400, np.int16), 24_000)  # for a line without words: 100 ms


@dataclass(frozen=True, slots=True)
class Order:
    """One text to be voiced: everything that a worker needs to know."""

    key: str
    engine: str
    version: str
    """The engine's, where the order was made."""
    voice: str
    speed: float
    spoken: str
    written: str

    @property
    def speech_s(self) -> float:
        """About how long it will be, in seconds."""
        return len(self.spoken) / CHARACTERS_PER_S / self.speed

    def pieces(self) -> tuple[Order, ...]:
        """What is voiced in one call each; a piece without words is left out, but not the last."""
        if len(self.spoken) <= PIECE_CHARACTERS:
            return (self,)
        from sayso.speech.spoken.pieces import pieces

        cut = [each for each in pieces(self.spoken, limit=PIECE_CHARACTERS) if has_words(each)]
        return tuple(replace(self, spoken=each) for each in cut) or (self,)


@dataclass(slots=True)
class _Voiced:
    """What has come back of an order."""

    pieces: tuple[Order, ...]
    speeches: dict[int, Speech] = field(default_factory=dict)
    n_done: int = 0
    error: SaysoError | None = None

    def speech(self) -> Speech:
        """The whole order's. Raises what a piece of it has raised."""
        if self.error is not None:
            raise self.error
        if len(self.pieces) == 1:
            return self.speeches[0]
        return join([(self.pieces[n].spoken, self.speeches[n]) for n in range(len(self.pieces))])


def line_key(line: Line) -> str:
    """The key of the take of `line`."""
    return _order(line).key


def kept_takes(lines: Iterable[Line], store: TakeStore) -> dict[str, Take]:
    """The takes of `lines` that are in `store`, by their keys."""
    found = {key: store.get(key) for key in dict.fromkeys(map(line_key, lines))}
    return {key: take for key, take in found.items() if take is not None}


def missing(lines: Sequence[Line], store: TakeStore) -> tuple[Line, ...]:
    """The lines that a build would voice: not in `store`, each text once, in order."""
    kept = kept_takes(lines, store)
    seen: dict[str, Line] = {}
    for line in lines:
        key = line_key(line)
        if key not in kept:
            seen.setdefault(key, line)
    return tuple(seen.values())


def voice_lines(
    lines: Sequence[Line],
    store: TakeStore,
    *,
    kept: Mapping[str, Take] | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    workers: Executor | None = None,
) -> tuple[Take, ...]:
    """A take for each of `lines`, in their order; equal lines share one.

    `kept` is what `kept_takes` has found, where it has been asked already.
    `jobs` is how many are voiced at once, None for the number of cores; takes do not depend on it.
    `workers` voices elsewhere, by any executor. Every line is tried: finished takes
    are kept in `store`, and what failed is raised at the end, together (SpeechError, ErrorGroup,
    EngineMissing). Raises EnvironmentProblem at once where the store cannot be written.
    """
    orders = [_order(line) for line in lines]
    takes = dict(kept_takes(lines, store) if kept is None else kept)
    wanted = {order.key: order for order in orders if order.key not in takes}
    errors: dict[str, SaysoError] = {}
    # Longest first: the last worker to finish has little left to do.
    queue = sorted(wanted.values(), key=lambda order: (-len(order.spoken), order.key))

    def keep(order: Order, voiced: Callable[[], Speech]) -> None:
        try:
            speech = voiced()
        except SaysoError as error:
            errors[order.key] = _about(order, error)
        else:
            takes[order.key] = store.put(
                order.key, speech.samples, speech.sample_rate, speech.words
            )
        if progress is not None:
            progress(len(takes) - n_cached + len(errors), len(queue))

    n_cached = len(takes)
    if any(is_registered(order.engine) for order in queue):
        with Threads(1, thread_name_prefix="sayso-voice") as here:
            _hand_out(queue, keep, jobs, here)
    elif queue:
        _hand_out(queue, keep, jobs, workers)
    raise_all(_once(errors, orders))
    return tuple(takes[order.key] for order in orders)


def voice(piece: Order) -> Speech:
    """Voice one piece of an order in this process: what a worker runs.

    Raises SpeechError where the engine cannot say it; EnvironmentProblem where what the engine
    returns is no speech, and where it is of another version here than where the order was made:
    the take would be kept under the name of another sound.
    """
    engine = load_engine(piece.engine)
    if piece.version != engine.version:
        raise EnvironmentProblem(
            f"the engine '{engine.name}' is of another version here: {engine.version}, "
            f"and not {piece.version}",
            code="engine-version",
            hint="install the versions of the machine that builds",
        )
    text = piece.spoken
    if not has_words(text):
        if any(not (c.isspace() or c in "…—–-.,;:!?'\"“”‘’()[]«»*") for c in text):
            raise unsayable(piece.engine, text)
        return _SHORT_PAUSE
    try:
        said = engine.speak(text, piece.voice, piece.speed)
        wrong = flaw(said)
        if wrong is not None:
            raise EnvironmentProblem(
                f"the engine '{piece.engine}' is broken: {wrong}",
                code="engine-broken",
                hint="tell its makers; sayso.speech.conformance finds more",
            )
        speech = trim(said)
    except SaysoError:
        raise
    except Exception as error:  # an engine is other people's code
        raise SpeechError(
            f"the engine '{piece.engine}' failed with {type(error).__name__}: {error}",
            hint="say it otherwise, or choose another engine",
        ) from error
    if not len(speech.samples):
        raise unsayable(piece.engine, text)
    return with_word_times(text, speech)


def _order(line: Line) -> Order:
    voice = line.voice
    if voice.engine == "auto" or voice.voice is None:
        voice = resolve(voice)
    engine = load_engine(voice.engine)
    spoken = line.spoken
    if not engine.takes_ipa and "⟦" in spoken:
        from sayso.speech.spoken.ipa import without_ipa

        spoken = without_ipa(spoken)
    version, voice_id = f"{RECIPE} {engine.version}", voice.voice or ""
    key = take_key(engine.name, version, voice_id, voice.speed, spoken)
    return Order(key, engine.name, engine.version, voice_id, voice.speed, spoken, line.written)


def _short(queue: Sequence[Order]) -> bool:
    """Whether this process does the work sooner than new ones would."""
    work_s = 0.0
    for order in queue:
        engine = load_engine(order.engine)
        if not engine.in_process:
            return False
        work_s += order.speech_s * engine.work_ratio
    return work_s < SHORT_WORK_S


def _workers_for(queue: Sequence[Order], jobs: int | None) -> Executor:
    """Processes, which survive anything; threads for a short job of engines that allow them."""
    n_jobs = min(max(1, jobs or usable_cores()), sum(len(order.pieces()) for order in queue))
    if _short(queue):
        return Threads(n_jobs, thread_name_prefix="sayso-voice")
    return LocalWorkers(n_jobs, limit_s=CALL_LIMIT_S)


def _hand_out(
    queue: Sequence[Order],
    keep: Callable[[Order, Callable[[], Speech]], None],
    jobs: int | None,
    workers: Executor | None,
) -> None:
    with ExitStack() as stack:
        if workers is None:
            workers = stack.enter_context(_workers_for(queue, jobs))
        most = max(_MOST_WAITING, _WAITING_A_WORKER * getattr(workers, "n_at_once", 1))
        waiting = (
            (order, parts, n)
            for order in queue
            for parts in [_Voiced(order.pieces())]
            for n in range(len(parts.pieces))
        )
        futures: dict[Future[Speech], tuple[Order, _Voiced, int]] = {}
        try:
            while True:
                for call in islice(waiting, most - len(futures)):
                    futures[workers.submit(voice, call[1].pieces[call[2]])] = call
                if not futures:
                    return
                for future in wait(futures, WAKE_S, return_when=FIRST_COMPLETED).done:
                    order, parts, n = futures.pop(future)
                    parts.n_done += 1
                    try:
                        parts.speeches[n] = future.result()
                    except SaysoError as error:
                        parts.error = parts.error or error
                    if parts.n_done == len(parts.pieces):
                        keep(order, parts.speech)
        except BaseException:
            for future in futures:
                future.cancel()
            raise


def _about(order: Order, error: SaysoError) -> SaysoError:
    """`error` with the sentence that it is about."""
    if not isinstance(error, SpeechError) or shorten(order.spoken) in error.problem:
        return error
    problem = f"'{shorten(order.written)}': {error.problem}"
    return SpeechError(problem, code=error.code, hint=error.hint)


def _once(errors: Mapping[str, SaysoError], orders: Sequence[Order]) -> list[SaysoError]:
    """The errors in the order of their lines, each message once: what fails for all fails alike."""
    in_order = [errors[order.key] for order in orders if order.key in errors]
    return list({str(error): error for error in in_order}.values())


__all__ = [
    "Order",
    "Progress",
    "kept_takes",
    "line_key",
    "missing",
    "voice",
    "voice_lines",
]
