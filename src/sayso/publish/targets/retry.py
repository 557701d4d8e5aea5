"""Errors of servers: a passing one is tried again, any other becomes one clear error."""

from __future__ import annotations

import importlib
import logging
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from sayso.errors import EnvironmentProblem, PublishError, SaysoError
from sayso.publish.targets.base import Changed

T = TypeVar("T")

WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Between one try and the next: a router or a server that restarts is back within 15 s."""


@dataclass(frozen=True, slots=True)
class RemoteError:
    """What an exception of a client library means."""

    error: SaysoError
    is_passing: bool = False
    """Whether the same request may well succeed a little later."""


def call_with_retries(
    call: Callable[[], T], classify: Callable[[Exception], RemoteError | None]
) -> T:
    """Return what `call` returns, trying again while `classify` finds its error passing.

    Raises the error that `classify` names; an exception that it does not know passes unchanged.
    """
    for wait_s in (*WAITS_S, None):
        try:
            return call()
        except (SaysoError, Changed):
            raise
        except Exception as error:
            known = classify(error)
            if known is None:
                raise
            found = known
        if not found.is_passing or wait_s is None:
            break
        time.sleep(wait_s * random.uniform(0.6, 1.0))  # so that publishers do not go in step
    # Raised out here, it has no context: the client's own exception may hold a secret.
    raise found.error


def causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what caused it, outermost first."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def refused(problem: str, hint: str | None, code: str = "server-refused") -> RemoteError:
    """The server does not do what it is asked to."""
    return RemoteError(PublishError(problem, code=code, hint=hint))


def no_credentials(problem: str, hint: str) -> EnvironmentProblem:
    """This machine has no key or password."""
    return EnvironmentProblem(problem, code="credentials", hint=hint)


def overloaded(problem: str, hint: str) -> RemoteError:
    """The server fails, and may recover."""
    return RemoteError(PublishError(problem, code="server-trouble", hint=hint), is_passing=True)


def unreachable(address: str) -> RemoteError:
    """Nobody answers, or answers break off."""
    error = EnvironmentProblem(
        f"the server of {address} cannot be reached",
        code="server-unreachable",
        hint="check the address and the connection, then publish again: nothing is lost",
    )
    return RemoteError(error, is_passing=True)


def untrusted(address: str) -> RemoteError:
    """The server's certificate is not valid."""
    error = EnvironmentProblem(
        f"the certificate of the server of {address} cannot be trusted",
        code="untrusted-server",
        hint="check the address, this machine's clock and its certificates",
    )
    return RemoteError(error)


def import_client(module: str, scheme: str) -> Any:
    """A module of the extra `publish`; raises EnvironmentProblem if it is not installed.

    The libraries below log requests and, in detail, signed headers: they are told not to.
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
