"""The API in front of a real counter: a real store, an engine, and HTTP over TCP."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, Final, NamedTuple, Self, cast
from unittest.mock import patch

import aiohttp
import msgspec
from msgspec.structs import replace

from router.store.client import open_client
from router.store.request_keys import RequestKeys
from router.web.api.answers import Answers
from router.web.api.clients import Client, token_hash
from router.web.api.ids import Ids
from router.web.api.promises import Promises
from router.web.api.server import ApiServer
from tests.config.any_hour import any_hour
from tests.runtime.counter_house import Counting
from tests.runtime.promise_house import NUMBER, House

SECRET = b"a secret of this test, and of no site"
TOKEN, OTHER_TOKEN = "the token of the site", "the token of the app"
HEAD = (
    "POST /v1/promises HTTP/1.1\r\nHost: x\r\n"
    f"Authorization: Bearer {TOKEN}\r\nIdempotency-Key: 1\r\nContent-Type: application/json\r\n"
)
"""Of a request as it goes over the wire; `Content-Length`, or the like, follows."""
PLENTY = 100_000

STANDING_SECONDS = 0.0
"""What the clock says that requests are counted by: how many get in is then nothing of how
fast the machine is."""

PATIENCE_SECONDS: Final = 60.0
"""What the product gives the store two seconds for, at the most, a test's machine may take: its
disk and its processors are shared with others."""

PATIENT: Final = (
    "router.runtime.asked_numbers.NOTING_SECONDS",
    "router.runtime.errands.ERRAND_SECONDS",
    "router.store.client.REPLY_DEADLINE_SECONDS",
    "router.store.promise_store.WRITE_DEADLINE_SECONDS",
    "router.store.request_keys.DEADLINE_SECONDS",
)

Story = Callable[["ApiHouse"], Awaitable[None]]


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> dict[str, Any]:
        return cast("dict[str, Any]", msgspec.json.decode(self.text))

    @property
    def problem(self) -> str:
        """Name the problem, which must be told as RFC 9457 has it."""
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.body["status"] == self.status
        return str(self.body["type"]).removeprefix("/v1/#")


def wanted(number: object = NUMBER, line: object = "carers", **more: object) -> dict[str, object]:
    """Give what a site asks for."""
    return {"number": number, "line": line, **more}


class ApiHouse:
    """`async with ApiHouse() as house`. Its clients are `site` and `app`."""

    def __init__(self, rules: str = "", a_minute: int = PLENTY) -> None:
        self._house = House(rules or f'hours = "{any_hour()}"')
        listeners = self._house.settings.listeners
        anne = replace(listeners["anne"], code="204")
        self._house.settings = replace(self._house.settings, listeners={**listeners, "anne": anne})
        self._a_minute = a_minute
        self._keys = 0

    async def __aenter__(self) -> Self:
        with ExitStack() as patience:
            for deadline in PATIENT:
                patience.enter_context(patch(deadline, PATIENCE_SECONDS))
            await self._house.__aenter__()
            await self._house.open()
            self.counting = Counting(self._house)
            await self.open()
            self._patience = patience.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with self._patience:
            await self.close()
            self.counting.end()
            await self._house.__aexit__(kind, error, at)

    @contextmanager
    def frozen_store(self) -> Iterator[None]:
        """Have the store stand still meanwhile."""
        pid = self._house.store.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            # It goes on for as long as the signal is on its way.
            os.waitid(os.P_PID, pid, os.WSTOPPED)
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    @property
    def metrics(self) -> str:
        return self._house.metrics.render().decode()

    async def open(self) -> None:
        """Listen, as a daemon does that has just started."""
        self._book = RequestKeys(self._house.url)
        promises = Promises(self.counting.counter, Ids(SECRET), Answers(self._book, SECRET))
        self.server = ApiServer(0, promises, self._house.metrics, lambda: STANDING_SECONDS)
        self.take(self._a_minute)
        self.port = await self.server.start()
        self.url = f"http://127.0.0.1:{self.port}"

    async def close(self) -> None:
        await self.server.stop()
        await self._book.close()

    async def restart(self) -> None:
        """Have the daemon die, and another one come."""
        await self.close()
        await self.counting.restart()
        await self.open()

    def take(self, a_minute: int, of_all: int = PLENTY) -> None:
        """Have each client ask so often."""
        tokens = {"site": TOKEN, "app": OTHER_TOKEN}
        clients = [Client(name, token_hash(token), a_minute) for name, token in tokens.items()]
        self.server.take(clients, of_all)

    async def kept(self) -> list[str]:
        """Name the promises that are in the store once all that was begun is done."""
        return await self.counting.kept()

    async def requests_kept(self) -> list[tuple[bytes, int]]:
        """Give what is kept of requests, each under its key, and for how many seconds yet."""
        client = open_client(self._house.url, reply_seconds=PATIENCE_SECONDS)
        try:
            names = [name async for name in client.scan_iter("decroche:api:*")]
            return [
                (name + (await client.get(name) or b""), await client.ttl(name)) for name in names
            ]
        finally:
            await client.aclose()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        token: str | None = TOKEN,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Send one request, and give its answer."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"{self.url}{path}", headers=sent, data=body) as response,
        ):
            return Answer(response.status, response.headers, await response.text())

    async def add(
        self, what: object, *, key: str | None = None, token: str | None = TOKEN
    ) -> Answer:
        """Ask for a call-back, under a key of its own unless one is given."""
        self._keys += 1
        key = key or f"key-{self._keys}"
        return await self.ask(
            "POST",
            "/v1/promises",
            token=token,
            headers={"Idempotency-Key": key},
            body=msgspec.json.encode(what),
        )

    async def see(self, promise: str, *, token: str = TOKEN) -> Answer:
        return await self.ask("GET", f"/v1/promises/{promise}", token=token)

    async def cancel(self, promise: str, *, token: str = TOKEN) -> Answer:
        return await self.ask("DELETE", f"/v1/promises/{promise}", token=token)

    async def raw(self, sent: bytes, *, end: bool = False) -> bytes:
        """Send bytes as they are, and give all that comes until the other side hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(sent)
            if end:
                writer.write_eof()
            async with asyncio.timeout(30):
                return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()


def at_the_api(story: Story, rules: str = "", a_minute: int = PLENTY) -> None:
    """Play a story in front of an API."""

    async def played() -> None:
        async with ApiHouse(rules, a_minute) as house:
            await story(house)

    asyncio.run(played())
