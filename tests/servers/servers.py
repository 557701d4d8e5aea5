"""Real servers on free ports of the loopback: what feeds are published to, and read back from.

Each is a context manager; what it starts ends with it, or with the test process if that is killed.
"""

from __future__ import annotations

import contextlib
import getpass
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from servers.radosgw import S3Server, radosgw
from servers.starting import AS_ROOT, answers, free_port, running
from tools import need, need_package

__all__ = ["DavServer", "S3Server", "SftpServer", "nginx", "radosgw", "sshd", "wsgidav"]


@dataclass(frozen=True)
class SftpServer:
    """OpenSSH's sshd, for the user that runs the tests."""

    address: str
    """`sftp://USER@127.0.0.1:PORT/ROOT`."""
    env: Mapping[str, str]
    """A home whose `.ssh` has the key and the host's key."""
    home: Path
    port: int
    root: Path


@dataclass(frozen=True)
class DavServer:
    """wsgidav on cheroot."""

    address: str
    """`webdav+http://USER@127.0.0.1:PORT/`."""
    url: str
    root: Path
    env: Mapping[str, str] = field(repr=False)


@contextlib.contextmanager
def nginx(docroot: Path, run: Path) -> Iterator[str]:
    """nginx that hands out `docroot`; gives the base URL. Logs and temporary files go to `run`."""
    program, port = need("nginx", "/usr/sbin"), free_port()
    run.mkdir(parents=True, exist_ok=True)
    conf = run / "nginx.conf"
    conf.write_text(
        _NGINX.format(run=run, docroot=docroot, port=port, user="user root;" if AS_ROOT else "")
    )
    command = [program, "-p", str(run), "-c", str(conf), "-e", str(run / "error.log")]
    with running(command, run / "nginx.log", ready=lambda: answers(port)):
        yield f"http://127.0.0.1:{port}/"


_NGINX = """
daemon off; master_process off; {user} pid {run}/nginx.pid;
events {{ worker_connections 128; }}
http {{
  access_log {run}/access.log;
  client_body_temp_path {run}/body; proxy_temp_path {run}/proxy; fastcgi_temp_path {run}/fastcgi;
  uwsgi_temp_path {run}/uwsgi; scgi_temp_path {run}/scgi;
  charset utf-8; default_type application/octet-stream;
  types {{
    text/html html; text/css css; text/javascript js; text/plain txt; text/vtt vtt;
    application/x-subrip srt; application/rss+xml xml; application/json json;
    audio/mpeg mp3; image/jpeg jpg; image/png png; image/svg+xml svg;
  }}
  server {{
    listen 127.0.0.1:{port};
    root "{docroot}";
    location ~ \\.xml$ {{ add_header Cache-Control "public, max-age=300"; }}
    location ~ \\.(vtt|srt|transcript\\.json)$ {{ add_header Access-Control-Allow-Origin *; }}
    location ~ \\.chapters\\.json$ {{
      types {{}} default_type application/json+chapters; add_header Access-Control-Allow-Origin *;
    }}
  }}
}}
"""


@contextlib.contextmanager
def sshd(root: Path, run: Path) -> Iterator[SftpServer]:
    """OpenSSH's server, keys only, for files under `root`."""
    program, port = need("sshd", "/usr/sbin"), free_port()
    keygen, user = need("ssh-keygen"), getpass.getuser()
    home = run / "home"
    (home / ".ssh").mkdir(parents=True, mode=0o700)
    for key in (run / "host_key", home / ".ssh" / "id_ed25519"):
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    host_key = (run / "host_key.pub").read_text().split()[:2]
    (home / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{port} {' '.join(host_key)}\n")
    if AS_ROOT:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # it insists on it
    conf = run / "sshd_config"
    conf.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {run}/host_key\nPidFile none\n"
        f"AuthorizedKeysFile {home}/.ssh/id_ed25519.pub\nPermitRootLogin prohibit-password\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\nStrictModes no\n"
        "MaxStartups 100\nMaxSessions 10\nSubsystem sftp internal-sftp\n"
        "ForceCommand internal-sftp\n"
    )
    command = [program, "-D", "-e", "-f", str(conf)]
    with running(command, run / "sshd.log", ready=lambda: answers(port)):
        yield SftpServer(
            f"sftp://{user}@127.0.0.1:{port}{root}", {"HOME": str(home)}, home, port, root
        )


@contextlib.contextmanager
def wsgidav(root: Path, run: Path, *, password: str = "Kx9-dav-secret") -> Iterator[DavServer]:
    """wsgidav for files under `root`."""
    need_package("wsgidav")
    port, user = free_port(), "tester"
    run.mkdir(parents=True, exist_ok=True)
    conf = run / "wsgidav.yaml"
    conf.write_text(
        f"host: 127.0.0.1\nport: {port}\nprovider_mapping: {{'/': '{root}'}}\n"
        f"simple_dc: {{user_mapping: {{'*': {{{user}: {{password: '{password}'}}}}}}}}\n"
        "http_authenticator: {accept_basic: true, accept_digest: false, default_to_digest: false}\n"
        "verbose: 1\n"
    )
    command = [sys.executable, "-m", "wsgidav.server.server_cli", "--config", str(conf)]
    env = {"SAYSO_WEBDAV_USER": user, "SAYSO_WEBDAV_PASSWORD": password}
    with running(command, run / "wsgidav.log", ready=lambda: answers(port)):
        yield DavServer(
            f"webdav+http://{user}@127.0.0.1:{port}/", f"http://127.0.0.1:{port}/", root, env
        )
