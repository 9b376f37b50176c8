"""What was answered to a request is kept for a day under its key, so that none is done twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Final, TypeVar, cast

from router.errors import StoreError
from router.store.client import STORE_TROUBLE, Client, open_client

KEPT_SECONDS: Final = 86_400
"""Who has heard nothing asks again within minutes; a day is for a site that was down."""

DEADLINE_SECONDS: Final = 1.8
"""As for the promise itself."""

T = TypeVar("T")


def _row(key: str) -> str:
    return f"decroche:api:request:{key}"


class RequestKeys:
    """Keeps records under keys. A record lost is a request that is done again.

    All raise StoreError where it is not known to be done.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: Client | None = None

    async def claim(self, key: str, record: bytes) -> bytes | None:
        """Put a record where there is none, and give None; or give the one that is there."""
        client = self._connected()
        if await self._done(client.set(_row(key), record, nx=True, ex=KEPT_SECONDS)):
            return None
        return await self._done(cast("Awaitable[bytes | None]", client.get(_row(key))))

    async def settle(self, key: str, record: bytes) -> None:
        """Put a record in place of the one that is there."""
        await self._done(self._connected().set(_row(key), record, ex=KEPT_SECONDS))

    async def drop(self, key: str) -> None:
        """Take away what is there."""
        await self._done(cast("Awaitable[Any]", self._connected().delete(_row(key))))

    async def close(self) -> None:
        """Leave the store."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _connected(self) -> Client:
        if self._client is None:
            self._client = open_client(self._url, "decroche-api", DEADLINE_SECONDS)
        return self._client

    async def _done(self, command: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return await command
        except STORE_TROUBLE as error:
            await self.close()
            raise StoreError(f"request not stored: {type(error).__name__}") from error
