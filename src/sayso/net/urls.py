"""What an address must be so that every client can follow it."""

from __future__ import annotations

import contextlib
import ipaddress
import posixpath
import re
import socket
from urllib.parse import SplitResult, urlsplit

# RFC 3986 §2: unreserved, reserved, and percent-encoded characters
_CHARACTERS = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")


def address_fault(url: str, *, https: bool = True) -> str | None:
    """What is wrong with an address, for the end of `its address …`; None where nothing is.

    Demands an absolute address of RFC 3986 with a host, without a password, and https; plain http
    does where `https` is False or the host is this machine, where tests and previews are served.
    """
    if not url:
        return "is empty"
    if re.search(r"\s", url):
        return "has a space in it"
    parts = _split(url)
    if parts is None:
        return "is none that can be read"
    if parts.scheme not in ("http", "https"):
        return "is not absolute" if not parts.scheme else f"begins with {parts.scheme[:20]}:"
    if not parts.hostname:
        return "names no host"
    if parts.username is not None or parts.password is not None:
        return "holds a user's name"
    if not _CHARACTERS.fullmatch(url):
        return "has characters that are not percent-encoded"
    if https and parts.scheme == "http" and not is_loopback(parts.hostname):
        return "is not https"
    return None


ADDRESS_MEND = "write the whole address, beginning with https:// and percent-encoded"


def host_of(url: str) -> str:
    """The host that an address names, by name or number; nothing where it names none."""
    parts = _split(url)
    return (parts.hostname or "") if parts else ""


def leads_inside(url: str) -> bool:
    """Whether an address is in a network that the world does not see.

    In whatever way a number is written (`https://10.0.0.1`, `https://0x7f.1`, `https://[::1]`), and
    whatever a name stands for: the name server is asked.
    """
    host = host_of(url).rstrip(".")
    if host == "localhost" or host.endswith(".localhost") or _is_inside(host):
        return True
    with contextlib.suppress(OSError, ValueError):  # ValueError: a NUL
        return _is_inside(socket.inet_ntoa(socket.inet_aton(host)))
    try:
        found = socket.getaddrinfo(host, None) if host else []
    except (OSError, UnicodeError, ValueError):
        return False
    return any(_is_inside(str(address[0])) for *_, address in found)


def _is_inside(host: str) -> bool:
    try:
        ip = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return not (getattr(ip, "ipv4_mapped", None) or ip).is_global


def extension(url: str) -> str:
    """The extension of the file that an address names, such as `.mp3`, in lower case."""
    parts = _split(url)
    return posixpath.splitext(parts.path)[1].lower() if parts else ""


def bare(url: str) -> str:
    """An address without what changes nothing: the case of scheme and host, a fragment."""
    parts = _split(url.strip())
    if parts is None:
        return url.strip()
    return parts._replace(
        scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), fragment=""
    ).geturl()


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    return parts


def is_loopback(host: str) -> bool:
    """Whether a host, by name or number, is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
