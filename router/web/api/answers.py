"""Asked again under the same key, a client gets the same answer, and nothing is done twice."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, Protocol

import msgspec
from msgspec import Struct

from router.errors import StoreError
from router.web.api.problem import Problem, too_soon
from router.web.api.shape import NewPromise, Promise
from router.web.counter import PromiseRefused

SOON_SECONDS: Final = 1.0
"""An answer takes some milliseconds, and 2 s at most where the store is slow."""


class Book(Protocol):
    """Keeps records under keys for a day. All raise StoreError where it is not known to be done."""

    async def claim(self, key: str, record: bytes) -> bytes | None:
        """Put a record where there is none, and give None; or give the one that is there."""
        ...

    async def settle(self, key: str, record: bytes) -> None:
        """Put a record in place of the one that is there."""
        ...

    async def drop(self, key: str) -> None:
        """Take away what is there."""
        ...


class Asking(Struct, frozen=True):
    """A request that was made. No number is in it."""

    fingerprint: str
    """A keyed hash of the body."""
    answer: Promise | None = None
    """None: being answered, or cut off by the end of a daemon."""


class Answers:
    """Answers each request once. `secret` is the site's."""

    def __init__(self, book: Book, secret: bytes) -> None:
        self._book = book
        self._hash_key = hashlib.blake2b(secret, person=b"api answers").digest()
        self._running: set[str] = set()

    def __repr__(self) -> str:
        return "Answers(...)"

    async def once(
        self,
        client: str,
        key: str,
        wanted: NewPromise,
        make: Callable[[], Awaitable[Promise]],
    ) -> Promise:
        """Give the answer that was given before, or have one made.

        Cut off half-way, it is made again: two promises to one caller become one.

        Raises
        ------
        Problem
            if the key was used for another body, or is being answered.
        PromiseRefused, StoreError
            as `make` does; then the key is free again.

        """
        name = self._hash(f"{client}\0{key}".encode())
        if name in self._running:
            raise too_soon("in_progress", "try again in a second", SOON_SECONDS)
        self._running.add(name)
        try:
            return await self._answer(name, self._hash(msgspec.json.encode(wanted)), make)
        finally:
            self._running.discard(name)

    async def _answer(
        self, name: str, fingerprint: str, make: Callable[[], Awaitable[Promise]]
    ) -> Promise:
        asking = Asking(fingerprint)
        before = await self._book.claim(name, msgspec.json.encode(asking))
        if before is not None:
            asking = msgspec.json.decode(before, type=Asking)
        if asking.fingerprint != fingerprint:
            raise Problem("other_body", "expected a new key for each call-back that is asked for")
        if asking.answer is not None:
            return asking.answer
        try:
            answer = await make()
        except (PromiseRefused, StoreError):
            with suppress(StoreError):
                await self._book.drop(name)
            raise
        # It is promised by now: what cannot be kept here is made again, and comes to the same.
        with suppress(StoreError):
            await self._book.settle(name, _answered(asking, answer))
        return answer

    def _hash(self, content: bytes) -> str:
        return hashlib.blake2b(content, key=self._hash_key, digest_size=16).hexdigest()


def _answered(asking: Asking, answer: Promise) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(asking, answer=answer))
