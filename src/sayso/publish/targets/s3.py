"""S3 and compatible stores: AWS, R2, radosgw, MinIO.

The store itself writes an object whole or not at all. `replace` is its conditional write (If-Match,
If-None-Match), so no lock is needed; a probe detects a store that ignores conditions before
anything is lost. Keys come from where every AWS tool looks: `AWS_*`, profiles, roles.
"""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

from sayso.errors import EnvironmentProblem, PublishError, SaysoError
from sayso.publish.targets.base import FileForm, Stored, check_name, check_version, source_bytes
from sayso.publish.targets.retry import causes, import_client, retry, unreachable, untrusted

T = TypeVar("T")

PART_BYTES = 16 << 20
"""The size of the parts of a large file; up to twice as much is sent in one request instead."""
_PARTS_AT_ONCE = 4  # each is held in memory
_ORPHANED = timedelta(days=1)  # no upload takes so long; until then the store bills its parts
_TRIES = 3  # of each request, by the client, before the whole call is tried again
_PROBE = ".sayso/conditions"
_MARK = "sayso-write"
"""Metadata that tells one write from another of the same bytes, which have the same ETag."""


class S3Target:
    """Objects under `prefix` of a bucket; may be used from several threads.

    `conditional=False`: the store cannot write conditionally, and its owner guarantees that nobody
    else publishes at the same time; `replace` then reads, compares and writes.
    """

    def __init__(
        self,
        bucket: str,
        prefix: str,
        *,
        endpoint: str | None = None,
        profile: str | None = None,
        region: str | None = None,
        conditional: bool = True,
    ) -> None:
        self.address = f"s3://{bucket}/{prefix}".rstrip("/") + (
            f" at {endpoint}" if endpoint else ""
        )
        s3fs = import_client("s3fs", "s3")
        self._errors = import_client("botocore.exceptions", "s3")
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._conditional = conditional
        self._conditions_hold = False
        self._quoted = True
        self._swept = False
        self._once = threading.Lock()
        self._files: Any = s3fs.S3FileSystem(
            anon=False,
            endpoint_url=endpoint,
            client_kwargs={"region_name": region} if region else {},
            config_kwargs={
                "connect_timeout": 10,
                "read_timeout": 60,
                "retries": {"mode": "standard", "total_max_attempts": _TRIES},
                # Newer checksums are sent as trailers, which other stores than AWS refuse.
                "request_checksum_calculation": "when_required",
                "response_checksum_validation": "when_required",
            },
            use_listings_cache=False,
            skip_instance_cache=True,
            **({"profile": profile} if profile else {}),
        )
        self._files.retries = 1

    def read(self, name: str) -> Stored | None:
        """See `Target.read`."""
        return self._read(check_name(name))[0]

    def size(self, name: str) -> int | None:
        """See `Target.size`."""
        where = self._where(check_name(name))

        async def ask(client: Any) -> int:
            return int((await client.head_object(**where))["ContentLength"])

        return self._call(ask, absent=True)

    def put(self, name: str, source: Path | bytes, form: FileForm) -> None:
        """See `Target.put`."""
        where, headers = self._where(check_name(name)), _headers(form)
        if isinstance(source, bytes):
            self._call(lambda client: client.put_object(**where, **headers, Body=source))
            return
        if source_bytes(source) >= 2 * PART_BYTES:
            self._sweep_once()
        path = f"{where['Bucket']}/{where['Key']}"
        self._call(
            lambda _: self._files._put_file(
                str(source),
                path,
                chunksize=PART_BYTES,
                max_concurrency=_PARTS_AT_ONCE,
                **headers,
            )
        )

    def replace(self, name: str, data: bytes, form: FileForm, *, expected: str | None) -> None:
        """See `Target.replace`."""
        where, headers = self._where(check_name(name)), _headers(form)
        mark = uuid.uuid4().hex

        def write(condition: dict[str, str]) -> bool:
            async def ask(client: Any) -> bool:
                given = {**where, **headers, **condition, "Metadata": {_MARK: mark}}
                await client.put_object(**given, Body=data)
                return True

            return self._call(ask, unmet=True) is not None

        def is_done() -> bool:
            """Whether an earlier try got through, and only its answer was lost."""
            there, marked = self._read(name)
            if marked != mark:
                check_version(name, there, expected)
            return marked == mark

        if not self._conditional:
            if not is_done():
                write({})
            return
        self._check_conditions()
        if write(self._condition(expected)) or is_done():
            return
        # Not met although true: this store wants the tag without the quotes of the standard.
        self._quoted = not self._quoted
        if not write(self._condition(expected)) and not is_done():
            raise PublishError(
                f"{self.address} refuses every condition",
                code="no-conditions",
                hint=_CONDITIONS_HINT,
            )

    def lock(self) -> AbstractContextManager[None]:
        """See `Target.lock`."""
        return contextlib.nullcontext()

    def close(self) -> None:
        """See `Target.close`."""
        from fsspec.asyn import sync

        session = getattr(self._files, "_s3", None)
        if session is not None:
            with contextlib.suppress(Exception):  # all our writes are done
                sync(self._files.loop, session.close, timeout=5)

    def _where(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + name}

    def _read(self, name: str) -> tuple[Stored | None, str | None]:
        """The object, and the mark of the `replace` that wrote it."""
        where = self._where(name)

        async def ask(client: Any) -> tuple[Stored, str | None]:
            answer = await client.get_object(**where)
            async with answer["Body"] as body:
                stored = Stored(await body.read(), answer["ETag"])
            return stored, answer.get("Metadata", {}).get(_MARK)

        return self._call(ask, absent=True) or (None, None)

    def _condition(self, expected: str | None) -> dict[str, str]:
        if expected is None:
            return {"IfNoneMatch": "*"}
        return {"IfMatch": expected if self._quoted else expected.strip('"')}

    def _check_conditions(self) -> None:
        """Make sure, once, that the store does not silently ignore conditions, as some do."""
        where = self._where(_PROBE)

        async def ask(client: Any) -> bool:
            await client.put_object(**where, Body=b"", IfNoneMatch="*")
            return True

        with self._once:
            # The first may well succeed, the second must not.
            if not self._conditions_hold and all(self._call(ask, unmet=True) for _ in "12"):
                raise PublishError(
                    f"{self.address} has no conditional writes, so that what another publisher "
                    "writes at the same time would be lost",
                    code="no-conditions",
                    hint=_CONDITIONS_HINT,
                )
            self._conditions_hold = True

    def _sweep_once(self) -> None:
        """Abort the large uploads that killed runs have left; not every key is allowed to."""
        with self._once:
            if self._swept:
                return
            self._swept = True

        async def ask(client: Any) -> None:
            mine = {"Bucket": self._bucket, "Prefix": self._prefix}
            before = _now() - _ORPHANED
            for upload in (await client.list_multipart_uploads(**mine)).get("Uploads", []):
                if upload["Initiated"] < before:
                    where = {"Bucket": self._bucket, "Key": upload["Key"]}
                    await client.abort_multipart_upload(**where, UploadId=upload["UploadId"])

        with contextlib.suppress(PublishError, EnvironmentProblem):
            self._call(ask)

    def _call(
        self,
        ask: Callable[[Any], Awaitable[T]],
        *,
        absent: bool = False,
        unmet: bool = False,
    ) -> T | None:
        """What the store answers; None if there is no such object, or a condition is not met."""
        from fsspec.asyn import sync

        async def run() -> T | None:
            try:
                return await ask(await self._files.set_session())
            except self._errors.ClientError as error:
                code, status = _code(error)
                # The answer to HEAD has no body: it is a bare 404, for a missing bucket too.
                if absent and (code == "NoSuchKey" or (code == "404" and status == 404)):
                    return None
                # 409: another conditional write of the same object is under way.
                if unmet and (status == 412 or code in _CONFLICTS):
                    return None
                raise

        result: T | None = retry(lambda: sync(self._files.loop, run), self._explain)
        return result

    def _explain(self, error: Exception) -> SaysoError | None:
        known, where = self._errors, self.address
        for cause in causes(error):
            if isinstance(cause, known.ClientError):
                return self._refusal(*_code(cause))
            if isinstance(cause, known.NoCredentialsError | known.PartialCredentialsError):
                return EnvironmentProblem(
                    f"no key for {where}", code="credentials", hint=_KEYS_HINT
                )
            if isinstance(cause, known.ProfileNotFound):
                problem, hint = f"no such AWS profile for {where}", "aws configure list-profiles"
                return EnvironmentProblem(problem, code="credentials", hint=hint)
            if isinstance(cause, known.SSLError):
                return untrusted(where)
            if isinstance(cause, known.ConnectionError | known.HTTPClientError | TimeoutError):
                return unreachable(where)
            if isinstance(cause, known.BotoCoreError):
                problem = f"{where} cannot be used: {type(cause).__name__}"
                return PublishError(problem, code="credentials", hint=_KEYS_HINT)
        return None

    def _refusal(self, code: str, status: int) -> PublishError:
        if (status >= 500 and status != 501) or status == 429 or code in _PASSING:
            problem = f"the server of {self.address} is in trouble ({code})"
            hint: str | None = "publish again later: nothing is lost"
            return PublishError(problem, code="server-trouble", hint=hint)
        problem, hint = _REFUSALS.get(code) or _REFUSALS.get(str(status)) or ("refuses", None)
        kind = "credentials" if code in _KEY_REFUSALS else "server-refused"
        return PublishError(f"{self.address} {problem} ({code})", code=kind, hint=hint)


