"""Options that settle how episodes are made: each can stand in the environment, too.

One rule: `--engine` of any command is `$SAYSO_ENGINE` where the flag is not given. click reads and
checks both alike. What a command is to do once, such as `--force`, no variable can say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from sayso.build.options import FORMATS
from sayso.cli import completing

PREFIX = "SAYSO_"
OTHER_VARIABLES = {
    "SAYSO_CACHE": "the folder of what is kept to make builds fast",
    "SAYSO_CACHE_MB": "how large it may grow",
    "SAYSO_PIPER": "the folder of piper's voices",
    "SAYSO_KOKORO": "the folder of kokoro's model",
    "SAYSO_WEBDAV_USER": "who publishes to WebDAV",
    "SAYSO_WEBDAV_PASSWORD": "the password for it",
}
"""Variables that are no option's."""
SECRET = "SAYSO_WEBDAV_PASSWORD"

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Decorator = Callable[[_Command], _Command]


def setting(name: str, *more: Any, **rest: Any) -> _Decorator[Any]:
    """An option that `$SAYSO_NAME` can stand for."""
    variable = PREFIX + name.lstrip("-").upper()
    return click.option(name, *more, envvar=variable, show_envvar=True, **rest)


class _Scheduler(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """Where a Dask scheduler listens. Without a port, Dask would look for it in vain for long."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        address = str(value)
        if not re.fullmatch(r"(?:[a-z]+://)?[^/]+:\d{1,5}", address):
            self.fail(
                f"{address!r} is no address of a scheduler; write tcp://HOST:8786", param, ctx
            )
        return address


engine_option = setting(
    "--engine",
    metavar="NAME",
    shell_complete=completing.engines,
    help="Voice everything with this engine.",
)
kind_option = setting(
    "--kind",
    metavar="KIND",
    shell_complete=completing.kinds,
    help="tv, film, book, album, game, gadget, software, drink …",
)
template_option = setting(
    "--template",
    metavar="NAME",
    shell_complete=completing.templates,
    help="A template of scripts/ instead of the usual one.",
)
order_option = setting(
    "--order", type=click.Choice(["template", "source"]), help="Whose order of segments."
)
jobs_option = setting(
    "--jobs",
    "-j",
    metavar="N",
    type=click.IntRange(1, 256),
    help="Workers; one per core if not given.",
)
workers_option = setting(
    "--workers",
    metavar="ADDRESS",
    type=_Scheduler(),
    help="Voice on a Dask cluster: tcp://HOST:8786.",
)
format_option = setting(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="Beside the MP3, another format; may be given several times.",
)
stems_option = setting("--stems", is_flag=True, help="Speech, music and effects apart, in stems/.")
port_option = setting(
    "--port", metavar="N", type=click.IntRange(1, 65535), help="8420, or a free one, if not given."
)
