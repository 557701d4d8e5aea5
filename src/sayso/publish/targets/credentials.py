"""A user and password for a server, from the environment or the system's keyring."""

from __future__ import annotations

import contextlib
import os

from sayso.errors import EnvironmentProblem

_USER, _PASSWORD = "SAYSO_WEBDAV_USER", "SAYSO_WEBDAV_PASSWORD"
_SERVICE = "sayso"


def webdav_login(host: str, user: str | None) -> tuple[str, str] | None:
    """User and password for `host`; None where nobody has named a user.

    The address's user goes before that of the environment. Raises EnvironmentProblem where there
    is a user without a password.
    """
    name = user or os.environ.get(_USER)
    if not name:
        return None
    password = os.environ.get(_PASSWORD) or _from_keyring(f"{name}@{host}")
    if not password:
        raise EnvironmentProblem(
            f"no password for {name}@{host}",
            code="credentials",
            hint=f"set {_PASSWORD}, or once: keyring set {_SERVICE} {name}@{host}",
        )
    return name, password


def _from_keyring(name: str) -> str | None:
    try:
        import keyring
    except ImportError:
        return None
    with contextlib.suppress(Exception):  # a keyring that is locked or broken has nothing for us
        found: str | None = keyring.get_password(_SERVICE, name)
        return found
    return None