_CONDITIONS_HINT = (
    "if nobody else publishes at the same time, add conditions=no to the address's query"
)
_KEYS_HINT = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
_CONFLICTS = {"ConditionalRequestConflict", "OperationAborted", "PreconditionFailed"}
_PASSING = {"SlowDown", "RequestTimeout", "ConcurrentModification", "NoSuchUpload"}
_KEY_REFUSALS = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}
_REFUSALS: dict[str, tuple[str, str | None]] = {
    "InvalidAccessKeyId": ("does not know the key", _KEYS_HINT),
    "SignatureDoesNotMatch": ("does not accept the secret key", _KEYS_HINT),
    "ExpiredToken": ("says that the key has expired", "log in again"),
    "InvalidToken": ("does not accept the session token", _KEYS_HINT),
    "RequestTimeTooSkewed": ("finds that this machine's clock is wrong", "set the clock"),
    "NoSuchBucket": ("has no such bucket", "create the bucket, or check its name"),
    "PermanentRedirect": ("is in another region", "set AWS_DEFAULT_REGION"),
    "AuthorizationHeaderMalformed": ("is in another region", "set AWS_DEFAULT_REGION"),
    "QuotaExceeded": ("is full", "make room, then publish again"),
    "NotImplemented": ("has no conditional writes", _CONDITIONS_HINT),
    "403": (
        "does not allow it",
        "the key needs s3:GetObject, s3:PutObject and s3:ListBucket there",
    ),
}


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _headers(form: FileForm) -> dict[str, str]:
    return {"ContentType": form.mime, "CacheControl": form.cache_control}


def _code(error: Any) -> tuple[str, int]:
    """The store's name for an error, and the HTTP status."""
    response = error.response
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return str(response.get("Error", {}).get("Code", status)), status
