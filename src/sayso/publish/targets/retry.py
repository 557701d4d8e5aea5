"""Calls to a server: they are tried again when they fail, and end in one clear error."""

from __future__ import annotations

import importlib
import logging
import random
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sayso.errors import EnvironmentProblem, SaysoError
from sayso.publish.targets.base import Changed

T = TypeVar("T")

WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Between one try and the next: a router or a server that restarts is back within 15 s."""


_PASSING = ("server-unreachable", "server-trouble")
"""Codes of errors after which the same request may well succeed a little later."""


def retry(call: Callable[[], T], explain: Callable[[Exception], SaysoError | None]) -> T:
    """Return what `call` returns; try again while `explain` finds an error that may pass.

    Raises the error that `explain` gives for an exception of a client library, and an exception
    that it does not know as it is.
    """
    for wait_s in (*WAITS_S, None):
        try:
            return call()
        except (SaysoError, Changed):
            raise
        except Exception as error:
            found = explain(error)
            if found is None:
                raise
            meant = found
        if meant.code not in _PASSING or wait_s is None:
            break
        time.sleep(wait_s * random.uniform(0.6, 1.0))  # so that publishers do not try in step
    # Raised out here, it has no context: the client's own exception may hold a secret.
    raise meant


def causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what caused it, outermost first."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def unreachable(address: str) -> EnvironmentProblem:
    """The server does not answer, or breaks off its answer."""
    return EnvironmentProblem(
        f"the server of {address} cannot be reached",
        code="server-unreachable",
        hint="check the address and the connection, then publish again: nothing is lost",
    )


def untrusted(address: str) -> EnvironmentProblem:
    """The server's certificate is not valid."""
    return EnvironmentProblem(
        f"the certificate of the server of {address} cannot be trusted",
        code="untrusted-server",
        hint="check the address, this machine's clock and its certificates",
    )


def import_client(module: str, scheme: str) -> Any:
    """A module of the extra `publish`; raises EnvironmentProblem if it is not installed.

    The client libraries would log requests and even signed headers: logging is off for them.
    """
    for name in ("botocore", "aiobotocore", "s3fs", "fsspec", "asyncssh", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return importlib.import_module(module)
    except ImportError:
        raise EnvironmentProblem(
            f"publishing to {scheme}:// needs more than is installed",
            code="extra-missing",
            hint="pip install 'sayso[publish]'",
        ) from None
