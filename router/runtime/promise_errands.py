"""What ops ask about promises by the control socket. JSON both ways: see `router.web.counter`."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec.structs import replace

from router.core.promise import PromiseState
from router.errors import ControlError
from router.web.control import Command
from router.web.counter import Asked, Counter, Standing

MOST_ID_BYTES: Final = 100
"""Longer than any promise's."""

NO_PROMISES: Final = "this daemon makes no promises: expected a line with a table call_back"
NONE_SUCH: Final = "there is no promise of this name, open or closed lately"


class PromiseErrands:
    """Asks the counter, once there is one. `commands` are what there is to ask for."""

    def __init__(self) -> None:
        self.counter: Counter | None = None
        self.commands: dict[str, Command] = {
            "promises-add": self.add,
            "promises-list": self.all,
            "promises-show": self.show,
            "promises-give": self.give,
            "promises-retry": self.retry,
            "promises-cancel": self.cancel,
        }

    async def add(self, body: bytes) -> bytes:
        """Note a promise; say how it stands."""
        try:
            asked = msgspec.json.decode(body, type=Asked)
        except msgspec.DecodeError:
            raise ControlError("expected a call-back that is asked for, as JSON") from None
        standing = await self._there().add(replace(asked, origin="ops"))
        return msgspec.json.encode(replace(standing, asked=None))

    async def all(self, _: bytes) -> bytes:
        """Say how all open ones stand."""
        return msgspec.json.encode(self._there().all())

    async def show(self, body: bytes) -> bytes:
        """Say how one stands, or how it ended."""
        return msgspec.json.encode(self._found(body))

    async def give(self, body: bytes) -> bytes:
        """Have one that is with the seniors tried anew, now."""
        return await self._try_anew(body, "with_seniors", "use retry")

    async def retry(self, body: bytes) -> bytes:
        """Have one that waits for its next attempt tried now."""
        return await self._try_anew(body, "waiting", "use give for one that is with the seniors")

    async def cancel(self, body: bytes) -> bytes:
        """Close one: nobody is called back."""
        name = self._found(body).promise
        await self._there().cancel(name, "senior")
        return msgspec.json.encode(self._found(body))

    async def _try_anew(self, body: bytes, state: PromiseState, instead: str) -> bytes:
        found = self._found(body)
        if found.state != state:
            raise ControlError(f"it is {found.state}, not {state}: {instead}")
        await self._there().give(found.promise)
        return msgspec.json.encode(self._found(body))

    def _found(self, body: bytes) -> Standing:
        found = self._there().find(body[:MOST_ID_BYTES].decode(errors="replace"))
        if found is None:
            raise ControlError(NONE_SUCH)
        return found

    def _there(self) -> Counter:
        if self.counter is None:
            raise ControlError(NO_PROMISES)
        return self.counter
