"""From lines to takes: what is cached is kept, the rest is voiced, in order and by any executor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice

import numpy as np

from sayso.errors import EnvironmentProblem, SaysoError, SpeechError, raise_all
from sayso.model import Line
from sayso.speech.engines import load_engine, resolve
from sayso.speech.engines.base import Engine, Speech, has_words, shorten, unsayable
from sayso.speech.takes import Take, TakeStore, take_key
from sayso.speech.trimming import join, trim
from sayso.speech.word_times import with_word_times
from sayso.speech.workers import LocalWorkers, usable_cores

Progress = Callable[[int, int], None]
"""Called with how many sentences have been voiced, and how many there are to voice."""

RECIPE = "2"
"""Part of every key: raised when trimming or joining changes, so that old takes are not used."""
PIECE_CHARACTERS = 300  # engines' work, and some engines' memory, grows with the square
_CHARACTERS_PER_S = 15.0
_SHORT_WORK_S = 3.0  # below, starting workers and warming an engine in each costs more
_MOST_AT_ONCE = 64  # calls handed out and not yet kept: bounds the memory of a long script
_SHORT_PAUSE = Speech(np.zeros(2_400, np.int16), 24_000)  # for a line without words: 100 ms


@dataclass(frozen=True, slots=True)
class Order:
    """One text to be voiced: everything that a worker needs to know."""

    key: str
    engine: str
    voice: str
    speed: float
    spoken: str
    written: str

    @property
    def speech_s(self) -> float:
        """About how long it will be, in seconds."""
        return len(self.spoken) / _CHARACTERS_PER_S / self.speed


def line_key(line: Line) -> str:
    """The key of the take of `line`."""
    return _order(line).key


def missing(lines: Sequence[Line], store: TakeStore) -> tuple[Line, ...]:
    """The lines that a build would voice: not in `store`, each text once, in order."""
    first = {line_key(line): line for line in reversed(lines)}
    absent = {key for key in first if store.get(key) is None}
    seen: dict[str, Line] = {}
    for line in lines:
        key = line_key(line)
        if key in absent:
            seen.setdefault(key, line)
    return tuple(seen.values())


def voice_lines(
    lines: Sequence[Line],
    store: TakeStore,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    workers: Executor | None = None,
) -> tuple[Take, ...]:
    """A take for each of `lines`, in their order; equal lines share one.

    `jobs` is how many are voiced at once, None for the number of cores; takes do not depend on it.
    `workers` voices elsewhere, by any executor. Every line is tried: finished takes
    are kept in `store`, and what failed is raised at the end, together (SpeechError, Findings,
    EngineMissing). Raises EnvironmentProblem at once where the store cannot be written.
    """
    orders = [_order(line) for line in lines]
    takes: dict[str, Take] = {}
    wanted: dict[str, Order] = {}
    for order in orders:
        if order.key in takes or order.key in wanted:
            continue
        take = store.get(order.key)
        if take is None:
            wanted[order.key] = order
        else:
            takes[order.key] = take

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
    if queue:
        _hand_out(queue, keep, jobs, workers)
    raise_all(_once(errors, orders))
    return tuple(takes[order.key] for order in orders)


def voice(order: Order) -> Speech:
    """Voice one order in this process: what a worker runs.

    A text over 300 characters is voiced in pieces, cut at clauses, and joined without a seam.
    Raises EnvironmentProblem where the engine is of another version here than where the order was
    made: the take would be kept under the name of another sound.
    """
    engine = load_engine(order.engine)
    if order.key != _key(engine, order.voice, order.speed, order.spoken):
        raise EnvironmentProblem(
            f"the engine '{engine.name}' is of another version here: {engine.version}",
            mend="install the versions of the machine that builds",
        )
    if not has_words(order.spoken):
        if any(not (c.isspace() or c in "…—–-.,;:!?'\"“”‘’()[]«»*") for c in order.spoken):
            raise unsayable(order.engine, order.spoken)
        return _SHORT_PAUSE
    parts = []
    for piece in _pieces(order.spoken):
        if not has_words(piece):
            continue
        try:
            speech = with_word_times(piece, trim(engine.speak(piece, order.voice, order.speed)))
        except SaysoError:
            raise
        except Exception as error:  # an engine is other people's code
            raise SpeechError(
                f"the engine '{order.engine}' failed with {type(error).__name__}: {error}",
                mend="say it otherwise, or choose another engine",
            ) from error
        if not len(speech.samples):
            raise unsayable(order.engine, piece)
        parts.append((piece, speech))
    return join(parts)


def _pieces(spoken: str) -> tuple[str, ...]:
    if len(spoken) <= PIECE_CHARACTERS:
        return (spoken,)
    from sayso.speech.spoken.pieces import pieces

    return tuple(pieces(spoken, limit=PIECE_CHARACTERS))


def _order(line: Line) -> Order:
    voice = line.voice
    if voice.engine == "auto" or voice.voice is None:
        voice = resolve(voice)
    engine = load_engine(voice.engine)
    spoken = line.spoken
    if not engine.takes_ipa and "⟦" in spoken:
        from sayso.speech.spoken.ipa import without_ipa

        spoken = without_ipa(spoken)
    assert voice.voice is not None
    key = _key(engine, voice.voice, voice.speed, spoken)
    return Order(key, engine.name, voice.voice, voice.speed, spoken, line.written)


def _key(engine: Engine, voice: str, speed: float, spoken: str) -> str:
    return take_key(engine.name, f"{RECIPE} {engine.version}", voice, speed, spoken)


def _short(queue: Sequence[Order]) -> bool:
    """Whether this process does the work sooner than new ones would."""
    work_s = 0.0
    for order in queue:
        engine = load_engine(order.engine)
        if not engine.in_process:
            return False
        work_s += order.speech_s * engine.work_ratio
    return work_s < _SHORT_WORK_S


def _workers_for(queue: Sequence[Order], jobs: int | None) -> Executor:
    """Processes, which survive anything; threads for a short job of engines that allow them."""
    n_jobs = min(max(1, jobs or usable_cores()), len(queue))
    if _short(queue):
        return ThreadPoolExecutor(n_jobs, thread_name_prefix="sayso-voice")
    # Generous: an engine's own limits come first; 0.2 s a character is 3 × real time.
    return LocalWorkers(n_jobs, limit_s=60.0 + 0.2 * len(queue[0].spoken))


def _hand_out(
    queue: Sequence[Order],
    keep: Callable[[Order, Callable[[], Speech]], None],
    jobs: int | None,
    workers: Executor | None,
) -> None:
    with ExitStack() as stack:
        if workers is None:
            workers = stack.enter_context(_workers_for(queue, jobs))
        waiting = iter(queue)
        futures: dict[Future[Speech], Order] = {}
        try:
            while True:
                for order in islice(waiting, _MOST_AT_ONCE - len(futures)):
                    futures[workers.submit(voice, order)] = order
                if not futures:
                    return
                for future in wait(futures, return_when=FIRST_COMPLETED).done:
                    keep(futures.pop(future), future.result)
        except BaseException:
            for future in futures:
                future.cancel()
            raise


def _about(order: Order, error: SaysoError) -> SaysoError:
    """`error` with the sentence that it is about."""
    if not isinstance(error, SpeechError) or shorten(order.spoken) in error.problem:
        return error
    return SpeechError(f"'{shorten(order.written)}': {error.problem}", mend=error.mend)


def _once(errors: Mapping[str, SaysoError], orders: Sequence[Order]) -> list[SaysoError]:
    """The errors in the order of their lines, each message once: what fails for all fails alike."""
    in_order = [errors[order.key] for order in orders if order.key in errors]
    return list({str(error): error for error in in_order}.values())


__all__ = [
    "Order",
    "Progress",
    "line_key",
    "missing",
    "voice",
    "voice_lines",
]
