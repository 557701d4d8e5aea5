"""A true S3 server from Debian: Ceph's radosgw over one monitor and one store in memory."""

from __future__ import annotations

import contextlib
import json
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from servers.starting import AS_ROOT, answers, free_port, running, wait_until
from tools import need, need_package

_CONF = """
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon_v2}/0,v1:127.0.0.1:{mon_v1}/0]
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = {run}/keyring
public addr = 127.0.0.1
cluster addr = 127.0.0.1
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
ms bind ipv6 = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon max pg per osd = 1000
mon pg warn min per osd = 0
mon data avail crit = 1
mon data avail warn = 1
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 2147483648
# One machine: nobody has to be waited for.
paxos propose interval = 0.02
paxos min wait = 0.01
mon osd min up ratio = 0
run dir = {run}/run
pid file = {run}/run/$name.pid
admin socket = {run}/run/$name.asok
log file = {run}/log/$name.log
crash dir = {run}/crash
mon data = {run}/mon
osd data = {run}/osd
rgw data = {run}/rgw
[client]
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw enable ops log = false
rgw enable usage log = false
rgw run sync thread = false
rgw enable gc threads = false
rgw enable lc threads = false
"""
_PROGRAMS = ("ceph-mon", "ceph-osd", "ceph", "ceph-authtool", "monmaptool", "radosgw")
_ACCESS_KEY, _SECRET_KEY = "TESTERSKEY", "Zq7-s3-secret-of-the-tests"


@dataclass(frozen=True)
class S3Server:
    """A bucket of Ceph's radosgw, which anybody may read and only the key's owner may write."""

    endpoint: str
    bucket: str
    env: Mapping[str, str] = field(repr=False)

    @property
    def public_url(self) -> str:
        """Objects are under it, without a signature."""
        return f"{self.endpoint}/{self.bucket}/"

    def address(self, prefix: str) -> str:
        """A target within the bucket."""
        return f"s3://{self.bucket}/{prefix}?endpoint={self.endpoint}"


@contextlib.contextmanager
def radosgw(run: Path, *, bucket: str = "podcast") -> Iterator[S3Server]:
    """radosgw with one user and one bucket that anybody may read; ready in a few seconds."""
    path = {name: need(name) for name in (*_PROGRAMS, "radosgw-admin")}
    for name in ("mon", "osd", "run", "log", "rgw", "crash"):
        (run / name).mkdir(parents=True)
    fsid, osd, port = str(uuid.uuid4()), str(uuid.uuid4()), free_port()
    mon_v2, mon_v1 = free_port(), free_port()
    conf = run / "ceph.conf"
    conf.write_text(_CONF.format(run=run, fsid=fsid, port=port, mon_v2=mon_v2, mon_v1=mon_v1))

    def call(program: str, *words: object) -> str:
        command = [path[program], *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=run)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def server(program: str, *words: object) -> list[str]:
        user = ("--setuser", "root", "--setgroup", "root") if AS_ROOT else ()
        return [path[program], "-f", "-c", str(conf), *map(str, words), *user]

    addresses = f"[v2:127.0.0.1:{mon_v2},v1:127.0.0.1:{mon_v1}]"
    allow = ("--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *")
    call("monmaptool", "--create", "--fsid", fsid, "--addv", "a", addresses, run / "monmap")
    admin, mon = run / "keyring", run / "mon.keyring"
    call("ceph-authtool", "--create-keyring", admin, "--gen-key", "-n", "client.admin", *allow)
    call("ceph-authtool", "--create-keyring", mon, "--gen-key", "-n", "mon.", *allow[:3])
    call("ceph-authtool", mon, "--import-keyring", admin)
    made = ("--mkfs", "-i", "a", "--monmap", run / "monmap", "--keyring", mon)
    call("ceph-mon", "-c", conf, *made)

    with ExitStack() as stack:

        def start(command: list[str], name: str, port: int) -> None:
            log = run / "log" / f"{name}.out"
            stack.enter_context(running(command, log, ready=lambda: answers(port), patience_s=60))

        start(server("ceph-mon", "-i", "a"), "mon", mon_v1)
        ceph = ("-c", conf, "--connect-timeout", 30)
        call("ceph", *ceph, "osd", "new", osd)
        may = ("mon", "allow profile osd", "osd", "allow *", "mgr", "allow profile osd")
        keyring = run / "osd" / "keyring"
        keyring.write_text(call("ceph", *ceph, "auth", "get-or-create", "osd.0", *may))
        made = ("--mkfs", "--osd-uuid", osd, "--keyring", keyring)
        call("ceph-osd", "-c", conf, "-i", 0, *made)
        call("ceph", *ceph, "osd", "crush", "add", "osd.0", "1.0", "root=default", "host=h")
        osd_server = server("ceph-osd", "-i", 0, "--keyring", keyring)
        stack.enter_context(running(osd_server, run / "log" / "osd.out", ready=lambda: True))

        def up() -> bool:
            stat = json.loads(call("ceph", *ceph, "osd", "stat", "-f", "json"))
            return bool(stat["num_up_osds"])

        wait_until(up, 60, lambda: None)
        user = ("user", "create", "--uid", "tester", "--display-name", "tester")
        keys = ("--access-key", _ACCESS_KEY, "--secret-key", _SECRET_KEY)
        call("radosgw-admin", "-c", conf, *user, *keys)
        start(server("radosgw", "-n", "client.admin"), "rgw", port)
        found = S3Server(
            f"http://127.0.0.1:{port}",
            bucket,
            {
                "AWS_ACCESS_KEY_ID": _ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": _SECRET_KEY,
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_EC2_METADATA_DISABLED": "true",
            },
        )
        _make_public_bucket(found)
        yield found


def _make_public_bucket(server: S3Server) -> None:
    client = (
        need_package("botocore.session")
        .Session()
        .create_client(
            "s3",
            endpoint_url=server.endpoint,
            region_name=server.env["AWS_DEFAULT_REGION"],
            aws_access_key_id=server.env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=server.env["AWS_SECRET_ACCESS_KEY"],
        )
    )
    client.create_bucket(Bucket=server.bucket)
    reading = {
        "Effect": "Allow",
        "Principal": {"AWS": ["*"]},
        "Action": ["s3:GetObject"],
        "Resource": [f"arn:aws:s3:::{server.bucket}/*"],
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [reading]})
    client.put_bucket_policy(Bucket=server.bucket, Policy=policy)
