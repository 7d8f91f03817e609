"""A bucket of an S3-compatible store as the place for copies.

Large files go up in parts, whose upload is taken up again after a cut; the store checks each part's MD5 as it comes.
In a bucket with versions all of a file's are deleted. One that is locked (Object Lock) isn't: that is told.
"""

import base64
import hashlib
import importlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant

from ...app.copies.store import BLOCK_BYTES, NAME, SITE, CopyError, Pace, read_block
from ...vault.keys.escrow import ESCROW_NAME
from ...vault.paths import PART
from .connection import ANSWER_SECONDS, Connection

INTEGRATION = "aws_s3"
PART_BYTES = 8 << 20
"""Of a multipart upload; the last one may be smaller. A store takes no parts below 5 MiB."""
_ERRORS = {
    "NoSuchBucket": "copy_missing",
    "NoSuchKey": "copy_altered",
    "404": "copy_altered",
    "NoSuchUpload": "copy_unreachable",
    "InvalidAccessKeyId": "copy_login",
    "SignatureDoesNotMatch": "copy_login",
    "ExpiredToken": "copy_login",
    "InvalidToken": "copy_login",
    "401": "copy_login",
    "AccessDenied": "copy_refused",
    "403": "copy_refused",
    "MethodNotAllowed": "copy_refused",
    "InvalidObjectState": "copy_refused",
    "ObjectLocked": "copy_refused",
    "QuotaExceeded": "copy_full",
    "EntityTooLarge": "copy_full",
    "InsufficientStorage": "copy_full",
    "XMinioStorageFull": "copy_full",
    "507": "copy_full",
    "BadDigest": "copy_altered",
    "InvalidDigest": "copy_altered",
}
"""What a store's codes mean; others: it can't be reached for now (5xx, SlowDown), or fails (4xx)."""
_NOT_KNOWN = {"AccessDenied", "NotImplemented", "MethodNotAllowed", "403", "501"}
"""Codes of stores that lack a function, and of keys that may not use it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Address:
    """Where a bucket is, and how to log in there."""

    endpoint_url: str
    bucket: str
    prefix: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    region: str = ""

    @property
    def text(self) -> str:
        """What a person calls it."""
        return "/".join(part for part in (self.endpoint_url.rstrip("/"), self.bucket, self.prefix) if part)


class S3Store:
    """Below `<prefix>/<name of the installation>/`."""

    def __init__(self, hass: HomeAssistant, address: S3Address, site_id: str) -> None:
        """`address`: where `prepare` found a bucket."""
        self._hass = hass
        self._address = address
        self._bucket = address.bucket
        self._top = f"{address.prefix}/{site_id}/" if address.prefix else f"{site_id}/"
        self._versions = False
        """Whether the bucket keeps what was deleted."""
        self._connection: Connection[Any] = Connection(hass, INTEGRATION, address.text, self._connect, self._fault)

    async def prepare(self) -> None:
        """See whether the bucket is there, and may be written to and deleted from. Raises CopyError."""
        async with self._connection.work() as client:
            key = f"{self._top}camguard.probe"
            await client.put_object(Bucket=self._bucket, Key=key, Body=b"camguard", ContentMD5=_md5(b"camguard"))
            await self._delete(client, key)

    async def sizes(self) -> dict[str, int]:
        """Return the sizes of all files, as `Store` says; a version that isn't the last counts as begun."""
        sizes: dict[str, int] = {}
        async with self._connection.work() as client:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._top)
            async for page in pages:
                for item in page.get("Contents", ()):
                    if NAME.fullmatch(name := item["Key"].removeprefix(self._top)):
                        sizes[name] = item["Size"]
            for key, size in [
                *await self._hidden(client),
                *((key, 0) for key, _ in await self._uploads(client, self._top)),
            ]:
                name = key.removeprefix(self._top)
                if name not in sizes and NAME.fullmatch(name + PART):
                    sizes[name + PART] = size
        return sizes

    async def put(self, name: str, path: Path, sha256: str, pace: Pace) -> None:
        """Copy a file, as `Store` says."""
        key = self._top + name
        async with self._connection.work() as client:
            size = await self._hass.async_add_executor_job(lambda: path.stat().st_size)
            if size <= PART_BYTES:
                body = await self._read(path, 0, size, pace)
                await client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentMD5=_md5(body))
            else:
                await self._put_parts(client, key, path, size, pace)
            await self._compare(client, key, sha256, pace)

    async def replace(self, name: str, data: bytes) -> None:
        """Write a small file whole, as `Store` says."""
        key = self._top + name
        async with self._connection.work() as client:
            await client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentMD5=_md5(data))
            await self._compare(client, key, hashlib.sha256(data).hexdigest(), Pace(0))
            if self._versions:
                await self._delete_versions(client, key, but_latest=True)

    async def _compare(self, client: Any, key: str, sha256: str, pace: Pace) -> None:
        """Read an object back; delete it when it isn't what was sent. Raises CopyError `copy_altered` then."""
        digest = hashlib.sha256()
        found = await client.get_object(Bucket=self._bucket, Key=key)
        async with found["Body"] as stream:
            async for block in stream.content.iter_chunked(BLOCK_BYTES):
                await pace.take(len(block))
                digest.update(block)
        if digest.hexdigest() != sha256:
            await self._delete(client, key)
            raise CopyError("copy_altered", place=self._address.text)

    async def delete(self, name: str) -> None:
        """Delete a file, all its versions, and what was begun of it, as `Store` says."""
        key = self._top + name
        async with self._connection.work() as client:
            await self._abort(client, key)
            await self._delete(client, key)

    async def sites(self) -> list[str]:
        """Return the names of all installations, as `Store` says."""
        above = f"{self._address.prefix}/" if self._address.prefix else ""
        found = []
        async with self._connection.work() as client:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=above, Delimiter="/")
            async for page in pages:
                found += [item["Prefix"].removeprefix(above).rstrip("/") for item in page.get("CommonPrefixes", ())]
        return [name for name in found if SITE.fullmatch(name)]

    async def escrows(self) -> list[str]:
        """Return the names of this installation's escrows, as `Store` says."""
        async with self._connection.work() as client:
            page = await client.list_objects_v2(Bucket=self._bucket, Prefix=f"{self._top}escrow-")
            names = [item["Key"].removeprefix(self._top) for item in page.get("Contents", ())]
            return [name for name in names if ESCROW_NAME.fullmatch(name)]

    async def fetch(self, name: str, pace: Pace) -> AsyncIterator[bytes]:
        """Yield what is in a file, as `Store` says."""
        from botocore.exceptions import ClientError

        async with self._connection.work() as client:
            try:
                found = await client.get_object(Bucket=self._bucket, Key=self._top + name)
            except ClientError as error:
                if _code(error) in {"NoSuchKey", "404"}:
                    raise FileNotFoundError(name) from error
                raise
            async with found["Body"] as stream:
                async for block in stream.content.iter_chunked(BLOCK_BYTES):
                    await pace.take(len(block))
                    yield block

    async def close(self) -> None:
        """Let go of the connections."""
        await self._connection.close()

    async def _read(self, path: Path, offset: int, count: int, pace: Pace) -> bytes:
        await pace.take(count)
        block = await self._hass.async_add_executor_job(read_block, path, offset, count)
        if len(block) < count:
            raise FileNotFoundError(path)
        return block

    async def _put_parts(self, client: Any, key: str, path: Path, size: int, pace: Pace) -> None:
        """Upload a large file: the parts that aren't there yet."""
        begun = [upload_id for _, upload_id in await self._uploads(client, key, exactly=True)]
        if begun:
            upload_id = begun[-1]
        else:
            upload_id = (await client.create_multipart_upload(Bucket=self._bucket, Key=key))["UploadId"]
        upload = {"Bucket": self._bucket, "Key": key, "UploadId": upload_id}
        there: dict[int, str] = {}
        async for page in client.get_paginator("list_parts").paginate(**upload):
            there |= {part["PartNumber"]: part["ETag"].strip('"') for part in page.get("Parts", ())}
        parts = []
        for number, offset in enumerate(range(0, size, PART_BYTES), 1):
            count = min(PART_BYTES, size - offset)
            block = await self._hass.async_add_executor_job(read_block, path, offset, count)
            if len(block) < count:
                raise FileNotFoundError(path)
            tag = there.get(number)
            if tag != hashlib.md5(block, usedforsecurity=False).hexdigest():
                await pace.take(count)
                sent = await client.upload_part(**upload, PartNumber=number, Body=block, ContentMD5=_md5(block))
                tag = sent["ETag"].strip('"')
            parts.append({"PartNumber": number, "ETag": tag})
        await client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})

    async def _uploads(self, client: Any, prefix: str, *, exactly: bool = False) -> list[tuple[str, str]]:
        """Return the keys and ids of uploads that were begun, the oldest first; none when the store doesn't tell."""
        found: list[tuple[str, str]] = []
        pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=prefix)
        async for page in self._told(pages):
            found += [
                (item["Key"], item["UploadId"])
                for item in page.get("Uploads", ())
                if not exactly or item["Key"] == prefix
            ]
        return found

    async def _abort(self, client: Any, key: str) -> None:
        for _, upload_id in await self._uploads(client, key, exactly=True):
            await client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)

    async def _hidden(self, client: Any) -> list[tuple[str, int]]:
        """Return the keys and sizes of versions that a list of objects doesn't show."""
        if not self._versions:
            return []
        pages = client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=self._top)
        return [
            (item["Key"], item["Size"])
            async for page in pages
            for item in page.get("Versions", ())
            if not item["IsLatest"]
        ]

    async def _delete(self, client: Any, key: str) -> None:
        """Delete an object for good. Raises CopyError `copy_refused` when it is still there afterwards."""
        if not self._versions:
            answer = await client.delete_object(Bucket=self._bucket, Key=key)
            self._versions = bool(answer.get("DeleteMarker"))
        if self._versions:
            await self._delete_versions(client, key)
        page = await client.list_objects_v2(Bucket=self._bucket, Prefix=key)
        if any(item["Key"] == key for item in page.get("Contents", ())):
            raise CopyError("copy_refused", place=self._address.text)

    async def _delete_versions(self, client: Any, key: str, *, but_latest: bool = False) -> None:
        pages = client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
        async for page in pages:
            for item in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
                if item["Key"] == key and not (but_latest and item["IsLatest"]):
                    await client.delete_object(Bucket=self._bucket, Key=key, VersionId=item["VersionId"])

    async def _connect(self, stack: AsyncExitStack) -> Any:
        def load() -> tuple[Any, Any]:
            session = importlib.import_module("aiobotocore.session")
            config = importlib.import_module("aiobotocore.config")
            return session.AioSession(), config.AioConfig(
                connect_timeout=ANSWER_SECONDS,
                read_timeout=ANSWER_SECONDS,
                retries={"max_attempts": 2},
                # Many stores know no newer ways: MD5 is checked by all of them.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                warm_up_loader_caches=True,
            )

        session, config = await self._hass.async_add_import_executor_job(load)
        address = self._address
        client = await stack.enter_async_context(
            session.create_client(
                "s3",
                endpoint_url=address.endpoint_url,
                region_name=address.region or None,
                aws_access_key_id=address.access_key_id,
                aws_secret_access_key=address.secret_access_key,
                config=config,
            )
        )
        self._versions = await self._keeps_versions(client)
        return client

    async def _keeps_versions(self, client: Any) -> bool:
        from botocore.exceptions import ClientError

        try:
            return bool((await client.get_bucket_versioning(Bucket=self._bucket)).get("Status"))
        except ClientError as error:
            if _code(error) in _NOT_KNOWN:
                return False
            raise

    async def _told(self, pages: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Pass on the pages of a list; none of a store that has no such list."""
        from botocore.exceptions import ClientError

        try:
            async for page in pages:
                yield page
        except ClientError as error:
            if _code(error) not in _NOT_KNOWN:
                raise

    def _fault(self, error: Exception) -> CopyError | None:
        """Return what an exception means."""
        from botocore import exceptions

        def says(key: str) -> CopyError:
            return CopyError(key, place=self._address.text, detail=str(error))

        match error:
            case exceptions.ClientError():
                status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 500)
                return says(
                    _ERRORS.get(
                        _code(error),
                        "copy_full" if status == 507 else "copy_unreachable" if status >= 500 else "copy_failing",
                    )
                )
            case exceptions.SSLError():
                return says("copy_certificate")
            case exceptions.ParamValidationError():
                return says("copy_missing")
            case exceptions.BotoCoreError() | ValueError():
                return says("copy_unreachable")
        return None


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
