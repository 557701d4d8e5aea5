"""The studio's web application: addresses, and which function answers each."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from pathlib import Path
from urllib.parse import parse_qsl

import soundfile
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sayso.build.options import Options
from sayso.errors import SaysoError, flatten
from sayso.model import Show
from sayso.show.paths import EPISODES
from sayso.studio import jobs, rendering, requests
from sayso.studio.changes import Clashed
from sayso.studio.events import Events
from sayso.studio.listing import Reviews
from sayso.studio.script_view import show_words
from sayso.studio.session import Session
from sayso.studio.showing import show_reviews, show_studio
from sayso.studio.watching import watch


class Studio:
    """The sessions of one show; each begins when its page is first asked for."""

    def __init__(
        self, show: Show, reviews: Reviews, options: Options, executor: Executor | None
    ) -> None:
        self.show = show
        self.reviews = reviews
        self._options = options
        self._executor = executor
        self._open: dict[str, tuple[Session, Events]] = {}
        self.closing = asyncio.Event()

    def session(self, name: str) -> tuple[Session, Events]:
        """The session of a review. Raises a 404 for one that is not there."""
        if name not in self.reviews.sources:
            raise HTTPException(404, "no such review")
        if name not in self._open:
            events = Events(asyncio.get_running_loop())
            session = Session(
                *(self.reviews.sources[name], self._options, self.show.root),
                executor=self._executor,
                tell=events.tell,
            )
            self._open[name] = (session, events)
        return self._open[name]

    async def watch(self) -> None:
        """Read again what has changed, until the studio closes."""

        def folders() -> set[Path]:
            sources = self.reviews.sources
            scripts = {self.show.root / EPISODES / name for name in sources}
            return {source.parent for source in sources.values()} | scripts

        def changed() -> None:
            for session, _ in self._open.values():
                asyncio.get_running_loop().run_in_executor(None, session.refresh_if_changed)

        await watch(self.show.root, folders, changed, self.closing)

    def close(self) -> None:
        """End all sessions and streams."""
        self.closing.set()
        for session, events in self._open.values():
            events.close()
            session.close()


def application(studio: Studio, token: str) -> Starlette:
    """The application. All that changes a file needs `token` (see `guard`)."""
    pages = _Pages(studio, token)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(studio.watch())
        yield
        studio.close()
        watching.cancel()

    return Starlette(
        routes=[
            Route("/", pages.reviews),
            Mount("/static", StaticFiles(directory=rendering.PAGE)),
            Route("/{name}/", pages.page),
            Route("/{name}/state", pages.state),
            Route("/{name}/events", pages.events),
            Route("/{name}/takes/{key}.wav", pages.take),
            Route("/{name}/sound/{key}.mp3", pages.sound),
            Route("/{name}/spoken", pages.spoken, methods=["POST"]),
            Route("/{name}/build", pages.build, methods=["POST"]),
            Route("/{name}/publish", pages.publish, methods=["POST"]),
            Route("/{name}/{asked}", pages.change, methods=["POST"]),
        ],
        lifespan=lifespan,
        exception_handlers={SaysoError: _problem},
    )


class _Pages:
    """The answers."""

    def __init__(self, studio: Studio, token: str) -> None:
        self._studio = studio
        self._token = token

    def _session(self, request: Request) -> Session:
        return self._studio.session(request.path_params["name"])[0]

    async def reviews(self, request: Request) -> Response:
        """The list of reviews, or the only one."""
        studio = self._studio
        if len(studio.reviews.sources) == 1 and not studio.reviews.unfit:
            return RedirectResponse(f"/{next(iter(studio.reviews.sources))}/", 302)
        return HTMLResponse(rendering.reviews(show_reviews(studio.reviews, studio.show)))

    async def page(self, request: Request) -> Response:
        """The page of a review."""
        session = self._session(request)

        def render() -> str:
            return rendering.page(show_studio(session, session.wait_for_reading()), self._token)

        return HTMLResponse(await run_in_threadpool(render))

    async def state(self, request: Request) -> Response:
        """What of the page can change."""
        session = self._session(request)

        def render() -> str:
            return rendering.state(show_studio(session, session.snapshot))

        return HTMLResponse(await run_in_threadpool(render))

    async def events(self, request: Request) -> Response:
        """The stream of events."""
        _, events = self._studio.session(request.path_params["name"])
        return StreamingResponse(events.listen(), media_type="text/event-stream")

    async def take(self, request: Request) -> Response:
        """A voiced sentence as a WAV file."""
        session, key = self._session(request), request.path_params["key"]

        def wav() -> bytes | None:
            take = session.take(key)
            if take is None:
                return None
            file = io.BytesIO()
            soundfile.write(file, take.samples(), take.sample_rate, format="WAV", subtype="PCM_16")
            return file.getvalue()

        sound = await run_in_threadpool(wav)
        if sound is None:
            raise HTTPException(404, "not voiced yet")
        # Another sound has another key.
        kept = {"cache-control": "private, max-age=86400, immutable"}
        return Response(sound, media_type="audio/wav", headers=kept)

    async def sound(self, request: Request) -> Response:
        """The episode so far; by ranges too."""
        path = self._session(request).sound_file(request.path_params["key"])
        if path is None:
            raise HTTPException(404, "no such sound")
        return FileResponse(path, media_type="audio/mpeg")

    async def change(self, request: Request) -> Response:
        """A change of a file: `requests` has them all."""
        asked = request.path_params["asked"]
        if asked not in requests.NAMES:
            raise HTTPException(404, "nothing to ask for")
        session, fields = self._session(request), await _fields(request)

        def change() -> int:
            try:
                requests.answer(session, asked, fields)
            finally:
                version = session.wait_for_reading().version  # a clash is to be seen, too
            return version

        try:
            version = await run_in_threadpool(change)
        except Clashed as error:
            said = {"conflict": error.clash.id, "problem": error.problem, "code": error.code}
            return JSONResponse(said, 409)
        return JSONResponse({"version": version})

    async def spoken(self, request: Request) -> Response:
        """How the words in an editor would be said."""
        session, fields = self._session(request), await _fields(request)
        reading = session.snapshot.read.reading
        if reading is None:
            return HTMLResponse("")
        paragraph = requests.words_as_typed(fields)
        lines = show_words(paragraph, reading.show.language, reading.lexicon, "typed")
        return HTMLResponse(rendering.spoken(lines))

    async def build(self, request: Request) -> Response:
        """Build the episode."""
        session = self._session(request)
        outcome = await run_in_threadpool(jobs.build, session)
        return HTMLResponse(rendering.outcome(outcome))

    async def publish(self, request: Request) -> Response:
        """Publish the episode, or say what would change."""
        session, fields = self._session(request), await _fields(request)
        dry_run = fields.get("dry_run") != "0"
        outcome = await run_in_threadpool(lambda: jobs.publish(session, dry_run=dry_run))
        return HTMLResponse(rendering.outcome(outcome))


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form, as the page sends them."""
    raw = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(raw, keep_blank_values=True))


def _problem(request: Request, error: Exception) -> Response:
    """An error of the input, for the page to show beside what was typed."""
    assert isinstance(error, SaysoError)
    first = flatten(error)[0]
    return JSONResponse({"problem": first.problem, "hint": first.hint, "code": first.code}, 422)
